"""A hill less a penalty: where its top goes, and how it becomes zero."""

from typing import Annotated

from gradient_ascent.arguments import Interval
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

REACH, HEAVY, LOW = 3.0, 3.0, -6.0
PIECES = 60

Top = Annotated[
    float,
    Interval(-REACH, REACH, open_high=False),
    Control("top of f, b", "parameter units", (-REACH, REACH)),
]
Weight = Annotated[
    float,
    Interval(0, HEAVY, open_high=False),
    Control("weight, λ", "of the penalty", (0, HEAVY)),
]


def soft(b: float, weight: float) -> float:
    """The soft threshold: b, brought nearer to zero by the weight, or zero."""
    if -weight <= b <= weight:
        return 0.0
    return b - weight if b > 0 else b + weight


def height(x: float, b: float, weight: float) -> float:
    """The hill with its top at b, less the penalty."""
    return 0.0 - (x - b) * (x - b) / 2 - weight * abs(x)


def profile(b: float, weight: float) -> Points:
    """The points of the hill that are in the picture; at zero is its kink."""
    places = [REACH * (i - PIECES) / PIECES for i in range(2 * PIECES + 1)]
    heights = [height(x, b, weight) for x in places]
    return [(x, y) if y >= LOW else None for x, y in zip(places, heights)]


def _panels() -> dict[str, Panel]:
    return {
        "hill": Panel(Axis("$x$", -REACH, REACH), Axis("height", LOW, 0.5)),
        "map": Panel(
            Axis("top of $f$, $b$", -REACH, REACH),
            Axis("highest at $x$", -REACH, REACH),
            [
                Curve(
                    [(-REACH, -REACH), (REACH, REACH)], color=None, dashed=True
                ),
                Curve([(-REACH, 0), (REACH, 0)], color=None),
            ],
        ),
        "path": Panel(
            Axis(r"weight, $\lambda$", 0, HEAVY),
            Axis("highest at $x$", -REACH, REACH),
            [Curve([(0, 0), (HEAVY, 0)], color=None)],
        ),
    }


@diagram(_panels, ["hill hill", "map path"], 5.4)
def threshold(b: Top = 2.0, weight: Weight = 0.8) -> Drawing:
    """A hill, the hill less the penalty, and where this is highest."""
    x = soft(b, weight)
    away = abs(b)
    path = [(0.0, b), (away, 0.0), (HEAVY, 0.0)]
    bends = [-REACH, 0.0 - weight, weight, REACH]
    return Drawing(
        {
            "hill": [
                Curve(profile(b, 0.0), color=None, dashed=True),
                Curve(profile(b, weight), color=0),
                Curve(
                    [(x, max(height(x, b, weight), LOW))], mark=1, line=False
                ),
                Handle((b, 0.0), "The top of f", ("b", None)),
            ],
            "map": [
                Curve([(each, soft(each, weight)) for each in bends], color=0),
                Curve([(b, x)], color=0, mark=1, line=False),
                Handle((weight, 0.0), "The weight", ("weight", None)),
            ],
            "path": [
                Curve(path, color=0),
                Curve([(weight, x)], color=0, mark=1, line=False),
            ],
        },
        f"Without the penalty the top is at {signed(b)}, with it at "
        f"{signed(x)}."
        if x
        else f"Without the penalty the top is at {signed(b)}; with it, exactly "
        "at zero.",
    )
