"""What the best of some trials is expected to be."""

import math
from collections.abc import Sequence

from gradient_ascent.arguments import check_whole


def expected_best(scores: Sequence[float], k: int) -> float:
    r"""The mean, over all choices of k of the trials, of the best score.

    Of N scores in rising order :math:`s_1 \le \dots \le s_N`, the i-th is the
    best of a choice if the k - 1 others come from those before it:

    .. math:: u_k = \sum_{i=k}^N \frac{\binom{i-1}{k-1}}{\binom{N}{k}}\, s_i

    If the trials were drawn independently, it is an unbiased estimate of what
    the best of k new ones is in the mean.

    >>> expected_best([1, 2, 3, 6], 2)
    4.333333333333333

    Args:
        scores: of the N trials, higher is better; score one that failed with
            the least there is.
        k: how many of them, from 1 to N.

    Raises:
        TypeError: a k that is not whole.
        ValueError: a k below 1 or above N, or a score that is nan.

    Source: Tang et al. (2020); Dodge et al. (2019) draw with replacement.
    """
    check_whole("expected_best", "k", k, least=1)
    if k > len(scores):
        raise ValueError(
            f"expected_best: k must be at most the number of scores, "
            f"{len(scores)}, got {k}"
        )
    if any(math.isnan(score) for score in scores):
        raise ValueError(
            "expected_best: a score is nan; score a trial that failed with the "
            "least there is"
        )
    ordered, choices = sorted(map(float, scores)), math.comb(len(scores), k)
    return math.fsum(
        math.comb(i - 1, k - 1) / choices * ordered[i - 1]
        for i in range(k, len(ordered) + 1)
    )
