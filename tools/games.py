"""Play strongly monotone games by every rule and method; print how far they end.

python -m tools.games
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, NamedTuple, get_args

import torch
from torch import Tensor
from torch.optim.lr_scheduler import PolynomialLR

from gradient_ascent import optim
from gradient_ascent.games import Method, MinMax

STEPS = 1000
RATE = 0.05
RATES = {"adagrad": 1.0, "amsgrad": 0.2}  # their scales never shrink
METHODS: tuple[Method, ...] = get_args(Method)
RULES = {name: kind for name, kind in optim.OPTIMIZERS.items() if name != "lbfgs"}
# Players who turn around each other overshoot by what they remember (Gidel et al.
# 2019 take these shares for their Adam), and decay would move the saddle.
OPTIONS = {"momentum": 0.5, "betas": (0.5, 0.9), "beta": 0.9, "weight_decay": 0}


class Game(NamedTuple):
    """A payoff that the first player lowers, the second lifts, a third lowers.

    Attributes:
        payoff: of the players' distances from the saddle, one number a row.
        saddle: where each player stands there.
    """

    payoff: Callable[..., Tensor]
    saddle: list[list[float]]


def _three(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    own = (x.square() + z.square() - y.square()).sum(-1) / 2
    return own + (y * (x + z.flip(-1))).sum(-1) + x[:, 0] * z[:, 1] / 2


GAMES = {
    "even": Game(lambda x, y: x**2 + x * y - y**2, [[1.0], [2.0]]),
    "coupled": Game(lambda x, y: x**2 / 2 + 2 * x * y - y**2 / 2, [[-1.0], [0.5]]),
    "scaled": Game(lambda x, y: 5 * x**2 + 2 * x * y - y**2 / 2, [[0.0], [3.0]]),
    "curved": Game(
        lambda x, y: x**2 / 2 + x.cosh().log() + 2 * x * y - y**2 - y**4 / 9,
        [[0.5], [-0.5]],
    ),
    "three": Game(_three, [[1.0, 0.0], [0.0, -1.0], [2.0, 1.0]]),
}
STARTS = [1.013, 0.017], [0.029, -1.987], [-0.971, 1.009], [0.319, 1.713]


def distances(
    rule: str, method: Method, falling: bool, steps: int = STEPS
) -> dict[str, float]:
    """How far from the saddle of each game the farthest of all starts ends.

    No rule mixes coordinates, so all games are played at once.

    Args:
        rule: its name.
        method: how the players take turns.
        falling: let the rate fall, as (1 - t / steps)², instead of keeping it.
        steps: how many.
    """
    places = {name: start(game) for name, game in GAMES.items()}
    sides = [
        {"params": [x[player] for x in places.values() if len(x) > player],
         "maximize": player == 1}
        for player in range(max(map(len, places.values())))
    ]  # fmt: skip
    optimizer = RULES[rule](sides, **options(rule))
    match, power = MinMax(optimizer, method), 2 if falling else 0
    schedule = PolynomialLR(optimizer, steps, power)

    def payoff() -> Tensor:
        worth = [game.payoff(*away(name)).sum() for name, game in GAMES.items()]
        return torch.stack(worth).sum()

    def away(name: str) -> list[Tensor]:
        pairs = zip(places[name], GAMES[name].saddle)
        return [x - x.new_tensor(saddle) for x, saddle in pairs]

    for _ in range(steps):
        match.step(payoff)
        schedule.step()
    return {
        name: torch.cat(away(name), dim=1).norm(dim=1).max().item() for name in GAMES
    }


def start(game: Game) -> list[Tensor]:
    """A tensor a player, with a row a start; the players do not start alike."""
    return [
        torch.tensor(STARTS, dtype=torch.float64)
        .roll(player, 0)[:, : len(saddle)]
        .add(torch.tensor(saddle))
        .requires_grad_()
        for player, saddle in enumerate(game.saddle)
    ]


def options(rule: str) -> dict[str, Any]:
    """The rate, and of `OPTIONS` those that the rule has by default."""
    known = signature(RULES[rule]).parameters
    mine = {name: x for name, x in OPTIONS.items() if name in known}
    chosen = {name: x for name, x in mine.items() if known[name].default}
    return {"lr": RATES.get(rule, RATE), **chosen}


def main(steps: int = STEPS) -> None:
    """Print a table for a falling rate and one for a constant one."""
    rates = ", ".join(f"{name} {rate}" for name, rate in RATES.items())
    for falling in (True, False):
        print(
            f"distance from the saddle after {steps} steps, the farthest of "
            f"{len(STARTS)} starts\nrate {RATE} ({rates})"
            + (", falling as (1 - t / steps)²\n" if falling else " throughout\n")
        )
        print(f"{'':<31}" + "".join(f"{name:>9}" for name in GAMES))
        for rule in RULES:
            for method in METHODS:
                ends = distances(rule, method, falling, steps)
                cells = "".join(f"{ends[game]:>9.0e}" for game in GAMES)
                print(f"{rule:<16}{method:<15}{cells}", flush=True)
        print()


if __name__ == "__main__":
    main()
