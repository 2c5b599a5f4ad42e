"""The step of length one that climbs most, in each norm."""

import math
from fractions import Fraction
from typing import Annotated

from gradient_ascent.arguments import Interval
from gradient_ascent.ops import cos, power, sin
from gradient_ascent.rules.declaration import Control

from .kinds import (
    Axis,
    Curve,
    Drawing,
    Handle,
    Layer,
    Panel,
    Points,
    Words,
    diagram,
    signed,
)
from .projection import CORNERS, QUARTER, root

REACH, ALL = 2.0, 100
APART = 4  # in percent, from one point of the curve of rises to the next

Pair = tuple[float, float]
Shape = Annotated[
    int,
    Interval(0, ALL, open_high=False),
    Control(
        "norm, 1/q", "percent: 0 square, 50 disk, 100 diamond", (0, ALL),
        whole=True,
    ),
]  # fmt: skip
Inside = Interval(-REACH, REACH, open_high=False)
UNIT, ENDS = "height per parameter unit", (-REACH, REACH)
Across = Annotated[float, Inside, Control("gradient, g₁", UNIT, ENDS)]
Upward = Annotated[float, Inside, Control("gradient, g₂", UNIT, ENDS)]


def inverse(shape: float) -> Fraction:
    """1/q, with no more than a hundred for its denominator."""
    return Fraction(shape / ALL).limit_denominator(ALL)


def raised(x: float, to: Fraction) -> float:
    """A number from 0 to 1 to a power, with the same bits on every machine."""
    exact = x == 0 or to.denominator == 1
    return power(x if exact else root(x, to.denominator), to.numerator)


def shares(a: float, b: float, shape: int) -> list[Pair]:
    """What each slope gets of the q-th powers, which add up to one.

    It is what its p-th power has in the sum of both, where 1/p + 1/q = 1. For
    the largest p only the larger counts; if none is, either may have all.
    """
    if shape == ALL:
        wins = {(1.0, 0.0): a >= b, (0.0, 1.0): b >= a}
        return [each for each in wins if wins[each]]
    p = 1 / (1 - inverse(shape))
    u, v = (raised(each / max(a, b), p) for each in (a, b))
    return [(u / (u + v), v / (u + v))]


def best(g1: float, g2: float, shape: int) -> list[Pair]:
    """The step of length 1 that climbs most.

    Where all of a side does, its ends; where the gradient is zero, none.
    """
    if g1 == g2 == 0:
        return []
    across, upward = math.copysign(1, g1), math.copysign(1, g2)
    to = inverse(shape)
    steps = [
        (across * raised(u, to), upward * raised(v, to))
        for u, v in shares(abs(g1), abs(g2), shape)
    ]
    if shape == 0 and 0 in (g1, g2):  # a coordinate is free
        (u, v), *_ = steps
        steps.append((-u, v) if g1 == 0 else (u, -v))
    return steps


def rise(g1: float, g2: float, shape: int) -> float:
    """By how much that step climbs to first order: the dual norm of g."""
    return max((g1 * u + g2 * v for u, v in best(g1, g2, shape)), default=0.0)


def ball(shape: int) -> Points:
    """The steps of length 1, once around."""
    to = inverse(shape)
    angles = [QUARTER * i / CORNERS for i in range(CORNERS)]
    around = [
        (raised(cos(t) * cos(t), to), raised(sin(t) * sin(t), to))
        for t in angles
    ]
    for _ in range(3):
        around += [(-v, u) for u, v in around[-CORNERS:]]
    return [*around, around[0]]


def support(g: Pair, step: Pair) -> Points:
    """The line on which the tangent is as high as at a step."""
    far = 3 * REACH / math.hypot(*g)
    return [(step[0] - k * g[1], step[1] + k * g[0]) for k in (-far, far)]


def _panels() -> dict[str, Panel]:
    names = ((8, r"$\ell_\infty$"), (50, r"$\ell_2$"), (93, r"$\ell_1$"))
    return {
        "plane": Panel(
            Axis("$x_1$", *ENDS), Axis("$x_2$", *ENDS), to_scale=True
        ),
        "rise": Panel(
            Axis("$1/q$ in percent", 0, ALL),
            Axis("rise of the best step", 0, 2 * REACH),
            [Words((at, 3.75), name) for at, name in names],
        ),
    }


@diagram(_panels, ["plane plane plane rise rise"], 3.3)
def steepest(g1: Across = 1.5, g2: Upward = 0.5, shape: Shape = 50) -> Drawing:
    """A gradient, the steps of length 1, and which of them climbs most."""
    g, steps, most = (g1, g2), best(g1, g2, shape), rise(g1, g2, shape)
    rises = [(k, rise(g1, g2, k)) for k in range(0, ALL + 1, APART)]
    climbing: list[Layer] = []
    if steps:
        climbing = [
            Curve(support(g, steps[0]), color=None, dashed=True),
            Curve([(0, 0), steps[0]], color=2),
            Curve(steps, color=2, mark=2),
        ]
    return Drawing(
        {
            "plane": [
                Curve(ball(shape), color=0),
                Curve([(0, 0), g], color=1),
                *climbing,
                Handle(g, "The gradient", ("g1", "g2")),
            ],
            "rise": [
                Curve(rises, color=2),
                Handle((shape, most), "The norm", ("shape", None)),
            ],
        },
        said(steps, most),
    )


def said(steps: list[Pair], most: float) -> str:
    """Which step it is, in words."""
    if not steps:
        return "The gradient is zero: to first order no step climbs."
    first, *last = ("({}, {})".format(*map(signed, each)) for each in steps)
    which = (
        f"all from {first} to {last[0]} climb" if last else f"{first} climbs"
    )
    return (
        f"Of the steps of length 1, {which} most: by {most:.3f}, to first "
        "order."
    )
