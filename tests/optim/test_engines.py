"""Which engine takes a step, and what it asks of torch."""

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from gradient_ascent import optim
from gradient_ascent.optim import engines, torch_private
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    ENGINES,
    FEATURES,
    Case,
    climb,
    gap,
    named,
    normal,
    parameters,
)


class Called(TorchDispatchMode):
    """The names of the operations that run."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        self.names.append(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


def operations(case: Case, shapes: list[tuple[int, ...]], **options: Any) -> list[str]:
    """What the third step calls."""
    optimizer = case.make(parameters(shapes=shapes), **options)
    climb(optimizer, 2)
    with Called() as called:
        optimizer.step()
    return called.names


MANY = [(3,)] * 20


@pytest.mark.parametrize("options", [{}, {"fused": True}], ids=str)
@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_a_written_step_asks_nothing_of_torch(
    case: Case, options: dict[str, Any]
) -> None:
    """So it has no temporaries, and no kernel of torch's is launched."""
    called = operations(case, MANY, **options)
    assert {*called} == {"_record_function_enter_new", "_record_function_exit"}


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_the_number_of_calls(case: Case) -> None:
    foreach = operations(case, MANY, foreach=True)
    assert any(name.startswith("_foreach") for name in foreach)
    assert len(foreach) < 60, "one tensor after the other? see `TensorList`"
    one_by_one = operations(case, MANY, foreach=False)
    element_wise = [n for n in one_by_one if n != "_local_scalar_dense"]
    assert len(element_wise) > 20 * 3


@pytest.mark.parametrize("case", named(CASES + FEATURES))
def test_pieces(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut anywhere, a tensor moves to the same bits."""
    shapes = [(3,), (5, 5), (), (0, 2), (9,), (8, 2), (2, 2)]

    def run(size: int) -> list[torch.Tensor]:
        monkeypatch.setattr(engines, "PIECE", size)
        x = [*parameters(shapes=shapes), normal(77, (4, 6)).t().requires_grad_()]
        climb(case.make(x, foreach=True), 10)
        return x

    whole = run(1000)
    for size in (1, 7, 8):
        assert all(torch.equal(a, b) for a, b in zip(run(size), whole))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_engines_can_change_in_mid_run(case: Case) -> None:
    x, y = parameters(), parameters()
    changing, steady = case.make(x), case.make(y, foreach=False)
    for t in range(12):
        engine = [*ENGINES.values()][t % len(ENGINES)]
        changing.param_groups[0].update({"foreach": None, "fused": None, **engine})
        climb(changing, 1, first=t)
        climb(steady, 1, first=t)
    assert gap(x, y) <= 1e-13


def test_a_large_float32_tensor_moves_as_one() -> None:
    x, y = (normal(0, (300_001,), torch.float32).requires_grad_() for _ in range(2))
    climb(optim.Adam([x]), 3)
    climb(torch.optim.Adam([y], maximize=True, fused=True), 3)
    assert gap([x], [y]) <= 1e-6


def test_a_torch_without_a_private_part() -> None:
    with pytest.raises(ImportError, match=r"needs _foreach_dance, which"):
        torch_private._parts(torch, "_foreach_{}", "add dance")


def test_a_torch_that_asks_no_more_for_what_is_overridden() -> None:
    step = torch.optim.LBFGS.step
    with pytest.raises(ImportError, match=r"needs _dance of LBFGS.step, which torch"):
        torch_private._asks(step, "_gather_flat_grad _dance")
