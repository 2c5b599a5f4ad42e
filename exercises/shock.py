"""How long a shock lasts.

All gradients of a coordinate have the size 1, and have had it for a long time. Then one
comes that is G times as large, and after it again gradients of size 1. With ε = 0, how
many of them does it take until RMSProp's own learning rate η/√s is at least half of
what it was before? Give the least whole number, for G > 1 and 0 < α < 1.
"""

import math


def wait(shock, alpha):
    """How many gradients of size 1 after the shock."""
    # solution: begin
    over = (1 - alpha) * (shock**2 - 1)
    if over <= 3:
        return 0
    return math.ceil(math.log(over / 3) / -math.log(alpha))
    # solution: end


# check
CHAPTER = "adaptive/rmsprop"
KIND, LEVEL = "compute", 2
HINT = (
    "Before the shock s = 1. Find s after it. What exceeds 1 is multiplied by α with "
    "each further gradient; the own learning rate is half when s = 4."
)

from gradient_ascent import rules
from gradient_ascent.exercises import Property


def counted(shock, alpha):
    """The same, by the rule's own steps."""
    state = rules.RMSpropState(square_avg=1.0)
    _, state = rules.rmsprop(float(shock), state, lr=1.0, alpha=alpha, eps=0)
    count = 0
    while state.square_avg > 4:
        count += 1
        _, state = rules.rmsprop(1.0, state, lr=1.0, alpha=alpha, eps=0)
    return count


def check(solved):
    """Large and small shocks, short and long memories."""
    for shock, alpha in (
        (100, 0.9), (100, 0.99), (7, 0.5), (1000, 0.75), (10, 0.99), (2, 0.5),
    ):  # fmt: skip
        over = (1 - alpha) * (shock**2 - 1)

        def at(level, over=over, alpha=alpha):
            return max(0, math.ceil(math.log(over / level) / -math.log(alpha)))

        yield Property(
            f"The wait after a shock of {shock} (alpha={alpha})",
            solved.wait(shock, alpha),
            counted(shock, alpha),
            {
                "After a small shock it is half or more at once: the wait is 0.": (
                    math.ceil(math.log(over / 3) / -math.log(alpha))
                ),
                "s = 2 would halve η/s: under the root half is at s = 4.": at(1),
                "s is to fall to 4, so what exceeds 1 to 3.": at(4),
                "The shock enters with the weight 1 - α.": max(
                    0, math.ceil(math.log((shock**2 - 1) / 3) / -math.log(alpha))
                ),
                "The square of the gradient is averaged, not the gradient.": max(
                    0,
                    math.ceil(
                        math.log((1 - alpha) * (shock - 1) / 3) / -math.log(alpha)
                    ),
                ),
            },
        )
