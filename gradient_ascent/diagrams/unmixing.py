"""Two signals without correlation, and the turning that unmixes them."""

import math
import random
from collections.abc import Callable
from functools import cache
from typing import Annotated

from gradient_ascent.arguments import Interval
from gradient_ascent.ops import cos, exp, power, sin
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, diagram, signed

SEED, DRAWN = 3, 60
RIGHT = 30.0
"""Degrees by which the sources are turned."""
DEGREE = 0.017453292519943295
REACH, TALL, APART = 3.6, 0.13, 2

Angle = Annotated[
    float,
    Interval(0, 90, open_high=False),
    Control("angle", "degrees", (0, 90)),
]
Tails = Annotated[
    float,
    Interval(0.4, 4, open_high=False),
    Control("exponent of the sources, q", "1 is uniform", (0.4, 4)),
]
Density = Annotated[
    int,
    Interval(1, 2, open_high=False),
    Control("density", "1 has heavy tails, 2 light", (1, 2), whole=True),
]


@cache
def half(q: float) -> list[tuple[float, float]]:
    """One of each pair of opposite samples, turned by the right angle.

    The sources are even numbers between 0 and 1 to the power q, of either sign
    and of variance one; with each pair of sizes all signs are there, so the
    samples have no correlation.
    """
    drawn = random.Random(SEED)
    # Without the last bits of a power, which vary.
    sizes = [
        [round(power(drawn.random(), q), 9) for _ in range(DRAWN)] for _ in "ab"
    ]
    scales = [math.sqrt(math.fsum(x * x for x in s) / DRAWN) for s in sizes]
    c, s = cos(RIGHT * DEGREE), sin(RIGHT * DEGREE)
    return [
        (c * a - sign * s * b, s * a + sign * c * b)
        for a, b in zip(*([x / r for x in s] for s, r in zip(sizes, scales)))
        for sign in (1, -1)
    ]


def heavy(u: float) -> float:
    """The logarithm of sech²(u) / 2."""
    size = abs(u)
    return math.log(2) - 2 * size - 2 * math.log1p(exp(-2 * size))


def light(u: float) -> float:
    """That of the mean of two normal densities, about 1 and about -1."""
    size = abs(u)
    bend = size + math.log1p(exp(-2 * size)) - math.log(2)
    return bend - (u * u + 1 + math.log(2 * math.pi)) / 2


def height(angle: float, q: float, density: int) -> float:
    """The mean log-density of what a turn by the angle makes of the samples."""
    c, s = cos(angle * DEGREE), sin(angle * DEGREE)
    log_p: Callable[[float], float] = heavy if density == 1 else light
    points = half(q)
    return math.fsum(
        log_p(c * x + s * y) + log_p(c * y - s * x) for x, y in points
    ) / len(points)


@cache
def curve(q: float, density: int) -> tuple[float, list[float]]:
    """The mean height over the angles, and the heights less it."""
    heights = [height(APART * k, q, density) for k in range(90 // APART + 1)]
    mean = math.fsum(heights[1:]) / (len(heights) - 1)
    return mean, [round(h - mean, 9) for h in heights]


def _panels() -> dict[str, Panel]:
    return {
        "plane": Panel(
            Axis("$z_1$", -REACH, REACH),
            Axis("$z_2$", -REACH, REACH),
            to_scale=True,
        ),
        "curve": Panel(
            Axis("angle in degrees", 0, 90),
            Axis("$f$ less its mean", -TALL, TALL),
            [Curve([(RIGHT, -TALL), (RIGHT, TALL)], color=None, dashed=True)],
        ),
    }


@diagram(_panels, ["plane", "plane", "curve"], 5.2)
def unmixing(
    angle: Angle = 8.0, q: Tails = 3.0, density: Density = 1
) -> Drawing:
    """Whitened mixtures with two directions, and f over the angle."""
    density = round(density)
    mean, heights = curve(q, density)
    here = round(height(angle, q, density) - mean, 9)
    c, s = cos(angle * DEGREE), sin(angle * DEGREE)
    best = APART * heights.index(max(heights))
    ways = ((c, s), (-s, c))
    return Drawing(
        {
            "plane": [
                Curve(
                    [(k * x, k * y) for x, y in half(q) for k in (1, -1)],
                    color=None, mark=0, line=False,
                ),
                *(
                    Curve(
                        [(-REACH * x, -REACH * y), (REACH * x, REACH * y)],
                        color=number,
                    )
                    for number, (x, y) in enumerate(ways)
                ),
            ],
            "curve": [
                Curve([(APART * k, h) for k, h in enumerate(heights)], color=0),
                Handle((angle, here), "The angle", ("angle", None)),
            ],
        },
        f"At {angle:.0f}° f is {signed(here)} from its mean. It is highest "
        f"near {best}°; the sources lie at {RIGHT:.0f}°.",
    )  # fmt: skip
