"""A decay for a time.

A weight that no gradient holds shall shrink to a given share of itself within so many
steps of AdamW. Find the weight decay λ that does it exactly, at the learning rate η.
"""


def decay_for(share, steps, lr):
    """The weight decay that leaves `share` of a weight after `steps` steps."""
    # solution: begin
    return (1 - share ** (1 / steps)) / lr
    # solution: end


# check
CHAPTER = "adaptive/adamw"
KIND, LEVEL = "compute", 2
HINT = "Without a gradient a step multiplies the weight by 1 - η λ."

import math

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def left(weight_decay, steps, lr):
    """What the rule leaves of a weight of 1."""
    settings = {"lr": lr, "weight_decay": weight_decay}
    weight, state = 1.0, rules.AdamState()
    for _ in range(steps):
        step, state = rules.adamw(0.0, state, parameter=weight, **settings)
        weight += step
    return weight


def check(solved):
    """Formulas, and what the rule itself leaves."""
    for share, steps, lr in (
        (0.5, 1, 0.1), (0.5, 100, 1e-3), (0.01, 1000, 0.01), (0.9, 3, 0.5),
    ):  # fmt: skip
        told = f"{share:g} of a weight after {steps} steps with lr={lr:g}"
        right = (1 - share ** (1 / steps)) / lr
        got = solved.decay_for(share, steps, lr)
        yield Property(
            f"The weight decay for {told}",
            got,
            right,
            {
                "That is the decay of one step: divide by η.": right * lr,
                "The share is left, not lost.": (1 - (1 - share) ** (1 / steps)) / lr,
                "A decay multiplies at each step: take the root.": (1 - share)
                / (steps * lr),
                "Close while η λ is small, but solve it exactly.": -math.log(share)
                / (steps * lr),
            },
        )
        yield Property(
            f"What the rule leaves of 1: {told}", left(got, steps, lr), share
        )
