"""The best momentum for a learning rate.

You descend on a quadratic with curvatures from `low` to `high`, and the learning rate
is given. Momentum is yours to choose. Find the one whose factor of the long run is
smallest, with this η. For the best η it must be that of the best pair.
"""

import math


def best_momentum(lr, low, high):
    """The momentum μ of the smallest factor."""
    # solution: begin
    slow, steep = math.sqrt(lr * low), math.sqrt(lr * high)
    return max((1 - slow) ** 2, (1 - steep) ** 2)
    # solution: end


# check
CHAPTER = "momentum/convergence"
KIND, LEVEL = "compute", 3
HINT = (
    "A direction that rings has the factor √μ, whatever its curvature. So take the "
    "smallest μ with which all ring: (1 - √μ)² ≤ η λ ≤ (1 + √μ)² at both ends."
)

from gradient_ascent.exercises import Property


def pair(low, high):
    """The best pair."""
    slow, steep = math.sqrt(low), math.sqrt(high)
    return 4 / (slow + steep) ** 2, ((steep - slow) / (steep + slow)) ** 2


def check(solved):
    """The best pair, smaller and larger learning rates, one curvature alone."""
    for low, high, share in (
        (1.0, 9.0, 1.0),
        (1.0, 100.0, 1.0),
        (1.0, 100.0, 0.25),
        (0.2, 4.0, 0.5),
        (1.0, 9.0, 1.2),
        (2.0, 2.0, 0.125),
    ):
        best, momentum = pair(low, high)
        lr = share * best
        ends = [(1 - math.sqrt(lr * each)) ** 2 for each in (low, high)]
        yield Property(
            f"The best momentum for lr={lr:.4g} and curvatures {low:g} to {high:g}",
            solved.best_momentum(lr, low, high),
            max(ends),
            {
                "The root of μ is a factor: square it.": math.sqrt(max(ends)),
                "That suits the best η; this one is another.": momentum,
                "The steepest direction must ring as well.": ends[0],
                "The flattest direction must ring as well.": ends[1],
                "With that some direction does not ring: take the larger.": min(ends),
            },
        )
