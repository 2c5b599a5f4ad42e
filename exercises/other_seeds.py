"""How far a mean moves with other seeds.

Each list in `scores` has a method's scores on one problem, n of them, one from each
seed; there are m problems. In a stratified resample the n scores of each problem are
drawn anew from its own n, with replacement, and the mean of all is taken. Return the
variance of that mean over all resamples there are:

    variance = (v₁ + ... + vₘ) / (n m²)

Here v₁ is the mean of (score - mean)² over the scores of the first problem, with the
mean of that problem, and so on.
"""


def variance(scores):
    """The variance of the mean of all scores over the stratified resamples."""
    # solution: begin
    m, n = len(scores), len(scores[0])
    total = 0.0
    for problem in scores:
        mean = sum(problem) / n
        total += sum((score - mean) ** 2 for score in problem) / n
    return total / (n * m**2)
    # solution: end


# check
CHAPTER = "evidence/benchmarks"
KIND, LEVEL = "compute", 2
HINT = (
    "Each problem has a mean of its own, and its variance is taken about that. A "
    "resample draws from the seeds that there are, so it divides by n."
)

import statistics
from itertools import product

from gradient_ascent.exercises import Property


def counted(scores):
    """Over all resamples, one by one."""
    drawn = [list(product(problem, repeat=len(problem))) for problem in scores]
    count = len(scores) * len(scores[0])
    return statistics.pvariance(
        [sum(map(sum, each)) / count for each in product(*drawn)]
    )


def check(solved):
    """One problem, several, all seeds alike, and problems of unlike scores."""
    for scores in (
        [[1.0, 2.0, 6.0]],
        [[0.0, 1.0, 0.4], [0.2, 0.6, 0.2]],
        [[0.5, 0.5], [0.9, 0.9], [0.1, 0.1]],
        [[0.1, 0.2, 0.3], [0.9, 0.9, 0.6]],
    ):
        m, n = len(scores), len(scores[0])
        right = counted(scores)
        pooled = statistics.pvariance([x for problem in scores for x in problem])
        yield Property(
            f"The variance of the mean of {scores}",
            solved.variance(scores),
            right,
            {
                "That draws from all scores: a problem keeps its own.": pooled
                / (n * m),
                "That is the typical distance: square it.": right**0.5,
                "A resample draws from n seeds: divide by n, not by n - 1.": (
                    right * n / (n - 1)
                ),
                "That is the variance of one draw: a mean of n of them has less.": (
                    right * n
                ),
                "The mean over m problems divides the sum by m, its variance by m².": (
                    right * m
                ),
            },
        )
