"""What a point is: a maximum, a saddle, flat; inside a constraint or at it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import (
    Times,
    lanczos,
    normal_vector,
    unit_diagonal,
)
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.place import Place

_WHOLE, _DIRECTIONS = 500, 200
"""Up to how many numbers all directions are looked at, and how many of more."""

_AHEAD, _HELD, _LEFT = 1e-2, 0.1, 0.75
"""How far ahead a boundary is looked at; what it leaves of a way at most, if it
holds it, and at least, if it does not."""

Kind = Literal["maximum", "minimum", "saddle", "flat", "slope"]


@dataclass(frozen=True)
class Certificate:
    """What derivatives at a point say of it.

    Attributes:
        verdict: "maximum", if f curves down in every direction left; "minimum"
            or "saddle", if up in all or some; "flat", if it curves up in none,
            but down in not all: then second derivatives cannot tell; "slope",
            if the gradient does not vanish.
        on_the_boundary: whether a constraint holds the point: the gradient
            leads out of what is allowed.
        gradient_norm: the Euclidean length of the gradient.
        residual: the length of what the constraint leaves of it, which vanishes
            at a maximum (the conditions of Karush, Kuhn and Tucker); without a
            constraint the same as `gradient_norm`.
        lowest: the least eigenvalue of the Hessian, along the boundary; nan
            where no direction is left.
        highest: the greatest.
        error: by how much these two may be off, at most, to first order.
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
        if not self.directions:
            return f"a maximum{where}: the gradient leads out on all sides"
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
    moving: MovingTensors, reach: float, rise: float, tol: float
) -> Certificate:
    """Look at where a run is.

    Args:
        moving: the run.
        reach: the scale of its x.
        rise: the scale of its f.
        tol: τ; the gradient counts as none if `maximize` stops there, or if
            Newton's step to where it vanishes is short enough for a top.
    """
    value = float(moving.evaluate())
    place = Place(moving, 0, reach, 0.0)
    times, left = moving.curving(), place.g
    within: Times = place.free
    blur = 0.0
    if moving.constraints and place.g.any():
        within, a = place.edge(_AHEAD, 1 / 2)
        times = place.along_the_edge(times, _AHEAD, 1 / 2)
        left = (moving.nearest(place.x + a * place.g) - place.x) / a
        blur = torch.finfo(place.x.dtype).eps ** 0.5 / a
    shape = _look(times, within, place.x, blur)
    slope = float(moving.slope(torch.tensor([reach], dtype=torch.float64)))
    level = tol * rise + torch.finfo(place.x.dtype).eps * abs(value)
    near = tol**0.5 / 30 * reach
    stationary = slope * reach <= level or shape.newton(left) <= near
    values = shape.eigenvalues
    return Certificate(
        verdict=shape.kind() if stationary else "slope",
        on_the_boundary=bool((left - place.g).norm() > 1e-6 * place.g.norm()),
        gradient_norm=float(place.g.norm()),
        residual=float(left.norm()),
        lowest=float(values[0]) if len(values) else math.nan,
        highest=float(values[-1]) if len(values) else math.nan,
        error=shape.error,
        directions=len(values),
    )


@dataclass(frozen=True)
class _Shape:
    """How f curves in the directions that are left.

    Attributes:
        ways: their unit vectors, as columns: of the Hessian there.
        eigenvalues: its, in rising order.
        signs: of these, where 0 is what rounding may have made.
        error: of the first and the last.
    """

    ways: Tensor
    eigenvalues: Tensor
    signs: Tensor
    error: float

    def kind(self) -> Kind:
        """What the signs say."""
        if bool((self.signs < 0).all()):
            return "maximum"
        if bool((self.signs > 0).all()):
            return "minimum"
        return "saddle" if bool((self.signs > 0).any()) else "flat"

    def newton(self, g: Tensor) -> float:
        """How far the stationary point is by Newton's step."""
        if not bool(self.signs.all()):
            return math.inf
        return float((self.ways.T @ g.to(self.ways) / self.eigenvalues).norm())


def _look(times: Times, within: Times, x: Tensor, blur: float) -> _Shape:
    """Find the directions left, and how f curves there.

    Args:
        times: the Hessian, along the boundary M S M (see `Place`), by a vector.
        within: M, by a vector.
        x: the point, a vector.
        blur: by how much differences may be off that M is made of, over a.
    """
    n, whole = len(x), len(x) <= _WHOLE
    rounding = torch.finfo(x.dtype).eps ** (2 / 3)

    def image(row: Tensor) -> Tensor:
        return times(row.to(x)).to(row)

    def moved(row: Tensor) -> Tensor:
        return within(row.to(x)).to(row)

    if whole:
        basis = torch.eye(n, dtype=torch.float64, device="cpu")
        images = torch.stack([image(row) for row in basis])
    else:
        generator = torch.Generator("cpu").manual_seed(0)

        def draw() -> Tensor:
            return moved(normal_vector(n, generator))

        basis, images = lanczos(image, draw(), draw, _DIRECTIONS)
    kept = torch.stack([moved(row) for row in basis])
    shares, ways = _eigen(kept @ basis.T)
    left = shares > _LEFT
    unsure = whole and bool(((shares > _HELD) & ~left).any())
    ways, longer = ways[:, left], (ways / shares)[:, left]  # M brings them back
    matrix = longer.T @ images @ basis.T @ longer
    eigenvalues, vectors = _eigen(matrix)
    unit = unit_diagonal(matrix)
    signs, _ = _eigen(unit[:, None] * matrix * unit)
    signs = torch.where(signs.abs() > rounding, signs.sign(), 0)
    error = 0.0
    if left.any():
        error = max(blur, rounding * float(eigenvalues.abs().max()))
        signs = torch.where(eigenvalues.abs() > blur, signs, 0)
    if not whole and left.any():
        off = images.T @ longer @ vectors
        off = off - kept.T @ ways @ vectors * eigenvalues
        error = max(error, float(off[:, [0, -1]].norm(dim=0).max()))
        signs = torch.where(eigenvalues.abs() > error, signs, 0)
    return _Shape(
        ways=basis.T @ ways @ vectors,
        eigenvalues=eigenvalues,
        signs=torch.cat([signs, signs.new_zeros(int(unsure))]),
        error=error,
    )


def _eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    return values, vectors
