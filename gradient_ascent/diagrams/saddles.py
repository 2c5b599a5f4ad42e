"""Descent past a saddle: how long it takes from each distance to the ridge."""

from collections.abc import Callable
from math import log, sqrt
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import SHARE, Interval
from gradient_ascent.landscapes import saddle
from gradient_ascent.ops import exp, power
from gradient_ascent.rules import UpdateRule
from gradient_ascent.rules.declaration import Control

from .kinds import (
    Axis,
    Curve,
    Drawing,
    Ground,
    Handle,
    Levels,
    Panel,
    Points,
    diagram,
)

CURVATURE, OUT = 2.0, 1.0
"""Of `saddle` along y; and the distance at which a run has left."""

TEN = 2.302585092994046  # its logarithm
FARTHEST, NEAREST, STEPS, SIDE, START = -1, -8, 200, 2.0, -1.5
Exponent = Annotated[
    float,
    Interval(NEAREST, FARTHEST, open_high=False),
    Control("distance from the ridge, power of ten", range=(NEAREST, FARTHEST)),
]
LearningRate = Annotated[
    float,
    Interval(0.05, 1, open_high=False),
    Control("learning rate, η", "parameter per gradient", (0.05, 1)),
]
Share = Annotated[float, SHARE, Control("momentum, μ", "share", (0, 0.99))]


def factor(product: float, momentum: float = 0.0) -> float:
    """By what a step multiplies the distance, in the long run.

    The larger root of z² - (1 + μ + ηλ) z + μ; without momentum 1 + ηλ.
    """
    middle = (1 + momentum + product) / 2
    return middle + sqrt(middle * middle - momentum)


def part(product: float, momentum: float = 0.0) -> float:
    """The part of the start that grows by this factor; the rest dies away."""
    large = factor(product, momentum)
    small = momentum / large
    return (1 + product - small) / (large - small)


def predicted(
    distance: float, product: float, momentum: float = 0.0, out: float = OUT
) -> float:
    """The steps until the distance is `out`, by the growing part alone."""
    grows = part(product, momentum) * distance
    return log(out / grows) / log(factor(product, momentum))


def distances(
    rule: UpdateRule[..., Any],
    distance: float,
    most: int = STEPS,
    curvature: float = CURVATURE,
    out: float = OUT,
    **settings: float,
) -> list[float]:
    """The rule's distances from the ridge, until one is `out` or more."""
    step: Callable[..., Any] = rule.function
    state, visited = rule.start, [distance]
    while abs(visited[-1]) < out and len(visited) <= most:
        if rule.takes_parameter:
            settings["parameter"] = visited[-1]
        move, state = step(curvature * visited[-1], state, **settings)
        visited.append(visited[-1] + move)
    return visited


def _rounded(x: float) -> float:
    """Logarithms may differ in the last bit from one machine to the next."""
    return round(x, 6)


def _powers(visited: list[float]) -> Points:
    return [(t, _rounded(log(y) / TEN)) for t, y in enumerate(visited)]


def _path(distance: float, lr: float, momentum: float) -> Points:
    """The run on the saddle, until it leaves the picture."""
    away = distances(
        rules.momentum, distance, out=SIDE, lr=lr, momentum=momentum
    )
    along = distances(
        rules.momentum, START, len(away) - 1, -CURVATURE, 1e9,
        lr=lr, momentum=momentum,
    )  # fmt: skip
    return list(zip(along, away))


def _panels() -> dict[str, Panel]:
    places = [-SIDE + SIDE * i / 40 for i in range(81)]
    # A diagram's ground is deeper where it is lower; a landscape is the other
    # way round.
    heights = [[-saddle(x, y) for x in places] for y in places]
    levels = [-4, -3, -2, -1, -0.3, 0, 0.3, 1, 2, 3, 4]
    ridge: Ground = Curve([(-SIDE, 0), (SIDE, 0)], color=None, dashed=True)
    return {
        "time": Panel(
            Axis("distance from the ridge, power of ten", NEAREST, 0),
            Axis("steps to leave", 0, STEPS),
        ),
        "plane": Panel(
            Axis("$x$", -SIDE, SIDE),
            Axis("$y$", -SIDE, SIDE),
            [Levels(places, places, heights, levels), ridge],
            to_scale=True,
        ),
        "path": Panel(
            Axis("step", 0, STEPS),
            Axis("power of ten", NEAREST, 1),
            [Curve([(0, 0), (STEPS, 0)], color=None, dashed=True)],
        ),
    }


@diagram(_panels, [*["time time plane plane"] * 4, *["path " * 4] * 3], 4.8)
def saddles(
    exponent: Exponent = -4.0,
    lr: LearningRate = 0.1,
    momentum: Share = 0.0,
) -> Drawing:
    """Steps to leave x² - y² from each distance, and one of the runs."""
    product = lr * CURVATURE
    start = exp(TEN * exponent)
    times = factor(product, momentum)
    said = _rounded(predicted(start, product, momentum))
    both: list[tuple[UpdateRule[..., Any], dict[str, Any]]] = [
        (rules.momentum, {"momentum": momentum}),
        (rules.adam, {}),
    ]
    counted: list[Points] = [
        [
            (n, len(distances(rule, power(10.0, n), lr=lr, **more)) - 1)
            for n in range(NEAREST, 0)
        ]
        for rule, more in both
    ]
    line = [
        (n, _rounded(predicted(power(10.0, n), product, momentum)))
        for n in (NEAREST, FARTHEST)
    ]
    away = distances(
        rules.momentum, start, out=10 * OUT, lr=lr, momentum=momentum
    )
    adams = distances(rules.adam, start, out=10 * OUT, lr=lr)
    count = len(distances(rules.momentum, start, lr=lr, momentum=momentum)) - 1
    return Drawing(
        {
            "time": [
                Curve(line, color=0),
                Curve(counted[0], color=0, mark=0, line=False),
                Curve(counted[1], color=1, mark=1, line=False),
                Handle(
                    (exponent, min(said, STEPS)), "The distance",
                    ("exponent", None),
                ),
            ],
            "plane": [Curve(_path(start, lr, momentum), mark=0)],
            "path": [
                Curve(_powers(adams), color=1),
                Curve(_powers(away), color=0),
            ],
        },
        f"The run leaves after {count} steps; the line says {said:.1f}. In the "
        f"long run a step multiplies the distance by {times:.3f}, so from a "
        f"tenth of the distance it takes {TEN / log(times):.1f} steps more.",
    )  # fmt: skip
