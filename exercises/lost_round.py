"""A round of the game.

A round has N steps. In its first the uphill gradient is -C, in the others it is 1. Adam
plays it with β₁ = 0, ε = 0 and no bias correction, so a step is η g / √v. After many
rounds the v of a round repeat: k steps after the large gradient v is 1 + A β₂ᵏ, with
A = (C² - 1) / (1 + β₂ + ... + β₂ᴺ⁻¹). Return how far the parameter goes up in a round,
in learning rates, when no wall is met.
"""

import math


def moved(large, beta2, period):
    """The sum of the steps of a round, over η; `large` is C."""
    # solution: begin
    excess = (large**2 - 1) / sum(beta2**k for k in range(period))
    roots = [math.sqrt(1 + excess * beta2**k) for k in range(period)]
    return -large / roots[0] + sum(1 / root for root in roots[1:])
    # solution: end


# check
CHAPTER = "adaptive/amsgrad"
KIND, LEVEL = "compute", 2
HINT = (
    "The step of the large gradient divides by √v with k = 0, since v takes the "
    "gradient in before the step. The others have k = 1 to N - 1."
)

from gradient_ascent import rules
from gradient_ascent.diagrams.forgetting import averages
from gradient_ascent.exercises import Property


def played(large, beta2, period):
    """What the rule itself does, after many rounds."""
    state, rounds = rules.AdamState(), 60 + int(20 / (1 - beta2) / period)
    for _ in range(rounds):
        up = 0.0
        for k in range(period):
            step, state = rules.adam(
                1.0 if k else -large, state, lr=1.0, beta1=0.0, beta2=beta2, eps=0.0,
                bias_correction=False,
            )  # fmt: skip
            up += step
    return up


def check(solved):
    """Games that Adam wins and games that it loses."""
    for large, beta2, period in (
        (3.0, 0.1, 3), (3.0, 0.9, 3), (2.0, 0.5, 3), (12.0, 0.9, 10), (4.0, 0.0, 3),
    ):  # fmt: skip
        right, v = played(large, beta2, period), averages(large, beta2, period)
        late = [v[-1], *v[:-1]]
        yield Property(
            f"What a round gives (C={large:g}, beta2={beta2:g}, N={period})",
            solved.moved(large, beta2, period),
            right,
            {
                "That is downhill: the large gradient is -C, the others are 1.": -right,
                "v is under a root.": sum(1 / x for x in v[1:]) - large / v[0],
                "v takes the gradient in before the step.": (
                    sum(late[k] ** -0.5 for k in range(1, period))
                    - large * late[0] ** -0.5
                ),
                "There are N - 1 small gradients.": right - v[-1] ** -0.5,
                "One small gradient too many: they go to k = N - 1.": right
                + (1 + (v[-1] - 1) * beta2) ** -0.5,
                "That is AMSGrad: Adam's v shrinks again.": (
                    (period - 1 - large) * v[0] ** -0.5
                ),
            },
        )  # fmt: skip
