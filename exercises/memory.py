"""The half-life of a memory.

In momentum's velocity a gradient of k steps ago has the weight μᵏ. Its half-life is the
k at which this is one half; it need not be a whole number. Give the half-life of a μ,
and the μ of a half-life. Both are for μ between 0 and 1, the ends left out.
"""

import math


def half_life(momentum):
    """The number of steps after which a gradient counts half."""
    # solution: begin
    return math.log(0.5) / math.log(momentum)
    # solution: end


def momentum_for(steps):
    """The momentum with this half-life."""
    # solution: begin
    return 0.5 ** (1 / steps)
    # solution: end


# check
CHAPTER = "momentum/momentum"
KIND, LEVEL = "compute", 2
HINT = (
    "Take the logarithm of μᵏ = 1/2 and solve for k; for the other direction take the "
    "k-th root."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def left(momentum, steps):
    """What is left of a velocity of 1 after so many steps without a slope."""
    state = rules.MomentumState(1.0)
    for _ in range(steps):
        _, state = rules.momentum(0.0, state, momentum=momentum)
    return state.momentum_buffer


def check(solved):
    """Half-lives, and what the rule itself has left after one."""
    for mu in (0.5, 0.9, 0.99, 0.25):
        right = math.log(0.5) / math.log(mu)
        yield Property(
            f"The half-life of momentum={mu:g}",
            solved.half_life(mu),
            right,
            {
                "A time is positive: is the sign right?": -right,
                "That is the sum of all weights, not when one is halved.": 1 / (1 - mu),
                "Near 1 this is close, but solve it exactly.": math.log(2) / (1 - mu),
                "That is upside down.": 1 / right,
                "It need not be a whole number.": math.ceil(right),
            },
        )
    for steps in (1, 10, 100):
        got = solved.momentum_for(steps)
        yield Property(
            f"What the rule has left of a velocity of 1 after {steps} steps",
            None if got is None else left(got, steps),
            0.5,
            {
                "Near 1 this is close, but solve it exactly.": left(
                    1 - math.log(2) / steps, steps
                ),
                "That is a sum of weights: halve a single one.": left(
                    1 - 1 / steps, steps
                ),
            },
        )
