"""Momentum on a parabola: map of stability, roots on the circle, the path."""

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
    float, Interval(0, 4, open_high=False), Control(PRODUCT, range=(0, 4))
]


def roots(product: float, momentum: float) -> Pair:
    """The roots of z² - (1 + μ - ηλ) z + μ, as pairs (real, imaginary)."""
    return solved(1 + momentum - product, momentum)


def radius(product: float, momentum: float) -> float:
    """The size of the larger root: the factor of a step, in the long run."""
    return larger(roots(product, momentum))


def path(product: float, momentum: float, steps: int) -> list[float]:
    """The rule's distances from the optimum, from 1 at curvature 1."""
    return descent(rules.momentum, 1, steps, lr=product, momentum=momentum)


def behaviour(product: float, momentum: float) -> str:
    """What a run does, in words: the cases of the theorems."""
    low, high = ((1 + side * sqrt(momentum)) ** 2 for side in (-1, 1))
    if product == 0:
        return "stands still"
    if radius(product, momentum) == 0:
        return "arrives in one step"
    if abs(product - 2 - 2 * momentum) < 1e-9:
        return "flips forever"
    if product > 2 + 2 * momentum:
        return "diverges"
    if momentum > 0 and abs(product - low) < 1e-9:
        return "is critically damped"
    if product < low:
        return "creeps"
    return "rings" if product < high else "flips"


def _panels() -> dict[str, Panel]:
    across = [4 * i / 160 for i in range(161)]
    upward = [0.999 * i / 100 for i in range(101)]
    sizes = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1]
    heights = [[radius(x, y) for x in across] for y in upward]
    labels = [(1, size**2 - 0.012) for size in sizes[1:-1]]
    double = [
        ((1 + z) ** 2, z * z) for z in (i / 100 for i in range(-100, 101))
    ]
    border = [(2.0, 0.0), (4.0, 1.0)]
    words = (
        ("creeps", 0.42, 0.05), ("rings", 2.1, 0.42),
        ("flips", 1.72, 0.05), ("diverges", 3.3, 0.2),
    )  # fmt: skip
    ground: list[Ground] = [
        Levels(across, upward, heights, sizes, labels),
        Curve(double, color=1, dashed=True),
        Curve(border, color=None),
        *(Words((x, y), text) for text, x, y in words),
    ]
    return panels(4, ground)


@diagram(_panels, LAYOUT, HEIGHT)
def momentum(product: Product = 0.4, momentum: Share = 0.64) -> Drawing:
    """The map of (ηλ, μ), the two roots there, and the run there from 1."""
    both = roots(product, momentum)
    marks, line = shown(both, path(product, momentum, STEPS))
    return Drawing(
        {
            "map": [
                Handle(
                    (product, momentum), "The pair (ηλ, μ)",
                    ("product", "momentum"),
                )
            ],
            "roots": [
                Curve(circle(sqrt(momentum)), color=1, dashed=True), marks,
            ],
            "path": [line],
        },
        f"The run {behaviour(product, momentum)}. The roots are "
        f"{spelled(both)}; in the long run a step multiplies the distance by "
        f"{larger(both):.3f}.",
    )  # fmt: skip
