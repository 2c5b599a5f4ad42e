"""A rule with a velocity on a parabola: its two roots, its run, its panels."""

from collections.abc import Sequence
from math import pi, sqrt
from typing import Annotated

from gradient_ascent.arguments import SHARE
from gradient_ascent.ops import cos, sin
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Ground, Layer, Panel, signed

STEPS = 50
LAYOUT = [*["map map map map roots roots roots"] * 4, *["path " * 7] * 3]
HEIGHT = 4.8
PRODUCT = "learning rate times curvature, ηλ"
Share = Annotated[float, SHARE, Control("momentum, μ", "share", (0, 0.99))]
Root = tuple[float, float]
Pair = tuple[Root, Root]


def solved(total: float, times: float) -> Pair:
    """The roots of z² - total z + times, as pairs (real, imaginary)."""
    middle = total / 2
    square = middle * middle - times
    if square < 0:
        up = sqrt(-square)
        return (middle, up), (middle, -up)
    out = sqrt(square)
    return (middle + out, 0.0), (middle - out, 0.0)


def larger(both: Pair) -> float:
    """The size of the larger root: the factor of a step, in the long run."""
    return max(sqrt(x * x + y * y) for x, y in both)


def panels(across: float, ground: Sequence[Ground]) -> dict[str, Panel]:
    """A map of (ηλ, μ) with its ground, the plane of the roots, the run."""
    return {
        "map": Panel(
            Axis(r"$\eta\lambda$", 0, across), Axis(r"$\mu$", 0, 1), ground
        ),
        "roots": Panel(
            Axis("real part of $z$", -1.3, 1.3),
            Axis("imaginary part", -1.3, 1.3),
            [Curve(circle(1), color=None)],
            to_scale=True,
        ),
        "path": Panel(
            Axis("step", 0, STEPS),
            Axis("distance", -1.6, 1.6),
            [Curve([(0, 0), (STEPS, 0)], color=None)],
        ),
    }


def circle(size: float) -> list[tuple[float, float]]:
    """Points around a circle about zero."""
    turns = [2 * pi * i / 96 for i in range(97)]
    return [(size * cos(turn), size * sin(turn)) for turn in turns]


def shown(both: Pair, visited: Sequence[float]) -> tuple[Layer, Layer]:
    """The marks of the roots, and the line of the run."""
    return (
        Curve(both, mark=0, line=False),
        Curve(list(enumerate(visited)), mark=0),
    )


def spelled(both: Pair) -> str:
    """Two roots in words."""
    return " and ".join(map(_root, both))


def _root(root: Root) -> str:
    real, imaginary = root
    if imaginary == 0:
        return signed(real)
    return (
        f"{signed(real)} {'+' if imaginary > 0 else '−'} {abs(imaginary):.3f} i"
    )
