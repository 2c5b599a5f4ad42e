"""How f curves in the directions that a constraint leaves."""

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
from gradient_ascent.maximization.place import curving_along

_WHOLE, _DIRECTIONS = 500, 200
"""Up to how many numbers all directions are looked at, and how many of more."""

_HELD, _LEFT = 0.1, 0.75
"""What a boundary leaves of a way at most, if it holds it, and at least, if it
does not."""


@dataclass(frozen=True)
class Shape:
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

    def kind(self) -> Literal["maximum", "minimum", "saddle", "flat"]:
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


def look(
    times: Times,
    edge: tuple[Times, float],
    x: Tensor,
    g: Tensor,
    rounding: float,
) -> Shape:
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
    # Of M whole, what the edge's bend adds is known without its differences.
    along = curving_along(within, math.inf if whole else a, times)

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
        return Shape(
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
    bends = (shares > _HELD) & ~loose & ~straight
    bend = torch.where(bends, (shares**2 - shares) / a, 0)
    images = images + ways * bend @ ways.T
    looked = basis, images, kept, x, rounding
    # Where the edge does bend, M's differences tell it no better than that.
    blur = torch.finfo(x.dtype).eps ** 0.5 / a if bends.any() else 0.0
    shape = _blurred(_along(ways, shares, shares > _HELD, *looked), blur)
    if loose.any() and shape.kind() != "maximum":
        shape = _blurred(_along(ways, shares, shares > _LEFT, *looked), blur)
        unsure = torch.cat([shape.signs, shape.signs.new_zeros(1)])
        shape = replace(shape, signs=unsure)
    return shape


def _blurred(shape: Shape, blur: float) -> Shape:
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
) -> Shape:
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
    return Shape(basis.T @ found, eigenvalues, signs, doubt, error)


def _eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    return values, vectors
