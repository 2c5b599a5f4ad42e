"""The best of k trials.

You have the scores of N trials. Somebody can afford k of them. Over all choices of k of
your N, what is the best score in the mean?

With the scores in rising order, the i-th is the best of a choice if the k - 1 others
are among the i - 1 before it. That is so for C(i - 1, k - 1) of the C(N, k) choices.
Return the mean over all choices.
"""

import math


def expected_best(scores, k):
    """The mean best score of k of the trials, all choices of k alike."""
    # solution: begin
    ordered, choices = sorted(scores), math.comb(len(scores), k)
    return sum(
        math.comb(i - 1, k - 1) / choices * ordered[i - 1]
        for i in range(1, len(ordered) + 1)
    )
    # solution: end


# check
CHAPTER = "practice/tuning"
KIND, LEVEL = "compute", 2
HINT = (
    "`math.comb(n, k)` counts the choices of k of n, and is zero for k > n. Sort first."
)

from itertools import combinations, product
from statistics import fmean

from gradient_ascent.exercises import Property


def check(solved):
    """A few lists, against all choices there are."""
    for scores, k in (
        ([3.0, 1.0, 6.0, 2.0], 2),
        ([0.5, 0.9, 0.1, 0.7, 0.8], 3),
        ([5.0, -2.0, 0.25], 1),
        ([4.0, 8.0, 1.0], 3),
    ):
        yield Property(
            f"The expected best of {k} of {scores}",
            solved.expected_best(list(scores), k),
            fmean(max(some) for some in combinations(scores, k)),
            {
                "That is the least of the k: turn the order round.": fmean(
                    min(some) for some in combinations(scores, k)
                ),
                "A trial cannot be chosen twice.": fmean(
                    max(some) for some in product(scores, repeat=k)
                ),
                "Sort the scores first.": sum(
                    math.comb(i, k - 1) / math.comb(len(scores), k) * score
                    for i, score in enumerate(scores)
                ),
            },
        )
