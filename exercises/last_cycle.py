"""The last cycle.

Sign ascent descends on p², with the learning rate η, from a place that is no multiple
of η. In the end it jumps between two places. Predict them from the start: the one on
the start's own side first.
"""

import math


def last_cycle(start, lr):
    """The two places of the end, the one on the side of `start` first."""
    # solution: begin
    rest = math.fmod(start, lr)
    return rest, rest - math.copysign(lr, start)
    # solution: end


# check
CHAPTER = "adaptive/sign"
KIND, LEVEL = "predict", 2
HINT = (
    "How many whole steps fit into the distance, and what is left? For a negative "
    "number `math.fmod` keeps the sign, and `%` does not."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def run(start, lr):
    """The last two places of a run, that on the start's side first."""
    place, state, settings = start, rules.SignumState(), {"lr": lr, "momentum": 0}
    for _ in range(2 * int(abs(start) / lr) + 2):
        before = place
        step, state = rules.signum(-2 * place, state, parameter=place, **settings)
        place += step
    same = math.copysign(1, before) == math.copysign(1, start)
    return (before, place) if same else (place, before)


def check(solved):
    """Starts on both sides, near and far, and closer than a step."""
    for start, lr in ((10.0, 0.3), (-10.0, 0.3), (1.9, 0.25), (-0.1, 0.5), (7.0, 4.0)):
        right = run(start, lr)
        rest = start % lr
        yield Property(
            f"The last two places from {start:g} with lr={lr:g}",
            solved.last_cycle(start, lr),
            right,
            {
                "The other side first? Begin with the side of the start.": right[::-1],
                "It jumps over zero: the other place is η farther.": (
                    right[0],
                    -right[0],
                ),
                "`%` gives a number of the other sign here.": (
                    rest,
                    rest - math.copysign(lr, start),
                ),
                "Both are on one side: it jumps over zero.": (
                    right[0],
                    right[0] + math.copysign(lr, start),
                ),
                "It does not end at half a step: that takes a start of its own.": (
                    math.copysign(lr / 2, start),
                    -math.copysign(lr / 2, start),
                ),
            },
        )
