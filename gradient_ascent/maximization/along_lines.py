"""Climbing along lines, each until a search finds f high enough."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from gradient_ascent.maximization.flat import (
    Closure,
    Searching,
    error,
    fill,
    flatten,
)
from gradient_ascent.maximization.line_search import LEVEL, Trial, search


class AlongLines(Searching):
    """A method that says where to search; it goes to what `search` finds.

    Attributes:
        level: where along a line a slope is small enough; see `search`.
    """

    level = LEVEL

    def _go_on(
        self, closure: Closure, height: float, x: Tensor, g: Tensor
    ) -> None:
        rounding = error(x, height)
        reached = x
        for direction, first in self._directions(x, g):
            start = Trial(0.0, height, float(direction @ g), (x, g))
            line = self._line(closure, x, direction)
            found = search(line, start, first, rounding, self.level)
            if found is not start:
                reached, slope = found.point
                self._learn(reached, reached - x, g - slope)
                break
        if not torch.equal(flatten(self.points), reached):
            fill(self.tensors, reached)

    @abstractmethod
    def _directions(
        self, x: Tensor, g: Tensor
    ) -> Iterator[tuple[Tensor, float]]:
        """Where to search, uphill, and how far to try first; the best first."""

    def _learn(self, reached: Tensor, step: Tensor, fall: Tensor) -> None:
        """Take note of a step, and of how far the gradient fell over it."""

    def _line(
        self, closure: Callable[[], float], x: Tensor, direction: Tensor
    ) -> Callable[[float], Trial]:
        def look(at: float) -> Trial:
            fill(self.tensors, x + at * direction)
            height, (point, g) = closure(), self.read()
            return Trial(at, height, float(g @ direction), (point, g))

        return look


def along_the_gradient(x: Tensor, g: Tensor) -> Iterator[tuple[Tensor, float]]:
    """The gradient's direction; 0.3 of the length of x to try, or 1 at 0."""
    steepness = float(g.norm())
    if steepness > 0:
        yield g / steepness, 0.3 * float(x.norm()) or 1.0
