"""What a run measures of its own steps, against the bound of its curvature."""

import math
from collections.abc import Callable
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.ops import log
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, Points, diagram

STEPS, MOST, FLAT = 40, 2.6, 0.1  # of two curvatures, 1 and FLAT
START = (0.1, 1.0)
Product = Annotated[
    float,
    Interval(0.1, MOST, open_high=False),
    Control("learning rate times largest curvature, ηλ", range=(0.1, MOST)),
]


def slopes(place: tuple[float, float]) -> tuple[float, float]:
    """The uphill gradient of -(x² + FLAT y²) / 2."""
    return -place[0], -FLAT * place[1]


def gap(place: tuple[float, float]) -> float:
    """How far below the top a place is."""
    x, y = place
    return (x * x + FLAT * y * y) / 2


def path(product: float) -> list[tuple[float, float]]:
    """The places of a run of plain ascent."""
    rule: Callable[..., Any] = rules.plain.function
    visited = [START]
    for _ in range(STEPS):
        (x, y), (a, b) = visited[-1], slopes(visited[-1])
        across, _ = rule(a, lr=product)
        along, _ = rule(b, lr=product)
        visited.append((x + across, y + along))
    return visited


def overshoots(visited: list[tuple[float, float]]) -> list[float]:
    """1 - g'·Δ / g·Δ of each step: what the three looks of a check give."""
    found = []
    for old, new in zip(visited, visited[1:]):  # noqa: RUF007, browser's bits
        move = new[0] - old[0], new[1] - old[1]
        before, after = (
            math.fsum(s * d for s, d in zip(slopes(at), move))
            for at in (old, new)
        )
        found.append(1 - after / before if before else 0.0)
    return found


def digits(x: float) -> float:
    """The logarithm to the base 10, without its last bits, which vary."""
    return round(float(log(x)) / math.log(10), 9)


def _panels() -> dict[str, Panel]:
    return {
        "measured": Panel(
            Axis("step", 0, STEPS),
            Axis("$q$", 0, MOST),
            [Curve([(0, 2), (STEPS, 2)], color=None, dashed=True)],
        ),
        "bound": Panel(
            Axis(r"$\eta\lambda$", 0, MOST),
            Axis("last $q$", 0, MOST),
            [
                Curve([(0, 2), (MOST, 2)], color=None, dashed=True),
                Curve(
                    [
                        (k / 20, overshoots(path(k / 20))[-1])
                        for k in range(2, 53)
                    ],
                    color=1,
                ),
            ],
        ),
        "gap": Panel(
            Axis("step", 0, STEPS),
            Axis(r"$\log_{10}$ of the gap", -8, 15),
            [],
        ),
    }


@diagram(_panels, ["bound measured", "gap gap"], 5.0)
def overshoot(product: Product = 1.5) -> Drawing:
    """The last q over ηλ, q step by step, and the gap."""
    visited = path(product)
    seen = overshoots(visited)
    heights: Points = [
        (t, max(-8.0, digits(max(gap(at), 1e-9))))
        for t, at in enumerate(visited)
    ]
    last = seen[-1]
    verdict = (
        "the run climbs" if gap(visited[-1]) < gap(START) else "the run falls"
    )
    return Drawing(
        {
            "bound": [Handle((product, last), "ηλ", ("product", None))],
            "measured": [
                Curve([(0, product), (STEPS, product)], color=0, dashed=True),
                Curve(
                    [(t, q) for t, q in enumerate(seen, start=1)],
                    color=1, mark=1, line=False,
                ),
            ],
            "gap": [Curve(heights, color=0)],
        },
        f"The largest curvature times the learning rate is {product:.2f}, the "
        f"last step measures q = {last:.2f}, and {verdict}.",
    )  # fmt: skip
