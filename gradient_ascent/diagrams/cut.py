"""A club that breaks apart: the entries of an eigenvector, step by step.

The ties are those that Zachary observed among the members of a karate club
before it split, and the faction the members who then went with the instructor,
member 1. Each tie pulls its two members together, as a spring does.
"""

from collections.abc import Callable, Sequence
from math import fsum, log10, sqrt
from random import Random
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, Points, diagram

MEMBERS = 34
TIES = (
    *((1, i) for i in (2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32)),
    *((2, i) for i in (3, 4, 8, 14, 18, 20, 22, 31)),
    *((3, i) for i in (4, 8, 9, 10, 14, 28, 29, 33)),
    *((4, i) for i in (8, 13, 14)),
    *((5, i) for i in (7, 11)),
    *((6, i) for i in (7, 11, 17)),
    *((7, i) for i in (17,)),
    *((9, i) for i in (31, 33, 34)),
    *((10, i) for i in (34,)),
    *((14, i) for i in (34,)),
    *((15, i) for i in (33, 34)),
    *((16, i) for i in (33, 34)),
    *((19, i) for i in (33, 34)),
    *((20, i) for i in (34,)),
    *((21, i) for i in (33, 34)),
    *((23, i) for i in (33, 34)),
    *((24, i) for i in (26, 28, 30, 33, 34)),
    *((25, i) for i in (26, 28, 32)),
    *((26, i) for i in (32,)),
    *((27, i) for i in (30, 34)),
    *((28, i) for i in (34,)),
    *((29, i) for i in (32, 34)),
    *((30, i) for i in (33, 34)),
    *((31, i) for i in (33, 34)),
    *((32, i) for i in (33, 34)),
    *((33, i) for i in (34,)),
)
"""Pairs of members, counted from 1, each once. Source: Zachary (1977)."""

FACTION = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22)
"""The members who went with the instructor."""

HEIGHTS = (
    -2, -24, 10, 16, 16, 14, -12, 34, -23, 14, 41, -35, 51, -12, -61, -54, 4,
    -45, -43, -37, -28, -56, -10, 40, 80, 75, 6, 42, 29, 19, -49, 27, -18, -8,
)  # fmt: skip
"""Where the picture puts each member, up or down, so that few ties overlap."""

LEAST, MOST = 0.46852523, 18.13669597
"""The second smallest eigenvalue of the club's Laplacian, and the largest."""

STEPS, STARTS, SIDE = 200, 8, 0.6
Step = Annotated[
    int,
    Interval(0, STEPS, open_high=False),
    Control("step, t", range=(0, STEPS), whole=True),
]
LearningRate = Annotated[
    float,
    Interval(0.005, 0.08, open_high=False),
    Control("learning rate, η", "parameter per gradient", (0.005, 0.08)),
]
Start = Annotated[
    int,
    Interval(1, STARTS, open_high=False),
    Control("start, a coin for each member", "number", (1, STARTS), whole=True),
]


def pull(x: Sequence[float]) -> list[float]:
    """L x: how far each member lies right of those it is tied to, summed."""
    total = [0.0] * MEMBERS
    for a, b in TIES:
        apart = x[a - 1] - x[b - 1]
        total[a - 1] += apart
        total[b - 1] -= apart
    return total


def tension(x: Sequence[float]) -> float:
    """The squared lengths of all ties, summed: x'L x."""
    return fsum((x[a - 1] - x[b - 1]) * (x[a - 1] - x[b - 1]) for a, b in TIES)


def balanced(x: Sequence[float]) -> list[float]:
    """The nearest point with the sum 0 and the length 1."""
    mean = fsum(x) / len(x)
    away = [each - mean for each in x]
    length = sqrt(fsum(each * each for each in away))
    return [each / length for each in away]


def walk(lr: float, start: int, steps: int = STEPS) -> list[list[float]]:
    """Where projected ascent on -x'L x goes from a random split."""
    step: Callable[..., Any] = rules.plain.function
    random = Random(start)
    coins = [2.0 * random.getrandbits(1) - 1 for _ in range(MEMBERS)]
    visited = [balanced(coins)]
    for _ in range(steps):
        slopes = [-2 * each for each in pull(visited[-1])]
        moves = [step(g, rules.plain.start, lr=lr)[0] for g in slopes]
        visited.append(
            balanced([x + move for x, move in zip(visited[-1], moves)])
        )
    return visited


def cut(x: Sequence[float]) -> list[tuple[int, int]]:
    """The ties between members on different sides of 0."""
    return [(a, b) for a, b in TIES if (x[a - 1] < 0) != (x[b - 1] < 0)]


def strayed(x: Sequence[float]) -> list[int]:
    """The members who are not on the side that their faction is on.

    The instructor's side is his.
    """
    side = x[0] < 0
    return [
        i
        for i in range(1, MEMBERS + 1)
        if ((x[i - 1] < 0) == side) != (i in FACTION)
    ]


def _power(number: float) -> float:
    """The last bits of the C library's logarithm are rounded off."""
    return round(log10(number), 6)


def _panels() -> dict[str, Panel]:
    middle = Curve([(0, -1), (0, 1)], color=None, dashed=True)
    ends = [
        Curve([(0, _power(each)), (STEPS, _power(each))], None, dashed=True)
        for each in (LEAST, MOST)
    ]
    return {
        "club": Panel(
            Axis("$x_i$", -SIDE, SIDE), Axis("fixed height", -1, 1), [middle]
        ),
        "tension": Panel(
            Axis("step", 0, STEPS),
            Axis("tension", -0.5, 1.5, powers=True),
            ends,
        ),
    }


@diagram(_panels, [*["club"] * 7, *["tension"] * 3], 5.2)
def spectral_cut(
    t: Step = 40, lr: LearningRate = 0.04, start: Start = 1
) -> Drawing:
    """The club after t steps, and how far its ties are stretched."""
    visited = walk(lr, int(start))
    x = visited[int(t)]
    turn = -1.0 if x[0] > 0 else 1.0  # the instructor on the left
    places = [
        (min(max(turn * each, -SIDE), SIDE), height / 100)
        for each, height in zip(x, HEIGHTS)
    ]
    crossing = set(cut(x))
    within: list[tuple[float, float] | None] = []
    across: list[tuple[float, float] | None] = []
    for a, b in TIES:
        line = across if (a, b) in crossing else within
        line += [places[a - 1], places[b - 1], None]
    members: list[Points] = [
        [places[i - 1] for i in range(1, MEMBERS + 1) if (i in FACTION) == his]
        for his in (True, False)
    ]
    heights = [(k, _power(tension(each))) for k, each in enumerate(visited)]
    away = strayed(x)
    names = " and ".join(map(str, away)) if len(away) < 4 else str(len(away))
    who = f"member{'s' * (len(away) != 1)} {names}" if away else "nobody"
    who = f"{names} members" if len(away) > 3 else who
    return Drawing(
        {
            "club": [
                Curve(within, color=None),
                Curve(across, color=2),
                Curve(members[0], color=0, mark=0, line=False),
                Curve(members[1], color=1, mark=1, line=False),
            ],
            "tension": [
                Curve(heights, color=0),
                Handle((t, heights[int(t)][1]), "The step", ("t", None)),
            ],
        },
        f"After {int(t)} steps the tension is {tension(x):.3f}, and "
        f"{LEAST:.3f} is the least there is. The cut goes through "
        f"{len(crossing)} of the 78 ties, and misplaces {who}.",
    )
