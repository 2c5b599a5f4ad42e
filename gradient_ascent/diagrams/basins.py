"""Plain ascent on four hills: on which of them a run ends, from each start."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import copysign, dist
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import POSITIVE, Interval
from gradient_ascent.elementary import exp
from gradient_ascent.landscapes import HILLS, peaks
from gradient_ascent.rules.declaration import Control
from gradient_ascent.trace import run

from .kinds import (
    Axis,
    Cells,
    Curve,
    Drawing,
    Handle,
    Levels,
    Panel,
    Points,
    Words,
    diagram,
)

SIDE, STEPS = 28, 50  # no more, as a slider waits for a map in the page
NEAR = 1.3  # of a hill's middle: there a run stands on the hill
LOW, HIGH = peaks.domain[0]
NAMES = (
    "the upper right",
    "the upper left",
    "the lower left",
    "the lower right",
)

LearningRate = Annotated[
    float,
    POSITIVE,
    Control("learning rate, η", "parameter per gradient", (0.1, 4)),
]
Inside = Interval(LOW, HIGH, open_high=False)
Across = Annotated[
    float, Inside, Control("start, x", "parameter units", (LOW, HIGH))
]
Upward = Annotated[
    float, Inside, Control("start, y", "parameter units", (LOW, HIGH))
]


def slopes(x: float, y: float) -> tuple[float, float]:
    """The gradient of `peaks`, worked out by hand: a map takes many of them."""
    across = upward = 0.0
    for height, (a, b), width in HILLS:
        dx, dy = x - a, y - b
        pull = 2 * height / width * exp(-(dx * dx + dy * dy) / width)
        across -= pull * dx
        upward -= pull * dy
    return across, upward


def hill(
    x: float, y: float, *, near: Sequence[float] = (NEAR,) * len(HILLS)
) -> int | None:
    """The number of the hill whose middle is as near as that, if one is."""
    for which, (_, (a, b), _) in enumerate(HILLS):
        if (x - a) * (x - a) + (y - b) * (y - b) < near[which] * near[which]:
            return which
    return None


def pull(which: int, distance: float) -> float:
    """The slope of one hill alone, so far from its middle."""
    height, _, width = HILLS[which]
    return 2 * height / width * distance * exp(-distance * distance / width)


@lru_cache(maxsize=4)
def held(lr: float) -> list[float]:
    """For each hill the radius of a disc that no step leaves, or 0.

    A hill alone moves a point at distance d to d - lr pull(d), on the line to
    its middle; the others move it by no more than lr times what they pull where
    the rim is nearest. So the map follows a run until it is in a disc.
    """

    def holds(which: int, radius: float) -> bool:
        tug = sum(
            pull(other, dist(HILLS[which][1], middle) - radius)
            for other, (_, middle, _) in enumerate(HILLS)
            if other != which
        )
        inside = [radius * k / 30 for k in range(31)]
        steps = (abs(d - lr * pull(which, d)) + lr * tug for d in inside)
        return max(steps) < radius

    radii = [NEAR, 0.9 * NEAR, 0.8 * NEAR]
    return [
        max((r for r in radii if holds(which, r)), default=0.0)
        for which in range(len(HILLS))
    ]


@lru_cache(maxsize=4)
def lost(lr: float) -> float:
    """From farther than that from every hill's middle no run comes to a hill.

    Until it is at distance r, past NEAR, its steps are no longer than at r.
    """
    radii = [NEAR + k / 10 for k in range(50)]
    slopes = [sum(pull(which, r) for which in range(len(HILLS))) for r in radii]
    return min(r + STEPS * lr * slope for r, slope in zip(radii, slopes))


def reached(x: float, y: float, lr: float) -> int | None:
    """The number of the hill on which the run from a point ends, if on any."""
    step: Callable[..., Any] = rules.plain.function
    inner, outer = held(lr), [lost(lr)] * len(HILLS)
    if hill(x, y, near=outer) is None:
        return None
    for _ in range(STEPS):
        found = hill(x, y, near=inner)
        if found is not None:
            return found
        across, upward = slopes(x, y)
        x += step(across, lr=lr)[0]
        y += step(upward, lr=lr)[0]
    return hill(x, y)


def middles() -> list[float]:
    """The middles of the cells along a side."""
    return [LOW + (HIGH - LOW) * (i + 0.5) / SIDE for i in range(SIDE)]


@lru_cache(maxsize=4)
def rows(lr: float) -> tuple[str, ...]:
    """The map, from below: a digit is the hill on which a cell's run ends."""
    places = middles()
    ends = ([reached(x, y, lr) for x in places] for y in places)
    return tuple(
        "".join(" " if end is None else str(end) for end in row) for row in ends
    )


def borders(cells: Sequence[Sequence[str]]) -> Points:
    """Lines between neighbors that differ."""
    turned = _upright([*zip(*cells)])
    level = ((at[1], at[0]) if at else None for at in turned)
    return [*_upright(cells), *level]


def _upright(
    cells: Sequence[Sequence[str]],
) -> Iterator[tuple[float, float] | None]:
    size = (HIGH - LOW) / SIDE
    for j, row in enumerate(cells):
        for i, (one, other) in enumerate(pairwise(row), start=1):
            if one != other:
                x, y = LOW + i * size, LOW + j * size
                yield from ((x, y), (x, y + size), None)


def _panels() -> dict[str, Panel]:
    places = [LOW + (HIGH - LOW) * i / 80 for i in range(81)]
    heights = [[peaks(x, y) for x in places] for y in places]
    levels = [0.02, 0.1, 0.25, 0.45, 0.65, 0.85]
    summits = [  # told on the outer side, as runs come from the inner one
        Words((a, b + copysign(0.5, b)), f"{peaks(a, b):.2f}")
        for _, (a, b), _ in HILLS
    ]
    panel = Panel(
        Axis("$x$", LOW, HIGH),
        Axis("$y$", LOW, HIGH),
        [Levels(places, places, heights, levels, filled=False), *summits],
        to_scale=True,
    )
    return {"map": panel}


@diagram(_panels, ["map"], 4.9)
def basins(
    lr: LearningRate = 0.3, x: Across = -0.3, y: Upward = 1.1
) -> Drawing:
    """Each start in the color of the hill its run ends on; one of the runs."""
    cells = rows(lr)
    trace = run("plain", peaks, (x, y), lr=lr, steps=STEPS)
    end = hill(*trace.positions[-1])
    where = "on no hill" if end is None else f"on {NAMES[end]} hill"
    settles = max(trace.step_size[-4:], default=0) < 0.05
    lost = sum(row.count(" ") for row in cells)
    return Drawing(
        {
            "map": [
                Cells(cells, NAMES),
                Curve(borders(cells), color=None),
                Curve(trace.positions, color=4, mark=0),
                Handle((x, y), "The start of the run", ("x", "y")),
            ]
        },
        f"The run from the ring ends {where}"
        f"{'' if settles else ', and has not come to rest'}. Of the "
        f"{SIDE * SIDE} runs of the map {lost} end on no hill.",
        answer=end,
    )
