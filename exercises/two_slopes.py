"""The generator's two slopes.

A discriminator gives a sample the logit a, and believes with the probability
D = 1 / (1 + exp(-a)) that it is a datum. Return how fast the minimax payoff
-log(1 - D) grows with a, and how fast the non-saturating one, log D, grows with it.
Logits of a thousand, or of minus a thousand, must be served as well.
"""

import math


def slopes(logit):
    """The slope of the minimax payoff, and that of the non-saturating one."""
    # solution: begin
    small = math.exp(-abs(logit))
    low, high = small / (1 + small), 1 / (1 + small)
    return (high, low) if logit > 0 else (low, high)
    # solution: end


# check
CHAPTER = "applications/gan"
KIND, LEVEL = "compute", 2
HINT = "One is D and the other 1 - D. Which power of e is at most one, whatever a is?"

from gradient_ascent.diagrams.dirac import sigmoid
from gradient_ascent.exercises import Property


def check(solved):
    """At small logits, and at some whose powers overflow."""
    for logit in (0.0, 2.0, -3.0, 40.0, -40.0, 1000.0, -1000.0):
        d, rest = sigmoid(logit), sigmoid(-logit)
        try:
            got = solved.slopes(logit)
        except OverflowError:
            got = "an OverflowError"
        yield Property(
            f"The slopes at a = {logit:g}",
            got,
            (d, rest),
            {
                "The minimax payoff comes first.": (rest, d),
                "The generator climbs: both slopes are positive.": (-d, rest),
                "Those are slopes in D: multiply by D (1 - D), the slope of D in a.": (
                    1 / max(rest, 1e-300),
                    1 / max(d, 1e-300),
                ),
                "The power is too large: take e to the power -|a|.": "an OverflowError",
            },
        )
