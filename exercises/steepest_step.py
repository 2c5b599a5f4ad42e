"""The steepest step, in three norms.

To first order a step s climbs by g₁s₁ + g₂s₂ + ..., for the gradient g. Return the step
of length 1 that climbs most, as a list. The `norm` says what its length is:

- `"l2"`: the square root of s₁² + s₂² + ...
- `"linf"`: the largest of |s₁|, |s₂|, ...
- `"l1"`: the sum |s₁| + |s₂| + ...

No slope is zero, and no two of them have the same size.
"""

import math


def steepest(gradient, norm):
    """The step of length 1 along which the tangent rises most."""
    # solution: begin
    signs = [math.copysign(1, g) for g in gradient]
    if norm == "linf":
        return signs
    if norm == "l1":
        most = max(map(abs, gradient))
        return [sign * (abs(g) == most) for sign, g in zip(signs, gradient)]
    length = math.hypot(*gradient)
    return [g / length for g in gradient]
    # solution: end


# check
CHAPTER = "foundations/ascent"
KIND, LEVEL = "compute", 2
HINT = (
    "By the largest coordinate, each coordinate may be 1 on its own. By the sum, they "
    "share a total of 1: give it where it earns most."
)

from gradient_ascent.exercises import Property


def alone(gradient, worth):
    """The sign of one slope, that of the largest worth, and zeros."""
    most = max(gradient, key=worth)
    return [math.copysign(1, g) if g == most else 0.0 for g in gradient]


def check(solved):
    """Slopes of both signs, small and large, in one to four dimensions."""
    for gradient in (
        [3.0, 4.0],
        [3.0, -4.0],
        [-0.5, 0.1],
        [-7.0],
        [0.002, -0.001, 0.003, -0.005],
    ):
        length, total = math.hypot(*gradient), sum(map(abs, gradient))
        most = max(map(abs, gradient))
        signs = [math.copysign(1, g) for g in gradient]
        for norm, best in (
            ("l2", [g / length for g in gradient]),
            ("linf", signs),
            ("l1", alone(gradient, abs)),
        ):
            yield Property(
                f"The steepest step for the gradient {gradient} in {norm}",
                solved.steepest(list(gradient), norm),
                best,
                {
                    "That is the gradient itself: make its length 1.": list(gradient),
                    "That step leads downhill.": [-s for s in best],
                    "Length 1 in this norm, but another direction climbs more.": [
                        g / {"l2": length, "linf": most, "l1": total}[norm]
                        for g in gradient
                    ],
                    "A slope downhill is climbed the other way: keep its sign.": [
                        abs(s) for s in best
                    ],
                    "The largest size counts, whatever its sign.": alone(
                        gradient, lambda g: g
                    ),
                },
            )
