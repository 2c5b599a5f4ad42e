"""Two learning rates, one speed.

On a parabola of curvature λ a step of descent multiplies the distance by 1 - η λ. Given
a learning rate that converges, there is another that brings the distance down just as
fast, from the other side. Find this partner. Then count the steps until the distance is
at most a given share of the start.
"""

import math


def partner(lr, curvature):
    """The other learning rate of the same speed."""
    # solution: begin
    return 2 / curvature - lr
    # solution: end


def count(lr, curvature, share):
    """The least number of steps that leave at most `share` of the distance."""
    # solution: begin
    return math.ceil(math.log(share) / math.log(abs(1 - lr * curvature)))
    # solution: end


# check
CHAPTER = "first-order/learning-rate"
KIND, LEVEL = "compute", 2
HINT = (
    "Two factors of one size: 1 - η λ, and the same with a minus. For the count take "
    "logarithms, of the factor's size."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def counted(lr, curvature, share):
    """Count by running."""
    x, steps = 1.0, 0
    while abs(x) > share:
        x += rules.plain(-curvature * x, lr=lr)[0]
        steps += 1
    return steps


def check(solved):
    """Partners on both sides of 1 / λ, and counts against runs."""
    for lr, curvature in ((0.3, 2.0), (0.7, 2.0), (0.01, 50.0), (0.2, 4.0)):
        yield Property(
            f"The partner of {lr:g} at the curvature {curvature:g}",
            solved.partner(lr, curvature),
            2 / curvature - lr,
            {
                "That mirrors at 0: mirror at 1 / λ, where the factor is zero.": -lr,
                "That is the distance from 1 / λ alone.": 1 / curvature - lr,
                "The middle is 1 / λ, so the two add up to 2 / λ.": 1 - lr,
            },
        )
    for lr, curvature, share in ((0.3, 2.0, 0.01), (0.7, 2.0, 0.01), (0.01, 3.0, 1e-6)):
        right = counted(lr, curvature, share)
        yield Property(
            f"The steps to {share:g} of the start (lr={lr:g}, curvature={curvature:g})",
            solved.count(lr, curvature, share),
            right,
            {
                "One too few: the share is not reached yet. Round up.": right - 1,
                "One too many: round up, no more.": right + 1,
            },
        )
