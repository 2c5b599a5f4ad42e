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
        newton: how far its top is away; infinite where it has none.
        gain: how much higher that is.
        upward: the direction that curves down least, or up most.
        rises: whether it curves up along `upward`.
        level: whether it hardly curves along `upward`, for that scale of f.
        flat: whether it curves nowhere.
    """

    newton: float
    gain: float
    upward: Tensor
    rises: bool
    level: bool
    flat: bool


def curvature(
    times: Times,
    gradient: Tensor,
    reach: float,
    rise: float,
    generator: torch.Generator,
    most: int = 50,
) -> Curvature:
    r"""Look at f along `most` directions; along all, if x has no more.

    Lanczos' method makes the directions from the gradient and the Hessian.
    Along one whose eigenvalue λ is negative, the top is :math:`-c / \lambda`
    away, with the share c of the gradient.

    Args:
        times: the Hessian times a vector.
        gradient: of f, a vector.
        reach: the scale of x.
        rise: the scale of f. A curvature that makes less than a hundredth of it
            over the reach is called level.
        generator: of the random part of the first direction.
        most: how many directions; fewer if they would be 20 million numbers.

    Source: Golub, Van Loan (2013), section 10.1, with full
        reorthogonalization.
    """
    most = max(1, min(most, len(gradient), _NUMBERS // len(gradient)))
    basis, matrix = _lanczos(times, gradient, generator, most)
    if not matrix.isfinite().all():
        return Curvature(math.inf, math.inf, basis[0], False, True, False)
    eigenvalues, vectors = torch.linalg.eigh(matrix)
    directions = vectors.T @ basis
    shares = directions @ gradient.to("cpu", torch.float64)
    steepest = float(eigenvalues.abs().max())
    eps = torch.finfo(gradient.dtype).eps
    zero = 1e3 * eps * steepest
    # Rounding leaves a share of this size in a direction that has none.
    shares = torch.where(shares.abs() > 100 * eps * reach * steepest, shares, 0)
    down = eigenvalues.clamp(max=-zero)
    steps = torch.where(shares == 0, 0, shares / -down)
    top = float(eigenvalues[-1])
    return Curvature(
        newton=float(steps.norm()),
        gain=float((steps * shares).sum()) / 2,
        upward=directions[-1],
        rises=top > zero,
        level=abs(top) <= max(zero, 0.02 * rise / reach / reach),
        flat=steepest == 0,
    )


def _lanczos(
    times: Times, gradient: Tensor, generator: torch.Generator, count: int
) -> tuple[Tensor, Tensor]:
    """Orthonormal rows, and the Hessian in terms of them; float64, on the CPU.

    It does not rely on the Hessian being tridiagonal there, which rounding
    spoils: it projects.
    """
    n = len(gradient)
    rows = torch.zeros(count, n, dtype=torch.float64, device="cpu")
    images = torch.zeros_like(rows)
    g = gradient.to("cpu", torch.float64)
    length = g.norm()
    draw = _draw(n, generator)
    next_row = draw / draw.norm() + (g / length if length > 0 else 0)
    for k in range(count):
        rows[k] = _orthogonal(next_row, rows[:k], generator)
        images[k] = times(rows[k].to(gradient))
        next_row = images[k]
    matrix = images @ rows.T
    return rows, matrix / 2 + matrix.T / 2


def _orthogonal(x: Tensor, rows: Tensor, generator: torch.Generator) -> Tensor:
    """What is new in `x`, made a unit vector; of a draw, if nothing is."""
    for _ in range(3):
        length = x.norm()
        new: Tensor = x - rows.T @ (rows @ x)
        new = new - rows.T @ (rows @ new)
        if new.norm() > 1e-8 * length:
            unit: Tensor = new / new.norm()
            return unit
        x = _draw(len(x), generator)
    return new


def _draw(n: int, generator: torch.Generator) -> Tensor:
    return torch.randn(
        n, generator=generator, dtype=torch.float64, device="cpu"
    )
