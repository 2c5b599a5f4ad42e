"""Back from an outlier.

All gradients are 1, and the scale s ← β s + (1 - β) g² has settled at 1. Then one
gradient is k, and the next are 1 again. Without momentum, step n after the outlier is
1 / √s learning rates long. Return the smallest n at which it is back to a given share.
"""

import math


def steps_until(share, k, beta=0.999):
    """The first n, from 1, whose step is at least `share` learning rates."""
    # solution: begin
    n, s = 1, 1 + (1 - beta) * (k**2 - 1)
    while 1 / math.sqrt(beta * s + 1 - beta) < share:
        s = beta * s + 1 - beta
        n += 1
    return n
    # solution: end


# check
CHAPTER = "practice/gradient-ascent"
KIND, LEVEL = "compute", 2
HINT = (
    "A loop will do: let s take the outlier in, then a gradient of 1 for each step. By "
    "hand: what does such a step do to s - 1?"
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def counted(share, k, beta):
    """Count with the rule itself."""
    state = rules.GradientAscentState(step=10**7, square_avg=1.0)
    settings = {"lr": 1.0, "momentum": 0.0, "beta": beta, "eps": 0.0}
    _, state = rules.gradient_ascent(k, state, **settings)
    n, step = 0, 0.0
    while step < share:
        step, state = rules.gradient_ascent(1.0, state, **settings)
        n += 1
    return n


def check(solved):
    """Outliers great and small, and one that the scale hardly notices."""
    for share, k, beta in (
        (0.5, 1000.0, 0.99),
        (0.5, 100.0, 0.95),
        (0.9, 100.0, 0.99),
        (0.5, -100.0, 0.9),
        (0.5, 1.5, 0.99),
    ):
        right = counted(share, k, beta)
        yield Property(
            f"The steps until {share:g} of η, after {k:g} (beta={beta:g})",
            solved.steps_until(share, k, beta),
            right,
            {
                "One too few: the first step after the outlier is n = 1.": right - 1,
                "One too many: the outlier's own step is n = 0.": right + 1,
                "s enters by its root: the step is 1 / √s.": counted(
                    share**0.5, k, beta
                ),
                "The square of k enters s.": counted(share, abs(k) ** 0.5, beta),
            },
        )
