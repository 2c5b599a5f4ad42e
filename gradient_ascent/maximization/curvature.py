"""How f curves around a point, from products with its Hessian."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

_NUMBERS = 20_000_000
Times = Callable[[Tensor], Tensor]
"""From a vector to the Hessian times it."""


@dataclass(frozen=True)
class Curvature:
    """The parabola that f is like near a point, as far as it was looked at.

    Attributes:
        newton: how far away its gradient vanishes, as at its top.
        gain: how much higher that is.
        upward: unit vectors along which f hardly curves down, or up, the most
            upward first.
        rising: along how many of them it curves up.
        steepest: the greatest curvature among these.
        flat: whether it curves nowhere.
        unsure: how far off its top may be for what rounding hides.
    """

    newton: float
    gain: float
    upward: list[Tensor]
    rising: int
    steepest: float
    flat: bool
    unsure: float = 0.0


def curvature(
    times: Times,
    x: Tensor,
    gradient: Tensor,
    level: float,
    generator: torch.Generator,
    most: int = 50,
) -> Curvature:
    r"""Look at f along all axes, or along `most` directions if there are more.

    These Lanczos' method makes from the gradient and the Hessian. In units that
    make the Hessian's diagonal one, the top of f along an eigenvector is
    :math:`-c / \lambda` away, with its eigenvalue λ < 0 and the share c of the
    gradient, unless that is less than rounding leaves.

    Args:
        times: the Hessian times a vector.
        x: the point, a vector.
        gradient: of f there.
        level: the curvature that does not count.
        generator: of the random part of the first direction.
        most: how many directions; fewer if they would be 20 million numbers.

    Source: Golub, Van Loan (2013), section 10.1, with full
        reorthogonalization.
    """
    n = len(gradient)
    most = max(1, min(most, _NUMBERS // max(1, n)))
    whole = n <= most

    def image(row: Tensor) -> Tensor:
        return times(row.to(gradient)).to(row)

    if whole:
        basis = torch.eye(n, dtype=torch.float64, device="cpu")
        matrix = torch.stack([image(row) for row in basis]) if n else basis
    else:

        def draw() -> Tensor:
            return normal_vector(n, generator)

        g, first = gradient.to("cpu", torch.float64), draw()
        first = first / first.norm() + (g / g.norm() if g.any() else 0)
        basis, images = lanczos(image, first, draw, most)
        matrix = images @ basis.T  # rounding spoils that it is tridiagonal
    if not matrix.isfinite().all():
        return Curvature(math.inf, math.inf, list(basis[:1]), 0, 0.0, False)
    matrix = matrix / 2 + matrix.T / 2
    eps = torch.finfo(gradient.dtype).eps
    unit, rounding = _units(matrix, x.to(basis).abs() if whole else x.norm())
    eigenvalues, vectors = torch.linalg.eigh(unit[:, None] * matrix * unit)
    shares = vectors.T @ (unit * (basis @ gradient.to(basis)))
    doubt = 4 * eps * (vectors.abs().T @ (unit * rounding))
    shares = torch.where(shares.abs() > doubt, shares, 0)
    zero = 16 * eps * len(unit)
    bent = torch.where(eigenvalues.abs() < zero, -zero, eigenvalues)
    steps = torch.where(shares == 0, 0, -shares / bent)
    ways = unit[:, None] * vectors
    lengths = ways.norm(dim=0)
    # Where f is level on purpose the eigenvalue vanishes with all its digits.
    tilted = eigenvalues.abs() > 16 * torch.finfo(matrix.dtype).eps * len(unit)
    hidden = torch.where(tilted, doubt * lengths / eigenvalues.abs(), 0)
    curved = eigenvalues / lengths**2
    hardly = (curved >= -level) | (eigenvalues >= -zero)
    upward = (ways / lengths).T[hardly].flip(0) @ basis
    rising = eigenvalues > zero
    return Curvature(
        newton=float((ways @ steps).norm()),
        gain=float(steps @ shares) / 2,
        upward=list(upward),
        rising=int(rising.sum()),
        steepest=float(curved[rising].max()) if rising.any() else 0.0,
        flat=not matrix.any(),
        unsure=float(hidden.max()) if whole and n else 0.0,
    )


def _units(matrix: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    """What makes the diagonal one, and by what the gradient may err over ε.

    It errs as if x had been rounded.
    """
    unit = unit_diagonal(matrix)
    if x.dim():
        return unit, matrix.abs() @ x
    # In a basis of Lanczos' all rounding mixes.
    steepest = torch.linalg.matrix_norm(matrix, 2)
    ones = torch.ones_like(unit)
    return ones * steepest.clamp(min=1e-300).rsqrt(), 25 * steepest * x * ones


def unit_diagonal(matrix: Tensor) -> Tensor:
    """The units that make the diagonal one; where it is 0, the row's sum."""
    size = matrix.abs()
    diagonal = size.diagonal()
    diagonal = torch.where(diagonal > 0, diagonal, size.sum(1))
    return torch.where(diagonal > 0, diagonal.rsqrt(), 1.0)


def lanczos(
    times: Times, first: Tensor, draw: Callable[[], Tensor], count: int
) -> tuple[Tensor, Tensor]:
    """Orthonormal rows, and the matrix times each; float64, on the CPU.

    Args:
        times: a symmetric matrix times a vector.
        first: the first direction.
        draw: makes another, where the matrix leads to none that is new.
        count: how many.
    """
    rows = torch.zeros(count, len(first), dtype=torch.float64, device="cpu")
    images = torch.zeros_like(rows)
    following = first
    for k in range(count):
        rows[k] = _orthogonal(following, rows[:k], draw)
        images[k] = times(rows[k])
        following = images[k]
    return rows, images


def _orthogonal(x: Tensor, rows: Tensor, draw: Callable[[], Tensor]) -> Tensor:
    """What is new in `x`, made a unit vector; of a draw, if nothing is."""
    for _ in range(3):
        length = x.norm()
        new: Tensor = x - rows.T @ (rows @ x)
        new = new - rows.T @ (rows @ new)
        if new.norm() > 1e-8 * length:
            unit: Tensor = new / new.norm()
            return unit
        x = draw()
    return new


def normal_vector(n: int, generator: torch.Generator) -> Tensor:
    """Standard normal numbers in float64, on the CPU."""
    return torch.randn(
        n, generator=generator, dtype=torch.float64, device="cpu"
    )
