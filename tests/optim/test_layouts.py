"""Tensors that do not lie in memory in the order of their elements."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from tests.optim.cases import (
    DEFAULTS,
    ENGINES,
    Case,
    gap,
    named,
    normal,
    with_engines,
)

ALL = with_engines(DEFAULTS.values())

LAYOUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "in order": lambda x: x.clone(),
    "transposed": lambda x: x.t().contiguous().t(),
    "strided": lambda x: x.repeat_interleave(2, 1)[:, ::2],
    "columns": lambda x: torch.cat([x, x], 1)[:, 4:],
    "offset": lambda x: torch.cat([x.new_zeros(1, x.shape[1]), x])[1:],
}


def test_the_layouts_are_what_they_are_called() -> None:
    strides = {name: lay(normal(1, (3, 4))).stride() for name, lay in LAYOUTS.items()}
    assert strides == {
        "in order": (4, 1), "transposed": (1, 3), "strided": (8, 2),
        "columns": (8, 1), "offset": (4, 1),
    }  # fmt: skip


def path(case: Case, options: dict[str, object], p: Tensor, layout: str) -> Tensor:
    p = p.detach().requires_grad_()
    optimizer = case.make([p], **options)
    for t in range(6):
        p.grad = LAYOUTS[layout](normal(t, (3, 4)))
        optimizer.step()
    return p.detach()


@pytest.mark.parametrize("of_gradient", LAYOUTS)
@pytest.mark.parametrize("of_parameter", LAYOUTS)
@pytest.mark.parametrize(("case", "engine"), ALL)
def test_layouts_do_not_matter(
    case: Case, engine: str, of_parameter: str, of_gradient: str
) -> None:
    start, options = normal(42, (3, 4)), ENGINES[engine]
    expected = path(case, options, start.clone(), "in order")
    laid = LAYOUTS[of_parameter](start)
    ours = path(case, options, laid, of_gradient)
    assert ours.stride() == laid.stride()
    assert gap([ours], [expected]) <= 1e-14


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_a_gradient_of_changing_layout(case: Case, engine: str) -> None:
    def run(layouts: list[str]) -> Tensor:
        p = normal(42, (3, 4)).requires_grad_()
        optimizer = case.make([p], **ENGINES[engine])
        for t in range(10):
            p.grad = LAYOUTS[layouts[t % len(layouts)]](normal(t, (3, 4)))
            optimizer.step()
        return p.detach()

    mixed = run(["in order", "transposed", "strided"])
    assert gap([mixed], [run(["in order"])]) <= 1e-14


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_a_parameter_that_changes_its_layout(case: Case, engine: str) -> None:
    def run(layouts: list[str]) -> Tensor:
        p = normal(42, (3, 4)).requires_grad_()
        optimizer = case.make([p], **ENGINES[engine])
        for t in range(10):
            p.data = LAYOUTS[layouts[t % len(layouts)]](p.data)
            p.grad = normal(t, (3, 4))
            optimizer.step()
        return p.detach()

    mixed = run(["in order", "transposed"])
    assert gap([mixed], [run(["in order"])]) <= 1e-14


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_expanded_gradients(case: Case, engine: str) -> None:
    """As those of a sum: one number in memory, seen many times."""
    p, q = (normal(1, (3, 4)).requires_grad_() for _ in range(2))
    expanded = case.make([p], **ENGINES[engine])
    written_out = case.make([q], **ENGINES[engine])
    for t in range(5):
        p.grad = normal(t, ()).expand(3, 4)
        q.grad = p.grad.clone(memory_format=torch.contiguous_format)
        expanded.step()
        written_out.step()
    assert torch.equal(p, q)
    assert p.grad is not None and p.grad.stride() == (0, 0)


@pytest.mark.parametrize("name", ["Momentum", "Adagrad", "Adam"])
def test_where_torchs_fused_kernels_go_wrong(name: str) -> None:
    """They take memory in order, whatever the strides of the gradient say."""
    case, start = DEFAULTS[name], normal(1, (3, 4))

    def moved(make: Callable[..., torch.optim.Optimizer], **options: bool) -> Tensor:
        p = start.clone().requires_grad_()
        p.grad = LAYOUTS["transposed"](normal(2, (3, 4)))
        make([p], **options).step()
        return p.detach()

    right = moved(case.torchs, foreach=False)
    assert gap([moved(case.torchs, fused=True)], [right]) > 1e-3
    assert gap([moved(case.make)], [right]) <= 1e-15
    assert gap([moved(case.make, fused=True)], [right]) <= 1e-15


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_an_expanded_parameter_is_refused(case: Case, engine: str) -> None:
    p = normal(1, (3,)).expand(2, 3).requires_grad_()
    p.grad = torch.ones(2, 3, dtype=torch.float64)
    with pytest.raises(RuntimeError, match="single memory location"):
        case.make([p], **ENGINES[engine]).step()
    assert torch.equal(p[0], normal(1, (3,)))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
@pytest.mark.parametrize("shape", [(), (1,), (1, 1, 1)])
def test_one_element(case: Case, shape: tuple[int, ...]) -> None:
    for engine in ENGINES:
        p = torch.full(shape, 2.0, dtype=torch.float64, requires_grad=True)
        q = torch.full((3,), 2.0, dtype=torch.float64, requires_grad=True)
        optimizer = case.make([p, q], **ENGINES[engine])
        for t in range(5):
            p.grad = torch.full_like(p, t - 1.5)
            q.grad = torch.full_like(q, t - 1.5)
            optimizer.step()
        assert p.shape == shape
        assert float(p.detach().sum()) == float(q.detach()[0]) != 2.0


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_channels_last(case: Case) -> None:
    weight = normal(1, (2, 3, 4, 4)).to(memory_format=torch.channels_last)
    p, q = weight.clone().requires_grad_(), weight.contiguous().requires_grad_()
    ours, plain = case.make([p]), case.make([q])
    for t in range(5):
        p.grad = normal(t, (2, 3, 4, 4)).to(memory_format=torch.channels_last)
        q.grad = normal(t, (2, 3, 4, 4))
        ours.step()
        plain.step()
    assert p.is_contiguous(memory_format=torch.channels_last)
    assert gap([p], [q]) <= 1e-14
