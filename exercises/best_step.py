"""The best learning rate.

Projected ascent climbs x · A x on the sphere. A step multiplies the part along an
eigenvector by 1 + 2 η λ, and the largest size wins. From all eigenvalues of A, in any
order and more than one, find the learning rate above zero with the smallest factor: the
largest size among the other eigenvalues, over that of the largest one. If longer is
always better, it is `math.inf`.
"""

import math


def best(eigenvalues):
    """The best learning rate, or infinity."""
    # solution: begin
    ordered = sorted(eigenvalues)
    total = ordered[-2] + ordered[0]
    return -1 / total if total < 0 else math.inf
    # solution: end


# check
CHAPTER = "applications/eigenproblems"
KIND, LEVEL = "compute", 2
HINT = (
    "Draw the sizes |1 + 2 η λ| of the second largest and of the smallest eigenvalue "
    "against η. Where do they cross?"
)

from gradient_ascent.exercises import Property


def check(solved):
    """Spectra with a wall, without one, and on the border."""
    for values in (
        [1.0, 0.5, 0.0, -1.0, -3.0],
        [-9.0, -1.0, -4.0],
        [-2.0, 5.0, 1.0],
        [4.0, 2.0, 1.0],
        [3.0, 1.0, -1.0],
        [2.0, -7.0],
    ):
        ordered = sorted(values)
        low, second, top = ordered[0], ordered[-2], ordered[-1]
        total = second + low
        right = -1 / total if total < 0 else math.inf
        known = {
            "Where λ₂ + λₙ is above zero, longer is better.": -1 / total
            if total
            else None,
            "That is twice as long: a size is |1 + 2 η λ|.": -2 / total
            if total < 0
            else None,
            "With that step λ₁ and λₙ are equal in size: it is the wall.": -1
            / (top + low)
            if top + low
            else None,
        }
        yield Property(
            f"The best learning rate for the eigenvalues {values}",
            solved.best(list(values)),
            right,
            {tip: value for tip, value in known.items() if value not in (None, right)},
        )
