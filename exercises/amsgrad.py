"""AMSGrad.

Adam forgets a large gradient too soon. Write the step of AMSGrad, which divides by the
largest average so far, `self.v_max[i]`. All three averages are zero at first.

    m ← β₁ m + (1 - β₁) g
    v ← β₂ v + (1 - β₂) g²
    u ← max(u, v)
    θ ← θ - η m / (√u + ε)

Here u is `self.v_max[i]`, and there is no bias correction.
"""

import math


class AMSGrad:
    """Adam with a scale that never shrinks."""

    def __init__(self, params, eta=1.0, beta1=0.9, beta2=0.99, eps=1e-6):
        self.params = params
        self.eta = eta
        self.beta1, self.beta2 = beta1, beta2
        self.eps = eps
        self.m = [0.0 for _ in params]
        self.v = [0.0 for _ in params]
        self.v_max = [0.0 for _ in params]

    def step(self):
        """Move every parameter."""
        for i, param in enumerate(self.params):
            # solution: begin
            g = param.grad
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            self.v_max[i] = max(self.v_max[i], self.v[i])
            scale = math.sqrt(self.v_max[i]) + self.eps
            param.value -= self.eta * self.m[i] / scale
            # solution: end


# check
CHAPTER = "reference/exercises"

from functools import partial

from gradient_ascent import minitorch, rules
from gradient_ascent.exercises import same_steps


class NoMaximum(minitorch.Adam):
    """Adam without bias correction: the scale may shrink."""

    def rule(self, gradient, state):
        """Divide by the average itself."""
        arguments = {"beta1": self.beta1, "beta2": self.beta2, "eps": self.eps}
        arguments |= {"lr": self.eta, "bias_correction": False}
        return rules.adam(gradient, state, **arguments)


class Corrected(minitorch.AMSGrad):
    """AMSGrad as torch has it."""

    def rule(self, gradient, state):
        """Correct the bias."""
        arguments = {"beta1": self.beta1, "beta2": self.beta2, "eps": self.eps}
        return rules.amsgrad(gradient, state, lr=self.eta, **arguments)


def check(solved):
    """Compare with Mini-Torch's; a short memory lets the scale want to shrink."""
    ours = partial(minitorch.AMSGrad, maximize=False)
    mistakes = {
        "That is uphill: is a sign flipped?": minitorch.AMSGrad,
        "The scale shrinks again: divide by the largest v so far.": partial(
            NoMaximum, maximize=False
        ),
        "There is no bias correction here.": partial(Corrected, maximize=False),
    }
    for eta, beta1, beta2, eps in ((1, 0.9, 0.5, 0.5), (1, 0.9, 0.99, 1e-6)):
        settings = {"eta": eta, "beta1": beta1, "beta2": beta2, "eps": eps}
        yield from same_steps(solved.AMSGrad, ours, mistakes, **settings)
