"""AdaGrad.

Write the step of AdaGrad. Each parameter i has a sum of its squared gradients,
`self.s[i]`, zero at first.

    s ← s + g²
    θ ← θ - η g / √(s + ε)

Here ε stands inside the root.
"""

import math


class Adagrad:
    """Descent with a rate of its own for each parameter."""

    def __init__(self, params, eta=0.4, eps=1e-6):
        self.params = params
        self.eta = eta
        self.eps = eps
        self.s = [0.0 for _ in params]

    def step(self):
        """Move every parameter by its gradient over the root of its sum."""
        for i, param in enumerate(self.params):
            # solution: begin
            self.s[i] += param.grad**2
            scale = math.sqrt(self.s[i] + self.eps)
            param.value -= self.eta * param.grad / scale
            # solution: end


# check
CHAPTER = "reference/exercises"

from functools import partial

from gradient_ascent import minitorch, rules
from gradient_ascent.exercises import same_steps


class Outside(minitorch.Adagrad):
    """ε beside the root."""

    def rule(self, gradient, state):
        """Take torch's convention."""
        return rules.adagrad(gradient, state, lr=self.eta, eps=self.eps)


class Forgetful(minitorch.Adagrad):
    """A sum that is not kept."""

    def rule(self, gradient, state):
        """Keep the state as it was."""
        return super().rule(gradient, state)[0], state


def without_eps(params, eta, eps, maximize):
    """AdaGrad with ε = 0."""
    return minitorch.Adagrad(params, eta, 0, maximize=maximize)


def check(solved):
    """Compare with Mini-Torch's; an ε of 0.5 shows where it stands."""
    ours = partial(minitorch.Adagrad, maximize=False)
    mistakes = {
        "That is uphill: is a sign flipped?": minitorch.Adagrad,
        "ε is missing under the root.": partial(without_eps, maximize=False),
        "ε stands beside the root; here it belongs inside.": partial(
            Outside, maximize=False
        ),
        "The sum is forgotten: add g² to self.s[i].": partial(
            Forgetful, maximize=False
        ),
    }
    for eta, eps in ((0.4, 0.5), (2, 1e-6)):
        yield from same_steps(solved.Adagrad, ours, mistakes, eta=eta, eps=eps)
