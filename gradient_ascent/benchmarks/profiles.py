"""On how many problems a method is near the best, drawn over how near.

Two pictures have this name. Dolan and Moré's *performance profile* is drawn
over the quotient of a cost and the least cost on that problem, so each curve
depends on who else takes part. rliable's is the share of runs with more than a
score, a *score profile* here, which depends on no other method.
"""

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from gradient_ascent.arguments import Interval, checked
from gradient_ascent.benchmarks.statistics import Array

MOST = 4.0
"""The quotient that AlgoPerf's integral goes up to."""


def performance_ratios(costs: ArrayLike) -> Array:
    """Return how many times the least cost on its problem each cost is.

    A problem that no method solves has only infinite ones.

    >>> performance_ratios([[10.0, 20.0], [float("inf"), 5.0]]).tolist()
    [[1.0, 2.0], [inf, 1.0]]

    Args:
        costs: of shape (..., problems, methods): time, steps or gradients to
            the target, above zero, and infinite where it was not reached.

    Raises:
        ValueError: no costs, or one that is nan or not above zero.
    """
    numbers = np.asarray(costs, dtype=float)
    if numbers.ndim < 2 or numbers.size == 0 or not (numbers > 0).all():
        raise ValueError(
            "performance_ratios: costs must be an array of problems by "
            f"methods, all above zero, got {numbers.shape}"
        )
    least = numbers.min(axis=-1, keepdims=True)
    solved = np.isfinite(least)
    ratios = np.full_like(numbers, np.inf)
    np.divide(numbers, least, out=ratios, where=solved)
    return ratios


def performance_profile(costs: ArrayLike, ratios: ArrayLike) -> Array:
    r"""Return the share of problems on which each method is that near the best.

    .. math:: \rho_a(\tau) = \frac1m\,
        \left|\{p : c_{p,a} \le \tau \min_b c_{p,b}\}\right|

    At one it is the share of problems on which the method is the fastest, far
    to the right the share that it solves at all. Of two methods only their own
    profiles against each other say which is nearer the best more often: with a
    third among them the order may turn.

    Args:
        costs: as `performance_ratios` takes them, of shape (problems, methods).
        ratios: where to evaluate it.

    Returns:
        Of shape (ratios, methods).

    Source: Dolan and Moré (2002); Gould and Scott (2016) for the last remark.
    """
    near = performance_ratios(costs) <= np.ravel(ratios)[:, None, None]
    return np.asarray(near.mean(axis=-2))


@checked
def profile_integral(
    costs: ArrayLike, most: Annotated[float, Interval(1, open_low=True)] = MOST
) -> Array:
    r"""Return the area under each performance profile, as AlgoPerf scores.

    .. math:: \frac{1}{r - 1} \int_1^r \rho_a(\tau)\, d\tau
        = \frac1m \sum_p \frac{\max(r - r_{p,a}, 0)}{r - 1}

    It is one for a method that is the fastest on every problem. The integral of
    a staircase is a sum: a problem adds what lies right of its step.

    >>> profile_integral([[10.0, 20.0], [30.0, 15.0]]).round(3).tolist()
    [0.833, 0.833]

    Args:
        costs: as `performance_ratios` takes them, of shape (..., problems,
            methods).
        most: r, where the integral ends.

    Returns:
        Of shape (..., methods).

    Source: Dahl et al. (2023), "Benchmarking neural network training
    algorithms".
    """
    right = np.clip(most - performance_ratios(costs), 0, None) / (most - 1)
    return np.asarray(right.mean(axis=-2))


def score_profile(scores: ArrayLike, heights: ArrayLike) -> Array:
    r"""Return the share of runs that score more than each height.

    .. math:: \hat F(\tau) = \frac{1}{nm} \sum_{s, p} 1[x_{s,p} > \tau]

    Of scores from 0 to 1 the area below it is their mean.

    >>> score_profile([[0.2, 0.9]], [0.0, 0.5, 0.9]).tolist()
    [1.0, 0.5, 0.0]

    Args:
        scores: of shape (..., seeds, problems).
        heights: where to evaluate it.

    Returns:
        Of shape (..., heights).

    Source: Agarwal et al. (2021), as "run-score distribution"; rliable draws it
    as "performance profile".
    """
    numbers = np.asarray(scores, dtype=float)
    if numbers.ndim < 2 or numbers.size == 0 or np.isnan(numbers).any():
        raise ValueError(
            "score_profile: scores must be an array of seeds by problems "
            f"without nan, got {numbers.shape}"
        )
    above = numbers[..., None] > np.ravel(heights)
    return np.asarray(above.mean(axis=(-3, -2)))
