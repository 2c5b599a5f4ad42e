"""Whether a run that has come to rest stands on a top."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import (
    Curvature,
    Times,
    curvature,
)
from gradient_ascent.maximization.flat import flatten
from gradient_ascent.maximization.moving import MovingTensors

_PROBE = 1e-2
"""How far to look for a higher point, in units of the reach."""

_HIDDEN = 0.1
"""How far off rounding may leave a top, in the same units."""

_AXES, _MOST, _WAYS = 16, 50, 8
"""Up to how many numbers each axis is probed; how many products with the
Hessian; how many of the directions along which it is level."""


def _whole(times: Times) -> Times:
    return times


@dataclass(frozen=True)
class Verdict:
    """What was found at a point where the gradient is small.

    Attributes:
        kind: "top"; or "higher": f rises along a direction that the gradient
            does not show; or "far": the gradient, small as it is, points to a
            top some way off; or "flat": f does not change around the point; or
            "unsure": rounding hides where the top is.
        higher: the higher point, a vector, if there is one.
    """

    kind: Literal["top", "higher", "far", "flat", "unsure"]
    higher: Tensor | None = None


class Judge:
    r"""Tells a top from a saddle, a plateau and a slope that levels off.

    Args:
        moving: the runs.
        tol: τ; a top is near if Newton's step to it is at most :math:`\sqrt
            \tau / 30` of the reach.
    """

    def __init__(self, moving: MovingTensors, tol: float) -> None:
        self.moving, self.near = moving, tol**0.5 / 30
        # Of its own, so that no other draw depends on whether it was asked.
        self.generator = torch.Generator("cpu").manual_seed(0)

    def verdict(
        self,
        run: int,
        *,
        reach: float,
        rise: float,
        slope: float,
        stuck: bool,
        unmoved: bool,
    ) -> Verdict:
        """Look around the point where a run is.

        Args:
            run: which one.
            reach: the scale of its x.
            rise: the scale of its f.
            slope: the length of its gradient, or what projection leaves of it.
            stuck: whether it can go no further. Then rounding is forgiven: a
                top is near if it is within ten times that distance and no
                higher than rounding tells.
            unmoved: whether it is where it started, which may be a kink.
        """
        place = Place(self.moving, run, reach or 1.0, slope)
        level = 0.01 * rise / place.reach / place.reach
        if self.moving.constraints and not self._inside(place):
            return self._at_an_edge(place, level, stuck)
        shape = self._curvature(place, level)
        if shape.rises:
            higher = place.uphill(shape.upward[0].to(place.x))
            if higher is not None:
                return Verdict("higher", higher)
        elif shape.upward or unmoved:
            ways = shape.upward[:_WAYS]
            if shape.flat or unmoved or len(ways) > 1:
                ways = [*ways, *self._directions(place)]
            found = [place.probe(way.to(place.x)) for way in ways]
            for higher, _ in found:
                if higher is not None:
                    return Verdict("higher", higher)
            if shape.flat and not all(all(sides) for _, sides in found):
                return Verdict("flat")
        hidden = shape.unsure > _HIDDEN * place.reach
        top = Verdict("unsure" if hidden else "top")
        forgiven = stuck and shape.gain <= place.rounding
        if not shape.rises and self._near(shape.newton, place, forgiven):
            return top
        bent = shape.flat or shape.rises or stuck
        if hidden or (bent and self._is_kink(place)):
            return top
        return Verdict("far")

    def _is_kink(self, place: Place) -> bool:
        """Whether f falls on all sides, close by, as from the tip of a cone."""
        return len(place.x) <= _AXES and all(
            place.gain(share, way)[1] < -place.rounding
            for way in self._directions(place)
            for share in (self.near, -self.near)
        )

    def _near(self, newton: float, place: Place, forgiven: bool) -> bool:
        most = (10 if forgiven else 1) * self.near * place.reach
        return bool(newton <= most)

    def _curvature(
        self, place: Place, level: float, of: Callable[[Times], Times] = _whole
    ) -> Curvature:
        """Of what is made `of` the Hessian."""

        def by(times: Times, most: int) -> Curvature:
            return curvature(
                of(times), place.x, place.g, level, self.generator, most
            )

        try:
            return by(self.moving.hessian(place.run), _MOST)
        except (RuntimeError, NotImplementedError):  # differentiable only once
            return by(place.differences, 5)

    def _inside(self, place: Place) -> bool:
        """Whether no constraint touches the points around."""
        return all(
            torch.equal(point, self.moving.nearest(point))
            for way in self._directions(place)
            for point in (place.at(_PROBE, way), place.at(-_PROBE, way))
        )

    def _at_an_edge(self, place: Place, level: float, stuck: bool) -> Verdict:
        """At an edge of what is feasible: compare with feasible points."""
        lower = False
        if stuck:  # whatever its slope, nothing higher was found on its way
            place.slope = 0.0
        shape = self._curvature(place, level, place.along_the_edge)
        for way in shape.upward[:_WAYS] if shape.rises else ():
            higher = place.uphill(way.to(place.x), at_an_edge=True)
            if higher is not None:
                return Verdict("higher", higher)
        for way in self._directions(place):
            higher, sides = place.probe(way)
            if higher is not None:
                return Verdict("higher", higher)
            lower |= any(sides)
        if not lower:
            return Verdict("flat")
        near = self._near(place.newton_at_an_edge(), place, stuck)
        return Verdict("top" if near else "far")

    def _directions(self, place: Place) -> list[Tensor]:
        """The gradient's, the axes if there are few, and eight at random."""
        n = len(place.x)
        draws = torch.randn(
            8, n, generator=self.generator, dtype=torch.float64, device="cpu"
        ).to(place.x)
        ways = [place.g] if place.g.any() else []
        if n <= _AXES:
            ways += list(torch.eye(n, device="cpu").to(place.x))
        return [way / way.norm() for way in (*ways, *draws)]


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
        for share in (_PROBE, -_PROBE):
            point, gain, _ = self.gain(share, way)
            if gain > self.slope * _PROBE * self.reach + self.rounding:
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
        """The Hessian times a unit vector, by differences of gradients."""
        h = self.reach * torch.finfo(self.x.dtype).eps ** (1 / 3)
        _, ahead = self.moving.look(self.x + h * direction)
        _, behind = self.moving.look(self.x - h * direction)
        product: Tensor = (ahead - behind) / (2 * h)
        return product
