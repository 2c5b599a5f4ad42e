"""Plain descent on p²: the factor of a step, and the cobweb of the run."""

from itertools import pairwise
from typing import Annotated

from gradient_ascent.arguments import Interval
from gradient_ascent.landscapes import parabola
from gradient_ascent.rules.declaration import Control
from gradient_ascent.trace import run

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

STEPS, WIDE = 40, 12.0
LearningRate = Annotated[
    float,
    Interval(0, 1.25, open_high=False),
    Control("learning rate, η", "parameter per gradient", (0, 1.25)),
]


def follower(p: float, lr: float) -> float:
    """Where one step of the rule leads from p."""
    return run("plain", parabola, p, lr=lr, steps=1).positions[-1][0]


def factor(lr: float) -> float:
    """By what a step multiplies the distance to the optimum."""
    return follower(1.0, lr)


def cobweb(visited: list[float]) -> Points:
    """From each point up or down to where it leads, then across to p = q."""
    corners: list[tuple[float, float]] = [(visited[0], 0.0)]
    for p, q in pairwise(visited):
        corners += [(p, q), (q, q)]
    return corners


def _panels() -> dict[str, Panel]:
    return {
        "factor": Panel(
            Axis(r"$\eta$", 0, 1.25),
            Axis("size of the factor", 0, 1.5),
            [
                Curve([(0, 1), (1.25, 1)], color=None, dashed=True),
                Curve(
                    [(lr, abs(factor(lr))) for lr in (0, 0.5, 1.25)], color=0
                ),
                Words((0.5, 0.78), "settles"),
                Words((0.5, 1.22), "diverges"),
            ],
        ),
        "cobweb": Panel(
            Axis("$p$", -WIDE, WIDE),
            Axis("$p$ after a step", -WIDE, WIDE),
            [
                Curve([(-WIDE, -WIDE), (WIDE, WIDE)], color=None),
                Curve([(-WIDE, 0), (WIDE, 0)], color=None, dashed=True),
            ],
            to_scale=True,
        ),
    }


@diagram(_panels, ["factor cobweb"], 3.1)
def learning_rate(lr: LearningRate = 0.1) -> Drawing:
    """The factor at a learning rate, and the run from 10 as a cobweb."""
    trace = run("plain", parabola, lr=lr, steps=STEPS)
    visited = [p for (p,) in trace.positions]
    times = factor(lr)
    line = [(p, follower(p, lr)) for p in (-WIDE, WIDE)]
    return Drawing(
        {
            "factor": [
                Handle((lr, abs(times)), "The learning rate", ("lr", None))
            ],
            "cobweb": [
                Curve(line, color=0),
                Curve(cobweb(visited), color=1),
                Curve(
                    list(pairwise(visited)),
                    color=1, mark=1, line=False,
                ),
            ],
        },
        f"A step multiplies p by {signed(times)}: the run {behaviour(times)}.",
    )  # fmt: skip


def behaviour(times: float) -> str:
    """What a run does whose steps multiply by that factor."""
    if abs(times) < 1e-12:
        return "arrives in one step"
    if abs(abs(times) - 1) < 1e-12:
        return "stands still" if times > 0 else "bounces forever"
    if abs(times) > 1:
        return "climbs out, and changes sides at every step"
    return (
        "settles" if times > 0 else "settles, and changes sides at every step"
    )
