"""The quasi-Newton method within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradient_ascent.maximization.along_lines import along_the_gradient
from gradient_ascent.maximization.flat import Closure, Searching, error, fill
from gradient_ascent.maximization.projected_gradient import shorter
from gradient_ascent.maximization.quasi_newton import Memory

_GAIN = 1e-4
_TRIALS = 40
_HISTORY = 20


class BoundedQuasiNewton(Searching):
    r"""Climb by quasi-Newton steps of the coordinates that no bound holds.

    .. math::
        \theta_t = P(\theta_{t-1} + a_t d_t), \qquad d_F = H_F\, g_F

    P clips to the bounds. F are the free coordinates: all but those at a bound
    out of which the gradient leads, for which d = 0. :math:`H_F` is the matrix
    of `QuasiNewton`, made of what the last 20 steps and falls of the gradient
    have in F. a is 1, and is made smaller until f rises by a share of what its
    slope promises. The first step tries 0.3 of the length of x (or 1 at 0).

    Args:
        params: what to move, within the bounds.
        clip: from a vector to the nearest within the bounds.

    Source: Bertsekas (1982), projected Newton methods, with the matrix of
        L-BFGS, as in Schmidt, Kim, Sra (2011).
    """

    def __init__(
        self, params: list[Tensor], clip: Callable[[Tensor], Tensor]
    ) -> None:
        super().__init__(params)
        self.clip = clip
        self.memory = Memory(_HISTORY)
        self._before: tuple[Tensor, Tensor] | None = None

    def _go_on(
        self, closure: Closure, height: float, x: Tensor, g: Tensor
    ) -> None:
        least = height - error(x, height)
        if self._before is not None:
            self.memory.add(x - self._before[0], self._before[1] - g)
        self._before = x, g
        for direction in self._directions(x, g):
            share = 1.0
            for _ in range(_TRIALS):
                there = self.clip(x + share * direction)
                if torch.equal(there, x):
                    break
                fill(self.tensors, there)
                promised = float((there - x) @ g)
                reached = closure()
                if reached >= least + _GAIN * promised:
                    return
                share *= shorter(promised, reached - height)
        fill(self.tensors, x)

    def _directions(self, x: Tensor, g: Tensor) -> Iterator[Tensor]:
        """The quasi-Newton direction, and that of the gradient."""
        ahead = torch.copysign(torch.full_like(g, torch.inf), g)
        outward = torch.nextafter(x, ahead)
        free = self.clip(torch.where(g == 0, x, outward)) != x
        slope = torch.where(free, g, 0)
        memory = Memory(_HISTORY)
        for step, fall, _ in self.memory.pairs:
            memory.add(torch.where(free, step, 0), torch.where(free, fall, 0))
        if memory.pairs:
            yield memory.times(slope)
        for way, first in along_the_gradient(x, slope):
            yield first * way
