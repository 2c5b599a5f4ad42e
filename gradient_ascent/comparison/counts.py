"""Exact statements about counts: an interval for a share, a test of pairs."""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from statistics import median
from typing import Annotated, NamedTuple

from gradient_ascent.arguments import Interval, check_whole, checked

Level = Annotated[float, Interval(0, 1, open_low=True)]


@checked
def clopper_pearson(
    successes: int, trials: int, level: Level = 0.95
) -> tuple[float, float]:
    r"""An interval for a probability, from k successes in n trials.

    .. math:: P_{p_1}(K \ge k) = P_{p_2}(K \le k) = \frac{1 - \text{level}}{2},
        \qquad K \sim \text{Binomial}(n, p)

    It holds every p that neither tail speaks against; from no success
    :math:`p_1 = 0`, from no failure :math:`p_2 = 1`.

    It covers the true p in at least the share `level` of all experiments,
    whatever p and n. The price is width: it often covers more. An interval that
    is right on average, as Wilson's, covers less for some p: at level .95 with
    n = 200 and p = .00088, 84 %.

    >>> low, high = clopper_pearson(0, 100)
    >>> low, round(high, 3)
    (0.0, 0.036)

    Args:
        successes: k, how many there were.
        trials: n, likewise.
        level: the least share of experiments that it covers p in.

    Returns:
        :math:`p_1` and :math:`p_2`.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: no trials, more successes than trials, or a level outside
            (0, 1).

    Source: Clopper and Pearson (1934).
    """
    check_whole("clopper_pearson", "trials", trials, least=1)
    check_whole("clopper_pearson", "successes", successes, least=0)
    if successes > trials:
        raise ValueError(
            f"clopper_pearson: successes must be at most trials ({trials}), "
            f"got {successes}"
        )
    tail, failures = (1 - level) / 2, trials - successes
    low = 0.0 if successes == 0 else _least(successes, trials, tail)
    high = 1.0 if failures == 0 else 1 - _least(failures, trials, tail)
    return low, high


class Paired(NamedTuple):
    """How two methods compare, pair by pair.

    Attributes:
        wins: the pairs in which the first has the higher score.
        losses: those in which the second has.
        ties: those in which both have the same.
        p: the two-sided p-value of the sign test.
        median: the median of the differences, first less second.
        low: where its interval begins.
        high: where that ends.
    """

    wins: int
    losses: int
    ties: int
    p: float
    median: float
    low: float
    high: float


@checked
def sign_test(
    first: Sequence[float], second: Sequence[float], level: Level = 0.95
) -> Paired:
    r"""Compare two methods by what each scored from the same starts.

    If neither were better, each of the n pairs that differ would be a fair
    coin. So with w wins and l losses

    .. math:: p = \min\left(1, 2^{1-n} \sum_{i=0}^{\min(w, l)}
        \binom{n}{i}\right), \qquad n = w + l .

    Of scores True and False this is McNemar's exact test.

    The interval is for the median of the differences. It goes from the j-th
    lowest to the j-th highest of them, with the largest j for which fewer than
    j heads of as many fair coins have a probability of (1 - level) / 2 at most.
    So it covers the median in at least the share `level` of all experiments,
    however the differences are distributed. At .95 it takes six pairs to have
    ends.

    >>> sign_test([True] * 9 + [False], [False] * 10).p
    0.00390625

    Args:
        first: a score from each start, higher is better; infinite ones may be
            among them. Where the last digits are rounding, round them off, or
            chance decides between two that are the same.
        second: the scores of the other, from the same starts in this order.
        level: the least share of experiments in which the interval is right.

    Raises:
        ValueError: no scores, not as many of one as of the other, one that is
            nan, or a level outside (0, 1).

    Source: Arbuthnot (1710); McNemar (1947); for the interval, Thompson (1936).
    """
    if len(first) != len(second) or len(first) == 0:
        raise ValueError(
            "sign_test: first and second must have a score for each start, "
            f"got {len(first)} and {len(second)}"
        )
    pairs = [(float(a), float(b)) for a, b in zip(first, second)]
    if any(math.isnan(x) for pair in pairs for x in pair):
        raise ValueError(
            "sign_test: a score is nan; score a run that failed -inf"
        )
    # of two infinite scores the difference is nan
    differences = sorted(0.0 if a == b else a - b for a, b in pairs)
    wins, losses = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    n = len(pairs)
    j = sum(chance <= (1 - level) / 2 for chance in _heads(n))
    low, high = (
        (differences[j - 1], differences[-j]) if j else (-math.inf, math.inf)
    )
    return Paired(
        wins, losses, n - wins - losses,
        p=min(1.0, 2 * _heads(wins + losses)[min(wins, losses)]),
        median=median(differences), low=low, high=high,
    )  # fmt: skip


def _heads(n: int) -> list[float]:
    """The probability of i heads or fewer from n fair coins, for each i."""
    ways = accumulate(range(n), lambda c, i: c * (n - i) // (i + 1), initial=1)
    return [each / 2**n for each in accumulate(ways)]


def _least(k: int, n: int, tail: float) -> float:
    """The p at which k successes or more of n have the probability `tail`."""
    ways = [
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1)
        for i in range(k, n + 1)
    ]

    def enough(p: float) -> float:
        success, failure = math.log(p), math.log1p(-p)
        return math.fsum(
            math.exp(way + i * success + (n - i) * failure)
            for i, way in enumerate(ways, start=k)
        )

    return _crossing(enough, tail)


def _crossing(rising: Callable[[float], float], height: float) -> float:
    """Where a function that rises between 0 and 1 has a height."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if rising(middle) < height:
            low = middle
        else:
            high = middle
    return middle
