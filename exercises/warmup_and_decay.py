"""Warmup and decay.

Write the factor that a schedule puts on the learning rate at step t, counted from 1. It
rises in a straight line and reaches 1 at step W; after that every step multiplies it by
γ. No warmup, W = 0, is the same as a warmup of one step. Give the factor in closed
form, without a loop.
"""


def rate_factor(t, warmup, decay):
    """The factor at step `t`, with W = `warmup` and γ = `decay`."""
    # solution: begin
    full = max(1, warmup)
    return min(1, t / full) * decay ** max(0, t - full)
    # solution: end


# check
CHAPTER = "practice/schedules"
KIND, LEVEL = "compute", 1
HINT = (
    "`min` and `max` do without an `if`: before W the exponent is 0, after W the "
    "first factor is 1."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def check(solved):
    """Compare with the package's at the rise, the turn and the fall."""
    for t, warmup, decay in (
        (1, 4, 0.5), (4, 4, 0.5), (6, 4, 0.5), (1000, 10, 0.99), (3, 0, 0.5),
    ):  # fmt: skip
        full = max(1, warmup)
        rise = min(1, t / full)
        yield Property(
            f"The factor at step {t} (warmup={warmup}, decay={decay})",
            solved.rate_factor(t, warmup, decay),
            rules.rate_factor(t, warmup_steps=warmup, lr_decay=decay),
            {
                "The decay begins only after the warmup.": rise * decay**t,
                "The decay begins one step too soon.": rise
                * decay ** max(0, t - full + 1),
                "The warmup goes on past 1.": t / full * decay ** max(0, t - full),
                "The steps are counted from 1, not from 0.": min(1, (t - 1) / full)
                * decay ** max(0, t - 1 - full),
                "The decay is missing.": rise,
            },
        )
