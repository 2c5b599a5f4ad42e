"""Too fast a decay.

Descent on p² multiplies p by 1 - 2 η in each step. If each step also multiplies the
learning rate, by γ, the run freezes before it arrives. Find the share of the start that
is left for ever. Then find the fastest decay, the smallest γ, that leaves no more than
a given share.
"""


def left(lr, decay):
    """The share of p that is left in the end: η = `lr`, γ = `decay` < 1."""
    # solution: begin
    share = 1.0
    while lr > 1e-18:
        share *= 1 - 2 * lr
        lr *= decay
    return share
    # solution: end


def fastest_decay(lr, share):
    """The smallest γ with which at most `share` is left."""
    # solution: begin
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if left(lr, middle) <= share:
            high = middle
        else:
            low = middle
    return high
    # solution: end


# check
CHAPTER = "practice/schedules"
KIND, LEVEL = "compute", 3
HINT = (
    "Multiply until the learning rate is too small to matter. The slower the decay, "
    "the less is left: halve the interval from 0 to 1 that holds γ, again and again."
)

import math

from gradient_ascent.exercises import Property


def product(lr, decay, first=0):
    """The share that is left, as a product of many factors."""
    count = math.ceil(math.log(1e-20) / math.log(decay))
    return math.prod(1 - 2 * lr * decay**t for t in range(first, count))


def check(solved):
    """Products, and decays whose product is the share."""
    for lr, decay in ((0.05, 0.9), (0.05, 0.98), (0.3, 0.5)):
        spent = 2 * lr / (1 - decay)
        yield Property(
            f"What is left with lr={lr:g} and decay={decay:g}",
            solved.left(lr, decay),
            product(lr, decay),
            {
                "That is a bound: multiply the factors themselves.": math.exp(-spent),
                "The first step has the whole η.": product(lr, decay, 1),
                "The slope of p² is 2 p.": product(lr / 2, decay),
                "The learning rate must decay.": 0.0,
            },
        )
    for lr, share in ((0.05, 0.01), (0.05, 0.5), (0.2, 1e-4)):
        decay = solved.fastest_decay(lr, share)
        right = decay and 0 < decay < 1 and product(lr, decay)
        yield Property(
            f"What the fastest decay leaves for {share:g} (lr={lr:g}), in shares of it",
            right and round(right / share, 3),
            1.0,
            {"That is a bound: search the smallest γ itself.": round(
                product(lr, 1 + 2 * lr / math.log(share)) / share, 3)},
        )  # fmt: skip
