"""A rule that divides each gradient by a size: each coordinate's learning rate.

A coordinate's own learning rate is what a step moves it per gradient. It is
shown over the steps of a run on the notebook's bowl, beside the two things that
it decides: whether a step is too long for the curvature, and how far is left.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import log10, sqrt
from random import Random
from typing import Annotated, Any, NamedTuple

from gradient_ascent import rules
from gradient_ascent.arguments import NON_NEGATIVE, SHARE
from gradient_ascent.rules import UpdateRule
from gradient_ascent.rules.declaration import Control

from .kinds import (
    Axis,
    Curve,
    Drawing,
    Ground,
    Handle,
    Layer,
    Panel,
    Words,
    diagram,
)

CURVATURES, START = (0.2, 4.0), (-5.0, -2.0)  # the notebook's bowl
STEPS, LATE, SETTINGS = 200, 50, 32
MARKED = (1, 2, 5, 10, 20, 50, 100, 200)
LEAST, MOST = -4.0, 1.0  # powers of ten: of a distance
SLOWEST, FASTEST = -3.0, 2.0  # and of a learning rate
WIDE_LR, NARROW_LR = 4.0, 1.0
NOISE = Annotated[
    float, NON_NEGATIVE, Control("noise, σ", "gradient units", (0, 4))
]


def _coins(seed: int) -> list[float]:
    """A fair coin for each step: 1 or -1, the same on every machine."""
    random = Random(seed)
    return [2.0 * random.getrandbits(1) - 1 for _ in range(STEPS)]


COINS = [_coins(seed) for seed in range(len(START))]


class Walk(NamedTuple):
    """What a run leaves of one coordinate.

    Attributes:
        places: where it is, the start first.
        rates: its own learning rate in each step; None where it has no slope.
    """

    places: list[float]
    rates: list[float | None]


def walks(
    rule: UpdateRule[..., Any], noise: float, **settings: float
) -> list[Walk]:
    """Descend into the bowl; each gradient is off by the noise, up or down."""
    step: Callable[..., Any] = rule.function
    found = []
    for place, curvature, coins in zip(START, CURVATURES, COINS, strict=True):
        state, walk = rule.start, Walk([place], [])
        for coin in coins:
            gradient = noise * coin - curvature * place
            move, state = step(gradient, state, **settings)
            place += move
            walk.places.append(place)
            walk.rates.append(move / gradient if gradient else None)
        found.append(walk)
    return found


def left(found: Sequence[Walk]) -> float:
    """The root mean square of the distance over the last steps."""
    late = [place for walk in found for place in walk.places[-LATE:]]
    return sqrt(sum(place * place for place in late) / LATE)


def ten(number: float, low: float, high: float) -> float:
    """The power of ten that a size is, or the end that it is beyond.

    The last bits of the C library's logarithm are rounded off.
    """
    power = round(log10(abs(number)), 6) if number else low
    return min(max(power, low), high)


def _lines(
    sizes: Sequence[Sequence[float | None]], low: float, high: float
) -> list[Layer]:
    """For each coordinate a line over the steps, with marks here and there."""
    layers: list[Layer] = []
    for which, line in enumerate(sizes):
        points = [
            None if size is None else (ten(t, 0, 9), ten(size, low, high))
            for t, size in enumerate(line, start=1)
        ]
        marked = [points[t - 1] for t in MARKED]
        layers.append(Curve(points, color=which))
        layers.append(Curve(marked, color=which, mark=which, line=False))
    return layers


def drawn(
    rule: UpdateRule[..., Any],
    widest: float,
    lr: float,
    noise: float,
    **settings: float,
) -> Drawing:
    """A rule's run at a learning rate, and what is left of it at all others."""
    found = walks(rule, noise, lr=lr, **settings)
    shares = (i / SETTINGS for i in range(SETTINGS + 1))
    across = [widest * share * share for share in shares]
    after = [
        (x, ten(left(walks(rule, noise, lr=x, **settings)), LEAST, MOST))
        for x in across
    ]
    here = lr, ten(left(found), LEAST, MOST)
    return Drawing(
        {
            "rates": _lines(
                [walk.rates for walk in found], SLOWEST - 1, FASTEST + 1
            ),
            "distance": _lines(
                [walk.places[1:] for walk in found], LEAST - 1, MOST + 1
            ),
            "left": [
                Curve(sorted({*after, here}), color=2),
                Handle(here, "The learning rate", ("lr", None)),
            ],
        },
        f"In {STEPS} steps the own learning rate of x₁ goes {_told(found[0])}, "
        f"that of x₂ {_told(found[1])}.",
    )


def _told(walk: Walk) -> str:
    rates = [rate for rate in walk.rates if rate is not None]
    if not rates:
        return "nowhere: it has no slope"
    return f"from {rates[0]:.3g} to {rates[-1]:.3g}"


def _panels(widest: float) -> dict[str, Panel]:
    end = ten(STEPS, 0, 9)
    ground: list[Ground] = []
    for which, (curvature, name) in enumerate(
        zip(CURVATURES, (r"$2/\lambda_1$", r"$2/\lambda_2$"), strict=True)
    ):
        wall = ten(2 / curvature, SLOWEST, FASTEST)
        ground.append(Curve([(0, wall), (end, wall)], which, dashed=True))
        ground.append(Words((end / 2, wall), name))
    steps = Axis("step", 0, end, powers=True)
    return {
        "rates": Panel(
            steps,
            Axis("own learning rate", SLOWEST, FASTEST, powers=True),
            ground,
        ),
        "distance": Panel(steps, Axis("distance", LEAST, MOST, powers=True)),
        "left": Panel(
            Axis(r"$\eta$", 0, widest),
            Axis("distance at the end", LEAST, MOST, powers=True),
        ),
    }


LAYOUT = [*["rates rates"] * 4, *["distance left"] * 4]
HEIGHT = 5.2
WideLr = Annotated[
    float,
    NON_NEGATIVE,
    Control("learning rate, η", "parameter units", (0, WIDE_LR)),
]
NarrowLr = Annotated[
    float,
    NON_NEGATIVE,
    Control("learning rate, η", "parameter units", (0, NARROW_LR)),
]
Alpha = Annotated[
    float, SHARE, Control("memory of the square, α", "share", (0, 0.99))
]


@diagram(partial(_panels, WIDE_LR), LAYOUT, HEIGHT)
def adagrad(lr: WideLr = 0.4, noise: NOISE = 0.0) -> Drawing:
    """AdaGrad: both own learning rates over the steps, and what is left."""
    return drawn(rules.adagrad, WIDE_LR, lr, noise)


@diagram(partial(_panels, NARROW_LR), LAYOUT, HEIGHT)
def rmsprop(
    lr: NarrowLr = 0.4, alpha: Alpha = 0.9, noise: NOISE = 0.0
) -> Drawing:
    """RMSProp: the same of a rule whose learning rates rise again."""
    return drawn(rules.rmsprop, NARROW_LR, lr, noise, alpha=alpha)
