"""Two players around a saddle: where each way of taking turns leads them."""

from math import hypot, log10
from typing import Annotated

from gradient_ascent.arguments import SHARE, Interval
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Layer, Panel, diagram
from .turns import METHODS, Place, roots, take_turns, until

SIDE, STEPS = 2.0, 60
LEAST, MOST = -4.0, 2.0  # powers of ten: of a distance

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


def played(
    method: str, start: Place, lr: float, pull: float, steps: int = STEPS
) -> list[Place]:
    """Where the players stand after each step."""
    return take_turns(method, start, lambda z: uphill(z, pull), lr, steps)


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
    both = (
        roots(1 + 2 * step, step)
        if method == "optimistic"
        else roots(2 * (1 - lr * pull) - lr * lr, (1 - lr * pull) ** 2)
    )
    return max(map(abs, both))


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
        Curve(until(path, SIDE), color=i, mark=i)
        for i, path in enumerate(paths)
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
