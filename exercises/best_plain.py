"""The best learning rate, and its price.

You descend on a quadratic whose curvatures are given in a list, in any order and all
positive. Find the learning rate whose largest factor is smallest, and that factor. Then
count the steps of such a run until no coordinate is left with more than a share of its
distance, whatever the start. A round bowl takes one step.
"""

import math


def best(curvatures):
    """The best learning rate η, and its largest factor."""
    # solution: begin
    low, high = min(curvatures), max(curvatures)
    return 2 / (low + high), (high - low) / (high + low)
    # solution: end


def steps(curvatures, share):
    """The least number of steps that leave at most `share` of all distances."""
    # solution: begin
    _, factor = best(curvatures)
    if factor == 0:
        return 1
    return math.ceil(math.log(share) / math.log(factor))
    # solution: end


# check
CHAPTER = "first-order/conditioning"
KIND, LEVEL = "compute", 1
HINT = (
    "Only the smallest and the largest curvature count. At the best η their factors "
    "have one size, with opposite signs."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def counted(curvatures, share):
    """Count by running."""
    lr = 2 / (min(curvatures) + max(curvatures))
    theta, count = [1.0] * len(curvatures), 0
    while max(map(abs, theta)) > share:
        theta = [x + rules.plain(-h * x, lr=lr)[0] for x, h in zip(theta, curvatures)]
        count += 1
    return count


def check(solved):
    """Two curvatures, more in any order, one; counts against runs."""
    for curvatures in ([2.0, 100.0], [0.2, 4.0], [3.0, 9.0, 1.0, 2.0], [5.0]):
        low, high = min(curvatures), max(curvatures)
        right = 2 / (low + high), (high - low) / (high + low)
        mean = sum(curvatures) / len(curvatures)
        yield Property(
            f"The best learning rate and its factor for {curvatures}",
            solved.best(curvatures),
            right,
            {
                "That is the edge: there the steepest bounces forever.": (
                    2 / high,
                    1.0,
                ),
                "There the steepest arrives, and the flattest creeps: go farther.": (
                    1 / high,
                    1 - low / high,
                ),
                "The middle of the ends counts, not the mean of all.": (
                    1 / mean,
                    max(abs(1 - low / mean), abs(1 - high / mean)),
                ),
                "That is the factor of the height: take its root.": (
                    right[0],
                    right[1] ** 2,
                ),
                "The two things come the other way round.": right[::-1],
            },
        )
    for curvatures, share in (
        ([2.0, 100.0], 1e-3),
        ([4.0, 0.2], 1e-6),
        ([3.0, 9.0, 1.0, 2.0], 0.01),
        ([5.0], 0.01),
    ):
        right = counted(curvatures, share)
        yield Property(
            f"The steps to {share:g} of the start for {curvatures}",
            solved.steps(curvatures, share),
            right,
            {
                "One too few: the share is not reached yet. Round up.": right - 1,
                "One too many: round up, no more.": right + 1,
            },
        )
