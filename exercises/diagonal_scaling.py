"""A learning rate for each coordinate.

A bowl of two coordinates has the Hessian with a and b on its diagonal and c beside it,
a b > c². Coordinate i takes the step η dᵢ gᵢ. Choose d so that the best η is 1 and no
other choice has a smaller largest factor. Say what that factor is, and what condition
number is left.
"""

import math


def scaling(a, b, c):
    """The two numbers d₁ and d₂."""
    # solution: begin
    return 1 / a, 1 / b
    # solution: end


def left(a, b, c):
    """The largest factor at η = 1, and the condition number that is left."""
    # solution: begin
    r = abs(c) / math.sqrt(a * b)
    return r, (1 + r) / (1 - r)
    # solution: end


# check
CHAPTER = "first-order/conditioning"
KIND, LEVEL = "compute", 2
HINT = (
    "The scaled Hessian has d₁ a and d₂ b on its diagonal, and √(d₁ d₂) c beside it. "
    "Its trace is the sum of the curvatures, and must be 2."
)

from gradient_ascent.exercises import Property

BOWLS = (
    (100.0, 2.0, 0.0),
    (51.0, 51.0, 49.0),
    (4.0, 1.0, -1.0),
    (802.0, 200.0, -400.0),
)


def curvatures(a, b, c):
    """The eigenvalues of a symmetric matrix of two rows."""
    middle, out = (a + b) / 2, math.hypot((a - b) / 2, c)
    return middle - out, middle + out


def check(solved):
    """Along the axes, turned by 45 degrees, between; the valley of Rosenbrock."""
    for a, b, c in BOWLS:
        r = c / math.sqrt(a * b)
        low, high = curvatures(1.0, 1.0, r)
        plain_low, plain_high = curvatures(a, b, c)
        bowl = f"a = {a:g}, b = {b:g}, c = {c:g}"
        yield Property(
            f"The scaling for {bowl}",
            solved.scaling(a, b, c),
            (1 / a, 1 / b),
            {
                "That multiplies the steep coordinate more: the other way.": (a, b),
                "That scales the coordinate; its step is scaled by the square.": (
                    1 / math.sqrt(a),
                    1 / math.sqrt(b),
                ),
                "Its shape is right, but the best η is not 1: halve it.": (
                    2 / a,
                    2 / b,
                ),
                "That is one number for both: the bowl keeps its shape.": (
                    2 / (plain_low + plain_high),
                    2 / (plain_low + plain_high),
                ),
            },
        )
        yield Property(
            f"The factor and the condition number left for {bowl}",
            solved.left(a, b, c),
            (1 - low, high / low),
            {
                "That is without the scaling.": (
                    (plain_high - plain_low) / (plain_high + plain_low),
                    plain_high / plain_low,
                ),
                "A factor's size is not negative: c counts by its size.": (
                    r,
                    (1 + r) / (1 - r),
                ),
                "The two things come the other way round.": (high / low, 1 - low),
            },
        )
