"""Where the order of two methods turns as the budget grows."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from gradient_ascent.benchmarks import logs
from gradient_ascent.benchmarks.runs import Run
from gradient_ascent.benchmarks.statistics import (
    RESAMPLES,
    interquartile_mean,
    resample,
)

BUDGETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)
"""Shares of a problem's evaluations; of 200, each is a checkpoint of a run."""


class Flip(NamedTuple):
    """Two methods whose order turns.

    Attributes:
        ahead: the one that scores more early.
        behind: the other one, which scores more late.
        early: the last of the budgets at which the first is ahead for sure.
        late: the first one after it at which the second is.
    """

    ahead: str
    behind: str
    early: float
    late: float


def over_budgets(
    runs: Sequence[Run], budgets: Sequence[float] = BUDGETS
) -> list[logs.Logs]:
    """Return the scores of the reported runs, had they ended earlier.

    It asks what a run that was tuned for the whole budget has by then, not what
    one that was tuned for less would have.

    Args:
        runs: of the role "report".
        budgets: shares of a problem's evaluations, in (0, 1].
    """
    return [
        logs.arrays(runs, partial(logs.score_at, share=share))
        for share in budgets
    ]


def flips(
    runs: Sequence[Run],
    budgets: Sequence[float] = BUDGETS,
    level: float = 0.95,
    seed: int = 0,
) -> list[Flip]:
    """Return the pairs whose order is sure early, and sure the other way later.

    The order by the interquartile mean is sure if all but a part of the paired
    resamples agree on it; the part is `1 - level`, divided by the number of
    pairs, budgets and signs. So the list as a whole is as sure as `level`, as
    far as a bootstrap with few seeds can say. Of more than a few methods that
    part is less than one resample: then all must agree, and more cannot be
    asked of so many.

    Args:
        runs: of the role "report".
        budgets: shares of a problem's evaluations, in their order.
        level: how sure the list is as a whole.
        seed: of the resamples.
    """
    scores = over_budgets(runs, budgets)
    names = list(scores[0])
    shape = scores[0][names[0]].shape
    draws = np.random.default_rng(seed).integers(
        shape[0], size=(RESAMPLES, *shape)
    )
    means = np.array(
        [
            [interquartile_mean(resample(each[name], draws)) for name in names]
            for each in scores
        ]
    )  # budgets, methods, resamples
    pairs = list(combinations(range(len(names)), 2))
    part = (1 - level) / max(2 * len(pairs) * len(budgets), 1)
    found = []
    for i, j in pairs:
        above = (means[:, i] > means[:, j]).mean(axis=-1)
        below = (means[:, i] < means[:, j]).mean(axis=-1)
        order = (above >= 1 - part).astype(int) - (below >= 1 - part)
        for early, late in _turns([int(each) for each in order]):
            first, second = (i, j) if order[early] > 0 else (j, i)
            found.append(
                Flip(names[first], names[second], budgets[early], budgets[late])
            )
    return found


def _turns(order: Sequence[int]) -> list[tuple[int, int]]:
    """Where a sign is followed by the other one, zeros left out."""
    sure = [k for k, sign in enumerate(order) if sign]
    return [(a, b) for a, b in pairwise(sure) if order[a] != order[b]]
