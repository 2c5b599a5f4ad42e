"""Nesterov's rule on a parabola, and momentum with the same two numbers."""

from math import sqrt
from typing import Annotated

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.rules.declaration import Control

from .descent import descent
from .kinds import (
    Curve,
    Drawing,
    Ground,
    Handle,
    Levels,
    Panel,
    Words,
    diagram,
)
from .momentum import path as momentum_path
from .momentum import roots as momentum_roots
from .two_roots import (
    HEIGHT,
    LAYOUT,
    PRODUCT,
    STEPS,
    Pair,
    Share,
    circle,
    larger,
    panels,
    shown,
    solved,
    spelled,
)

Product = Annotated[
    float, Interval(0, 2, open_high=False), Control(PRODUCT, range=(0, 2))
]


def roots(product: float, momentum: float) -> Pair:
    """The roots of z² - (1 - ηλ)((1 + μ) z - μ), as pairs."""
    left = 1 - product
    return solved((1 + momentum) * left, momentum * left)


def radius(product: float, momentum: float) -> float:
    """The size of the larger root: the factor of a step, in the long run."""
    return larger(roots(product, momentum))


def path(product: float, momentum: float, steps: int) -> list[float]:
    """The rule's distances from the optimum, from 1 at curvature 1."""
    return descent(rules.nesterov, 1, steps, lr=product, momentum=momentum)


def critical(momentum: float) -> float:
    """The product ηλ at which the run begins to ring."""
    return ((1 - momentum) / (1 + momentum)) ** 2


def border(momentum: float) -> float:
    """The product ηλ from which on the run does not converge."""
    return (2 + 2 * momentum) / (1 + 2 * momentum)


def band(momentum: float) -> tuple[float, float]:
    """Between which products the factor is smaller than momentum's."""
    z = sqrt(momentum)
    return 1 - z / (1 - z + momentum), 1 + z / (1 + z + momentum)


def behaviour(product: float, momentum: float) -> str:
    """What a run does, in words: the cases of the theorem."""
    if product == 0:
        return "stands still"
    if product == 1:
        return f"arrives in {'two steps' if momentum else 'one step'}"
    if abs(product - border(momentum)) < 1e-9:
        return "flips forever"
    if product > border(momentum):
        return "diverges"
    if momentum > 0 and abs(product - critical(momentum)) < 1e-9:
        return "is critically damped"
    if product < critical(momentum):
        return "creeps"
    return "rings" if product < 1 else "flips"


def _panels() -> dict[str, Panel]:
    across = [2 * i / 160 for i in range(161)]
    upward = [0.999 * i / 100 for i in range(101)]
    sizes = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1]
    heights = [[radius(x, y) for x in across] for y in upward]
    labels = [(1 - size**2 / 0.8, 0.8) for size in sizes[1:-2]]
    shares = [i / 100 for i in range(101)]
    words = (
        ("creeps", 0.2, 0.1), ("rings", 0.62, 0.55), ("flips", 1.2, 0.1),
        ("diverges", 1.72, 0.6),
    )  # fmt: skip
    ground: list[Ground] = [
        Levels(across, upward, heights, sizes, labels),
        Curve([(critical(y), y) for y in shares], color=1, dashed=True),
        Curve([(band(y)[1], y) for y in shares], color=2),
        Curve([(border(y), y) for y in shares], color=None),
        *(Words((x, y), text) for text, x, y in words),
    ]
    return panels(2, ground)


@diagram(_panels, LAYOUT, HEIGHT)
def nesterov(product: Product = 0.2, momentum: Share = 0.9) -> Drawing:
    """The map of (ηλ, μ), and what both rules do there: roots and runs."""
    ours, theirs = roots(product, momentum), momentum_roots(product, momentum)
    marks, line = shown(ours, path(product, momentum, STEPS))
    other = list(enumerate(momentum_path(product, momentum, STEPS)))
    return Drawing(
        {
            "map": [
                Handle(
                    (product, momentum), "The pair (ηλ, μ)",
                    ("product", "momentum"),
                )
            ],
            "roots": [
                Curve(circle(sqrt(momentum)), color=1, dashed=True),
                Curve(theirs, color=1, mark=1, line=False),
                marks,
            ],
            "path": [Curve(other, color=1, dashed=True), line],
        },
        f"The run {behaviour(product, momentum)}. The roots are "
        f"{spelled(ours)}; in the long run a step multiplies the distance by "
        f"{larger(ours):.3f}, a step of momentum by {larger(theirs):.3f}.",
    )  # fmt: skip
