"""A rule that finds its own learning rate, for functions that are noisy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch.optim.optimizer import ParamsT

from gradient_ascent.maximization.flat import OnVector, flatten


class DistanceOverGradients(OnVector):
    r"""Gradient ascent at the rate DoG: distance over gradients.

    .. math::
        \theta_t = \theta_{t-1} + \eta_t g_t, \qquad
        \eta_t = \frac{\max_{i < t} \lVert \theta_i - \theta_0 \rVert}
        {\sqrt{\sum_{i \le t} \lVert g_i \rVert^2}}

    with a hundredth of the length of θ₀ (or .01 at the origin) for the distance
    at first. It needs no unit of f or of θ, and bears noise in g. `average` is
    of the points, the last ones most: it starts as the first, and each then
    moves it by 9 / (t + 8) of the way.

    Args:
        params: what to move: tensors of any shape, complex ones as well.

    Source: Ivgi, Hinder, Carmon (2023).
    """

    def __init__(self, params: ParamsT) -> None:
        super().__init__(params)
        self._start = flatten(self.points)
        self._farthest = 0.01 * (float(self._start.norm()) or 1.0)
        self._length = 0.0
        self._steps = 0
        self.average = self._start

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move along the gradients.

        Args:
            closure: evaluates the objective anew and calls `backward`.

        Returns:
            What the closure returned.
        """
        value = None
        if closure is not None:
            with torch.enable_grad():
                value = closure()
        x, g = self.read()
        self._farthest = max(self._farthest, float((x - self._start).norm()))
        self._length = math.hypot(self._length, float(g.norm()))
        if self._length > 0:
            rate = self._farthest / self._length
            for parameter in self.tensors:
                if parameter.grad is not None:
                    parameter.add_(parameter.grad, alpha=rate)
        self._steps += 1
        weight = 9 / (self._steps + 8)
        self.average = torch.lerp(self.average, flatten(self.points), weight)
        return value
