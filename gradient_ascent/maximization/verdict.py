"""Whether a run that has come to rest stands on a top."""

from __future__ import annotations

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
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.place import PROBE, Place

_HIDDEN = 0.1
"""How far off rounding may leave a top, in the same units."""

_TURNING = 10
"""By how many times the slope over the reach f may curve up beside a top that
can be turned, like a ring's, for its gradient turns along."""

_MOST, _WAYS = 50, 8
"""How many products with the Hessian; how many of the directions along which it
is level."""


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
        place = Place(self.moving, run, reach or 1.0, slope, self.generator)
        level = 0.01 * rise / place.reach / place.reach
        if self.moving.constraints and not self._inside(place):
            return self._at_an_edge(place, level, stuck)
        shape = self._curvature(place, level)
        forgiven = stuck and shape.gain <= place.rounding
        near = self._near(shape.newton, place, forgiven)
        resting = near or stuck or shape.flat or unmoved
        doubtful: list[Tensor] = []  # ways
        rises = shape.rising > 0 and not (resting and self._turns(place, shape))
        if rises and resting:
            higher = place.uphill(shape.upward[0].to(place.x))
            if higher is not None:
                return Verdict("higher", higher)
        elif resting and (shape.upward or unmoved):
            ways = shape.upward[:_WAYS]
            if shape.flat or unmoved or len(ways) > 1:
                ways = [*ways, *place.directions()]
            found = [place.probe(way.to(place.x)) for way in ways]
            for higher, _ in found:
                if higher is not None:
                    return Verdict("higher", higher)
            if shape.flat and not all(all(sides) for _, sides in found):
                return Verdict("flat")
            tried = zip(shape.upward[:_WAYS], found)
            doubtful = [way for way, (_, lower) in tried if not all(lower)]
        hidden = shape.unsure > _HIDDEN * place.reach
        top = Verdict("unsure" if hidden else "top")
        if near and not rises:
            if any(place.climbs(way.to(place.x), rise) for way in doubtful):
                return Verdict("unsure")
            return top
        bent = shape.flat or rises or stuck
        if hidden or (bent and place.is_kink(self.near, shape.upward[:1])):
            return top
        return Verdict("far")

    def _turns(self, place: Place, shape: Curvature) -> bool:
        """Whether f curves up as the gradient turns, but falls soon."""
        least = _TURNING * place.slope / place.reach
        ways = shape.upward[: shape.rising]
        return shape.steepest <= least and all(
            place.probe(way.to(place.x))[1] == [True, True] for way in ways
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
            for way in place.directions()
            for point in (place.at(PROBE, way), place.at(-PROBE, way))
        )

    def _at_an_edge(self, place: Place, level: float, stuck: bool) -> Verdict:
        """At an edge of what is feasible: compare with feasible points."""
        lower, moved = False, False
        if stuck:  # whatever its slope, nothing higher was found on its way
            place.slope = 0.0
        shape = self._curvature(place, level, place.along_the_edge)
        for way in shape.upward[:_WAYS] if shape.rising else ():
            higher = place.uphill(way.to(place.x), at_an_edge=True)
            if higher is not None:
                return Verdict("higher", higher)
        for way in place.directions():
            higher, sides = place.probe(way)
            if higher is not None:
                return Verdict("higher", higher)
            lower, moved = lower or any(sides), moved or bool(sides)
        if not lower:  # on a plateau, or held at the only point allowed
            return Verdict("flat" if moved else "top")
        near = self._near(place.newton_at_an_edge(), place, stuck)
        return Verdict("top" if near else "far")
