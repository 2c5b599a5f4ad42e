"""How sure a comparison of pairs is.

Two methods ran from the same starts. For each start we know of both whether the run
succeeded. Starts that agree say nothing of the difference. If neither method were
better, each of the n starts that differ would be a fair coin, and w of them or more
would speak for one method with probability

    (C(n, w) + C(n, w + 1) + ... + C(n, n)) / 2ⁿ,     w = max(gains, losses)

Either method might have been the lucky one: twice that is the p-value, but no more
than 1. Return it.
"""

import math


def p_value(first, second):
    """McNemar's exact p-value of two lists of True and False."""
    # solution: begin
    gains = sum(b and not a for a, b in zip(first, second))
    losses = sum(a and not b for a, b in zip(first, second))
    n = gains + losses
    tail = sum(math.comb(n, i) for i in range(max(gains, losses), n + 1)) / 2**n
    return min(1.0, 2 * tail)
    # solution: end


# check
CHAPTER = "practice/escaping"
KIND, LEVEL = "compute", 2
HINT = (
    "Go through the starts in pairs. Only those matter from which one of the two "
    "succeeded and the other failed. `math.comb(n, i)` counts in how many ways n coins "
    "show i heads."
)

from gradient_ascent.exercises import Property


def tail(n, least):
    """The probability of `least` heads or more from n coins."""
    return sum(math.comb(n, i) for i in range(least, n + 1)) / 2**n


def check(solved):
    """Gains only, gains and losses, as many of both, and no difference at all."""
    for gains, losses, both, neither in (
        (7, 0, 1, 2),
        (18, 2, 60, 120),
        (2, 9, 0, 0),
        (3, 3, 10, 10),
        (0, 0, 4, 4),
    ):
        first = [False] * gains + [True] * (losses + both) + [False] * neither
        second = [True] * gains + [False] * losses + [True] * both + [False] * neither
        n, w = gains + losses, max(gains, losses)
        yield Property(
            f"The p-value of {gains} gains and {losses} losses among {len(first)} "
            "starts",
            solved.p_value(first, second),
            min(1.0, 2 * tail(n, w)),
            {
                "Either method might have been the lucky one: double it.": tail(n, w),
                "A probability is at most 1.": 2 * tail(n, w),
                "That is the probability of w exactly: add those of more.": min(
                    1.0, 2 * math.comb(n, w) / 2**n
                ),
                "The starts that agree do not count.": min(
                    1.0, 2 * tail(len(first), w)
                ),
                "Take the larger of gains and losses.": min(
                    1.0, 2 * tail(n, min(gains, losses))
                ),
            },
        )
