"""Which methods may be the best one, where chance has a say.

Whoever names the winner of a race with noise is often wrong. What can be named
is a set that the best one is in.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from gradient_ascent.arguments import checked
from gradient_ascent.benchmarks.statistics import (
    Array,
    Level,
    bootstrap,
    interquartile_mean,
)
from gradient_ascent.comparison import sign_test


@checked
def may_be_best(
    scores: Mapping[str, Array], level: Level = 0.95
) -> frozenset[str]:
    r"""Return the methods that no other one beats for sure, on one problem.

    A method is left out if some other scores more on so many of their common
    seeds that a fair coin would do so with a probability of at most

    .. math:: \frac{1 - \text{level}}{K - 1},

    among K methods. Suppose there is a best one: from a seed on which the two
    differ, no other beats it more often than it beats that one. Each of the
    K - 1 others puts it out with at most this probability. So it is in the set
    in at least the share `level` of all races, however the scores are
    distributed and whatever the number of seeds.

    Args:
        scores: of each method, one from each seed, in one order of the seeds;
            higher is better.
        level: how surely the best one is in the set.

    Raises:
        ValueError: no methods, or not as many scores of one as of another.

    Source: the sign test, Arbuthnot (1710); K - 1 of them, Bonferroni.
    """
    lists = {
        name: [float(x) for x in np.ravel(each)]
        for name, each in scores.items()
    }
    if not lists:
        raise ValueError("may_be_best: scores must hold a method, got none")
    most = (1 - level) / max(len(lists) - 1, 1)

    def beaten(name: str, by: str) -> bool:
        test = sign_test(lists[by], lists[name])
        return test.wins > test.losses and test.p / 2 <= most

    return frozenset(
        name
        for name in lists
        if not any(beaten(name, by) for by in lists if by != name)
    )


@checked
def may_be_best_overall(
    scores: Mapping[str, Array], level: Level = 0.95
) -> frozenset[str]:
    """Return the methods whose interquartile mean may be the highest.

    A method is left out if the paired bootstrap interval of the highest
    interquartile mean less its own lies above zero, at a level that makes up
    for the number of comparisons as in `may_be_best`. This one is no theorem:
    with few seeds a bootstrap interval is a little short.

    Args:
        scores: of each method, arrays of one shape (seeds, problems), whose
            rows come from one seed.
        level: how surely the best one should be in the set.

    Raises:
        ValueError: no methods, or arrays of different shapes.
    """
    if not scores:
        raise ValueError(
            "may_be_best_overall: scores must hold a method, got none"
        )
    tail = (1 - level) / max(len(scores) - 1, 1)
    means = {n: float(interquartile_mean(each)) for n, each in scores.items()}
    surely = partial(
        bootstrap, _difference, paired=True, level=1 - 2 * tail, resamples=5000
    )
    best = max(means, key=lambda name: means[name])
    return frozenset(
        name
        for name in scores
        if name == best or surely(scores[best], scores[name]).low <= 0
    )


def _difference(first: Array, second: Array) -> Any:
    return interquartile_mean(first) - interquartile_mean(second)
