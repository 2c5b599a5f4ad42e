"""Projected gradient ascent whose rate is read off f, for climbing in a set."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import torch
from torch import Tensor

from gradient_ascent.maximization.flat import OnVector, fill, flatten

_GAIN = 1e-4
_WINDOW = 10
_TRIALS = 40


class ProjectedGradient(OnVector):
    r"""Climb by projected gradient steps of Barzilai's and Borwein's rate.

    .. math::
        \theta_t = P(\theta_{t-1} + \eta_t g_t), \qquad
        \eta_t = \frac{s^\top s}{s^\top y}

    with the last step s and the fall y of the gradient over it. The rate is
    made smaller until f is higher than the lowest of its last ten values, by a
    share of what its slope promises. The first step tries 0.3 of the length of
    x itself (or 1 at the origin).

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

    def step(self, closure: Callable[[], float]) -> float:  # type: ignore[override]
        """Go to a feasible point that is high enough; nowhere without one.

        Args:
            closure: evaluates the objective, leaves its gradient in `grad`, and
                returns the objective.

        Returns:
            The objective before the step.
        """
        height = closure()
        x, g = self.read()
        self.heights.append(height)
        rounding = 4 * torch.finfo(x.dtype).eps * abs(height)
        rate = self._last = self._rate(x, g)
        self._before = x, g
        for _ in range(_TRIALS):
            self._go(x + rate * g)
            step = flatten(self.points) - x
            if not step.any():
                break
            promised = float(step @ g)
            reached = closure()
            if reached >= min(self.heights) + _GAIN * promised - rounding:
                self._last = rate
                return height
            rate *= self._shorter(promised, reached - height)
        fill(self.tensors, x)
        return height

    def _rate(self, x: Tensor, g: Tensor) -> float:
        if self._before is not None:
            step, fall = x - self._before[0], self._before[1] - g
            product = float(step @ fall)
            if product > 1e-12 * float(step.norm() * g.norm()):
                return float(step @ step) / product
            return 10 * self._last  # f does not level off
        steepness = float(g.norm())
        return (0.3 * float(x.norm()) or 1.0) / steepness if steepness else 0.0

    def _go(self, goal: Tensor) -> None:
        fill(self.tensors, goal)
        nearest = self.project(self.points)
        fill(self.tensors, flatten(nearest))

    @staticmethod
    def _shorter(promised: float, gained: float) -> float:
        """Where the parabola of slope and gain is highest; a tenth at least."""
        bend = 2 * (promised - gained)
        share = promised / bend if bend > 0 else 0.5
        return min(max(share, 0.1), 0.5) if share == share else 0.1
