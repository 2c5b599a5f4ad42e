"""How long a run stays.

At a saddle a step of plain ascent multiplies the distance from the ridge by 1 + η λ,
with the curvature λ of the way out. Count the steps from a distance until the run is at
the distance `out` or beyond. Then turn it round, and find the smallest distance from
which so many steps are enough.
"""

import math


def stay(distance, lr, curvature, out):
    """The least number of steps that lead to `out` or beyond."""
    # solution: begin
    return math.ceil(math.log(out / distance) / math.log(1 + lr * curvature))
    # solution: end


def start(steps, lr, curvature, out):
    """The smallest distance from which so many steps are enough."""
    # solution: begin
    return out / (1 + lr * curvature) ** steps
    # solution: end


# check
CHAPTER = "first-order/saddles"
KIND, LEVEL = "compute", 1
HINT = (
    "Each step multiplies the distance by 1 + η λ. Solve for the number of steps, and "
    "round it up; then solve for the start."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def counted(distance, lr, curvature, out):
    """Count by running."""
    steps = 0
    while distance < out:
        distance += rules.plain(curvature * distance, lr=lr)[0]
        steps += 1
    return steps


def check(solved):
    """Counts against runs, and the start that needs a given count."""
    for distance, lr, curvature, out in (
        (1e-3, 0.05, 2.0, 1.0),
        (1e-9, 0.3, 0.5, 2.0),
        (0.02, 0.01, 7.0, 1.0),
    ):
        right = counted(distance, lr, curvature, out)
        product = lr * curvature
        told = f"(lr={lr:g}, curvature={curvature:g})"
        yield Property(
            f"The steps from {distance:g} to {out:g} {told}",
            solved.stay(distance, lr, curvature, out),
            right,
            {
                "One too few: it is not out yet. Round up.": right - 1,
                "One too many: round up, no more.": right + 1,
                "log(1 + η λ) is less than η λ: mind the difference.": math.ceil(
                    math.log(out / distance) / product
                ),
                "That is the way in: along the way out the factor is 1 + η λ.": (
                    math.ceil(math.log(out / distance) / -math.log(1 - product))
                ),
            },
        )
    for steps, lr, curvature, out in ((20, 0.05, 2.0, 1.0), (7, 0.4, 1.5, 3.0)):
        grown = (1 + lr * curvature) ** steps
        yield Property(
            f"The distance for {steps} steps (lr={lr:g}, curvature={curvature:g})",
            solved.start(steps, lr, curvature, out),
            out / grown,
            {
                "Divide `out` by the factor of all steps.": 1 / grown,
                "That leads inward: divide.": out * grown,
                "Steps multiply; they do not add.": out / (1 + steps * lr * curvature),
            },
        )
