"""What a point is: a maximum, a saddle, flat; inside a constraint or at it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import Times, normal_vector
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.place import Place
from gradient_ascent.maximization.shape import look

_AHEAD = 1e-2
"""How far ahead a boundary is looked at."""

Kind = Literal["maximum", "minimum", "saddle", "flat", "kink", "slope"]


@dataclass(frozen=True)
class Certificate:
    """What derivatives at a point say of it.

    Attributes:
        verdict: "maximum", if the gradient vanishes and f curves down in every
            direction left; "minimum" or "saddle", if up in all or some; "flat",
            if second derivatives cannot tell: f curves up in none, but down in
            not all, or not in all that lead inward from a bound that holds with
            no force; "kink", if the gradient does not vanish but f falls on all
            sides that were looked at, as from the tip of a cone; "slope", if it
            does not vanish, or only far away, as where f levels off.
        on_the_boundary: whether x is at the edge of what is allowed, as far as
            rounding tells: a constraint holds it, or would.
        gradient_norm: the Euclidean length of the gradient.
        residual: the length of what the constraint leaves of it, which vanishes
            at a maximum (the conditions of Karush, Kuhn and Tucker); without a
            constraint the same as `gradient_norm`.
        lowest: the least eigenvalue of the Hessian, along the boundary; nan
            where no direction is left.
        highest: the greatest.
        error: by how much these two may be off, to first order; those of
            Lanczos' method are so near to an eigenvalue, which need not be the
            extreme one.
        directions: how many directions were looked at: all that are left to
            move along, of a point of 500 numbers at most; else 200 in which
            Lanczos' method finds the extreme eigenvalues.
    """

    verdict: Kind
    on_the_boundary: bool
    gradient_norm: float
    residual: float
    lowest: float
    highest: float
    error: float
    directions: int

    def __str__(self) -> str:
        where = " on the boundary" if self.on_the_boundary else ""
        if self.verdict == "slope":
            return f"no maximum{where}: the gradient is {self.residual:.2g}"
        if self.verdict == "kink":
            return (
                f"a kink{where}: f falls on all sides that were looked at, "
                f"though the gradient is {self.residual:.2g}"
            )
        if self.verdict == "maximum" and not self.directions:
            return f"a maximum{where}: the gradient leads out on all sides"
        if self.verdict == "flat" and not self.highest >= -self.error:
            return (
                f"flat{where}: a bound holds it with hardly any force, and "
                "second derivatives do not tell whether f falls from there"
            )
        bends = {
            "maximum": "down in all directions",
            "minimum": "up in all directions",
            "saddle": "up in some directions, down in others",
            "flat": "up in no direction, but not down in all",
        }
        article = "" if self.verdict == "flat" else "a "
        return (
            f"{article}{self.verdict}{where}: the gradient is "
            f"{self.residual:.2g}, and f curves {bends[self.verdict]} "
            f"(eigenvalues from {self.lowest:.3g} to {self.highest:.3g})"
        )


def certify(
    moving: MovingTensors, reach: float, rise: float, tol: float, arrived: bool
) -> Certificate:
    """Look at where a run is, which has been evaluated there.

    Args:
        moving: the run.
        reach: the scale of its x; 0 if there is none.
        rise: the scale of its f.
        tol: τ; the gradient vanishes if it is as small as where `maximize`
            stops, or rounding hides what f could gain, and if Newton's step to
            where it does is short enough for a top.
        arrived: whether `maximize` has found so already.
    """
    generator = torch.Generator("cpu").manual_seed(0)
    place = Place(moving, 0, reach or 1.0, 0.0, generator)
    left, near = place.left(), tol**0.5 / 30
    times, rounding = moving.curving()
    edge, held = _edge(place, left)
    if held:
        rounding = max(rounding, 4 * torch.finfo(place.x.dtype).eps ** 0.5)
    shape = look(times, edge, place.x, left, rounding)
    kind: Kind = shape.kind()
    newton, gain = shape.newton(left)
    slope = float(moving.slope(torch.tensor([reach], dtype=torch.float64)))
    least = tol * rise + torch.finfo(place.x.dtype).eps * abs(place.height)
    small = slope * reach <= least or gain <= place.rounding
    if not reach:  # no unit to say what is small
        small = slope == 0
    elif shape.signs.all():
        small = small and newton <= near * place.reach < math.inf
    else:
        small = slope * reach <= least < math.inf
    ask = kind in ("minimum", "saddle") or not small
    ask = ask and (kind != "maximum" or arrived)
    if ask and place.is_kink(near, shape.ways.T[-1:]) and place.jumps(near):
        kind, small = "kink", True
    values = shape.eigenvalues
    return Certificate(
        verdict=kind if small or arrived else "slope",
        on_the_boundary=held,
        gradient_norm=float(place.g.norm()),
        residual=float(left.norm()),
        lowest=float(values[0]) if len(values) else math.nan,
        highest=float(values[-1]) if len(values) else math.nan,
        error=shape.error,
        directions=len(values),
    )


def _edge(place: Place, left: Tensor) -> tuple[tuple[Times, float], bool]:
    """The edge at a place (see `Place.edge`), and whether it is at one."""
    if not place.moving.constraints:
        return (lambda way: way, math.inf), False
    eps = torch.finfo(place.x.dtype).eps
    way = normal_vector(len(place.x), place.generator).to(place.x)
    # A bent edge bends within the few roundings that `left` looks ahead.
    most = 64 * eps**0.5
    if (left - place.g).norm() <= most * place.g.norm():
        along, a = place.edge(0.0, 1 / 2)
        held = bool((along(way) - way).norm() > most * way.norm())
        return (along, a), held
    share = _AHEAD
    along, a = place.edge(share, 1 / 2)
    while share > 1e3 * eps**0.5:  # a small ball far from 0 bends within it
        closer = place.edge(share / 10, 1 / 2)
        if along(way).norm() > 0.9 * closer[0](way).norm():
            break
        share, (along, a) = share / 10, closer
    return (along, a), True
