"""From runs to tables. None names a winner: it tells which may be the best."""

from collections.abc import Iterable, Sequence

import numpy as np

from gradient_ascent.benchmarks import logs
from gradient_ascent.benchmarks.best import may_be_best, may_be_best_overall
from gradient_ascent.benchmarks.profiles import profile_integral
from gradient_ascent.benchmarks.rankings import BUDGETS, over_budgets
from gradient_ascent.benchmarks.runs import Run
from gradient_ascent.benchmarks.statistics import (
    RESAMPLES,
    Estimate,
    bootstrap,
    interquartile_mean,
    percentiles,
    share,
)
from gradient_ascent.benchmarks.table import (
    NOTHING,
    Table,
    brief,
    percent,
    within,
)


def overall(runs: Sequence[Run]) -> Table:
    """Return what each optimizer did over all problems, the best score first.

    Args:
        runs: of the roles "report" and "default".

    Raises:
        ValueError: no run of role "report".
    """
    tuned = logs.arrays(runs, logs.score)
    untuned = _untuned(runs)
    costs = logs.arrays(runs, logs.cost)
    best, integrals = may_be_best_overall(tuned), integral_of_each(costs)
    reported = logs.of(runs)
    rows = []
    for name, scores in tuned.items():
        own = [run for run in reported if run.optimizer == name]
        estimate = bootstrap(interquartile_mean, scores)
        cells = (
            name,
            within(estimate),
            brief(float(interquartile_mean(untuned[name])))
            if name in untuned
            else NOTHING,
            percent(share([r.reached is not None for r in own]).value),
            within(integrals[name]),
            percent(share([r.failed for r in own]).value),
            "yes" if name in best else "no",
        )
        rows.append((estimate.value, cells))
    return Table(
        ("optimizer", "score", "untuned", "reached", "profile", "failed",
         "may be best"),
        tuple(cells for _, cells in sorted(rows, key=lambda row: -row[0])),
        f"{_of(tuned)}. score: interquartile mean, with the 95 % interval of "
        "other seeds; untuned: the same with the optimizer's own defaults; "
        "reached: runs that met the target; profile: integral of the "
        "performance profile of evaluations to the target; may be best: no "
        "other optimizer has a higher score for sure.",
    )  # fmt: skip


def one_problem(runs: Sequence[Run], problem: str) -> Table:
    """Return what each optimizer did on one problem, the smallest gap first.

    Args:
        runs: of the roles "report" and "default".
        problem: its name.

    Raises:
        ValueError: no run of role "report" on it.
    """
    return Table(_HEADS, tuple(_rows(runs, problem)), _of_one(runs, problem))


def all_problems(runs: Sequence[Run]) -> Table:
    """Return the rows of `one_problem` of all problems, in one table.

    Raises:
        ValueError: no run of role "report".
    """
    names = logs.problems(logs.of(runs))
    if not names:
        raise ValueError("all_problems: runs must hold one of role 'report'")
    rows = [
        (row[0], name, *row[1:]) for name in names for row in _rows(runs, name)
    ]
    return Table(
        (_HEADS[0], "problem", *_HEADS[1:]), tuple(rows), _NOTE
    )  # fmt: skip


def rankings(runs: Sequence[Run], budgets: Iterable[float] = BUDGETS) -> Table:
    """Return the place of each optimizer, had every run ended earlier.

    A place is that of the interquartile mean of the scores. As many as may be
    told apart have places of their own; the order of the rest is that of the
    numbers, and may be chance.

    Args:
        runs: of the role "report".
        budgets: shares of a problem's evaluations.
    """
    shares = tuple(budgets)
    scores = over_budgets(runs, shares)
    names = list(scores[0])
    means = np.array(
        [[float(interquartile_mean(each[n])) for each in scores] for n in names]
    )
    places = 1 + (means[:, None] < means[None]).sum(axis=1)
    sets = [may_be_best_overall(each) for each in scores]
    rows = [
        (name, *(f"{p}{'*' * (name in s)}" for p, s in zip(row, sets)))
        for name, row in sorted(zip(names, places), key=lambda x: x[1][-1])
    ]
    return Table(
        ("optimizer", *map(percent, shares)),
        tuple(rows),
        "The place by interquartile mean when that share of the evaluations is "
        "spent; * may be the best there.",
    )


def integral_of_each(costs: logs.Logs) -> dict[str, Estimate]:
    """Return each integral of the profile, with the interval of other seeds.

    Args:
        costs: evaluations to the target, arrays of seeds by problems.
    """
    stacked = np.stack(list(costs.values()), axis=-1)
    seeds, problems, _ = stacked.shape
    random = np.random.default_rng(0)
    draws = random.integers(seeds, size=(RESAMPLES, seeds, problems))
    drawn = stacked[draws, np.arange(problems)]  # all methods of a seed at once
    values = profile_integral(logs.middle(stacked, axis=0))
    resampled = profile_integral(logs.middle(drawn, axis=1))
    return {
        name: percentiles(float(values[i]), resampled[:, i], 0.95)
        for i, name in enumerate(costs)
    }


_HEADS = (
    "optimizer", "gap", "untuned", "evaluations", "reached", "seconds",
    "failed", "may be best",
)  # fmt: skip
_NOTE = (
    "gap: median at the end, with the 95 % interval of other seeds; untuned: "
    "the same with the optimizer's own defaults; evaluations: those to the "
    "target, of the median seed; may be best: no other optimizer scores more "
    "for sure, where what meets the target scores one."
)


def _rows(runs: Sequence[Run], problem: str) -> list[tuple[str, ...]]:
    reported = logs.of(runs, problem=problem)
    usual = logs.of(runs, problem=problem, role="default")
    scores = logs.arrays(reported, logs.score)
    best = may_be_best(scores)
    rows = []
    for name in scores:
        own = [run for run in reported if run.optimizer == name]
        gap = _median([run.gap for run in own])
        plain = [run.gap for run in usual if run.optimizer == name]
        reached = sum(run.reached is not None for run in own)
        cells = (
            name,
            within(gap),
            brief(_median(plain).value) if plain else NOTHING,
            brief(_median([logs.cost(run) for run in own]).value, 3),
            f"{reached}/{len(own)}",
            brief(_median([run.seconds for run in own]).value),
            f"{sum(run.failed for run in own)}/{len(own)}",
            "yes" if name in best else "no",
        )
        rows.append(((gap.value, _median([*map(logs.cost, own)]).value), cells))
    return [cells for _, cells in sorted(rows, key=lambda row: row[0])]


def _median(values: Sequence[float]) -> Estimate:
    column = np.array(values, dtype=float)[:, None]
    return bootstrap(lambda x: logs.middle(x[..., 0], axis=-1), column)


def _untuned(runs: Sequence[Run]) -> logs.Logs:
    """Those with the defaults; a file may hold none."""
    if not logs.of(runs, role="default"):
        return {}
    return logs.arrays(runs, logs.score, role="default")


def _of(scores: logs.Logs) -> str:
    seeds, problems = next(iter(scores.values())).shape
    return f"{problems} problem{'s' * (problems != 1)}, {seeds} seeds each"


def _of_one(runs: Sequence[Run], problem: str) -> str:
    run = logs.of(runs, problem=problem)[0]
    return (
        f"{problem}: {run.steps} evaluations, target {brief(run.target)}. "
        + _NOTE
    )
