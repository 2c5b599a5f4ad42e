"""A lone gradient.

Adam has seen nothing but zeros, and its step number t meets a gradient that is not
zero. Predict, before you run it, how long that step is, in learning rates. Give a
formula for every t from 1 on; ε is 0.
"""

import math


def length(t, beta1=0.9, beta2=0.999):
    """The length of step t, whose gradient comes after t - 1 zeros, over η."""
    # solution: begin
    m_hat = (1 - beta1) / (1 - beta1**t)
    v_hat = (1 - beta2) / (1 - beta2**t)
    return m_hat / math.sqrt(v_hat)
    # solution: end


# check
CHAPTER = "adaptive/adam-steps"
KIND, LEVEL = "predict", 2
HINT = (
    "Let the gradient be 1. Before step t both averages are zero: find m and v after "
    "it, and put the hats on."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def measured(t, beta1, beta2):
    """The step of the rule itself."""
    state = rules.AdamState()
    for g in [0.0] * (t - 1) + [5.0]:
        step, state = rules.adam(
            g, state, lr=1.0, beta1=beta1, beta2=beta2, eps=0 if g else 1.0
        )
    return step


def check(solved):
    """The first step, early and late ones, two pairs of memories."""
    for t, beta1, beta2 in (
        (1, 0.9, 0.999), (2, 0.9, 0.999), (10, 0.9, 0.999), (3000, 0.9, 0.99),
        (3000, 0.0, 0.99), (50, 0.5, 0.75),
    ):  # fmt: skip
        m, v = 1 - beta1, 1 - beta2
        yield Property(
            f"The length of a lone step {t} (beta1={beta1}, beta2={beta2})",
            solved.length(t, beta1, beta2),
            measured(t, beta1, beta2),
            {
                "That is the end of long silence: correct both averages for t.": (
                    m / math.sqrt(v)
                ),
                "Only on a constant gradient is a step one learning rate long.": 1.0,
                "v is under a root.": m / (1 - beta1**t) / (v / (1 - beta2**t)),
                "The corrections are upside down.": (
                    m * (1 - beta1**t) / math.sqrt(v * (1 - beta2**t))
                ),
            },
        )
