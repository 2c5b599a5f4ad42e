"""The nearest point of a set, from the diamond by the disk to the square."""

import math
from typing import Annotated

from gradient_ascent.arguments import Interval
from gradient_ascent.ops import cos, power, sin
from gradient_ascent.rules.declaration import Control

from .kinds import (
    Axis,
    Curve,
    Drawing,
    Handle,
    Panel,
    Points,
    diagram,
    signed,
)

REACH, SQUARE = 2.0, 12
HALVINGS, CORNERS = 50, 24
QUARTER = 1.5707963267948966

Shape = Annotated[
    int,
    Interval(1, SQUARE, open_high=False),
    Control("exponent, q", "1 is a diamond, 2 a disk", (1, SQUARE), whole=True),
]
Inside = Interval(-REACH, REACH, open_high=False)
Across = Annotated[
    float, Inside, Control("point, x₁", "parameter units", (-REACH, REACH))
]
Upward = Annotated[
    float, Inside, Control("point, x₂", "parameter units", (-REACH, REACH))
]


def root(x: float, q: int) -> float:
    """The number from 0 to 1 whose q-th power is x."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle, q) > x else (middle, high)
    return high


def nearest(x1: float, x2: float, q: int) -> tuple[float, float]:
    """The point nearest to x among those with |x₁|^q + |x₂|^q at most 1.

    On the rim, what is left to x is a multiple of the slope of that sum. The
    search is for the smaller coordinate, which decides the other to all digits.
    """
    a, b = sorted((abs(x1), abs(x2)))
    if power(a, q) + power(b, q) <= 1:
        return x1, x2
    low, high = 0.0, root(0.5, q)
    for _ in range(HALVINGS):
        u = (low + high) / 2
        v = root(1 - power(u, q), q)
        short = (a - u) * power(v, q - 1) > (b - v) * power(u, q - 1)
        low, high = (u, high) if short else (low, u)
    small, large = low, root(1 - power(low, q), q)
    u, v = (small, large) if abs(x1) <= abs(x2) else (large, small)
    return u if x1 >= 0 else -u, v if x2 >= 0 else -v


def rim(q: int) -> Points:
    """The points with |x₁|^q + |x₂|^q = 1, once around."""
    points = []
    for corner in range(4 * CORNERS + 1):
        turn = QUARTER * (corner % (4 * CORNERS)) / CORNERS
        across, up = cos(turn), sin(turn)
        u, v = (root(each * each, q) for each in (across, up))
        points.append((u if across >= 0 else -u, v if up >= 0 else -v))
    return points


def _panels() -> dict[str, Panel]:
    plane = Axis("$x_1$", -REACH, REACH), Axis("$x_2$", -REACH, REACH)
    return {"plane": Panel(*plane, to_scale=True)}


@diagram(_panels, ["plane"], 4.2)
def projection(x1: Across = 1.4, x2: Upward = 0.8, q: Shape = 2) -> Drawing:
    """A set, a point, and the nearest point of the set to it."""
    x, p = (x1, x2), nearest(x1, x2, q)
    away = math.hypot(x1 - p[0], x2 - p[1])
    words = ", ".join(map(signed, p))
    return Drawing(
        {
            "plane": [
                Curve(rim(q), color=0),
                Curve([x, p], color=1, dashed=True),
                Curve([p], color=1, mark=1, line=False),
                Handle(x, "The point", ("x1", "x2")),
            ]
        },
        f"The nearest point of the set is ({words}), {away:.3g} away."
        if p != x
        else "The point is in the set: it is its own nearest point.",
    )
