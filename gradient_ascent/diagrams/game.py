"""Two players around a saddle: where each way of taking turns leads them."""

from cmath import sqrt
from collections.abc import Callable
from math import hypot, log10
from typing import Annotated, Any, TypeAlias

from gradient_ascent import rules
from gradient_ascent.arguments import SHARE, Interval
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Layer, Panel, diagram

SIDE, STEPS = 2.0, 60
LEAST, MOST = -4.0, 2.0  # powers of ten: of a distance
METHODS = "simultaneous", "alternating", "extragradient", "optimistic"

Place: TypeAlias = tuple[float, float]
Inside = Interval(-SIDE, SIDE, open_high=False)
First = Annotated[
    float, Inside, Control("first player, x", "own units", (-SIDE, SIDE))
]
Second = Annotated[
    float, Inside, Control("second player, y", "own units", (-SIDE, SIDE))
]
LearningRate = Annotated[
    float,
    Interval(0, 1, open_high=False),
    Control("learning rate, η", "own units", (0, 1)),
]
Pull = Annotated[float, SHARE, Control("own curvature, c", range=(0, 0.99))]


def uphill(place: Place, pull: float) -> Place:
    """Both slopes of xy + c (x² - y²) / 2: the first goes down, so minus."""
    x, y = place
    return -(pull * x + y), x - pull * y


def moved(place: Place, slopes: Place, lr: float, times: float = 1.0) -> Place:
    """Where some steps of the plain rule lead from a place."""
    step: Callable[..., Any] = rules.plain
    x, y = (
        each + times * step(slope, lr=lr)[0]
        for each, slope in zip(place, slopes, strict=True)
    )
    return x, y


def played(
    method: str, start: Place, lr: float, pull: float, steps: int = STEPS
) -> list[Place]:
    """Where the players stand after each step."""
    visited, before = [start], (0.0, 0.0)
    for _ in range(steps):
        here = visited[-1]
        slopes = uphill(here, pull)
        there = moved(here, slopes, lr)
        if method == "alternating":
            first = there[0], here[1]
            there = first[0], moved(first, uphill(first, pull), lr)[1]
        elif method == "extragradient":
            there = moved(here, uphill(there, pull), lr)
        elif method == "optimistic":
            there = moved(moved(here, slopes, lr, 2), before, lr, -1)
            before = slopes
        visited.append(there)
    return visited


def factor(method: str, lr: float, pull: float) -> float:
    """By what a step multiplies the distance, in the long run.

    With x + iy for the two places a step of both is the product of their number
    with 1 + ηλ, where λ = -c + i.
    """
    step = complex(-lr * pull, lr)
    if method == "simultaneous":
        return abs(1 + step)
    if method == "extragradient":
        return abs(1 + step + step * step)
    half, last = (
        (1 + 2 * step, step)
        if method == "optimistic"
        else (2 * (1 - lr * pull) - lr * lr, (1 - lr * pull) ** 2)
    )
    root = sqrt(half * half - 4 * last)
    return max(abs(half + root), abs(half - root)) / 2


def _inside(visited: list[Place]) -> list[Place]:
    """The places until one lies outside the picture."""
    for t, place in enumerate(visited):
        if max(map(abs, place)) > SIDE:
            return visited[: t + 1]
    return visited


def _distances(visited: list[Place]) -> list[Place]:
    """Powers of ten; the last bits of the C library's logarithm are dropped."""
    sizes = [hypot(*place) for place in visited]
    powers = [round(log10(size), 6) if size else LEAST for size in sizes]
    return [(t, max(power, LEAST)) for t, power in enumerate(powers)]


def _panels() -> dict[str, Panel]:
    return {
        "plane": Panel(
            Axis("$x$, who goes down", -SIDE, SIDE),
            Axis("$y$, who goes up", -SIDE, SIDE),
            [Curve([(0, 0)], color=None, mark=0, line=False)],
            to_scale=True,
        ),
        "distance": Panel(
            Axis("step", 0, STEPS),
            Axis("distance from the saddle", LEAST, MOST, powers=True),
        ),
    }


@diagram(_panels, ["plane distance"], 3.4)
def game(
    x: First = 1.0, y: Second = 0.0, lr: LearningRate = 0.3, pull: Pull = 0.0
) -> Drawing:
    """Four ways of playing xy + c (x² - y²) / 2, from one start."""
    paths = [played(method, (x, y), lr, pull) for method in METHODS]
    lines: list[Layer] = [
        Curve(_distances(path), color=i) for i, path in enumerate(paths)
    ]
    spirals: list[Layer] = [
        Curve(_inside(path), color=i, mark=i) for i, path in enumerate(paths)
    ]
    factors = ", ".join(
        f"{method} {factor(method, lr, pull):.3f}" for method in METHODS
    )
    return Drawing(
        {
            "plane": [*spirals, Handle((x, y), "The start", ("x", "y"))],
            "distance": lines,
        },
        f"In the long run a step multiplies the distance by: {factors}.",
    )
