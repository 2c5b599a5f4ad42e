"""The point where a run is, and what is around it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import Times
from gradient_ascent.maximization.flat import flatten
from gradient_ascent.maximization.moving import MovingTensors

PROBE = 1e-2
"""How far to look for a higher point, in units of the reach."""


class Place:
    """The point where a run is, as a vector, and what is around it."""

    def __init__(
        self, moving: MovingTensors, run: int, reach: float, slope: float
    ) -> None:
        self.moving, self.run = moving, run
        self.reach, self.slope = reach, slope
        self.x = flatten([x[run] for x in moving.rows])
        self.g = flatten([x[run] for x in moving.gradients])
        self.height = float(moving.values[run].detach())
        eps = torch.finfo(moving.values.dtype).eps
        self.rounding = 4 * eps * abs(self.height)

    def free(self, way: Tensor) -> Tensor:
        """What is left of a way where there is no edge: all of it."""
        return way

    def at(self, share: float, way: Tensor) -> Tensor:
        """The point at a share of the reach along a unit vector."""
        return self.x + share * self.reach * way

    def gain(self, share: float, way: Tensor) -> tuple[Tensor, float, Tensor]:
        """The feasible point there, how much higher it is, its gradient."""
        point = self.moving.nearest(self.at(share, way))
        height, g = self.moving.look(point)
        return point, height - self.height, g

    def probe(self, way: Tensor) -> tuple[Tensor | None, list[bool]]:
        """A point on the line that is higher than the slope accounts for.

        And on which sides f is lower, if there is none.
        """
        lower: list[bool] = []
        for share in (PROBE, -PROBE):
            point, gain, _ = self.gain(share, way)
            if gain > self.slope * PROBE * self.reach + self.rounding:
                return point, []
            lower.append(gain < -self.rounding)
        return None, lower

    def uphill(self, way: Tensor, *, at_an_edge: bool = False) -> Tensor | None:
        """A point on the line that is higher, or from where it goes up.

        The gradient tells what rounding hides in f, but not at an edge, where
        a part of it leads out.
        """
        share = float(abs(self.g @ way))
        for power in range(1, 7):
            for sign in (1, -1):
                point, gain, g = self.gain(sign * 10.0**-power, way)
                along = sign * float(g @ way)
                distance = 10.0**-power * self.reach
                higher = gain > self.slope * distance + self.rounding
                upward = along > 2 * share and not at_an_edge
                if higher or (gain >= -self.rounding and upward):
                    return point
        return None

    def edge(self, share: float, power: float) -> tuple[Times, float]:
        """The derivative of the projection at θ + ag, and a.

        By differences over h, so that what the gradient presses by less than h
        counts as pressed in part.

        Args:
            share: how far that is, in units of the reach.
            power: h is this power of the rounding, in the same units.
        """
        steepness = float(self.g.norm())
        a = share * self.reach / steepness if steepness else math.inf
        ahead = self.x + (a * self.g if steepness else 0)
        h = self.reach * float(torch.finfo(self.x.dtype).eps ** power)

        def along(way: Tensor) -> Tensor:
            length = float(way.norm())
            if length == 0:
                return way
            step = h / length * way
            nearest = self.moving.nearest
            moved = nearest(ahead + step) - nearest(ahead - step)
            scaled: Tensor = moved * (length / 2 / h)
            return scaled

        return along, a

    def along_the_edge(
        self, hessian: Times, share: float = 0.1, power: float = 1 / 3
    ) -> Times:
        r"""How f curves on the edge, from its Hessian H.

        .. math:: M H M + (M^2 - M) / a

        with the derivative M of the projection at :math:`\theta + a g`, which
        keeps to the edge. It is M S M, where S is f's second derivative along
        the edge, which itself may bend.
        """
        along, a = self.edge(share, power)

        def times(way: Tensor) -> Tensor:
            moved = along(way)
            return along(hessian(moved) + (moved - way) / a)

        return times

    def newton_at_an_edge(self) -> float:
        """How far along the projected gradient it would vanish."""
        steepness = float(self.g.norm())
        if steepness == 0:
            return 0.0
        rate = 1e-3 * self.reach / steepness

        def ahead(x: Tensor, g: Tensor) -> tuple[Tensor, float]:
            point = self.moving.nearest(x + rate * g)
            return point, float((point - x).norm())

        there, step = ahead(self.x, self.g)
        if step <= 16 * torch.finfo(self.x.dtype).eps * self.reach:
            return 0.0
        _, g = self.moving.look(there)
        _, next_step = ahead(there, g)
        return math.inf if next_step >= step else step**2 / (step - next_step)

    def differences(self, direction: Tensor) -> Tensor:
        """The Hessian times a vector, by differences of gradients."""
        return self.moving.differences(self.x, direction, self.reach)
