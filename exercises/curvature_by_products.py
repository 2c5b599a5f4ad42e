"""From products to a bound.

`hessian` is that of a hill, a table [[a, b], [b, c]] of numbers. Start with (1, 0.3) as
v. Multiply v by it and divide by the length, `steps` times. Then v · H v, for the last
v, of length one, is the eigenvalue of the largest size, below zero on a hill. Return
the learning rate at which momentum `mu` begins to diverge there: 2 (1 + mu) over that
size.
"""


def bound(hessian, mu, steps=200):
    """The learning rate at the border."""
    # solution: begin
    (a, b), (_, c) = hessian
    x, y = 1.0, 0.3
    for _ in range(steps):
        x, y = a * x + b * y, b * x + c * y
        length = (x * x + y * y) ** 0.5
        x, y = x / length, y / length
    curvature = -(x * (a * x + b * y) + y * (b * x + c * y))
    return 2 * (1 + mu) / curvature
    # solution: end


# check
CHAPTER = "practice/diagnosis"
KIND, LEVEL = "compute", 2
HINT = "Both new numbers need both old ones: assign them at once."

from gradient_ascent.exercises import Property


def check(solved):
    """Hills along the axes and turned, with and without momentum."""
    for hessian, mu in (
        ([[-4.0, 0.0], [0.0, -1.0]], 0.0),
        ([[-1.0, 0.0], [0.0, -10.0]], 0.0),
        ([[-2.0, 1.0], [1.0, -2.0]], 0.9),
        ([[-5.0, 2.0], [2.0, -1.0]], 0.5),
    ):
        (a, b), (_, c) = hessian
        root = ((a - c) ** 2 / 4 + b * b) ** 0.5
        steep, flat = root - (a + c) / 2, -root - (a + c) / 2
        right = 2 * (1 + mu) / steep
        yield Property(
            f"The border for {hessian} and mu = {mu}",
            solved.bound(hessian, mu),
            right,
            {
                "That is the bound without momentum.": 2 / steep,
                "That is for the flattest direction.": 2 * (1 + mu) / flat,
                "The sign: a hill's eigenvalues are below zero.": -right,
            },
        )
