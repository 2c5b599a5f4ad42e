"""A game of two numbers: where a generator puts a point, and a logit's slope.

Source: the Dirac-GAN of Mescheder, Geiger and Nowozin (2018).
"""

import cmath
import math
from collections.abc import Sequence
from typing import Annotated

from gradient_ascent.arguments import Interval
from gradient_ascent.ops import exp
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, Points, diagram
from .turns import METHODS, Place, roots, take_turns, until

SIDE, STEPS, ARROWS, LONGEST, FAR = 2.0, 100, 9, 0.3, 20.0
LEAST, MOST = -3, 1  # powers of ten of the distance
FORMS = ("minimax", "non-saturating")


def _which(label: str, names: Sequence[str]) -> Control:
    told = ", ".join(f"{i} {name}" for i, name in enumerate(names, start=1))
    return Control(f"{label}: {told}", range=(1, len(names)), whole=True)


Method = Annotated[
    float, Interval(1, 4, open_high=False), _which("play", METHODS)
]
Form = Annotated[
    float, Interval(1, 2, open_high=False), _which("generator's payoff", FORMS)
]
Inside = Interval(-SIDE, SIDE, open_high=False)
Theta = Annotated[
    float, Inside, Control("generator, θ", "units of the data", (-SIDE, SIDE))
]
Psi = Annotated[
    float, Inside, Control("discriminator, ψ", "logit per unit", (-SIDE, SIDE))
]
LearningRate = Annotated[
    float,
    Interval(0.02, 1, open_high=False),
    Control("learning rate, η", "parameter per gradient", (0.02, 1)),
]
Penalty = Annotated[
    float,
    Interval(0, 2, open_high=False),
    Control("penalty, γ", "per squared slope", (0, 2)),
]


def sigmoid(a: float) -> float:
    """What a discriminator makes of a logit; no power overflows."""
    if a < 0:
        return exp(a) / (1 + exp(a))
    return 1 / (1 + exp(-a))


def field(z: Place, form: str = "minimax", penalty: float = 0.0) -> Place:
    """The slope of each player's payoff along its own number.

    The datum lies at 0, the generated point at θ, the logit is ψ x.
    """
    theta, psi = z
    a = theta * psi
    own = sigmoid(a) if form == "minimax" else sigmoid(-a)
    return psi * own, -theta * sigmoid(a) - penalty * psi


def play(
    method: str,
    start: Place,
    lr: float,
    form: str = "minimax",
    penalty: float = 0.0,
    steps: int = STEPS,
) -> list[Place]:
    """The places of both players, who climb; until one is far away."""
    visited = take_turns(
        method, start, lambda z: field(z, form, penalty), lr, steps
    )
    return until(visited, FAR)


def factor(method: str, lr: float, penalty: float = 0.0) -> float:
    """By what a step multiplies the distance near (0, 0), in the long run.

    There the field is linear, with the eigenvalues l = (-γ ± √(γ² - 1)) / 2.
    """
    root = cmath.sqrt(penalty * penalty - 1)
    if method == "alternating":
        half, det = lr / 2, 1 - lr * penalty
        both = roots(1 + det - half * half, det)
    else:
        both = []
        for length in ((-penalty + root) / 2, (-penalty - root) / 2):
            q = lr * length
            if method == "optimistic":
                both += roots(1 + 2 * q, q)
            else:
                both.append(1 + q + (method == "extragradient") * q * q)
    return max(map(abs, both))


def arrows(form: str, penalty: float) -> Points:
    """The field on a grid, as strokes with heads; a full one is LONGEST."""
    places = [SIDE * (2 * i / (ARROWS - 1) - 1) for i in range(ARROWS)]
    ups = {(x, y): field((x, y), form, penalty) for x in places for y in places}
    longest = max(math.hypot(*up) for up in ups.values())
    points: list[Place | None] = []
    for (x, y), (across, upward) in ups.items():
        size = math.hypot(across, upward)
        if size == 0:
            continue
        length = LONGEST * math.sqrt(size / longest) / size
        u, v = length * across, length * upward
        tip = (x + u, y + v)
        points += [(x, y), tip]
        points.append(
            (tip[0] - 0.3 * u - 0.15 * v, tip[1] - 0.3 * v + 0.15 * u)
        )
        points += [
            tip,
            (tip[0] - 0.3 * u + 0.15 * v, tip[1] - 0.3 * v - 0.15 * u),
        ]
        points.append(None)
    return points


def _power(distance: float) -> float:
    """Logarithms may differ in the last bit from one machine to the next."""
    return round(math.log10(max(distance, 1e-9)), 6)


def _panels() -> dict[str, Panel]:
    return {
        "plane": Panel(
            Axis(r"generator, $\theta$", -SIDE, SIDE),
            Axis(r"discriminator, $\psi$", -SIDE, SIDE),
            to_scale=True,
        ),
        "line": Panel(
            Axis("$x$", -SIDE, SIDE),
            Axis("$D(x)$", 0, 1),
            [Curve([(-SIDE, 0.5), (SIDE, 0.5)], color=None, dashed=True)],
        ),
        "distance": Panel(
            Axis("step", 0, STEPS),
            Axis("distance", LEAST, MOST, powers=True),
        ),
    }


@diagram(_panels, ["plane line", "plane distance"], 3.6)
def dirac(
    theta: Theta = 1.0,
    psi: Psi = 0.0,
    method: Method = 1.0,
    form: Form = 1.0,
    lr: LearningRate = 0.2,
    penalty: Penalty = 0.0,
) -> Drawing:
    """The field of both slopes, a run of both players, what D is at first."""
    start, way = (theta, psi), METHODS[round(method) - 1]
    payoff = FORMS[round(form) - 1]
    visited = play(way, start, lr, payoff, penalty)
    first, grows = math.hypot(*start), round(factor(way, lr, penalty), 6)
    away = [math.hypot(*z) for z in visited]
    said = [(t, _power(first * grows**t)) for t in range(STEPS + 1)]
    seen = [
        (SIDE * (i / 20 - 1), sigmoid(psi * SIDE * (i / 20 - 1)))
        for i in range(41)
    ]
    return Drawing(
        {
            "plane": [
                Curve(arrows(payoff, penalty), color=None),
                Curve(visited, color=0),
                Curve([(0.0, 0.0)], color=1, mark=1, line=False),
                Handle(start, "Where both begin", ("theta", "psi")),
            ],
            "line": [
                Curve(seen, color=0),
                Curve([(theta, 0), (theta, sigmoid(theta * psi))], color=0),
                Curve([(theta, sigmoid(theta * psi))], mark=0, line=False),
                Curve([(0.0, 0.5)], color=1, mark=1, line=False),
            ],
            "distance": [
                Curve(said, color=None, dashed=True),
                Curve([(t, _power(x)) for t, x in enumerate(away)], color=0),
            ],
        },
        f"{way.capitalize()} play, {payoff}: after {len(visited) - 1} steps "
        f"the players are {away[-1]:.3g} away, from {first:.3g}. Near the "
        f"rest point a step multiplies the distance by {grows:.4f} in the long "
        "run.",
    )  # fmt: skip
