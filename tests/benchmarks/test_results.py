"""The results that the package brings are what their command gives again."""

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import gradient_ascent.benchmarks
from gradient_ascent.benchmarks.jobs import Job, do
from gradient_ascent.benchmarks.plan import FULL, TEN, Plan
from gradient_ascent.benchmarks.runs import Run, about, read
from gradient_ascent.benchmarks.stamp import stamp

FOLDER = Path(gradient_ascent.benchmarks.__file__).parent / "results"
FILES = {"full": FULL, "ten": TEN}


def results(size: str) -> list[Run]:
    """The runs of a file."""
    return read(FOLDER / f"{size}.csv")


def plan(size: str) -> Plan:
    """What a file was made by: without the optimizers that are newer than it."""
    (now,) = FILES[size]
    ran = {run.optimizer for run in results(size)}
    return replace(now, optimizers=tuple(x for x in now.optimizers if x in ran))


@pytest.mark.parametrize("size", FILES)
def test_a_file_holds_the_rows_of_its_plan_and_no_others(size: str) -> None:
    made_by, runs = plan(size), results(size)
    assert len(runs) == len(made_by)
    jobs = [*made_by.first(), *made_by.second(runs)]
    assert {run.key for run in runs} == {job.key for job in jobs}
    settings = {job.key: dict(job.settings) for job in jobs}
    assert all(run.settings == settings[run.key] for run in runs)


@pytest.mark.parametrize("size", FILES)
def test_a_file_is_stamped_with_what_makes_it_again(size: str) -> None:
    told, now = about(FOLDER / f"{size}.csv"), stamp([plan(size)], "")
    assert told["command"] == f"python -m gradient_ascent.benchmarks run --{size}"
    assert told.keys() == now.keys()
    for key in ("version", "seeds", "plan"):
        assert told[key] == now[key]


def test_no_failure_is_left_out() -> None:
    made_by = plan("full")
    counts = Counter((run.problem, run.optimizer, run.role) for run in results("full"))
    assert {n for (_, _, role), n in counts.items() if role != "tuning"} == {10}
    assert any(run.failed for run in results("full"))
    assert len(counts) == 3 * len(made_by.problems) * len(made_by.optimizers)


CHEAP = [
    (problem, optimizer, role)
    for problem in ("ravine", "eigenvalue", "logistic-batches")
    for optimizer in ("SGD", "Adam", "Signum")
    for role in ("report", "default")
] + [("digits", "Momentum", "default"), ("mixture", "Adam", "default")]


@pytest.mark.parametrize(("problem", "optimizer", "role"), CHEAP)
def test_a_part_of_the_rows_is_the_same_when_run_again(
    problem: str, optimizer: str, role: str
) -> None:
    kept = next(
        run
        for run in results("full")
        if (run.problem, run.optimizer, run.role) == (problem, optimizer, role)
    )
    told = tuple(kept.settings.items())
    again = do(Job(*kept.key, told, kept.steps))
    assert (again.key, again.settings) == (kept.key, kept.settings)
    assert again.failed == kept.failed
    # Another processor rounds otherwise, and what is tiny is rounding alone.
    share = 0.02 if problem == "digits" else 1e-3
    assert math.isclose(again.start, kept.start, rel_tol=share)
    for (n, now), (m, before) in zip(again.curve, kept.curve, strict=True):
        assert n == m
        assert math.isclose(now, before, rel_tol=10 * share, abs_tol=1e-9)
