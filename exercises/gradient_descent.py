"""Gradient descent.

Write the step of plain gradient descent, with the learning rate η. The gradient g of a
parameter stands in its `grad`.

    θ ← θ - η g

Move a parameter by changing its `value`.
"""


class GradientDescent:
    """Plain descent for a list of tensors."""

    def __init__(self, params, eta=0.4):
        self.params = params
        self.eta = eta

    def step(self):
        """Move every parameter downhill."""
        for param in self.params:
            # solution: begin
            param.value -= self.eta * param.grad
            # solution: end


# check
CHAPTER = "first-order/learning-rate"

from functools import partial

from gradient_ascent import minitorch
from gradient_ascent.exercises import same_steps


class RateLeftOut(minitorch.GradientDescent):
    """A step of the whole gradient."""

    def rule(self, gradient, state):
        """Forget the rate."""
        return gradient, state


def check(solved):
    """Compare with Mini-Torch's."""
    ours = partial(minitorch.GradientDescent, maximize=False)
    mistakes = {
        "That is uphill: descent subtracts the gradient.": minitorch.GradientDescent,
        "η is missing.": partial(RateLeftOut, maximize=False),
    }
    for eta in (0.4, 0.1):
        yield from same_steps(solved.GradientDescent, ours, mistakes, eta=eta)
