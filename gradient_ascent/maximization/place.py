"""The point where a run is, and what is around it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import Times
from gradient_ascent.maximization.flat import flatten
from gradient_ascent.maximization.moving import MovingTensors

PROBE = 1e-2
"""How far to look for a higher point, in units of the reach."""

_AXES = 16
"""Up to how many numbers each axis is looked along."""


class Place:
    """The point where a run is, as a vector, and what is around it."""

    def __init__(
        self,
        moving: MovingTensors,
        run: int,
        reach: float,
        slope: float,
        generator: torch.Generator,
    ) -> None:
        self.moving, self.run, self.generator = moving, run, generator
        self.reach, self.slope = reach, slope
        self.x = flatten([x[run] for x in moving.rows])
        self.g = flatten([x[run] for x in moving.gradients])
        self.height = float(moving.values[run].detach())
        self.eps = torch.finfo(moving.values.dtype).eps
        self.rounding = 4 * self.eps * abs(self.height)

    def directions(self) -> list[Tensor]:
        """The gradient's, the axes if there are few, and eight at random."""
        n = len(self.x)
        draws = torch.randn(
            8, n, generator=self.generator, dtype=torch.float64, device="cpu"
        ).to(self.x)
        ways = [self.g] if self.g.any() else []
        if n <= _AXES:
            ways += list(torch.eye(n, device="cpu").to(self.x))
        return [way / way.norm() for way in (*ways, *draws)]

    def is_kink(self, share: float, upward: Iterable[Tensor]) -> bool:
        """Whether f falls on all sides, close by, as from the tip of a cone.

        Not across a ridge only: also where it curves up most, if it does.

        Args:
            share: how close, in units of the reach.
            upward: the directions in which it curves up most.
        """
        ways = [*self.directions(), *(way.to(self.x) for way in upward)]
        return len(self.x) <= _AXES and all(
            self.gain(side, way)[1] < -self.rounding
            for way in ways
            for side in (share, -share)
        )

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

        And of the sides that are not held, on which f is lower, if there is
        none.
        """
        lower: list[bool] = []
        for share in (PROBE, -PROBE):
            point, gain, _ = self.gain(share, way)
            if gain > self.slope * PROBE * self.reach + self.rounding:
                return point, []
            if not torch.equal(point, self.x):
                lower.append(gain < -self.rounding)
        return None, lower

    def climbs(self, way: Tensor, rise: float) -> bool:
        """Whether f rises all along the line, and from clearly lower ground.

        Along the line by however little: rounding would not have it do so.
        Behind by more than rounding would take from all that it rose: else it
        is a ridge of tops, whose height is what rounding leaves.
        """
        gains = [self.gain(k / 4 * PROBE, way)[1] for k in range(-4, 5)]
        ups = [after - before for before, after in pairwise(gains)]
        if min(ups) <= 0 <= max(ups):
            return False
        behind = -1 if ups[0] > 0 else 1
        least = 4 * self.eps * max(rise, abs(self.height))
        far = (self.gain(behind * share, way)[1] for share in (0.1, 0.3, 0.5))
        return any(gain < -least for gain in far)

    def uphill(self, way: Tensor, *, at_an_edge: bool = False) -> Tensor | None:
        """A point on the line that is higher, or from where it goes up.

        Higher than the slope along it accounts for. The gradient there tells
        what rounding hides in f, but not at an edge, where a part of it leads
        out; there all that is left of it is the slope.
        """
        share = float(abs(self.g @ way))
        slope = self.slope if at_an_edge else min(self.slope, share)
        for power in range(1, 7):
            for sign in (1, -1):
                point, gain, g = self.gain(sign * 10.0**-power, way)
                along = sign * float(g @ way)
                distance = 10.0**-power * self.reach
                higher = gain > slope * distance + self.rounding
                upward = along > 2 * share and not at_an_edge
                if higher or (gain >= -self.rounding and upward):
                    return point
        return None

    def jumps(self, share: float) -> bool:
        """Whether the gradient is as long as some way off, as at a kink.

        At a smooth top it is far shorter.
        """
        steepness = float(self.g.norm())
        if steepness == 0:
            return False
        _, _, g = self.gain(share, self.g / steepness)
        return steepness > 0.1 * float(g.norm())

    def left(self) -> Tensor:
        """What the constraint leaves of the gradient, a few roundings away."""
        steepness = float(self.g.norm())
        if steepness == 0:
            return self.g
        a = 16 * torch.finfo(self.x.dtype).eps ** 0.5 * self.reach / steepness
        ahead = self.x + a * self.g
        nearest = self.moving.nearest(ahead)
        if torch.equal(nearest, ahead):
            return self.g
        left: Tensor = (nearest - self.x) / a
        return left

    def edge(self, share: float, power: float) -> tuple[Times, float]:
        """The derivative of the projection at θ + ag, and a.

        By differences over h, so that what the gradient presses by less than h
        counts as pressed in part.

        Args:
            share: how far that is, in units of the reach; if 0, a is infinite,
                and the derivative is that at θ itself.
            power: h is this power of the rounding, in the same units.
        """
        steepness = float(self.g.norm())
        presses = bool(steepness and share)
        a = share * self.reach / steepness if presses else math.inf
        ahead = self.x + (a * self.g if presses else 0)
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

    def along_the_edge(self, hessian: Times) -> Times:
        """How f curves on the edge, by how that is some way ahead."""
        return curving_along(*self.edge(0.1, 1 / 3), hessian)

    def newton_at_an_edge(self) -> float:
        """How far along the projected gradient it would vanish."""
        steepness = float(self.g.norm())
        if steepness == 0:
            return 0.0
        least = 16 * torch.finfo(self.x.dtype).eps * self.reach
        nearest = self.moving.nearest
        for power in range(3, 17):
            rate = 10.0**-power * self.reach / steepness
            there = nearest(self.x + rate * self.g)
            step = there - self.x
            if step.norm() <= least:
                return 0.0
            _, g = self.moving.look(there)
            following = nearest(there + rate * g) - there
            before, after = float(step.norm()), float(following.norm())
            if after < before:
                return before**2 / (before - after)
            if float(step @ following) > 0:
                break  # it grows: f has no top this way
        return math.inf  # else it went beyond the top; a shorter way tells

    def differences(self, direction: Tensor) -> Tensor:
        """The Hessian times a vector, by differences of gradients."""
        return self.moving.differences(self.x, direction, self.reach)


def curving_along(along: Times, a: float, hessian: Times) -> Times:
    r"""How f curves on an edge, from its Hessian H.

    .. math:: M H M + (M^2 - M) / a

    with the derivative M of the projection at :math:`\theta + a g`, which keeps
    to the edge. It is M S M, where S is f's second derivative along the edge,
    which itself may bend.
    """

    def times(way: Tensor) -> Tensor:
        moved = along(way)
        return along(hessian(moved) + (moved - way) / a)

    return times
