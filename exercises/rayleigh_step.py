"""A step on the sphere.

A is symmetric, a list of rows, and x a unit vector. Climb f(x) = x · A x on the sphere
by one step of projected ascent: go along the gradient, η times it, and divide by the
length. Return the new x, and its Rayleigh quotient.
"""


def step(matrix, x, lr):
    """The next point, a list, and f there."""
    # solution: begin
    moved = [a + 2 * lr * b for a, b in zip(x, times(matrix, x))]
    length = sum(a * a for a in moved) ** 0.5
    x = [a / length for a in moved]
    return x, sum(a * b for a, b in zip(x, times(matrix, x)))
    # solution: end


def times(matrix, x):
    """A x, which you may use."""
    return [sum(a * b for a, b in zip(row, x)) for row in matrix]


# check
CHAPTER = "applications/eigenproblems"
KIND, LEVEL = "compute", 2
HINT = "The gradient of x · A x is 2 A x, for a symmetric A. Take f at the new x."

from gradient_ascent.exercises import Property


def applied(matrix, x):
    """A x."""
    return [sum(a * b for a, b in zip(row, x)) for row in matrix]


def dot(x, y):
    """The product of two vectors."""
    return sum(a * b for a, b in zip(x, y))


def unit(x):
    """The vector of length 1 along x."""
    return [a / dot(x, x) ** 0.5 for a in x]


def check(solved):
    """Small matrices of each kind, and a few learning rates."""
    for matrix, x, lr in (
        ([[2.0, 1.0], [1.0, 2.0]], [1.0, 0.0], 0.5),
        ([[0.0, 1.0, 0.0], [1.0, 0.0, 3.0], [0.0, 3.0, 1.0]], [0.6, 0.0, 0.8], 0.1),
        ([[1.0, 0.0], [0.0, -30.0]], [0.8, 0.6], 0.1),
        ([[-3.0]], [1.0], 0.05),
    ):
        image = applied(matrix, x)
        moved = [a + 2 * lr * b for a, b in zip(x, image)]
        right = unit(moved)
        found = solved.step([list(row) for row in matrix], list(x), lr)
        point, height = found if isinstance(found, tuple) else (found, None)
        yield Property(
            f"The point after a step of η = {lr} from {x}",
            point,
            right,
            {
                "Divide by the length: the new point must be on the sphere.": moved,
                "The gradient of x · A x is 2 A x.": unit(
                    [a + lr * b for a, b in zip(x, image)]
                ),
                "That goes down.": unit([a - 2 * lr * b for a, b in zip(x, image)]),
                "That is a step of the power method: x is left out.": unit(image),
            },
        )
        yield Property(
            "f at the new point",
            height,
            dot(right, applied(matrix, right)),
            {
                "That is f at the old point.": dot(x, image),
                "Return the point and f there.": None,
            },
        )
