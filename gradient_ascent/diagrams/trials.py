"""As many trials in a plane of two settings: a grid, random, quasi-random."""

import math
import random
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.elementary import exp
from gradient_ascent.landscapes import bowl
from gradient_ascent.quasi_random import halton
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Levels, Panel, diagram

SEED, STEPS, MOST = 4, 30, 6
SLOW, FAST = -3.0, 2.0  # learning rates, as powers of ten
SMALL, LARGE = -8.0, 0.0  # of epsilon
WORST, BEST = -1.0, 3.0  # digits that a picture shows
TEN = math.log(10)
NAMES = {"grid": "The grid", "random": "random", "quasi": "quasi-random"}

Side = Annotated[
    float,
    Interval(2, MOST, open_high=False),
    Control("side of the grid", "trials", (2, MOST), whole=True),
]
LogLearningRate = Annotated[
    float,
    Interval(SLOW, FAST, open_high=False),
    Control("all moved across", "powers of ten", (SLOW, FAST)),
]
LogEpsilon = Annotated[
    float,
    Interval(SMALL, LARGE, open_high=False),
    Control("all moved upward", "powers of ten", (SMALL, LARGE)),
]


@cache
def digits(lr: float, eps: float) -> float:
    """How many digits of the height Adam takes off on `bowl`; at most a few.

    Both are powers of ten. The last bits of a logarithm vary, and are left off.
    """
    step: Callable[..., Any] = rules.adam.function
    factor, small = exp(TEN * lr), exp(TEN * eps)
    place = list(bowl.start)
    states: list[Any] = [(), ()]
    for _ in range(STEPS):
        slopes = (-0.2 * place[0], -4 * place[1])
        for axis, slope in enumerate(slopes):
            move, *states[axis] = step(
                slope, *states[axis], lr=factor, eps=small
            )
            place[axis] += move
    x, y = place
    height = 0.1 * x * x + 2 * y * y
    x, y = bowl.start
    start = 0.1 * x * x + 2 * y * y
    if height <= start * 10**-BEST:
        return BEST
    return max(WORST, round(math.log(start / height) / TEN, 9))


@cache
def unit_points(side: int) -> dict[str, list[tuple[float, ...]]]:
    """Side squared points of each kind in the unit square."""
    drawn = random.Random(SEED)
    middles = [(i + 0.5) / side for i in range(side)]
    return {
        "grid": [(x, y) for y in middles for x in middles],
        "random": [(drawn.random(), drawn.random()) for _ in range(side**2)],
        "quasi": halton(side**2, 2),
    }


def moved(part: float, low: float, high: float, by: float) -> float:
    """A place between two ends, moved; what leaves at one comes in at another.

    Rounded, as the last bits of it would make other trials of the same.
    """
    share = part + (by - low) / (high - low)
    return round(low + (high - low) * (share - math.floor(share)), 6)


def trials(kind: str, side: int, x: float, y: float) -> list[tuple[float, ...]]:
    """Learning rate, epsilon and digits of each trial."""
    places = [
        (moved(u, SLOW, FAST, x), moved(v, SMALL, LARGE, y))
        for u, v in unit_points(side)[kind]
    ]
    return [(lr, eps, digits(lr, eps)) for lr, eps in places]


def _panels() -> dict[str, Panel]:
    lrs = [SLOW + (FAST - SLOW) * i / 40 for i in range(41)]
    epsilons = [SMALL + (LARGE - SMALL) * i / 16 for i in range(17)]
    # What is lower gets the deeper tint, so digits lost are drawn.
    lost = [[-digits(lr, eps) for lr in lrs] for eps in epsilons]
    panels = {}
    for kind, name in NAMES.items():
        panels[kind] = Panel(
            Axis(name.removeprefix("The "), SLOW, FAST),
            Axis(
                r"$\log_{10} \epsilon$" if kind == "grid" else "",
                SMALL, LARGE,
            ),
            [Levels(lrs, epsilons, lost, [-4, -2, -1.5, -1, -0.5, -0.25, 0.5])],
        )  # fmt: skip
        panels[f"{kind} below"] = Panel(
            Axis(r"$\log_{10} \eta$", SLOW, FAST),
            Axis("digits" if kind == "grid" else "", WORST - 0.2, BEST + 0.2),
        )
    return {name.replace(" ", "_"): panel for name, panel in panels.items()}


@diagram(
    _panels,
    [*["grid random quasi"] * 4, *["grid_below random_below quasi_below"] * 3],
    5.0,
)
def search(
    side: Side = 4.0, x: LogLearningRate = -2.8, y: LogEpsilon = -7.6
) -> Drawing:
    """Trials of three kinds, and their scores over the learning rate alone."""
    layers: dict[str, list[Any]] = {}
    best = {}
    for which, kind in enumerate(NAMES):
        tried = trials(kind, round(side), x, y)
        best[kind] = max(tried, key=lambda each: each[2])
        for panel, places in (
            (kind, [each[:2] for each in tried]),
            (f"{kind}_below", [(lr, found) for lr, _, found in tried]),
        ):
            layers[panel] = [Curve(places, color=which, mark=which, line=False)]
    layers["grid"].append(Handle((x, y), "All trials", ("x", "y")))
    told = ", ".join(
        f"{name} {best[kind][2]:.2f}" for kind, name in NAMES.items()
    )
    count = round(side) ** 2
    return Drawing(
        layers,
        f"Digits that the best of {count} trials takes off: {told}. The grid "
        f"has tried {round(side)} learning rates, the others {count}.",
    )
