"""The longest step.

On the gradient 1 the published rule has the velocity v ← μ v + g and the scale
s ← β s + (1 - β) g², both 0 at the start, and steps by η v / √s. Find its longest step
among the first `steps`, and how many learning rates long it is.
"""

import math


def longest(momentum, beta, steps=100):
    """The number of the longest step, counted from 1, and its length over η."""
    # solution: begin
    v = s = 0.0
    lengths = []
    for _ in range(steps):
        v, s = momentum * v + 1, beta * s + 1 - beta
        lengths.append(v / math.sqrt(s))
    most = max(lengths)
    return lengths.index(most) + 1, most
    # solution: end


# check
CHAPTER = "practice/published"
KIND, LEVEL = "compute", 1
HINT = "Let the computer try them all: `max(lengths)`, and `lengths.index` finds it."

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def lengths(rule, steps, **settings):
    """The steps of a rule on the gradient 1, in learning rates."""
    taken, state = [], ()
    for _ in range(steps):
        step, *state = rule(1.0, *state, lr=1.0, eps=0.0, **settings)
        taken.append(step)
    return taken


def top(taken):
    """The number of the longest, and its length."""
    return taken.index(max(taken)) + 1, max(taken)


def check(solved):
    """The defaults, a longer memory of the scale, no momentum."""
    for momentum, beta in ((0.9, 0.999), (0.9, 0.9999), (0.0, 0.99), (0.5, 0.9)):
        settings = {"momentum": momentum, "beta": beta}
        averaged = lengths(
            rules.gradient_ascent, 100, bias_correction=False, **settings
        )
        step, length = top(lengths(rules.legacy, 100, **settings))
        yield Property(
            f"The longest step with momentum={momentum:g} and beta={beta:g}",
            solved.longest(momentum, beta),
            (step, length),
            {
                "Steps are counted from 1.": (step - 1, length),
                "The length first? Begin with the step's number.": (length, step),
                "The velocity is a sum here: g enters whole.": top(averaged),
                "With corrections it would be the repaired rule.": (1, 1.0),
            },
        )
