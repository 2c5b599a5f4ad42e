"""Whether a run that has come to rest stands on a top."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
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

_PROBES = (1e-2, 1e-3)
"""How far to look for a higher point, in units of the reach."""


@dataclass(frozen=True)
class Verdict:
    """What was found at a point where the gradient is small.

    Attributes:
        kind: "top"; or "higher": f rises along a direction that the gradient
            does not show; or "far": the gradient, small as it is, points to a
            top some way off; or "flat": f does not change around the point.
        higher: the higher point, a vector, if there is one.
    """

    kind: Literal["top", "higher", "far", "flat"]
    higher: Tensor | None = None


class Judge:
    r"""Tells a top from a saddle, a plateau and a slope that levels off.

    Args:
        moving: the runs.
        tol: τ; a top is near if Newton's step to it is at most :math:`\sqrt
            \tau / 10` of the reach.
    """

    def __init__(self, moving: MovingTensors, tol: float) -> None:
        self.moving, self.near = moving, 0.1 * tol**0.5
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
        """
        place = Place(self.moving, run, reach or 1.0, rise, slope)
        if self.moving.constraints and not self._inside(place):
            return self._among_neighbors(place)
        shape = self._curvature(place)
        if shape.rises or shape.level:
            higher, peaked = place.probe(self._doubtful(shape, place))
            if higher is not None:
                return Verdict("higher", higher)
            if shape.flat and not peaked:
                return Verdict("flat")
        near = self.near * place.reach
        forgiven = stuck and shape.gain <= place.rounding
        if shape.newton <= (10 * near if forgiven else near):
            return Verdict("top")
        return Verdict("far")

    def _curvature(self, place: Place) -> Curvature:
        def by(times: Times, most: int) -> Curvature:
            return curvature(
                times, place.g, place.reach, place.rise, self.generator, most
            )

        try:
            return by(self.moving.hessian(place.run), 50)
        except (RuntimeError, NotImplementedError):  # differentiable only once
            return by(place.differences, 5)

    @staticmethod
    def _doubtful(shape: Curvature, place: Place) -> list[Tensor]:
        """Where a higher point may be: one way, if the gradient tells it."""
        upward = shape.upward.to(place.g)
        share = float(upward @ place.g)
        if share == 0 or shape.rises or shape.flat:
            return [upward, -upward]
        return [math.copysign(1.0, share) * upward]

    def _inside(self, place: Place) -> bool:
        """Whether no constraint touches the points around."""
        return all(
            torch.equal(point, self.moving.nearest(point))
            for direction in self._directions(place)
            for _, point in place.around(direction)
        )

    def _among_neighbors(self, place: Place) -> Verdict:
        """At an edge of what is feasible: compare with feasible points."""
        higher, peaked = place.probe(self._directions(place))
        if higher is not None:
            return Verdict("higher", higher)
        return Verdict("top" if peaked else "flat")

    def _directions(self, place: Place) -> list[Tensor]:
        """The gradient's, and eight at random."""
        draws = torch.randn(
            8, len(place.x), generator=self.generator, dtype=torch.float64,
            device="cpu",
        )  # fmt: skip
        steepest = [place.g] if place.g.any() else []
        return [d / d.norm() for d in (*steepest, *draws.to(place.x))]


class Place:
    """The point where a run is, as a vector, and what is around it."""

    def __init__(
        self,
        moving: MovingTensors,
        run: int,
        reach: float,
        rise: float,
        slope: float,
    ) -> None:
        self.moving, self.run = moving, run
        self.reach, self.rise, self.slope = reach, rise, slope
        self.x = flatten([x[run] for x in moving.rows])
        self.g = flatten([x[run] for x in moving.gradients])
        self.height = float(moving.values[run].detach())
        eps = torch.finfo(moving.values.dtype).eps
        self.rounding = 4 * eps * abs(self.height)

    def around(self, direction: Tensor) -> Iterator[tuple[float, Tensor]]:
        """Points near by, feasible or not, and how far away they are."""
        for share in _PROBES:
            distance = share * self.reach
            yield distance, self.x + distance * direction.to(self.x)

    def probe(self, directions: Iterable[Tensor]) -> tuple[Tensor | None, bool]:
        """A point near by that is higher than the slope accounts for, or None.

        And whether one of those looked at is lower.
        """
        lower = False
        for direction in directions:
            for distance, point in self.around(direction):
                point = self.moving.nearest(point)
                height, _ = self.moving.look(point)
                gain = height - self.height
                if gain > self.slope * distance + self.rounding:
                    return point, lower
                lower |= gain < -self.rounding
        return None, lower

    def differences(self, direction: Tensor) -> Tensor:
        """The Hessian times a unit vector, by differences of gradients."""
        h = self.reach * torch.finfo(self.x.dtype).eps ** (1 / 3)
        _, ahead = self.moving.look(self.x + h * direction)
        _, behind = self.moving.look(self.x - h * direction)
        product: Tensor = (ahead - behind) / (2 * h)
        return product
