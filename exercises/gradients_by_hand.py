"""Gradients by hand.

Autograd is right only if it agrees with you. Return, without autograd, the gradient of
each function as a pair: the slope along its first argument, then along its second.

    f(x1, x2) = 0.1 x1² + 2 x2²
    h(a, b) = (a b + a)²

The check compares your numbers with Mini-Torch's.
"""


def gradient_of_f(x1, x2):
    """The slopes of 0.1 x1² + 2 x2²."""
    # solution: begin
    return 0.2 * x1, 4 * x2
    # solution: end


def gradient_of_h(a, b):
    """The slopes of (a b + a)²."""
    # solution: begin
    outer = 2 * (a * b + a)
    return outer * (b + 1), outer * a
    # solution: end


# check
CHAPTER = "foundations/autograd"
KIND, LEVEL = "compute", 1
HINT = (
    "For h use the chain rule: twice what is squared, times the slope of what is "
    "squared."
)

from gradient_ascent.exercises import Property
from gradient_ascent.minitorch import Tensor


def by_autograd(function, *at):
    """The slopes of `function` at a point, by Mini-Torch."""
    tensors = [Tensor(x) for x in at]
    function(*tensors).backward()
    return tuple(tensor.grad for tensor in tensors)


def check(solved):
    """Compare with autograd at three points each."""
    for x1, x2 in ((-5.0, -2.0), (1.0, 3.0), (0.5, 0.0)):
        yield Property(
            f"The gradient of f at ({x1}, {x2})",
            solved.gradient_of_f(x1, x2),
            by_autograd(lambda x1, x2: 0.1 * x1**2 + 2 * x2**2, x1, x2),
            {
                "The exponent of x² comes down as a factor 2.": (0.1 * x1, 2 * x2),
                "This is downhill: a gradient points uphill.": (-0.2 * x1, -4 * x2),
                "That is the height of f, not its slopes.": 0.1 * x1**2 + 2 * x2**2,
            },
        )
    for a, b in ((2.0, -3.0), (1.0, 1.0), (-0.5, 4.0)):
        outer = 2 * (a * b + a)
        yield Property(
            f"The gradient of h at ({a}, {b})",
            solved.gradient_of_h(a, b),
            by_autograd(lambda a, b: (a * b + a) ** 2, a, b),
            {
                "a occurs twice: both occurrences count.": (outer * b, outer * a),
                "Multiply by the slopes of the inside, a b + a.": (outer, outer),
            },
        )
