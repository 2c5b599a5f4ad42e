"""Nesterov's momentum.

Write the step of Nesterov's method in the form that needs the gradient only where the
parameter is. The velocity `self.v[i]` is zero at first.

    v ← γ v + η g
    θ ← θ - (γ v + η g)

The second line uses the new v.
"""


class Nesterov:
    """Descent along the velocity one step ahead."""

    def __init__(self, params, eta=0.05, gamma=0.9):
        self.params = params
        self.eta = eta
        self.gamma = gamma
        self.v = [0.0 for _ in params]

    def step(self):
        """Move every parameter along its velocity of the next step."""
        for i, param in enumerate(self.params):
            # solution: begin
            push = self.eta * param.grad
            self.v[i] = self.gamma * self.v[i] + push
            param.value -= self.gamma * self.v[i] + push
            # solution: end


# check
CHAPTER = "reference/exercises"

from functools import partial

from gradient_ascent import minitorch
from gradient_ascent.exercises import same_steps


class OldVelocity(minitorch.Nesterov):
    """A step along the velocity before it is updated."""

    def rule(self, gradient, state):
        """Take the old velocity, which gives momentum's step."""
        push = self.eta * gradient
        step = self.gamma * state.momentum_buffer + push
        return step, state._replace(momentum_buffer=step)


def check(solved):
    """Compare with Mini-Torch's."""
    ours = partial(minitorch.Nesterov, maximize=False)
    mistakes = {
        "That is uphill: is a sign flipped?": minitorch.Nesterov,
        "This is the step of momentum: use the new v, times γ, plus η g.": partial(
            OldVelocity, maximize=False
        ),
    }
    for eta, gamma in ((0.05, 0.9), (0.4, 0.5)):
        yield from same_steps(solved.Nesterov, ours, mistakes, eta=eta, gamma=gamma)
