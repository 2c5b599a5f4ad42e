"""What many runs say of a method, and how far it can be trusted.

Scores stand in an array of seeds by problems; an aggregate makes one number of
its last two axes, so that it takes thousands of resamples at once.
"""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradient_ascent.arguments import Interval, check_whole, checked
from gradient_ascent.comparison import clopper_pearson

Array: TypeAlias = NDArray[np.float64]
Aggregate: TypeAlias = Callable[..., Any]
Level = Annotated[float, Interval(0, 1, open_low=True)]

RESAMPLES = 2000


class Estimate(NamedTuple):
    """A number and its interval.

    Attributes:
        value: of the runs that there are.
        low: where the interval begins.
        high: where it ends.
    """

    value: float
    low: float
    high: float


def mean_score(scores: ArrayLike) -> Any:
    """Return the mean over seeds and problems.

    Args:
        scores: of shape (..., seeds, problems).
    """
    return _numbers("mean_score", scores).mean(axis=(-2, -1))


def median_score(scores: ArrayLike) -> Any:
    """Return the median over problems of the means over seeds.

    So Agarwal et al. (2021) call it: all but the middle problems count for
    nothing.

    Args:
        scores: of shape (..., seeds, problems).
    """
    return np.median(_numbers("median_score", scores).mean(axis=-2), axis=-1)


def interquartile_mean(scores: ArrayLike) -> Any:
    r"""Return the mean of the middle half of all scores, the IQM.

    .. math:: \frac{1}{n - 2k} \sum_{i=k+1}^{n-k} x_{(i)},
        \qquad k = \lfloor n / 4 \rfloor

    with the n scores of all seeds and problems in their order.

    >>> float(interquartile_mean([[0.0, 0.5, 0.7, 99.0]]))
    0.6

    Args:
        scores: of shape (..., seeds, problems).

    Raises:
        ValueError: no scores, fewer than two axes, or one that is nan.

    Source: Agarwal et al. (2021), "Deep reinforcement learning at the edge of
    the statistical precipice".
    """
    numbers = _numbers("interquartile_mean", scores)
    flat = np.sort(numbers.reshape(*numbers.shape[:-2], -1), axis=-1)
    cut = flat.shape[-1] // 4
    return flat[..., cut : flat.shape[-1] - cut].mean(axis=-1)


def resample(scores: ArrayLike, draws: ArrayLike) -> Array:
    """Return the seeds that were drawn, for each problem by itself.

    Args:
        scores: of shape (seeds, problems).
        draws: which seed stands in each place, of shape (..., seeds, problems).
    """
    of = _numbers("resample", scores)
    return np.asarray(of[np.asarray(draws), np.arange(of.shape[1])])


@checked
def bootstrap(
    aggregate: Aggregate,
    *scores: ArrayLike,
    paired: bool = False,
    level: Level = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    r"""Say how far an aggregate would move if the seeds were others.

    The seeds of each problem are drawn anew, with replacement; a problem keeps
    as many as it has, which makes the bootstrap stratified. The aggregate of
    each such resample is taken, and the interval goes from the quantile
    :math:`(1 - \text{level}) / 2` of them to :math:`(1 + \text{level}) / 2`.

    It tells what other seeds would do. What other problems would do, or another
    search for the settings, it does not tell.

    >>> two_seeds = [[0.0], [1.0]]
    >>> bootstrap(mean_score, two_seeds)
    Estimate(value=0.5, low=0.0, high=1.0)

    Args:
        aggregate: takes the arrays, each with a leading axis of resamples, and
            returns a number for each.
        *scores: arrays of shape (seeds, problems), those of one method each.
        paired: whether a row of one array and the same row of another come from
            one seed, and so are drawn together.
        level: the share of the resamples that the interval holds.
        resamples: how many.
        seed: of the draws.

    Raises:
        TypeError, ValueError: no scores, one that is nan, a level outside
            (0, 1), paired arrays of different shapes, or a number of resamples
            or a seed that is none.

    Source: Efron (1979); stratified, Agarwal et al. (2021).
    """
    check_whole("bootstrap", "resamples", resamples, least=1)
    check_whole("bootstrap", "seed", seed, least=0)
    arrays = [_numbers("bootstrap", each) for each in scores]
    shapes = [each.shape for each in arrays]
    if not arrays or (paired and len(set(shapes)) > 1):
        what = "arrays of one shape" if paired else "an array or more"
        raise ValueError(f"bootstrap: scores must be {what}, got {shapes}")
    random = np.random.default_rng(seed)
    draws = random.integers(shapes[0][0], size=(resamples, *shapes[0]))
    drawn = [resample(arrays[0], draws)]
    for each in arrays[1:]:
        if not paired:
            draws = random.integers(len(each), size=(resamples, *each.shape))
        drawn.append(resample(each, draws))
    return percentiles(float(aggregate(*arrays)), aggregate(*drawn), level)


def percentiles(value: float, resampled: ArrayLike, level: float) -> Estimate:
    """Return a value with the percentile interval of its resamples."""
    ends = [(1 - level) / 2, (1 + level) / 2]
    # between two infinite values the usual quantile would be nan
    values = np.asarray(resampled, dtype=float)
    if np.isfinite(values).all():
        low, high = np.quantile(values, ends)
    else:
        low, high = np.quantile(values, ends, method="inverted_cdf")
    return Estimate(value, float(low), float(high))


def probability_of_improvement(first: ArrayLike, second: ArrayLike) -> Any:
    r"""Return how likely a run of one method scores more than one of another.

    .. math:: \frac1m \sum_{p=1}^m
        \left( P(X_p > Y_p) + \tfrac12 P(X_p = Y_p) \right)

    with any run of the first and any of the second on problem p: the mean of
    Mann and Whitney's U, each divided by its number of pairs.

    >>> float(probability_of_improvement([[2.0], [3.0]], [[1.0], [2.0]]))
    0.875

    Args:
        first: of shape (..., seeds, problems), higher is better.
        second: the same for the other; it may have another number of seeds.

    Raises:
        ValueError: no scores, one that is nan, or other problems.
    """
    x, y = (
        _numbers("probability_of_improvement", each) for each in (first, second)
    )
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(
            "probability_of_improvement: first and second must have the same "
            f"problems, got {x.shape[-1]} and {y.shape[-1]}"
        )
    pairs = x[..., :, None, :], y[..., None, :, :]
    wins = (pairs[0] > pairs[1]) + 0.5 * (pairs[0] == pairs[1])
    return wins.mean(axis=(-3, -2, -1))


@checked
def share(successes: ArrayLike, level: Level = 0.95) -> Estimate:
    """Return a share of runs with its exact interval, for instance of failures.

    >>> share([False] * 10).high < 0.31
    True

    Args:
        successes: True or False for each run.
        level: as `clopper_pearson` takes it.
    """
    told = np.asarray(successes, dtype=bool)
    if told.size == 0:
        raise ValueError("share: successes must hold a run or more, got none")
    low, high = clopper_pearson(int(told.sum()), told.size, level)
    return Estimate(float(told.mean()), low, high)


def _numbers(owner: str, scores: ArrayLike) -> Array:
    numbers = np.asarray(scores, dtype=float)
    if numbers.ndim < 2 or numbers.size == 0 or np.isnan(numbers).any():
        told = "nan in them" if np.isnan(numbers).any() else numbers.shape
        raise ValueError(
            f"{owner}: scores must be an array of seeds by problems without "
            f"nan, got {told}"
        )
    return numbers
