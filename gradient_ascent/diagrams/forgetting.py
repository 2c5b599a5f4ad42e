"""The game that Adam forgets: who wins a round of it, and where two rules go.

In every third step the uphill gradient is -C, else it is 1, and the parameter
is kept between -1 and 1. Both rules are without memory of the gradient and
without bias correction, as in the paper.

Source: Reddi, Kale, Kumar (2018), whose game is this one upside down.
"""

from collections.abc import Callable
from math import sqrt
from typing import Annotated, Any

from gradient_ascent import rules
from gradient_ascent.arguments import SHARE, Interval
from gradient_ascent.ops import clip
from gradient_ascent.rules import UpdateRule
from gradient_ascent.rules.declaration import Control

from .kinds import Axis, Curve, Drawing, Handle, Panel, Words, diagram, signed

PERIOD, STEPS, SEEN, MOST, FASTEST = 3, 300, 30, 8.0, 0.1
Large = Annotated[
    float,
    Interval(1, MOST, open_high=False),
    Control("large gradient, C", "small ones", (1, MOST)),
]
Beta2 = Annotated[
    float, SHARE, Control("memory of the square, β₂", "share", (0, 0.99))
]
LearningRate = Annotated[
    float,
    Interval(0, FASTEST, open_high=False),
    Control("learning rate, η", "parameter units", (0, FASTEST)),
]


def averages(large: float, beta2: float, period: int = PERIOD) -> list[float]:
    """The v of a round in the long run, from its large gradient on.

    They are 1 + A β₂ᵏ with A = (C² - 1) / (1 + β₂ + ... + β₂ᴺ⁻¹).
    """
    left = [1.0]
    for _ in range(period - 1):
        left.append(beta2 * left[-1])
    excess = (large * large - 1) / sum(left)
    return [1 + excess * each for each in left]


def moved(large: float, beta2: float, period: int = PERIOD) -> float:
    """How far Adam goes up in such a round, in learning rates."""
    first, *others = averages(large, beta2, period)
    return sum(1 / sqrt(v) for v in others) - large / sqrt(first)


def moved_by_amsgrad(large: float, beta2: float, period: int = PERIOD) -> float:
    """How far AMSGrad goes up in a round, once its scale has grown."""
    return (period - 1 - large) / sqrt(averages(large, beta2, period)[0])


def threshold(large: float, period: int = PERIOD) -> float:
    """The β₂ at which Adam stands still; it goes up below, down above.

    It is 1 where C is period - 1 or less: there it goes up for every β₂.
    """
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if moved(large, middle, period) > 0:
            low = middle
        else:
            high = middle
    return high


def play(
    rule: UpdateRule[..., Any],
    large: float,
    beta2: float,
    lr: float,
    steps: int = STEPS,
) -> tuple[list[float], list[float]]:
    """Where a rule goes from 0, and the root that each step is divided by."""
    take: Callable[..., Any] = rule.function
    state, visited, roots = rule.start, [0.0], []
    for t in range(steps):
        step, state = take(
            1.0 if t % PERIOD else -large,
            state,
            lr=lr, beta1=0.0, beta2=beta2, eps=0.0, bias_correction=False,
        )  # fmt: skip
        visited.append(clip(visited[-1] + step, -1.0, 1.0))
        roots.append(sqrt(state[-1]))
    return visited, roots


def _panels() -> dict[str, Panel]:
    larger = [2 + (MOST - 2) * i / 60 for i in range(61)]
    return {
        "map": Panel(
            Axis("$C$", 1, MOST),
            Axis(r"$\beta_2$", 0, 1),
            [
                Curve([(2, 0), (2, 1)], color=None, dashed=True),
                Curve([(large, threshold(large)) for large in larger], color=0),
                Words((5.4, 0.1), "Adam is wrong"),
                Words((5.2, 0.6), "Adam is right"),
            ],
        ),
        "scale": Panel(Axis("step", 0, SEEN), Axis("divisor", 0, MOST)),
        "path": Panel(
            Axis("step", 0, STEPS),
            Axis(r"$\theta$", -1.1, 1.1),
            [Curve([(0, 0), (STEPS, 0)], color=None, dashed=True)],
        ),
    }


@diagram(_panels, [*["map scale"] * 4, *["path path"] * 3], 4.8)
def forgetting(
    large: Large = 3.0, beta2: Beta2 = 0.1, lr: LearningRate = 0.02
) -> Drawing:
    """Who wins a round at (C, β₂), the divisors, and both runs from 0."""
    games = [
        play(rule, large, beta2, lr) for rule in (rules.adam, rules.amsgrad)
    ]
    return Drawing(
        {
            "map": [
                Handle((large, beta2), "The pair (C, β₂)", ("large", "beta2"))
            ],
            "scale": [
                Curve(
                    [(t + 1, root) for t, root in enumerate(roots[:SEEN])],
                    color=which, dashed=which == 1, mark=None if which else 0,
                )
                for which, (_, roots) in enumerate(games)
            ],
            "path": [
                Curve(list(enumerate(visited)), color=which, dashed=which == 1)
                for which, (visited, _) in enumerate(games)
            ],
        },
        f"{best(large)} In a round Adam moves by "
        f"{signed(moved(large, beta2))} η and AMSGrad by "
        f"{signed(moved_by_amsgrad(large, beta2))} η, once they have settled: "
        f"{verdict(large, beta2)}.",
    )  # fmt: skip


def best(large: float) -> str:
    """Which end is the better one."""
    if large == PERIOD - 1:
        return "Both ends are equally good."
    return f"The better end is {'−1' if large > PERIOD - 1 else '+1'}."


def verdict(large: float, beta2: float) -> str:
    """Where Adam goes, in words: the cases of the theorem."""
    way = moved(large, beta2)
    if abs(way) < 1e-12:
        return "Adam stands still"
    end = "+1" if way > 0 else "−1"
    if large == PERIOD - 1:
        return f"Adam goes to {end}"
    wrong = (way > 0) == (large > PERIOD - 1)
    return f"Adam goes to {end}, the {'wrong' if wrong else 'right'} end"
