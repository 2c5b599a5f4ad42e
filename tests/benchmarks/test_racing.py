"""A run counts what it spends, and tells where it came."""

import math
from contextlib import suppress
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from gradient_ascent.benchmarks.entrants import ENTRANTS, entrant
from gradient_ascent.benchmarks.jobs import Job, do
from gradient_ascent.benchmarks.problem import Task
from gradient_ascent.benchmarks.problems import problem
from gradient_ascent.benchmarks.racing import Race, Record, checkpoints


def run(name: str, who: str, steps: int = 60, seed: int = 7, **settings: float):
    return do(Job(name, who, "tuning", 0, seed, tuple(settings.items()), steps))


def test_plain_ascent_on_a_parabola_is_as_computed_by_hand() -> None:
    lr, start = 0.1, float(problem("seed-2").make(7).parameters[0].detach())
    got = run("seed-2", "SGD", lr=lr)
    assert [n for n, _ in got.curve] == [0, 1, 2, 5, 10, 20, 50, 60]
    for n, gap in got.curve:
        assert math.isclose(gap, (start * (1 - 2 * lr) ** n) ** 2, rel_tol=1e-9)
    wanted = math.log(got.target / start**2) / math.log((1 - 2 * lr) ** 2)
    assert got.reached == math.ceil(wanted)
    assert got.gap == got.best == got.curve[-1][1]
    assert got.gradients == got.steps == 60


def test_a_run_that_diverges_has_failed_and_keeps_what_it_saw() -> None:
    got = run("rosenbrock", "SGD", lr=1.0)
    assert got.failed and got.gap == math.inf and got.score == 0
    assert got.gradients < got.steps
    assert 0 < got.best <= got.start
    assert all(math.isfinite(gap) for _, gap in got.curve)


@pytest.mark.parametrize("who", ENTRANTS)
@pytest.mark.parametrize("name", ["rosenbrock", "logistic-batches"])
def test_gradients_are_counted_as_they_are_computed(name: str, who: str) -> None:
    task, computed = problem(name).make(0), 0
    objective = task.objective

    def counted() -> Tensor:
        nonlocal computed
        computed += torch.is_grad_enabled()
        return objective()

    task.objective = counted
    record = Record(40, 0.0)
    with suppress(FloatingPointError):  # some diverge
        Race(entrant(who), task, {}, record).run()
    assert record.used == computed <= 40


def test_a_line_search_pays_for_no_point_twice() -> None:
    points: list[float] = []
    x = torch.tensor([3.0], dtype=torch.float64, requires_grad=True)

    def f() -> Tensor:
        if torch.is_grad_enabled():
            points.append(float(x.detach()))
        return -(x**4).sum() - x.sum()

    record = Record(30, 0.0)
    Race(entrant("LBFGS"), Task([x], f, optimum=1.0), {}, record).run()
    assert len(set(points)) == len(points) == record.used > 5


def test_a_line_search_that_is_cut_short_ends_where_its_last_step_did() -> None:
    gaps = [run("rosenbrock", "LBFGS", steps=n).gap for n in range(1, 25)]
    assert gaps[0] > 100 * gaps[-1]
    assert all(after <= before for before, after in pairwise(gaps))


def test_on_batches_the_gap_is_that_of_all_data() -> None:
    task = problem("logistic-batches").make(5)
    whole = problem("logistic").make(5)
    with torch.no_grad():
        whole.parameters[0].copy_(task.parameters[0])
    assert task.gap() == whole.gap()
    got = run("logistic-batches", "SGD", seed=5, lr=0.1)
    assert got.start == whole.gap() == got.curve[0][1]


def test_what_an_optimizer_raises_by_mistake_is_no_failure_of_its_method() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        run("seed-2", "LBFGS", betas=0.5)


def test_the_checkpoints_end_where_the_run_does() -> None:
    assert checkpoints(200) == [0, 1, 2, 5, 10, 20, 50, 100, 200]
    assert checkpoints(7) == [0, 1, 2, 5, 7]


def test_a_projected_run_stays_in_its_set() -> None:
    got = run("seed-6", "Momentum", lr=1.0)
    assert not got.failed and got.best >= -1e-12
