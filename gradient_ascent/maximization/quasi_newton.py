"""A quasi-Newton method uphill, free of the units of f and of x."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent.maximization.along_lines import (
    AlongLines,
    along_the_gradient,
)
from gradient_ascent.maximization.flat import flatten

_HISTORY = 250
_NUMBERS = 40_000_000


class QuasiNewton(AlongLines):
    r"""Climb by steps along :math:`H_t g_t`, each as long as a search finds.

    H, in place of the inverse Hessian of -f, is the BFGS matrix of the last
    steps s and the falls y of the gradient over them, made from

    .. math::
        H_0 = \frac{\lVert s \rVert}{\lVert y \rVert} I, \qquad
        H \leftarrow (I - \rho s y^\top) H (I - \rho y s^\top)
        + \rho s s^\top, \qquad \rho = \frac{1}{y^\top s}

    as in L-BFGS, but that the scale of :math:`H_0` is the geometric mean of the
    usual two, :math:`s^\top y / y^\top y` and :math:`s^\top s / s^\top y`. The
    first step, which knows no H, tries 0.3 of the length of x itself (or 1 at
    the origin), so that a run does not depend on the units of f and of x.

    H is of the last 250 steps, or of as many as 40 million numbers hold. If x
    has more numbers than that, the search is looser (c₂ = 0.9 in place of 0.5),
    and the scale is the first of the two once a step has been forgotten: H
    knows too little then for long steps in all other directions.

    Args:
        params: what to move: tensors of any shape, complex ones as well.

    Source: Nocedal (1980); Nocedal, Wright (2006), algorithm 7.4.
    """

    def __init__(self, params: ParamsT) -> None:
        super().__init__(params)
        count = len(flatten(self.points))
        size = max(2, min(_HISTORY, _NUMBERS // (2 * count + 1)))
        self.memory = Memory(size)
        self._limited = size < count
        if self._limited:
            self.level = 0.9
        self._reached: Tensor | None = None

    def _directions(
        self, x: Tensor, g: Tensor
    ) -> Iterator[tuple[Tensor, float]]:
        if self._reached is None or not torch.equal(x, self._reached):
            self.memory.clear()  # somebody else has moved it
        if self.memory.pairs:
            direction = self.memory.times(g)
            if float(direction @ g) > 0:
                yield direction, 1.0
                self.memory.clear()
        yield from along_the_gradient(x, g)

    def _learn(self, reached: Tensor, step: Tensor, fall: Tensor) -> None:
        self._reached = reached
        self.memory.add(step, fall)
        if self._limited and len(self.memory.pairs) == self.memory.size:
            last = self.memory.pairs[-1]
            self.memory.scale = 1 / float(last.rho * (last.fall @ last.fall))


class Pair(NamedTuple):
    """A step, the fall of the gradient over it, and ρ."""

    step: Tensor
    fall: Tensor
    rho: float


class Memory:
    """The matrix H, kept as the pairs that it is made of."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pairs: list[Pair] = []
        self.scale = 1.0

    def clear(self) -> None:
        """Forget all pairs."""
        self.pairs.clear()

    def add(self, step: Tensor, fall: Tensor) -> None:
        """Learn from a step, if f curved downward over it."""
        lengths = float(step.norm()), float(fall.norm())
        product = float(step @ fall)
        if product > 1e-14 * lengths[0] * lengths[1] > 0:
            self.pairs = [*self.pairs, Pair(step, fall, 1 / product)]
            self.pairs = self.pairs[-self.size :]
            self.scale = lengths[0] / lengths[1]

    def times(self, g: Tensor) -> Tensor:
        """Hg, by the two loops of L-BFGS."""
        result, weights = g.clone(), []
        for step, fall, rho in reversed(self.pairs):
            weight = rho * (step @ result)
            result -= weight * fall
            weights.append(weight)
        result *= self.scale
        for (step, fall, rho), weight in zip(self.pairs, reversed(weights)):
            result += (weight - rho * (fall @ result)) * step
        return result
