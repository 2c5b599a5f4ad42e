"""Plain descent on many curvatures: the factor of each, and the largest."""

from typing import Annotated

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.rules.declaration import Control

from .descent import descent
from .kinds import (
    Axis,
    Curve,
    Drawing,
    Handle,
    Panel,
    Points,
    Words,
    diagram,
    signed,
)

STEEPEST, WIDE = 100.0, 105.0
FASTEST, MOST, STEPS = 0.022, 100.0, 40
Kappa = Annotated[
    float,
    Interval(1, MOST, open_high=False),
    Control("condition number, κ", range=(1, MOST)),
]
LearningRate = Annotated[
    float,
    Interval(0, FASTEST, open_high=False),
    Control("learning rate, η", "parameter per gradient", (0, FASTEST)),
]


def factor(lr: float, curvature: float) -> float:
    """By what a step multiplies the distance along one curvature."""
    return descent(rules.plain, curvature, 1, lr=lr)[1]


def largest(lr: float, kappa: float) -> float:
    """The largest size of a factor, over all curvatures: it is at an end."""
    ends = STEEPEST / kappa, STEEPEST
    return max(abs(factor(lr, curvature)) for curvature in ends)


def best(kappa: float) -> float:
    """The learning rate whose largest factor is smallest: 2 / (m + L)."""
    return 2 / (STEEPEST / kappa + STEEPEST)


def sizes(lr: float, low: float, high: float) -> Points:
    """The size of the factor over curvatures: straight, but for a kink at 0."""
    kink = [1 / lr] if low * lr < 1 < high * lr else []
    return [(x, abs(factor(lr, x))) for x in (low, *kink, high)]


def _panels() -> dict[str, Panel]:
    return {
        "curvatures": Panel(
            Axis(r"$\lambda$", 0, WIDE),
            Axis("size of the factor", 0, 1.3),
            [Curve([(0, 1), (WIDE, 1)], color=None, dashed=True)],
        ),
        "largest": Panel(
            Axis(r"$\eta$", 0, FASTEST),
            Axis("the largest size", 0, 1.3),
            [
                Curve([(0, 1), (FASTEST, 1)], color=None, dashed=True),
                Words((0.006, 1.16), "diverges"),
            ],
        ),
        "path": Panel(
            Axis("step", 0, STEPS),
            Axis("distance", -1.2, 1.2),
            [Curve([(0, 0), (STEPS, 0)], color=None)],
        ),
    }


@diagram(
    _panels,
    [*["curvatures largest"] * 4, *["path path"] * 3],
    4.8,
)
def conditioning(kappa: Kappa = 50.0, lr: LearningRate = 0.01) -> Drawing:
    """Each curvature's factor, the largest, and both ends of a run from 1."""
    flattest = STEEPEST / kappa
    flat, steep = factor(lr, flattest), factor(lr, STEEPEST)
    runs = [
        descent(rules.plain, curvature, STEPS, lr=lr)
        for curvature in (flattest, STEEPEST)
    ]
    return Drawing(
        {
            "curvatures": [
                Curve(sizes(lr, 0, WIDE), color=None),
                Curve(sizes(lr, flattest, STEEPEST), color=0),
                Curve([(flattest, abs(flat))], color=1, mark=1, line=False),
                Curve([(STEEPEST, abs(steep))], color=2, mark=2, line=False),
            ],
            "largest": [
                Curve(
                    [(x, largest(x, kappa)) for x in (0, best(kappa), FASTEST)],
                    color=0,
                ),
                Handle(
                    (lr, largest(lr, kappa)), "The learning rate", ("lr", None)
                ),
            ],
            "path": [
                Curve(list(enumerate(run)), color=which, mark=which)
                for which, run in enumerate(runs, start=1)
            ],
        },
        f"A step multiplies the flattest direction by {signed(flat)}, the "
        f"steepest by {signed(steep)}. The largest factor is "
        f"{largest(lr, kappa):.3f}; the best learning rate, {best(kappa):.4f}, "
        f"has {largest(best(kappa), kappa):.3f}.",
    )  # fmt: skip
