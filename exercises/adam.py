"""Adam as a class.

The course notebook's optimizers are a variant of this book's rules: a class holds the
parameters and what is remembered of each, and its step *descends*. Write Adam's. Each
parameter i has two moving averages, `self.m[i]` of its gradient and `self.v[i]` of the
square, zero at first; `self.t` counts the steps.

    m ← β₁ m + (1 - β₁) g
    v ← β₂ v + (1 - β₂) g²
    m̂ = m / (1 - β₁ᵗ)
    v̂ = v / (1 - β₂ᵗ)
    θ ← θ - η m̂ / (√v̂ + ε)

The hats are bias corrections, used in the step and not stored.
"""

import math


class Adam:
    """Descent along the average gradient, in units of its own size."""

    def __init__(self, params, eta=0.8, beta1=0.9, beta2=0.99, eps=1e-6):
        self.params = params
        self.eta = eta
        self.beta1, self.beta2 = beta1, beta2
        self.eps = eps
        self.m = [0.0 for _ in params]
        self.v = [0.0 for _ in params]
        self.t = 0

    def step(self):
        """Move every parameter."""
        self.t += 1
        for i, param in enumerate(self.params):
            # solution: begin
            g = param.grad
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat = self.m[i] / (1 - self.beta1**self.t)
            v_hat = self.v[i] / (1 - self.beta2**self.t)
            param.value -= self.eta * m_hat / (math.sqrt(v_hat) + self.eps)
            # solution: end


# check
CHAPTER = "adaptive/adam"
KIND, LEVEL = "compute", 2
HINT = (
    "Count the step before you use `t`. The hats go into names of your own, so that "
    "`m` and `v` stay as they are."
)

from functools import partial

from gradient_ascent import minitorch, rules
from gradient_ascent.exercises import same_steps


class Uncorrected(minitorch.Adam):
    """Averages as they are."""

    def rule(self, gradient, state):
        """Leave the corrections out."""
        arguments = {"beta1": self.beta1, "beta2": self.beta2, "eps": self.eps}
        arguments |= {"lr": self.eta, "bias_correction": False}
        return rules.adam(gradient, state, **arguments)


class Inside(minitorch.Adam):
    """ε under the root."""

    def rule(self, gradient, state):
        """Take the step from the new averages."""
        _, state = super().rule(gradient, state)
        m_hat = state.exp_avg / (1 - self.beta1**state.step)
        v_hat = state.exp_avg_sq / (1 - self.beta2**state.step)
        return self.eta * m_hat / math.sqrt(v_hat + self.eps), state


def without_eps(params, eta, beta1, beta2, eps, maximize):
    """Adam with ε = 0."""
    return minitorch.Adam(params, eta, beta1, beta2, 0, maximize=maximize)


def check(solved):
    """Compare with Mini-Torch's; an ε of 0.5 shows where it stands."""
    ours = partial(minitorch.Adam, maximize=False)
    mistakes = {
        "That is uphill: this class descends, and subtracts the step.": minitorch.Adam,
        "ε is missing.": partial(without_eps, maximize=False),
        "ε stands inside the root; here it belongs beside it.": partial(
            Inside, maximize=False
        ),
        "The bias corrections are missing: divide by 1 - βᵗ.": partial(
            Uncorrected, maximize=False
        ),
    }
    for eta, beta1, beta2, eps in ((0.8, 0.9, 0.99, 0.5), (1, 0.5, 0.75, 1e-6)):
        settings = {"eta": eta, "beta1": beta1, "beta2": beta2, "eps": eps}
        yield from same_steps(solved.Adam, ours, mistakes, **settings)
