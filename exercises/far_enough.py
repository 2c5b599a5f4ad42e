"""Far enough.

On steady gradients step t of AdaGrad is η/√t long. Predict, before you run it, how many
steps it takes to go a distance: the fewest whose lengths add up to it or more.
"""

import math


def steps(distance, lr):
    """How many steps it takes to go the distance."""
    # solution: begin
    gone, t = 0.0, 0
    while gone < distance:
        t += 1
        gone += lr / math.sqrt(t)
    return t
    # solution: end


# check
CHAPTER = "adaptive/adagrad"
KIND, LEVEL = "predict", 2
HINT = (
    "The lengths add up to about 2η√T, which tells you what to expect. A loop that "
    "adds them up says it exactly."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def measured(distance, lr, gradient):
    """The steps of the rule itself."""
    state, gone, t = rules.AdagradState(), 0.0, 0
    while gone < distance:
        step, state = rules.adagrad(gradient, state, lr=lr, eps=0)
        gone += abs(step)
        t += 1
    return t


def check(solved):
    """Near and far, on large gradients and small."""
    for distance, lr, gradient in (
        (1.0, 2.0, 1.0), (10.0, 0.4, -3.0), (5.0, 2.0, 1e-3), (30.0, 1.0, 70.0),
    ):  # fmt: skip
        estimate = (distance / (2 * lr)) ** 2
        yield Property(
            f"The steps to go {distance:g} with the learning rate {lr:g}",
            solved.steps(distance, lr),
            measured(distance, lr, gradient),
            {
                "Only the first step is η long.": math.ceil(distance / lr),
                "That is the estimate: add the steps up.": math.ceil(estimate),
                "That is the estimate, and no whole number.": estimate,
                "Step t is η/√t long, not η/t.": harmonic(distance, lr),
            },
        )


def harmonic(distance, lr):
    """The steps if each were η/t long; None if that takes too many."""
    gone = 0.0
    for t in range(1, 100_000):
        gone += lr / t
        if gone >= distance:
            return t
    return None
