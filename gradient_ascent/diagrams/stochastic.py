"""Plain descent on mini-batches: their error, and where the run hovers."""

import math
import random
from collections.abc import Callable
from functools import cache
from itertools import accumulate, pairwise
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, Points, diagram

SEED, STEPS, SHOWN, START = 5, 2000, 80, 3.0
SETTLED = 400  # steps after which no start is remembered
SLOWEST, FASTEST, LARGEST = 0.02, 1.6, 64
LearningRate = Annotated[
    float,
    Interval(SLOWEST, FASTEST, open_high=False),
    Control("learning rate, η", "parameter per gradient", (SLOWEST, FASTEST)),
]
BatchSize = Annotated[
    float,
    Interval(1, LARGEST, open_high=False),
    Control("batch size, B", "data", (1, LARGEST), whole=True),
]


@cache
def sums() -> list[float]:
    """What the first data's errors add up to, for every number of them.

    An error is even in an interval, with mean 0 and variance 1. Python draws
    such numbers to the same bits on every machine.
    """
    drawn, root = random.Random(SEED), math.sqrt(12)
    errors = (root * (drawn.random() - 0.5) for _ in range(STEPS * LARGEST))
    return list(accumulate(errors, initial=0.0))


def errors(size: int) -> list[float]:
    """The error of each step's gradient: the mean of its batch's errors."""
    ends = sums()[: STEPS * size + 1 : size]
    return [(b - a) / size for a, b in pairwise(ends)]


def path(lr: float, size: int) -> list[float]:
    """The rule's distances from the optimum, on p²/2, with a batch a step."""
    rule: Callable[..., Any] = rules.plain.function
    visited = [START]
    for error in errors(size):
        step, _ = rule(error - visited[-1], lr=lr)
        visited.append(visited[-1] + step)
    return visited


def floor(lr: float, size: float) -> float:
    """The mean square distance in the long run: η σ² / (B λ (2 - η λ))."""
    return lr / (size * (2 - lr))


def floors(size: int) -> Points:
    """The typical distance, its root, over the learning rates."""
    lrs = [FASTEST * k / 80 for k in range(81)]
    return [(lr, math.sqrt(floor(lr, size))) for lr in lrs]


def found(lr: float, size: int) -> float:
    """The typical distance of a run, once it has forgotten its start."""
    return math.sqrt(mean_square(path(lr, size)[SETTLED:]))


def mean_square(numbers: list[float]) -> float:
    """The mean of their squares."""
    return math.fsum(x * x for x in numbers) / len(numbers)


def doublings(x: float) -> float:
    """The logarithm to the base 2, without its last bits, which vary."""
    return round(math.log2(x), 9)


def _panels() -> dict[str, Panel]:
    sizes = [2**k for k in range(7)]
    measured = [
        (doublings(size), doublings(mean_square(errors(size))))
        for size in sizes
    ]
    return {
        "variance": Panel(
            Axis(r"$\log_2 B$", -0.3, 6.3),
            Axis(r"$\log_2$ of the variance", -6.8, 0.8),
            [
                Curve([(0, 0), (6, -6)], color=None),
                Curve(measured, color=0, mark=0, line=False),
            ],
        ),
        "floor": Panel(
            Axis(r"$\eta$", 0, FASTEST),
            Axis("typical distance", 0, 2.1),
            [
                Curve(floors(1), color=None, dashed=True),
            ],
        ),
        "path": Panel(
            Axis("step", 0, SHOWN),
            Axis("distance", -3.2, 3.2),
            [Curve([(0, 0), (SHOWN, 0)], color=None)],
        ),
    }  # fmt: skip


@diagram(
    _panels,
    [*["variance floor"] * 4, *["path path"] * 3],
    4.8,
)
def stochastic(lr: LearningRate = 0.5, batch: BatchSize = 4.0) -> Drawing:
    """The error of a batch's gradient, the floor, and a run from 3."""
    size = round(batch)
    visited, variance = path(lr, size), mean_square(errors(size))
    typical = math.sqrt(floor(lr, size))
    return Drawing(
        {
            "variance": [
                Curve(
                    [(doublings(size), doublings(variance))],
                    color=1, mark=1, line=False,
                )
            ],
            "floor": [
                Curve(floors(size), color=0),
                Curve(
                    [(k / 5, found(k / 5, size)) for k in range(1, 9)],
                    color=1, mark=1, line=False,
                ),
                Handle((lr, typical), "The learning rate", ("lr", None)),
            ],
            "path": [
                *(
                    Curve([(0, y), (SHOWN, y)], color=None, dashed=True)
                    for y in (-typical, typical)
                ),
                Curve(list(enumerate(visited[: SHOWN + 1])), color=0),
            ],
        },
        f"In batches of {size} the gradient's error has the variance "
        f"{variance:.4f}, where 1 / B is {1 / size:.4f}. The typical distance "
        f"is {typical:.3f} by the theorem, {found(lr, size):.3f} by the run.",
    )  # fmt: skip
