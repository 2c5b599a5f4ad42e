"""The first step.

A hill has its top at the origin, and the height -(x² + 4 y²). Take one step of plain
ascent: to each coordinate add its slope, times the learning rate η.

    x ← x + η g₁
    y ← y + η g₂

The slopes g₁ and g₂ are the derivatives of the height by x and by y.
"""


def step(x, y, lr):
    """The next point."""
    # solution: begin
    return x + lr * -2 * x, y + lr * -8 * y
    # solution: end


# check
CHAPTER = "intro"
KIND, LEVEL = "compute", 1
HINT = "The derivative of -x² is -2 x. Where x is positive, the top lies to the left."

from gradient_ascent.exercises import Property


def check(solved):
    """From several points, with several learning rates."""
    places = (3.0, 1.0, 0.1), (-2.0, 5.0, 0.01), (0.5, -4.0, 0.2), (-1.0, -1.0, 0.3)
    for x, y, lr in places:
        yield Property(
            f"From ({x:g}, {y:g}) with lr={lr}",
            solved.step(x, y, lr),
            (x - 2 * lr * x, y - 8 * lr * y),
            {
                "That is downhill: add the step.": (x + 2 * lr * x, y + 8 * lr * y),
                "That is the step alone: add it to the point.": (
                    -2 * lr * x,
                    -8 * lr * y,
                ),
                "η is missing.": (-x, -7 * y),
                "The derivative of x² is 2 x.": (x - lr * x, y - 4 * lr * y),
            },
        )
