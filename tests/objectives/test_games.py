"""`MatrixGame` and `Cournot`: payoffs, gaps, equilibria against others' solvers."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import linprog
from torch import Tensor
from torch.autograd import gradcheck

from gradient_ascent.constraints import Box
from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import Cournot, MatrixGame

F64 = torch.float64
PENNIES = MatrixGame(torch.tensor([[1.0, -1.0], [-1.0, 1.0]], dtype=F64))
DILEMMA = MatrixGame(
    torch.tensor([[3.0, 0.0], [5.0, 1.0]]), torch.tensor([[3.0, 5.0], [0.0, 1.0]])
)


def drawn(seed: int, *shape: int) -> Tensor:
    return torch.randn(
        shape, dtype=F64, generator=torch.Generator().manual_seed(seed)
    )  # fmt: skip


def chances(seed: int, *shape: int) -> Tensor:
    return drawn(seed, *shape).softmax(-1)


@pytest.mark.parametrize("seed", range(3))
def test_payoffs_are_averages_over_all_choices(seed: int) -> None:
    game = MatrixGame(drawn(seed, 3, 4), drawn(seed + 9, 3, 4))
    x, y = chances(seed, 3), chances(seed + 5, 4)
    assert game.columns is not None
    for paid, payoff in zip(game.payoffs(x, y), (game.rows, game.columns)):
        cells = product(range(3), range(4))
        by_hand = sum(float(x[i] * y[j] * payoff[i, j]) for i, j in cells)
        assert abs(float(paid) - by_hand) < 1e-12
    variables = x.requires_grad_(), y.requires_grad_()
    assert gradcheck(game.payoffs, variables)
    assert torch.equal(torch.stack(PENNIES.payoffs(x[:2], y[:2])).sum(), 0 * x[0])


@pytest.mark.parametrize("seed", range(5))
def test_exploitability_vanishes_at_the_linear_programs_solution(seed: int) -> None:
    """A zero-sum game's equilibrium by HiGHS; elsewhere both would gain."""
    payoff = drawn(seed, 4, 5)
    game = MatrixGame(payoff)
    x, y, value = solved(payoff)
    assert abs(float(game.payoffs(x, y)[0]) - value) < 1e-9
    assert abs(float(game.exploitability(x, y))) < 1e-9
    others = chances(seed, 50, 4), chances(seed + 1, 50, 5)
    assert (game.exploitability(*others) > 0).all()


def solved(payoff: Tensor) -> tuple[Tensor, Tensor, float]:
    """Maximize v with (xᵀA)_j ≥ v for every j, and the same for the other."""
    sides, worth = [], []
    for matrix in (payoff.numpy(), -payoff.numpy().T):
        m, n = matrix.shape
        found = linprog(
            [*[0] * m, -1],
            A_ub=np.hstack([-matrix.T, np.ones((n, 1))]), b_ub=np.zeros(n),
            A_eq=[[*[1] * m, 0]], b_eq=[1], bounds=[*[(0, None)] * m, (None, None)],
        )  # fmt: skip
        sides.append(torch.tensor(found.x[:-1]))
        worth.append(-found.fun)
    return sides[0], sides[1], worth[0]


def test_the_equilibrium_of_a_game_that_is_not_zero_sum() -> None:
    defect, cooperate = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 0.0])
    assert float(DILEMMA.exploitability(defect, defect)) == 0
    assert float(DILEMMA.exploitability(cooperate, cooperate)) == 4


def test_many_games_at_once() -> None:
    payoff, x, y = drawn(0, 6, 3, 4), chances(1, 6, 3), chances(2, 6, 4)
    together = MatrixGame(payoff).exploitability(x, y)
    for k in range(6):
        alone = MatrixGame(payoff[k]).exploitability(x[k], y[k])
        torch.testing.assert_close(together[k], alone)


def test_one_choice_each() -> None:
    alone = torch.ones(1)
    assert float(MatrixGame(torch.tensor([[7.0]])).exploitability(alone, alone)) == 0


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: MatrixGame([[1.0]]), TypeError, "rows must be a tensor of real"),
        (lambda: MatrixGame(torch.ones(2, 2).int()), TypeError, "of real numbers"),
        (lambda: MatrixGame(torch.ones(2)), ValueError, r"m, n\), got \(2,\)"),
        (lambda: MatrixGame(torch.ones(0, 2)), ValueError, r"got \(0, 2\)"),
        (lambda: MatrixGame(torch.full((1, 1), torch.inf)), ValueError, "be finite"),
        (lambda: MatrixGame(torch.ones(2, 3), torch.ones(3, 2)), ValueError,
         r"columns must have the shape of rows, \(2, 3\), got \(3, 2\)"),
        (lambda: PENNIES.payoffs(torch.ones(3), torch.ones(2)), ValueError,
         r"x must have the shape \(\.\.\., 2\), got \(3,\)"),
        (lambda: DILEMMA.exploitability(torch.ones(2), torch.ones(2) / 2), ValueError,
         "x must be probabilities"),
        (lambda: DILEMMA.exploitability(torch.ones(2) / 2, torch.tensor([2.0, -1.0])),
         ValueError, "y must be probabilities"),
        (lambda: Cournot([1.0], 2), TypeError, "costs must be a tensor"),
        (lambda: Cournot(torch.ones(2, 2), 2), ValueError, "a vector of finite"),
        (lambda: Cournot(torch.tensor([torch.nan]), 2), ValueError, "finite numbers"),
        (lambda: Cournot(torch.ones(2), 2, slope=0), ValueError, "slope must lie in"),
        (lambda: Cournot(torch.ones(2), "2"), TypeError, "top must be a real"),
    ],
)  # fmt: skip
def test_bad_input_is_told(wrong: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        wrong()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_no_firm_gains_at_the_equilibrium(n: int, seed: int) -> None:
    """Among all its own quantities, on a fine grid; some firms stay out."""
    market = Cournot(10 * drawn(seed, n).abs(), top=12.0, slope=0.5)
    q = market.equilibrium()
    assert (q >= 0).all()
    own = torch.linspace(0, 24, 2401, dtype=F64)
    for i in range(n):
        others = q.expand(len(own), n).clone()
        others[:, i] = own
        assert market.payoffs(others)[:, i].amax() <= market.payoffs(q)[i] + 1e-12


def test_the_firms_that_stay_out() -> None:
    q = Cournot(torch.tensor([10.0, 90.0, 40.0, 100.0]), top=100).equilibrium()
    assert q.tolist() == [40.0, 0.0, 10.0, 0.0]  # at the price of 50
    assert Cournot(torch.tensor([5.0, 6.0]), top=4).equilibrium().tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_profits_and_potential_have_the_same_slopes(seed: int) -> None:
    market = Cournot(drawn(seed, 4).abs(), top=9.0, slope=0.7)
    q = drawn(seed + 3, 4).requires_grad_()
    assert gradcheck(market.payoffs, q)
    own = torch.stack(
        [torch.autograd.grad(each, q, retain_graph=True)[0][i]
         for i, each in enumerate(market.payoffs(q).unbind())]
    )  # fmt: skip
    (slope,) = torch.autograd.grad(market.potential(q), q)
    torch.testing.assert_close(own, slope)


def test_the_top_of_the_potential_is_the_equilibrium() -> None:
    market = Cournot(torch.tensor([10.0, 90.0, 40.0, 100.0], dtype=F64), top=100)
    found = maximize(
        market.potential, torch.ones(4, dtype=F64), constraint=Box(0, 1000)
    )
    assert found.success
    torch.testing.assert_close(found.x, market.equilibrium(), rtol=0, atol=1e-3)
