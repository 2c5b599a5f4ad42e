"""Yearly counts of earthquakes, and how likely which of two states was."""

import math
from typing import Annotated

from gradient_ascent.arguments import Interval
from gradient_ascent.ops import exp, power
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, diagram

FIRST, LAST = 1900, 2006
COUNTS = (
    13, 14, 8, 10, 16, 26, 32, 27, 18, 32, 36, 24, 22, 23, 22, 18, 25, 21, 21,
    14, 8, 11, 14, 23, 18, 17, 19, 20, 22, 19, 13, 26, 13, 14, 22, 24, 21, 22,
    26, 21, 23, 24, 27, 41, 31, 27, 35, 26, 28, 36, 39, 21, 17, 22, 17, 19, 15,
    34, 10, 15, 22, 18, 15, 20, 15, 22, 19, 16, 30, 27, 29, 23, 20, 16, 21, 21,
    25, 16, 18, 15, 18, 14, 10, 15, 8, 15, 6, 11, 8, 7, 18, 16, 13, 12, 13, 20,
    15, 16, 12, 18, 15, 16, 13, 15, 16, 11, 11,
)  # fmt: skip
"""Earthquakes of magnitude 7 or more in each year from 1900 to 2006.

Source: Zucchini, MacDonald and Langrock (2016), table 1.1.
"""

FEWEST, MOST = 5.0, 40.0
LEAST, SUREST = 0.5, 0.99
BOTTOM = -460.0  # of the panel of heights

Mean = Interval(FEWEST, MOST, open_high=False)
FirstMean = Annotated[
    float, Mean, Control("first mean, c₁", "earthquakes a year", (FEWEST, MOST))
]
SecondMean = Annotated[
    float,
    Mean,
    Control("second mean, c₂", "earthquakes a year", (FEWEST, MOST)),
]
Stay = Annotated[
    float,
    Interval(LEAST, SUREST, open_high=False),
    Control("chance to stay", "probability", (LEAST, SUREST)),
]


def ratios(first: float, second: float) -> list[float]:
    """How much likelier each year's count is in the second state."""
    shift = exp(first - second)
    return [power(second / first, y) * shift for y in COUNTS]


def forward(favors: list[float], stay: float) -> tuple[list[float], float]:
    """The chance of the second state, given the past, after each year.

    And the log-likelihood less that of the first state alone. Both states are
    left with the same probability, and are equally likely at the start.
    """
    chances: list[float] = []
    p, total = 0.5, 0.0
    for favor in favors:
        ahead = stay * p + (1 - stay) * (1 - p) if chances else p
        both = 1 - ahead + ahead * favor
        total += math.log(both)
        p = ahead * favor / both
        chances.append(p)
    return chances, total


def smoothed(favors: list[float], stay: float) -> list[float]:
    """The chance of the second state in each year, given all years."""
    chances, later, found = forward(favors, stay)[0], 1.0, []
    leave = 1 - stay
    for p, favor in zip(reversed(chances), reversed(favors), strict=True):
        second = p * later  # `later`: how much likelier it makes what follows
        found.append(second / (1 - p + second))
        here = favor * later
        later = (leave + stay * here) / (stay + leave * here)
    return found[::-1]


def log_likelihood(first: float, second: float, stay: float) -> float:
    """Of the counts; without its last bits, which vary."""
    alone = math.fsum(
        y * math.log(first) - first - math.lgamma(y + 1) for y in COUNTS
    )
    return round(alone + forward(ratios(first, second), stay)[1], 8)


def _panels() -> dict[str, Panel]:
    years = Axis("year", FIRST - 5, LAST + 2)
    counts = [(FIRST + i, y) for i, y in enumerate(COUNTS)]
    return {
        "counts": Panel(
            years,
            Axis("earthquakes", 0, 43),
            [
                Curve(counts, color=None),
                Curve(counts, None, mark=0, line=False),
            ],
        ),
        "chance": Panel(years, Axis("chance of the 2nd", -0.05, 1.05)),
        "height": Panel(
            Axis("chance to stay", LEAST - 0.02, 1),
            Axis("log-likelihood", BOTTOM - 5, -335),
        ),
    }


@diagram(_panels, [*["counts"] * 4, *["chance"] * 3, *["height"] * 3], 5.2)
def hidden_states(
    first: FirstMean = 12.0, second: SecondMean = 30.0, stay: Stay = 0.7
) -> Drawing:
    """Two means, the chance of the second in each year, the likelihood."""
    chances = smoothed(ratios(first, second), stay)
    years = range(FIRST, LAST + 1)
    stays = [LEAST + (SUREST - LEAST) * k / 30 for k in range(31)]
    heights = [(p, log_likelihood(first, second, p)) for p in stays]
    at = log_likelihood(first, second, stay)
    middle = [first + (second - first) * p for p in chances]
    busy = sum(p > 0.5 for p in chances)
    return Drawing(
        {
            "counts": [
                *(
                    Curve([(FIRST, mean), (LAST, mean)], color=i, dashed=True)
                    for i, mean in enumerate((first, second))
                ),
                Curve(list(zip(years, middle, strict=True)), color=2),
                Handle((FIRST - 3, first), "The first mean", (None, "first")),
                Handle((LAST, second), "The second mean", (None, "second")),
            ],
            "chance": [Curve(list(zip(years, chances, strict=True)), color=1)],
            "height": [
                Curve([at if at[1] > BOTTOM else None for at in heights]),
                Handle((stay, max(at, BOTTOM)), "Staying", ("stay", None)),
            ],
        },
        f"The log-likelihood is −{-at:.2f}. The second state is the likelier "
        f"one in {busy} of {len(COUNTS)} years.",
    )
