"""The simplest game, played by any rule and method."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.optim import SGD, Optimizer

from gradient_ascent.games import Method, MinMax
from tools import games

METHODS: list[Method] = ["simultaneous", "alternating", "extragradient", "optimistic"]
PLAIN: dict[str, Any] = {"lr": 0.1}

every_method = pytest.mark.parametrize("method", METHODS)
every_rule = pytest.mark.parametrize("rule", games.RULES.values(), ids=games.RULES)


class Bilinear:
    """The game x · y from (1, 1): x descends and y climbs, saddle at the origin.

    With `own`, that times x² - y² is added.
    """

    def __init__(
        self,
        method: Method,
        rule: Callable[..., Optimizer] = SGD,
        start: tuple[float, float] = (1.0, 1.0),
        own: float = 0.0,
        **hyperparameters: Any,
    ) -> None:
        self.own = own
        self.x, self.y = (
            torch.tensor([v], dtype=torch.float64, requires_grad=True) for v in start
        )
        sides = [{"params": [self.x], "maximize": False}, {"params": [self.y]}]
        self.optimizer = rule(sides, maximize=True, **hyperparameters)
        self.game = MinMax(self.optimizer, method)

    def payoff(self) -> Tensor:
        own = self.own * (self.x.square() - self.y.square())
        return (self.x * self.y + own).sum()

    def play(self, steps: int) -> "Bilinear":
        for _ in range(steps):
            self.game.step(self.payoff)
        return self

    def stand(self, *z: float) -> None:
        """Put the players somewhere."""
        for player, value in zip((self.x, self.y), z):
            player.detach().fill_(value)

    def move(self, *gradients: Tensor) -> None:
        """Step on these gradients, or on those where the players stand."""
        here = self.y.detach().clone(), self.x.detach().clone()
        self.x.grad, self.y.grad = gradients or here
        self.optimizer.step()

    @property
    def z(self) -> tuple[float, float]:
        return self.x.item(), self.y.item()

    @property
    def distance(self) -> float:
        return float(np.hypot(*self.z))


def field(z: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Both gradients of x · y, each in its player's direction."""
    return np.array([-z[1], z[0]])


class Duel(Bilinear):
    """x · y, each player with an optimizer of its own."""

    def __init__(
        self,
        method: Method,
        lower: Callable[..., Optimizer],
        upper: Callable[..., Optimizer],
        **hyperparameters: Any,
    ) -> None:
        super().__init__(method, SGD, lr=0.0, own=0.5)
        self.players: list[Optimizer] = [
            lower([self.x], maximize=False, **hyperparameters),
            upper([self.y], maximize=True, **hyperparameters),
        ]
        self.game = MinMax(self.players, method)
