"""One of two normal components is moved: its likelihood's summit and spikes."""

from collections.abc import Callable
from functools import lru_cache
from math import fsum, log, pi, sqrt
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.ops import exp
from gradient_ascent.rules.declaration import Control

from .kinds import (
    Axis,
    Curve,
    Drawing,
    Handle,
    Levels,
    Panel,
    diagram,
    signed,
)

DATA = (-2.4, -1.3, -0.2, 1.0, 1.3, 1.5, 1.9)
WIDE = 2.0
"""The scale of the first component, whose mean is 0."""

FLOOR = 0.1
"""The scale of the pseudo-samples."""

STEPS, GONE = 60, 1e-3
REACH, LEAST, MOST = 3.0, 0.03, 1.5
Place = tuple[float, float]

Mean = Annotated[
    float,
    Interval(-REACH, REACH, open_high=False),
    Control("mean, m", "units of the data", (-REACH, REACH)),
]
Scale = Annotated[
    float,
    Interval(LEAST, MOST, open_high=False),
    Control("scale, σ", "units of the data", (LEAST, MOST)),
]
Count = Annotated[
    float,
    Interval(0, 1, open_high=False),
    Control("pseudo-samples, ν", "samples", (0, 1)),
]


def density(x: float, mean: float, scale: float) -> float:
    """Of a normal distribution."""
    u = (x - mean) / scale
    return exp(-u * u / 2) / (scale * sqrt(2 * pi))


def shares(mean: float, scale: float) -> list[float]:
    """Of each point that of the second component in its density."""
    both = [(density(x, 0, WIDE), density(x, mean, scale)) for x in DATA]
    return [second / (first + second) for first, second in both]


def height(mean: float, scale: float, count: float = 0.0) -> float:
    """The log-likelihood, with what pseudo-samples add."""
    total = 0.0
    for x in DATA:
        both = density(x, 0, WIDE) + density(x, mean, scale)
        total += log(both / 2)
    ratio = FLOOR / scale
    return total - count * (log(scale) + ratio * ratio / 2)


def em_step(mean: float, scale: float, count: float) -> Place:
    """A step of expectation-maximization for the second component.

    Plain ascent, with the learning rate 1, on the gradient by m times σ²/N.
    """
    held = shares(mean, scale)
    n = fsum(held)  # `sum` rounds otherwise from Python 3.12 on
    if n < 1e-12:  # it holds nothing, and feels nothing
        return mean, scale
    pull = fsum(r * (x - mean) for r, x in zip(held, DATA)) / n
    step: Callable[..., Any] = rules.plain.function
    mean += step(pull, lr=1.0)[0]
    square = fsum(r * (x - mean) * (x - mean) for r, x in zip(held, DATA))
    return mean, sqrt((square + count * FLOOR * FLOOR) / (n + count))


@lru_cache(maxsize=16)
def path(mean: float, scale: float, count: float) -> tuple[Place, ...]:
    """Where EM goes, until it has shrunk onto a point."""
    places = [(mean, scale)]
    while len(places) <= STEPS and places[-1][1] > GONE:
        places.append(em_step(*places[-1], count))
    return tuple(places)


def _panels() -> dict[str, Panel]:
    across = [-REACH + 2 * REACH * i / 240 for i in range(241)]
    up = [0.01 + (MOST + 0.1 - 0.01) * j / 120 for j in range(121)]
    # What is lower gets the deeper tint, so depths are drawn.
    depths = [[-height(m, s) for m in across] for s in up]
    levels = [10, 11.5, 12, 13, 14, 15, 16, 17, 18, 20, 24]
    points = Curve([(x, 0.0) for x in DATA], color=None, mark=0, line=False)
    return {
        "map": Panel(
            Axis("mean $m$", -REACH, REACH),
            Axis("scale $\\sigma$", -0.06, MOST + 0.1),
            [Levels(across, up, depths, levels), points],
        ),
        "data": Panel(
            Axis("$x$", -REACH, REACH), Axis("density, share", 0, 1.4), [points]
        ),
    }


@diagram(_panels, [*["map"] * 3, *["data"] * 2], 5.4)
def mixtures(
    mean: Mean = -1.2, scale: Scale = 0.25, count: Count = 0.0
) -> Drawing:
    """The likelihood by one component's mean and scale; EM's way from there."""
    places = path(mean, scale, count)
    end = places[-1]
    grid = [-REACH + 2 * REACH * i / 200 for i in range(201)]
    wide = [(x, density(x, 0, WIDE) / 2) for x in grid]
    moved = [(x, min(density(x, mean, scale) / 2, 1.4)) for x in grid]
    stems = []
    for x, share in zip(DATA, shares(mean, scale)):
        stems += [(x, 0.0), (x, share), None]
    now = signed(height(mean, scale, count))
    return Drawing(
        {
            "map": [
                Curve(places, color=1, mark=0),
                Handle((mean, scale), "The component", ("mean", "scale")),
            ],
            "data": [
                Curve(wide, color=None),
                Curve(moved, color=0),
                Curve(stems, color=1, mark=None),
            ],
        },
        f"The objective is {now}. {_fate(end, len(places) - 1)}",
    )


def _fate(end: Place, steps: int) -> str:
    """How a way ends, in words."""
    mean, scale = end
    near = min((abs(x - mean), x) for x in DATA)[1]
    if scale <= GONE:
        return (
            f"After {steps} steps EM has shrunk onto the point {signed(near)}, "
            f"where the objective grows without bound."
        )
    return f"EM comes to the mean {signed(mean)} and the scale {signed(scale)}."
