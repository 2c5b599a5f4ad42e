"""Several runs: together or one after another, each as it would be alone."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradient_ascent.constraints import Ball, Box, Constraint
from gradient_ascent.maximization import Kick, Noise, Result, maximize
from gradient_ascent.optim import OPTIMIZERS, SteepestAscent

torch.manual_seed(0)
STARTS = 1.5 * torch.randn(6, 2, dtype=torch.float64)


def wells(x: Tensor) -> Tensor:
    """Maxima near (-1, 0) and, higher, near (1, 0)."""
    return -((x[0] ** 2 - 1) ** 2) + 0.2 * x[0] - x[1] ** 2


def same(run: Result, alone: Result) -> None:
    """Assert that two runs did the same, up to rounding."""
    assert (run.success, run.message, run.steps) == (
        alone.success, alone.message, alone.steps,
    )  # fmt: skip
    assert run.evaluations == alone.evaluations
    torch.testing.assert_close(run.x, alone.x)
    for field in ("objective", "gradient_norm", "step_size"):
        a, b = getattr(run.trace, field), getattr(alone.trace, field)
        torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        *((name, {"lr": 0.02}) for name in OPTIMIZERS if name != "lbfgs"),
        ("lbfgs", {"line_search_fn": "strong_wolfe"}),
        (torch.optim.NAdam, {"lr": 0.05}),
        (torch.optim.Rprop, {}),
        (torch.optim.Adafactor, {"lr": 0.05}),  # scales by the norm of a tensor
        (SteepestAscent, {"lr": 0.05}),  # so does this
    ],
)
def test_each_run_of_a_batch_is_what_it_is_alone(optimizer: Any, options: Any) -> None:
    options = {"optimizer": optimizer, "steps": 150, **options}
    batch = maximize(wells, STARTS, batched=True, **options)
    assert len(batch.runs) == len(STARTS)
    for run, start in zip(batch.runs, STARTS, strict=True):
        same(run, maximize(wells, start, **options))


def test_the_best_run_is_the_result() -> None:
    batch = maximize(wells, STARTS, optimizer="adam", batched=True, lr=0.05)
    values = [run.value for run in batch.runs]
    best = batch.runs[values.index(max(values))]
    assert batch.value == best.value == float(wells(batch.x))
    assert batch.x is best.x and batch.trace is best.trace
    assert batch.success and batch.message == best.message
    assert len({run.steps for run in batch.runs}) > 1, "they end when they are done"
    longest = max(run.steps for run in batch.runs)
    judged = batch.evaluations - (longest + 1) * len(STARTS)
    assert len(STARTS) <= judged < 4 * len(STARTS), "each is looked at by itself"


def test_restarts_are_x0_and_normal_draws_around_it() -> None:
    x0 = {"a": torch.full((2,), 5.0), "b": torch.tensor(-5.0)}
    runs = maximize(
        lambda x: x["a"].sum() + x["b"], x0, restarts=4000, spread=0.5, steps=0
    ).runs
    assert torch.equal(runs[0].x["a"], x0["a"]) and runs[0].x["b"] == x0["b"]
    a = torch.stack([run.x["a"] for run in runs[1:]])
    b = torch.stack([run.x["b"] for run in runs[1:]])
    draws = torch.cat([(a - 5) / 0.5, (b[:, None] + 5) / 0.5], dim=1)
    n = len(draws)
    assert draws.mean(0).abs().max() < 4 / n**0.5
    covariance = draws.T @ draws / n
    assert (covariance - torch.eye(3)).abs().max() < 4 * (2 / n) ** 0.5


@pytest.mark.parametrize(
    "options", [{}, {"perturb": Noise(0.1)}, {"optimizer": "lbfgs"}]
)
def test_the_seed_decides(options: Any) -> None:
    def values(seed: int) -> list[float]:
        found = maximize(wells, STARTS[0], restarts=5, steps=9, seed=seed, **options)
        return [run.value for run in found.runs]

    assert values(1) == values(1)
    assert values(1)[1:] != values(2)[1:]


def test_the_global_random_state_is_left_alone() -> None:
    before = torch.get_rng_state()
    maximize(wells, STARTS[0], restarts=3, perturb=Kick(0.1), steps=20)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", ["adam", "gradient_ascent", "lbfgs"])
def test_a_run_that_leaves_the_domain_leaves_the_others_alone(name: str) -> None:
    def f(x: Tensor) -> Tensor:  # below zero its gradient, too, is nan
        return x.sqrt().sum() - x.sum()

    starts = torch.tensor([[2.0], [-1.0], [0.5]], dtype=torch.float64)
    options = {"optimizer": name, "lr": 0.05}
    batch = maximize(f, starts, batched=True, **options)
    good, bad, other = batch.runs
    assert bad.message.startswith("not finite at step 0: the objective is nan; ")
    assert not bad.success and bad.value == -torch.inf
    same(good, maximize(f, starts[0], **options))
    same(other, maximize(f, starts[2], **options))
    assert batch.success and batch.value == pytest.approx(0.25)


def test_an_ended_run_stays_where_it_was_best() -> None:
    calls = []

    def f(x: Tensor) -> Tensor:
        calls.append(x)
        return wells(x)

    starts = torch.tensor([[1.0, 0.0], [9.0, 3.0]], dtype=torch.float64)
    seen: list[Tensor] = []
    batch = maximize(
        f, starts, optimizer="adam", batched=True, lr=0.05,
        callback=lambda now: seen.append(now.x[0].clone()),
    )  # fmt: skip
    first, second = batch.runs
    assert first.steps < second.steps
    assert all(torch.equal(x, first.x) for x in seen[first.steps :])
    judged = len(calls) - (second.steps + 1)
    assert 0 < judged < 8, "one call serves all runs, but for those that judge one"


def test_random_numbers_in_f_differ_between_runs() -> None:
    batch = maximize(
        lambda x: -(x**2) + torch.randn(()), torch.ones(3), batched=True, steps=0
    )
    assert len({run.value for run in batch.runs}) == 3


def test_a_constraint_holds_for_each_run() -> None:
    batch = maximize(
        lambda x: x.sum(), 3 * STARTS, batched=True, optimizer="momentum", lr=0.1,
        constraint=Ball(2),
    )  # fmt: skip
    for run in batch.runs:
        assert run.success
        assert run.x.tolist() == pytest.approx([2**0.5, 2**0.5], abs=1e-3)


NUMBERS: list[Callable[[Tensor], object]] = [
    lambda x: bool(x.sum() > 0),
    lambda x: x[0].item(),
    lambda x: math.exp(x.detach()[0]),
    lambda x: x.tolist(),
    lambda x: x.detach().numpy() > 0,
    lambda x: x[x > 0],
    lambda x: len(x.nonzero()),
]


@pytest.mark.parametrize("asks", NUMBERS)
def test_an_f_that_asks_for_a_number_climbs_one_by_one(asks: Any) -> None:
    def f(x: Tensor) -> Tensor:
        asks(x)
        return wells(x)

    for options in ({"batched": True}, {"optimizer": "lbfgs", "batched": True}):
        asking = maximize(f, STARTS, steps=30, **options)
        usual = maximize(wells, STARTS, steps=30, **options)
        for run, other in zip(asking.runs, usual.runs, strict=True):
            same(run, other)
        assert asking.evaluations == usual.evaluations


def test_an_f_with_a_branch_climbs_on_each_side_of_it() -> None:
    def branches(x: Tensor) -> Tensor:
        return -((x - 1) ** 2) if x > 0 else -((x + 2) ** 2)

    starts = torch.tensor([2.0, -1.0])
    options = {"optimizer": "momentum", "lr": 0.1, "batched": True}
    runs = maximize(branches, starts, **options).runs
    assert [float(run.x) for run in runs] == pytest.approx([1, -2], abs=1e-3)
    assert all(run.success for run in runs)


def test_an_f_may_come_to_a_branch_late() -> None:
    def late(x: Tensor) -> Tensor:
        calls.append(x)
        return -(x**2) if len(calls) > 5 and x > 0 else -((x - 1) ** 2)

    calls: list[Tensor] = []
    runs = maximize(late, [-3.0], restarts=3, optimizer="momentum", lr=0.1).runs
    assert len(runs) == 3 and len(calls) > 10


def test_a_mistake_in_f_is_told_as_of_a_single_run() -> None:
    def f(x: Tensor) -> Tensor:
        return x @ torch.ones(3, dtype=x.dtype)

    told = []
    for restarts in (1, 4):
        with pytest.raises(RuntimeError, match="size") as caught:
            maximize(f, [1.0, 2.0], restarts=restarts)
        told.append(str(caught.value))
    assert told[0] == told[1]


class HalfLine(Constraint):
    """The numbers that are not below zero, by an `if`."""

    def _nearest(self, x: Tensor) -> Tensor:
        return x if x.sum() > 0 else x * 0


@pytest.mark.parametrize("restarts", [1, 3])
def test_a_set_of_ones_own_may_branch(restarts: int) -> None:
    def f(x: Tensor) -> Tensor:
        return -((x + 1) ** 2).sum()

    options = {"optimizer": "momentum", "lr": 0.1, "restarts": restarts}
    own = maximize(f, [1.0], constraint=HalfLine(), **options)
    box = maximize(f, [1.0], constraint=Box(0, math.inf), **options)
    assert float(own.x) == 0
    for run, other in zip(own.runs or [own], box.runs or [box], strict=True):
        same(run, other)


@pytest.mark.parametrize("options", [{"restarts": 2}, {"batched": True}])
def test_a_module_takes_one_run(options: Any) -> None:
    with pytest.raises(ValueError, match="a module takes one run"):
        maximize(lambda m: m.weight.sum(), nn.Linear(1, 1), **options)


def test_a_batch_takes_no_restarts() -> None:
    with pytest.raises(ValueError, match="restarts must be 1 with batched"):
        maximize(wells, STARTS, batched=True, restarts=2)


def test_a_batch_has_a_row_for_each_run() -> None:
    for x0 in (1.0, {"a": torch.ones(3), "b": torch.ones(2)}, torch.ones(0, 2)):
        with pytest.raises(ValueError, match="a row for each run"):
            maximize(wells, x0, batched=True)
