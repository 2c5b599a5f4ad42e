"""Momentum.

Write the step of descent with momentum. Each parameter i has a velocity `self.v[i]`,
zero at first. With the gradient g, the learning rate η and the share γ of the velocity
that survives a step:

    v ← γ v + η g
    θ ← θ - v
"""


class Momentum:
    """Descent with a velocity for each parameter."""

    def __init__(self, params, eta=0.4, gamma=0.5):
        self.params = params
        self.eta = eta
        self.gamma = gamma
        self.v = [0.0 for _ in params]

    def step(self):
        """Move every parameter along its velocity."""
        for i, param in enumerate(self.params):
            # solution: begin
            self.v[i] = self.gamma * self.v[i] + self.eta * param.grad
            param.value -= self.v[i]
            # solution: end


# check
CHAPTER = "momentum/momentum"

from functools import partial

from gradient_ascent import minitorch
from gradient_ascent.exercises import same_steps


class Average(minitorch.Momentum):
    """A velocity that is a moving average."""

    def rule(self, gradient, state):
        """Weigh the new gradient by what the old velocity lost."""
        return super().rule((1 - self.gamma) * gradient, state)


class Forgetful(minitorch.Momentum):
    """A velocity that is not kept."""

    def rule(self, gradient, state):
        """Keep the state as it was."""
        return super().rule(gradient, state)[0], state


def check(solved):
    """Compare with Mini-Torch's."""
    ours = partial(minitorch.Momentum, maximize=False)
    mistakes = {
        "That is uphill: is a sign flipped?": minitorch.Momentum,
        "The velocity is a sum here: g enters with η, not with (1 - γ) η.": partial(
            Average, maximize=False
        ),
        "The velocity is forgotten: store it in self.v[i].": partial(
            Forgetful, maximize=False
        ),
        "Only η g is subtracted: step by the velocity, not by the gradient.": partial(
            descent, maximize=False
        ),
        "This is Nesterov's step: subtract v itself.": partial(
            minitorch.Nesterov, maximize=False
        ),
    }
    for eta, gamma in ((0.4, 0.5), (0.05, 0.9)):
        yield from same_steps(solved.Momentum, ours, mistakes, eta=eta, gamma=gamma)


def descent(params, eta, gamma, maximize):
    """Plain descent, which has no γ."""
    return minitorch.GradientDescent(params, eta, maximize=maximize)
