"""Round by chance.

The numbers that can be kept are the multiples of `spacing`. Round x to one of its two
neighbours among them, so that the mean is x. `chance` is a random number, evenly
between 0 and 1, and below 1: go up if it is below the right probability. What is a
multiple stays.
"""

import math


def rounded(x, spacing, chance):
    """A multiple of `spacing` next to x."""
    # solution: begin
    below = math.floor(x / spacing)
    up = chance < x / spacing - below
    return spacing * (below + up)
    # solution: end


# check
CHAPTER = "evidence/speed"
KIND, LEVEL = "compute", 2
HINT = (
    "The neighbour below is spacing times the floor of x / spacing. How far is x on "
    "its way to the next, as a share of the way?"
)

from gradient_ascent.exercises import Property


def check(solved):
    """Both neighbours, the share of each, and numbers below zero."""
    yield Property(
        "0.75, rounded to a whole number by the chance 0.9",
        solved.rounded(0.75, 1, 0.9),
        0,
        {"That is rounding to the nearest.": 1},
    )
    for x, spacing in ((0.7, 1.0), (2.6, 0.5), (-0.3, 1.0), (-5.5, 2.0), (3.0, 1.0)):
        below = spacing * math.floor(x / spacing)
        share = (x - below) / spacing
        chances = [(k + 0.5) / 1000 for k in range(1000)]
        found = [solved.rounded(x, spacing, chance) for chance in chances]
        yield Property(
            f"The mean of {x:g}, rounded to multiples of {spacing:g} by a thousand "
            "even chances",
            sum(found) / 1000,
            sum(below + spacing * (c < share) for c in chances) / 1000,
            {
                "That is rounding down, always.": below,
                "That is rounding to the nearest.": spacing
                * math.floor(x / spacing + 0.5),
                "The two neighbours have changed places: the nearer is likelier.": sum(
                    below + spacing * (c >= share) for c in chances
                )
                / 1000,
                "Up and down are not equally likely.": below + spacing / 2,
            },
        )
        kept = sorted(set(found))
        yield Property(
            f"What {x:g} is rounded to",
            kept,
            sorted({below, below + spacing} if share else {below}),
            {"What is a multiple stays.": [x, x + spacing]},
        )
