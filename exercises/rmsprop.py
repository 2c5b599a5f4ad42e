"""RMSProp.

AdaGrad never forgets, so its steps die out. Write the step of RMSProp, which replaces
the sum by a moving average, `self.s[i]`, zero at first.

    s ← γ s + (1 - γ) g²
    θ ← θ - η g / √(s + ε)
"""

import math


class RMSProp:
    """Descent by the gradient over its recent size."""

    def __init__(self, params, eta=0.4, gamma=0.9, eps=1e-6):
        self.params = params
        self.eta = eta
        self.gamma = gamma
        self.eps = eps
        self.s = [0.0 for _ in params]

    def step(self):
        """Move every parameter by its gradient over the root of its average."""
        for i, param in enumerate(self.params):
            # solution: begin
            g = param.grad
            self.s[i] = self.gamma * self.s[i] + (1 - self.gamma) * g**2
            scale = math.sqrt(self.s[i] + self.eps)
            param.value -= self.eta * g / scale
            # solution: end


# check
CHAPTER = "reference/exercises"

from functools import partial

from gradient_ascent import minitorch, rules
from gradient_ascent.exercises import same_steps


class Outside(minitorch.RMSProp):
    """ε beside the root."""

    def rule(self, gradient, state):
        """Take torch's convention."""
        arguments = {"lr": self.eta, "alpha": self.gamma, "eps": self.eps}
        return rules.rmsprop(gradient, state, **arguments)


class Sum(minitorch.RMSProp):
    """A sum that fades, where the average should be."""

    def rule(self, gradient, state):
        """Let the new square count in full."""
        square = self.gamma * state.square_avg + gradient**2
        step = self.eta * gradient / math.sqrt(square + self.eps)
        return step, state._replace(square_avg=square)


class Swapped(minitorch.RMSProp):
    """γ and 1 - γ the wrong way round."""

    def __init__(self, params, eta, gamma, eps, *, maximize):
        super().__init__(params, eta, 1 - gamma, eps, maximize=maximize)


def without_eps(params, eta, gamma, eps, maximize):
    """RMSProp with ε = 0."""
    return minitorch.RMSProp(params, eta, gamma, 0, maximize=maximize)


def check(solved):
    """Compare with Mini-Torch's; an ε of 0.5 shows where it stands."""
    ours = partial(minitorch.RMSProp, maximize=False)
    mistakes = {
        "That is uphill: is a sign flipped?": minitorch.RMSProp,
        "ε is missing under the root.": partial(without_eps, maximize=False),
        "ε stands beside the root; here it belongs inside.": partial(
            Outside, maximize=False
        ),
        "g² counts in full: in an average it counts (1 - γ).": partial(
            Sum, maximize=False
        ),
        "γ keeps the old average, 1 - γ takes in g²: they are swapped.": partial(
            Swapped, maximize=False
        ),
    }
    for gamma, eps in ((0.9, 0.5), (0.75, 1e-6)):
        settings = {"eta": 0.4, "gamma": gamma, "eps": eps}
        yield from same_steps(solved.RMSProp, ours, mistakes, **settings)
