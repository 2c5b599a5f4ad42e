"""A pole on a cart, many at once: the physics of gymnasium's CartPole-v1."""

from __future__ import annotations

from math import pi
from typing import NamedTuple

import torch
from torch import Tensor

GRAVITY, FORCE, TICK = 9.8, 10.0, 0.02  # m/s², N, s
CART, POLE, HALF = 1.0, 0.1, 0.5  # kg, kg, m: half of the pole's length
EDGE, TILT = 2.4, 12 * 2 * pi / 360  # m, rad: beyond them it is over
WOBBLE = 0.05  # of each number of the first state


class CartPole(NamedTuple):
    """Push a cart to the left or right so that its pole does not fall.

    A state is four numbers: where the cart is (m), how fast it goes, the angle
    of the pole (rad, to the right of upright) and how fast that grows. Each
    step pays 1, the one in which the pole falls or the cart leaves the track
    included.

    Attributes:
        limit: of steps; an episode that gets there is cut off.

    Source: Barto, Sutton and Anderson (1983); gymnasium's `CartPole-v1`, whose
        states these are, step by step.
    """

    limit: int = 500

    def start(
        self, shape: tuple[int, ...], generator: torch.Generator
    ) -> Tensor:
        """First states, each number drawn evenly from ±0.05: `(*shape, 4)`."""
        drawn = torch.rand(*shape, 4, dtype=torch.float64, generator=generator)
        return WOBBLE * (2 * drawn - 1)

    def seen(self, state: Tensor) -> Tensor:
        """What a policy sees of states: all, in single precision."""
        return state.float()

    def step(
        self, state: Tensor, action: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Push for a fiftieth of a second.

        Args:
            state: shape (..., 4).
            action: 0 to push to the left, 1 to the right; shape (...).

        Returns:
            The next states, what the steps paid, and whether that was the end.

        Raises:
            ValueError: shapes that do not fit.
        """
        if state.shape != (*action.shape, 4):
            got = f"{tuple(state.shape)} and {tuple(action.shape)}"
            raise ValueError(
                "CartPole.step: state and action must be (..., 4) and (...), "
                f"got {got}"
            )
        x, speed, angle, spin = state.unbind(-1)
        force = FORCE * (2 * action - 1)
        cosine, sine = angle.cos(), angle.sin()
        push = (force + POLE * HALF * spin * spin * sine) / (CART + POLE)
        twist = (GRAVITY * sine - cosine * push) / (
            HALF * (4 / 3 - POLE * cosine * cosine / (CART + POLE))
        )
        pull = push - POLE * HALF * twist * cosine / (CART + POLE)
        change = torch.stack([speed, pull, spin, twist], -1)
        after = state + TICK * change
        over = (after[..., 0].abs() > EDGE) | (after[..., 2].abs() > TILT)
        return after, torch.ones_like(x), over
