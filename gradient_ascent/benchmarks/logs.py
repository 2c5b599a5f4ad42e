"""From runs to arrays: what each optimizer did, by seed and by problem."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from gradient_ascent.benchmarks.runs import Run
from gradient_ascent.benchmarks.statistics import Array

Logs: TypeAlias = dict[str, Array]
"""For each optimizer an array of seeds by problems."""


def problems(runs: Iterable[Run]) -> list[str]:
    """Return the names of the problems, in the order in which they come."""
    return list(dict.fromkeys(run.problem for run in runs))


def optimizers(runs: Iterable[Run]) -> list[str]:
    """Return the names of the optimizers, in the order in which they come."""
    return list(dict.fromkeys(run.optimizer for run in runs))


def of(
    runs: Iterable[Run], *, problem: str | None = None, role: str = "report"
) -> list[Run]:
    """Return the runs of a role, and of one problem if one is named."""
    return [
        run
        for run in runs
        if run.role == role and problem in (None, run.problem)
    ]


def arrays(
    runs: Sequence[Run], value: Callable[[Run], float], role: str = "report"
) -> Logs:
    """Return a value of each run, as arrays of seeds by problems.

    A row is one seed. An optimizer that lacks a run on some problem is left
    out, as an aggregate over fewer problems is another number; and so is a seed
    that some optimizer lacks.

    Args:
        runs: of any role.
        value: what to take of each.
        role: of the runs to take.

    Raises:
        ValueError: no run of that role.
    """
    taken = of(runs, role=role)
    if not taken:
        raise ValueError(f"arrays: runs must hold one of role {role!r}")
    cells = {(r.optimizer, r.problem, r.seed): value(r) for r in taken}
    names = problems(taken)
    seeds = {
        (optimizer, problem): {r.seed for r in each}
        for optimizer, problem, each in _groups(taken)
    }
    whole = [
        optimizer
        for optimizer in optimizers(taken)
        if all((optimizer, problem) in seeds for problem in names)
    ]
    common = [
        sorted(set.intersection(*(seeds[o, problem] for o in whole)))
        for problem in names
    ] if whole else []  # fmt: skip
    count = min(map(len, common), default=0)
    return {
        optimizer: np.array(
            [
                [cells[optimizer, p, s[i]] for p, s in zip(names, common)]
                for i in range(count)
            ]
        )
        for optimizer in whole
        if count
    }


def score(run: Run) -> float:
    """Return a run's score, which `Run` tells of."""
    return run.score


def gap_at(run: Run, evaluations: float) -> float:
    """Return the gap once so many evaluations are spent.

    It is that of the last checkpoint by then; before the first one, that of the
    start. A run that was over by then has the gap that it ended with, which is
    infinite after a failure.
    """
    if evaluations >= run.gradients:
        return math.inf if run.failed else run.gap
    return next(
        (gap for n, gap in reversed(run.curve) if n <= evaluations), run.start
    )


def score_at(run: Run, share: float) -> float:
    """Return the score that a run would have, had it ended earlier.

    Args:
        run: that went on to its end.
        share: of its evaluations, in (0, 1].
    """
    if share == 1:
        return run.score
    gap = gap_at(run, share * run.steps)
    return replace(run, gap=gap, failed=not math.isfinite(gap)).score


def cost(run: Run) -> float:
    """Return the evaluations that a run took to its target, or infinity."""
    return math.inf if run.reached is None else float(max(run.reached, 1))


def median_costs(costs: Logs) -> Array:
    """Return what the median seed takes to the target.

    Args:
        costs: of each optimizer, of shape (..., seeds, problems).

    Returns:
        Of shape (..., problems, methods), as the profiles take it; infinite
        where the median seed did not arrive.
    """
    stacked = np.stack(list(costs.values()), axis=-1)
    return middle(stacked, axis=-3)


def middle(values: Any, axis: int) -> Array:
    """Return the median; of two middle values the higher."""
    # not their mean, which is infinite where one is
    ordered = np.sort(np.asarray(values, dtype=float), axis=axis)
    half = ordered.shape[axis] // 2
    return np.asarray(np.take(ordered, half, axis=axis))


def _groups(
    runs: Sequence[Run],
) -> Iterable[tuple[str, str, list[Run]]]:
    found: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        found.setdefault((run.optimizer, run.problem), []).append(run)
    return [(*key, each) for key, each in found.items()]
