"""The factor of the long run.

Descent with momentum on a parabola of curvature λ multiplies the distance, in the long
run, by the larger size of the two roots of

    z² - (1 + μ - η λ) z + μ = 0

which may be complex. On several curvatures the slowest direction decides: return the
largest such factor.
"""

import cmath


def factor(lr, momentum, curvatures):
    """What a step multiplies the distance by, in the long run."""
    # solution: begin
    sizes = []
    for curvature in curvatures:
        half = (1 + momentum - lr * curvature) / 2
        root = cmath.sqrt(half**2 - momentum)
        sizes += [abs(half + root), abs(half - root)]
    return max(sizes)
    # solution: end


# check
CHAPTER = "momentum/convergence"
KIND, LEVEL = "compute", 2
HINT = (
    "`cmath.sqrt` takes the root of a negative number, and `abs` is the size of a "
    "complex one. Both roots count: a negative one may be the larger."
)

from gradient_ascent.exercises import Property


def roots(lr, momentum, curvature):
    """Both roots."""
    half = (1 + momentum - lr * curvature) / 2
    root = cmath.sqrt(half**2 - momentum)
    return half + root, half - root


def check(solved):
    """Directions that creep, ring, flip and diverge, alone and together."""
    for lr, momentum, curvatures in (
        (0.1, 0.81, [9.0]),
        (0.001, 0.81, [1.0]),
        (0.1, 0.0, [2.0]),
        (0.3, 0.25, [7.5]),
        (0.1, 0.81, [1.0, 9.0, 36.0]),
        (0.1, 0.81, [0.05, 9.0, 37.0]),
        (0.01, 0.36, [1.0, 20.0]),
    ):
        pairs = [roots(lr, momentum, each) for each in curvatures]
        sizes = [max(map(abs, pair)) for pair in pairs]
        yield Property(
            f"The factor for curvatures {curvatures} (lr={lr}, momentum={momentum})",
            solved.factor(lr, momentum, list(curvatures)),
            max(sizes),
            {
                "The other root is larger in size.": max(abs(a) for a, _ in pairs),
                "Take the root of the larger size.": max(abs(b) for _, b in pairs),
                "Take the slowest direction, not the fastest.": min(sizes),
                "√μ holds only where the roots are complex.": momentum**0.5,
                "A complex root is larger than its real part.": max(
                    abs(a.real) for a, _ in pairs
                ),
            },
        )
