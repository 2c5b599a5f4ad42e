"""The learning rate moves out.

A library keeps the learning rate η inside the velocity, `v = μ v + η g`, and steps by
v. Yours keeps it outside: `v = μ v + g`, and the step is η v. While η is constant both
take the same steps. Now η changes: `lrs` has its value for each step. Return a list
with the momentum for each step, so that yours takes the steps that the library took.
"""

from itertools import pairwise


def momenta(lrs, momentum):
    """The momentum for each step, with η outside."""
    # solution: begin
    moved = [momentum]
    for before, now in pairwise(lrs):
        moved.append(momentum * before / now)
    return moved
    # solution: end


# check
CHAPTER = "adaptive/conventions"
KIND, LEVEL = "compute", 2
HINT = (
    "Let η v outside be w inside. What does a step make of η v, if η was another one "
    "before? The old v is the old w over the old η."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property

GRADIENTS = (2.0, -1.0, 0.5, 3.0, 3.0, -0.25)


def walked(lrs, shares, inside):
    """The place after each step, from 0; None where there is no list of numbers."""
    if not isinstance(shares, list) or len(shares) != len(lrs):
        return None
    place, state, visited = 0.0, rules.MomentumState(0.0), []
    for g, lr, share in zip(GRADIENTS, lrs, shares):
        step, state = rules.momentum.function(
            g, state, lr=lr, momentum=share, lr_in_velocity=inside
        )
        place += step
        visited.append(place)
    return visited


def check(solved):
    """Falling, rising and constant learning rates."""
    for lrs, share in (
        ([0.1] * 6, 0.9),
        ([0.1, 0.1, 0.1, 0.01, 0.01, 0.01], 0.9),
        ([0.1, 0.2, 0.4, 0.4, 0.1, 0.05], 0.5),
        ([0.3, 0.03, 0.3, 0.03, 0.3, 0.3], 0.99),
    ):
        wrong = {
            "The other way round: the velocity must keep what the old η put in.": [
                share, *(share * b / a for a, b in pairwise(lrs))
            ],
            "That leaves μ as it was, and the old gradients get the new η.": (
                [share] * 6
            ),
            "Compare each η with the one before, not with the first.": [
                share * lrs[0] / lr for lr in lrs
            ],
            "A step late: μ acts on the old velocity in the step of the new η.": [
                *(share * a / b for a, b in pairwise(lrs)), share
            ],
        }  # fmt: skip
        yield Property(
            f"The places from 0 with the learning rates {lrs} and μ = {share:g}",
            walked(lrs, solved.momenta(lrs, share), inside=False),
            walked(lrs, [share] * 6, inside=True),
            {said: walked(lrs, each, inside=False) for said, each in wrong.items()},
        )
