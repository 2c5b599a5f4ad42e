"""A machine of three arms: where its exact gradient leads a softmax policy."""

from collections.abc import Callable, Sequence
from math import fsum
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import Interval
from gradient_ascent.ops import exp
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
    Words,
    diagram,
)

REWARDS = (1.0, 0.7, 0.0)
REACH, STEPS, LR = 5.0, 400, 0.5
SIDE, LONGEST, HEAD = 10, 0.085, 0.3  # of the field's arrows

Numbers = Sequence[float]
Field = Callable[[Numbers, float], list[float]]
Inside = Interval(-REACH, REACH, open_high=False)
First = Annotated[
    float,
    Inside,
    Control("first arm's logit, θ₁", "above the third's", (-REACH, REACH)),
]
Second = Annotated[
    float,
    Inside,
    Control("second arm's logit, θ₂", "above the third's", (-REACH, REACH)),
]
Entropy = Annotated[
    float,
    Interval(-0.5, 0.5, open_high=False),
    Control("weight of the entropy, β", "reward per nat", (-0.5, 0.5)),
]


def softmax(theta: Numbers) -> list[float]:
    """The probabilities of the arms."""
    top = max(theta)
    parts = [exp(each - top) for each in theta]
    return [each / fsum(parts) for each in parts]


def worths(theta: Numbers, beta: float) -> list[float]:
    """What a pull is worth, r - β log π, but for one number for all arms."""
    return [r - beta * each for r, each in zip(REWARDS, theta)]


def gradient(theta: Numbers, beta: float) -> list[float]:
    """Of the expected reward with β times the entropy."""
    pi, worth = softmax(theta), worths(theta, beta)
    mean = fsum(p * q for p, q in zip(pi, worth))
    return [p * (q - mean) for p, q in zip(pi, worth)]


def natural(theta: Numbers, beta: float) -> list[float]:
    """The same, divided by the Fisher information."""
    worth = worths(theta, beta)
    mean = fsum(worth) / len(worth)
    return [q - mean for q in worth]


def path(uphill: Field, theta1: float, theta2: float, beta: float) -> Points:
    """The policies' logits that plain ascent along a field goes through."""
    theta: list[float] = [theta1, theta2, 0.0]
    visited = [theta]
    for _ in range(STEPS):
        steps: Any = [rules.plain(g, lr=LR)[0] for g in uphill(theta, beta)]
        theta = [each + step for each, step in zip(theta, steps)]
        visited.append(theta)
    return visited


def above_third(theta: Numbers) -> tuple[float, float]:
    """The logits of the first two arms above the third's."""
    return theta[0] - theta[2], theta[1] - theta[2]


def reward(pi: Numbers) -> float:
    """What a policy gets in the mean."""
    return fsum(p * r for p, r in zip(pi, REWARDS))


def drift(pi: Numbers) -> list[float]:
    """How the probabilities move along the exact gradient: F ∇f."""
    f = reward(pi)
    slope = [p * (r - f) for p, r in zip(pi, REWARDS)]
    mean = fsum(p * g for p, g in zip(pi, slope))
    return [p * (g - mean) for p, g in zip(pi, slope)]


def arrows() -> Points:
    """The drift on the simplex, drawn as arrows of lengths to scale."""
    places = [
        ((i + 1) / (SIDE + 3), (j + 1) / (SIDE + 3))
        for i in range(SIDE + 1)
        for j in range(SIDE + 1 - i)
    ]
    moves = [drift([x, y, 1 - x - y])[:2] for x, y in places]
    scale = LONGEST / max((u * u + v * v) ** 0.5 for u, v in moves)
    drawn: list[Numbers | None] = []
    for (x, y), (u, v) in zip(places, moves):
        u, v = scale * u, scale * v
        tip = x + u, y + v
        sides = [
            (tip[0] - HEAD * (u - side * v), tip[1] - HEAD * (v + side * u))
            for side in (0.6, -0.6)
        ]
        drawn += [(x, y), tip, sides[0], tip, sides[1], None]
    return drawn


def _panels() -> dict[str, Panel]:
    places = [-REACH + REACH * i / 25 for i in range(51)]
    # Deeper is lower here; expected rewards are the other way round.
    heights = [[-reward(softmax([x, y, 0.0])) for x in places] for y in places]
    levels = [-each / 100 for each in (99, 95, 90, 80, 72, 68, 60, 40, 20, 5)]
    names = ((0.9, -0.07, "first"), (0.2, 1, "second"), (0.1, -0.07, "third"))
    simplex: list[Ground] = [
        Curve([(0, 0), (1, 0), (0, 1), (0, 0)], color=None),
        Curve(arrows(), color=None),
    ]
    simplex += [Words((x, y), name) for x, y, name in names]
    return {
        "logits": Panel(
            Axis(r"$\theta_1 - \theta_3$", -REACH, REACH),
            Axis(r"$\theta_2 - \theta_3$", -REACH, REACH),
            [Levels(places, places, heights, levels)],
            to_scale=True,
        ),
        "simplex": Panel(
            Axis(r"$\pi_1$", -0.13, 1.07),
            Axis(r"$\pi_2$", -0.13, 1.07),
            simplex,
            to_scale=True,
        ),
        "reward": Panel(
            Axis("step", 0, STEPS),
            Axis("expected reward", 0, 1.05),
            [
                Curve([(0, r), (STEPS, r)], color=None, dashed=True)
                for r in REWARDS[:2]
            ],
        ),
    }


@diagram(_panels, [*["logits simplex"] * 5, *["reward reward"] * 3], 5.2)
def bandit(
    theta1: First = -1.0, theta2: Second = 2.0, beta: Entropy = 0.0
) -> Drawing:
    """A softmax policy on three arms, by the gradient and the natural one."""
    runs = [
        path(uphill, theta1, theta2, beta) for uphill in (gradient, natural)
    ]
    chances = [[softmax(each) for each in run if each] for run in runs]
    return Drawing(
        {
            "logits": [
                *(
                    Curve([above_third(each) for each in run if each], color=i)
                    for i, run in reversed([*enumerate(runs)])
                ),
                Handle((theta1, theta2), "The start", ("theta1", "theta2")),
            ],
            "simplex": [
                Curve([each[:2] for each in run], color=i)
                for i, run in reversed([*enumerate(chances)])
            ]
            + [Curve([chances[0][0][:2]], color=0, mark=0, line=False)],
            "reward": [
                Curve(
                    [(t, reward(each)) for t, each in enumerate(run)], color=i
                )
                for i, run in reversed([*enumerate(chances)])
            ],
        },
        f"After {STEPS} steps the best arm has probability "
        f"{chances[0][-1][0]:.3f} by the gradient, and {chances[1][-1][0]:.3f} "
        "by the natural gradient.",
    )
