"""The table that holds `maximize` beside SciPy counts what it says."""

import math

import pytest
import torch

from tools.beside_scipy import PROBLEMS, at_a_top, ours, scipys, score, starts

# torch.func.hessian imports what torch itself deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")


@pytest.mark.parametrize("name", ["Booth", "himmelblau", "logistic 5"])
@pytest.mark.parametrize("scale", [(1.0, 1.0), (1e-8, 1.0), (1e8, 1e-8)])
def test_ours_is_right_at_any_scale(name: str, scale: tuple[float, float]) -> None:
    found = score(ours, PROBLEMS[name], scale, 3)
    assert (found.right, found.false) == (100, 0)
    assert found.evaluations == score(ours, PROBLEMS[name], (1.0, 1.0), 3).evaluations


def test_scipy_is_falsely_sure_where_f_is_small() -> None:
    found = score(scipys("BFGS", math.inf), PROBLEMS["Booth"], (1e-8, 1.0), 3)
    assert (found.right, found.false) == (0, 3)


def test_a_method_is_stopped_where_it_has_been_highest() -> None:
    f, (x0,) = PROBLEMS["Rosenbrock 2"].f, starts(PROBLEMS["Rosenbrock 2"], 1)
    x, success, evaluations = scipys("BFGS", 5)(f, x0)
    assert not success and evaluations == 5 and f(x) > f(x0)


def test_a_saddle_is_no_top() -> None:
    def f(x: torch.Tensor) -> torch.Tensor:
        return x[0] ** 2 - x[1] ** 2 - x[0] ** 4

    saddle, top = torch.zeros(2).double(), torch.tensor([0.5**0.5, 0]).double()
    start = torch.tensor([0.1, 1.0]).double()
    assert at_a_top(f, top, start) and not at_a_top(f, saddle, start)
