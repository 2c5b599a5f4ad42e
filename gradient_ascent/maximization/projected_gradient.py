"""Projected gradient ascent whose rate is read off f, for climbing in a set."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from torch import Tensor

from gradient_ascent.maximization.flat import (
    Closure,
    Searching,
    error,
    fill,
    flatten,
)

_GAIN = 1e-4
_WINDOW = 10
_TRIALS = 40


class ProjectedGradient(Searching):
    r"""Climb by projected gradient steps of Barzilai's and Borwein's rate.

    .. math::
        \theta_t = P(\theta_{t-1} + \eta_t d_t), \qquad
        d_t = \frac{P(\theta_{t-1} + \epsilon_t g_t) - \theta_{t-1}}
        {\epsilon_t}, \qquad \eta_t = \frac{s^\top s}{s^\top y}

    with what the set leaves of the gradient, d, the last step s and the fall y
    of d over it. So on a sphere the rate knows how the sphere bends. It is made
    smaller until f is higher than the lowest of its last ten values, by a share
    of what its slope promises. The first step tries 0.3 of the length of x
    itself (or 1 at the origin); ε is a thousandth of the last rate.

    Args:
        tensors: what to move, feasible.
        project: from a list of tensors to the nearest feasible ones.

    Source: Birgin, Martínez, Raydan (2000), the spectral projected gradient
        method, here along the projected path.
    """

    def __init__(
        self,
        tensors: list[Tensor],
        project: Callable[[list[Tensor]], list[Tensor]],
    ) -> None:
        super().__init__(tensors)
        self.project = project
        self.heights: deque[float] = deque(maxlen=_WINDOW)
        self._before: tuple[Tensor, Tensor] | None = None
        self._last = 0.0

    def _go_on(
        self, closure: Closure, height: float, x: Tensor, g: Tensor
    ) -> None:
        rounding = error(x, height)
        self.heights.append(height)
        nearby = 1e-3 * (self._last or self._first(x, g))
        direction = (self._go(x + nearby * g) - x) / nearby if nearby else g
        rate = self._last = self._rate(x, direction)
        self._before = x, direction
        for _ in range(_TRIALS):
            step = self._go(x + rate * direction) - x
            if not step.any():
                break
            promised = float(step @ direction)
            reached = closure()
            if reached >= min(self.heights) + _GAIN * promised - rounding:
                self._last = rate
                return
            rate *= shorter(promised, reached - height)
        fill(self.tensors, x)

    def _rate(self, x: Tensor, g: Tensor) -> float:
        if self._before is not None:
            step, fall = x - self._before[0], self._before[1] - g
            product = float(step @ fall)
            if product > 1e-12 * float(step.norm() * g.norm()):
                return float(step @ step) / product
            return 10 * self._last  # f does not level off
        return self._first(x, g)

    @staticmethod
    def _first(x: Tensor, g: Tensor) -> float:
        steepness = float(g.norm())
        return (0.3 * float(x.norm()) or 1.0) / steepness if steepness else 0.0

    def _go(self, goal: Tensor) -> Tensor:
        """Move to the feasible point nearest to the goal."""
        fill(self.tensors, goal)
        nearest = flatten(self.project(self.points))
        fill(self.tensors, nearest)
        return nearest


def shorter(promised: float, gained: float) -> float:
    """Where the parabola of slope and gain is highest: from .1 to .5."""
    bend = 2 * (promised - gained)
    share = promised / bend if bend > 0 else 0.5
    return min(max(share, 0.1), 0.5) if share == share else 0.1
