"""Steepest ascent: no step of the same length climbs a linear function higher."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent.optim.steepest import SteepestAscent, length, steepest

SEEDS = st.integers(0, 2**31)


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def test_known_answers() -> None:
    g = torch.tensor([3.0, -4.0, 0.0])
    assert torch.allclose(steepest(g), torch.tensor([0.6, -0.8, 0.0]))
    assert torch.equal(steepest(g, "linf"), torch.tensor([1.0, -1.0, 0.0]))
    assert torch.equal(steepest(torch.zeros(3)), torch.zeros(3))


@given(SEEDS, st.sampled_from(["l2", "linf"]))
def test_no_direction_of_length_one_rises_more(seed: int, norm: str) -> None:
    g, others = normal(seed, 5), normal(seed + 1, 200, 5)
    order = 2 if norm == "l2" else torch.inf
    best = steepest(g, norm)
    assert torch.linalg.vector_norm(best, order) == pytest.approx(1)
    others = others / torch.linalg.vector_norm(others, order, dim=1, keepdim=True)
    assert (others @ g).max() <= best @ g + 1e-12
    # The rise is the dual norm of the gradient.
    dual = torch.linalg.vector_norm(g, 2 if norm == "l2" else 1)
    assert best @ g == pytest.approx(float(dual))


@given(SEEDS)
def test_each_vector_of_a_batch_has_a_step_of_its_own(seed: int) -> None:
    g = normal(seed, 4, 2, 3)
    batch = steepest(g, dim=(1, 2))
    assert torch.allclose(batch, torch.stack([steepest(each) for each in g]))


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_length_neither_overflows_nor_vanishes(scale: float) -> None:
    x = scale * torch.tensor([3.0, 4.0])
    assert length(x).item() == pytest.approx(5 * scale)
    assert torch.allclose(steepest(x), torch.tensor([0.6, 0.8]))


def test_length_of_what_is_not_finite() -> None:
    assert length(torch.tensor([1.0, torch.inf])).item() == torch.inf
    assert length(torch.tensor([1.0, torch.nan])).isnan()
    assert steepest(torch.tensor([1.0, torch.nan])).isnan().all()


def test_length_is_differentiable() -> None:
    x = normal(0, 3, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: length(x, 1), x)
    assert torch.autograd.gradcheck(steepest, x)


@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16]
)
@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_every_step_is_lr_long(norm: str, dtype: torch.dtype) -> None:
    p = torch.zeros(8, dtype=dtype, requires_grad=True)
    optimizer = SteepestAscent([p], lr=0.5, norm=norm)
    (1e3 * p.square() + 7 * p).sum().backward()
    optimizer.step()
    order = 2 if norm == "l2" else torch.inf
    assert p.dtype == dtype
    assert torch.linalg.vector_norm(p.double(), order).item() == pytest.approx(
        0.5, rel=2 * torch.finfo(dtype).eps
    )


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_maximizing_f_is_minimizing_minus_f(norm: str) -> None:
    def climb(sign: int) -> Tensor:
        p = normal(3, 6).requires_grad_()
        optimizer = SteepestAscent([p], 0.1, norm, maximize=sign > 0)
        for _ in range(20):
            optimizer.zero_grad()
            (sign * p.sin() * p).sum().backward()
            optimizer.step()
        return p.detach()

    assert torch.equal(climb(1), climb(-1))


def test_l2_on_complex_parameters_is_l2_on_their_parts() -> None:
    z = torch.tensor([1 + 2j, -2j], requires_grad=True)
    parts = torch.view_as_real(z.detach()).clone().requires_grad_()
    for p, real in ((z, torch.view_as_real(z)), (parts, parts)):
        (real**3).sum().backward()
        SteepestAscent([p], lr=0.1).step()
    assert torch.allclose(torch.view_as_real(z.detach()), parts.detach())


def test_groups_closure_and_none_gradients() -> None:
    up, down, still = (torch.ones(2, requires_grad=True) for _ in range(3))
    optimizer = SteepestAscent(
        [{"params": [up, still]}, {"params": [down], "maximize": False, "lr": 2.0}],
        lr=1.0,
        norm="linf",
    )

    def closure() -> float:
        optimizer.zero_grad()
        value = (up + down).sum()
        value.backward()
        return value.item()

    assert optimizer.step(closure) == 4.0
    assert up.tolist() == [2.0, 2.0]
    assert down.tolist() == [-1.0, -1.0]
    assert still.tolist() == [1.0, 1.0]
    assert up.grad is not None and up.grad.tolist() == [1.0, 1.0]


def test_bad_input_is_named() -> None:
    p = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match=r"steepest: norm must be 'l2' or 'linf'"):
        steepest(p, "l1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"SteepestAscent: norm must be .* 'l1'"):
        SteepestAscent([p], 0.1, "l1")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"SteepestAscent: lr must lie in \[0, inf\)"):
        SteepestAscent([{"params": [p], "lr": -1.0}], lr=0.1)
    with pytest.raises(TypeError, match="SteepestAscent: maximize must be True or"):
        SteepestAscent([p], 0.1, maximize=1)  # type: ignore[arg-type]
    p.grad = torch.eye(2)[0].to_sparse()
    with pytest.raises(RuntimeError, match="takes no sparse gradients"):
        SteepestAscent([p], 0.1).step()


def test_a_rate_that_is_a_tensor() -> None:
    x, y = (torch.ones(3, requires_grad=True) for _ in range(2))
    for p, lr in ((x, torch.tensor(0.5)), (y, 0.5)):
        optimizer = SteepestAscent([p], lr=lr)
        p.grad = torch.tensor([3.0, 0.0, 4.0])
        optimizer.step()
    assert torch.equal(x, y)
