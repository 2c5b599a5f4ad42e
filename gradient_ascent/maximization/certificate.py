"""What a point is: a maximum, a saddle, flat; inside a constraint or at it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
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
from gradient_ascent.maximization.place import Place, curving_along

_WHOLE, _DIRECTIONS = 500, 200
"""Up to how many numbers all directions are looked at, and how many of more."""

_AHEAD, _HELD, _LEFT = 1e-2, 0.1, 0.75
"""How far ahead a boundary is looked at; what it leaves of a way at most, if it
holds it, and at least, if it does not."""

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
    shape = _look(times, edge, place.x, left, rounding)
    kind = shape.kind()
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


@dataclass(frozen=True)
class _Shape:
    """How f curves in the directions that are left.

    Attributes:
        ways: their unit vectors, as columns: of the Hessian there.
        eigenvalues: its, in rising order.
        signs: of these, where 0 is what rounding may have made.
        doubt: what rounding of x may make of the gradient, along each.
        error: of the first and the last eigenvalue.
    """

    ways: Tensor
    eigenvalues: Tensor
    signs: Tensor
    doubt: Tensor
    error: float

    def kind(self) -> Kind:
        """What the signs say."""
        if bool((self.signs < 0).all()):
            return "maximum"
        if bool((self.signs > 0).all()):
            return "minimum"
        return "saddle" if bool((self.signs > 0).any()) else "flat"

    def newton(self, g: Tensor) -> tuple[float, float]:
        """How far the stationary point is by Newton's step, and how high.

        Without what rounding of x makes of the gradient.
        """
        shares = self.ways.T @ g.to(self.ways)
        shares = torch.where(shares.abs() > self.doubt, shares, 0)
        steps = torch.where(shares == 0, 0, shares / self.eigenvalues)
        return float(steps.norm()), float((steps @ shares).abs()) / 2


def _look(
    times: Times,
    edge: tuple[Times, float],
    x: Tensor,
    g: Tensor,
    rounding: float,
) -> _Shape:
    """Find the directions left, and how f curves there.

    Args:
        times: the Hessian by a vector.
        edge: M by a vector, and a (see `Place.edge`).
        x: the point, a vector.
        g: what is left of the gradient there.
        rounding: of the Hessian, in units that make its diagonal one.
    """
    n, whole = len(x), len(x) <= _WHOLE
    within, a = edge
    along = curving_along(within, a, times)

    def image(row: Tensor) -> Tensor:
        return along(row.to(x)).to(row)

    def moved(row: Tensor) -> Tensor:
        return within(row.to(x)).to(row)

    if whole:
        basis = torch.eye(n, dtype=torch.float64, device="cpu")
        images = torch.stack([image(row) for row in basis]) if n else basis
    else:
        generator = torch.Generator("cpu").manual_seed(0)

        def draw() -> Tensor:
            return moved(normal_vector(n, generator))

        first = draw()
        first = first / first.norm() + (g / g.norm() if g.any() else 0 * g).to(
            first
        )
        basis, images = lanczos(image, first, draw, _DIRECTIONS)
    kept = torch.stack([moved(row) for row in basis]) if n else basis
    if not images.isfinite().all():
        return _Shape(
            basis[:0].T, images[0, :0], kept.new_zeros(1), images[0, :0], 0.0
        )
    shares, ways = _eigen(kept @ basis.T)
    if not whole:
        return _along(
            ways, shares, shares > _LEFT, basis, images, kept, x, rounding
        )
    # Where a bound holds with no force M is half, and the edge does not bend;
    # nor does it where M is 1 up to the rounding of differences.
    loose = (shares > _HELD) & (shares <= _LEFT)
    straight = (shares - 1).abs() <= 16 * torch.finfo(x.dtype).eps ** 0.5
    bend = torch.where(loose | straight, (shares - shares**2) / a, 0)
    images = images + ways * bend @ ways.T
    looked = basis, images, kept, x, rounding
    # Where the edge does bend, M's differences tell it no better than that.
    bends = (shares > _HELD) & ~loose & ~straight
    blur = torch.finfo(x.dtype).eps ** 0.5 / a if bends.any() else 0.0
    shape = _blurred(_along(ways, shares, shares > _HELD, *looked), blur)
    if loose.any() and shape.kind() != "maximum":
        shape = _blurred(_along(ways, shares, shares > _LEFT, *looked), blur)
        unsure = torch.cat([shape.signs, shape.signs.new_zeros(1)])
        shape = replace(shape, signs=unsure)
    return shape


def _blurred(shape: _Shape, blur: float) -> _Shape:
    """The shape without the signs that differences may have made."""
    signs = torch.where(shape.eigenvalues.abs() > blur, shape.signs, 0)
    return replace(shape, signs=signs, error=max(shape.error, blur))


def _along(
    ways: Tensor,
    shares: Tensor,
    left: Tensor,
    basis: Tensor,
    images: Tensor,
    kept: Tensor,
    x: Tensor,
    rounding: float,
) -> _Shape:
    """How f curves along the eigenvectors of M in `left`.

    Args:
        ways: all of them, as columns, in terms of the basis.
        shares: their eigenvalues.
        left: which to look along.
        basis: unit vectors, as rows.
        images: M S M times each.
        kept: M times each.
        x: the point, a vector.
        rounding: of the Hessian.
    """
    ways, shares = ways[:, left], shares[left]
    longer = ways / shares  # M brings them back
    matrix = longer.T @ images @ basis.T @ longer
    eigenvalues, vectors = _eigen(matrix)
    unit = unit_diagonal(matrix)
    signs, _ = _eigen(unit[:, None] * matrix * unit)
    signs = torch.where(signs.abs() > rounding, signs.sign(), 0)
    found, eps = ways @ vectors, torch.finfo(x.dtype).eps
    steepest = float(eigenvalues.abs().max()) if left.any() else 0.0
    error, size = rounding * steepest, x.abs().to(basis)
    if len(basis) == len(x):
        doubt = 4 * eps * (found.abs().T @ (images.abs().T @ size))
    else:
        doubt = 4 * eps * steepest * size.norm() * torch.ones_like(signs)
        off = images.T @ longer @ vectors - kept.T @ found * eigenvalues
        if left.any():
            error = max(error, float(off[:, [0, -1]].norm(dim=0).max()))
        signs = torch.where(eigenvalues.abs() > error, signs, 0)
    return _Shape(basis.T @ found, eigenvalues, signs, doubt, error)


def _eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    return values, vectors
