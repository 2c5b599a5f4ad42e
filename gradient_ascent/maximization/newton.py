"""Newton's method uphill, and its kin that scores a likelihood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from gradient_ascent.maximization.along_lines import (
    AlongLines,
    along_the_gradient,
)
from gradient_ascent.maximization.curvature import unit_diagonal

Matrix = Callable[[], Tensor]
"""A symmetric matrix, as f curves where it was evaluated last."""


class Newton(AlongLines):
    r"""Climb by Newton's steps, turned uphill where f curves up.

    With the eigenvalues λ and unit eigenvectors v of the Hessian H,

    .. math::
        \theta_t = \theta_{t-1} + a_t \sum_i
        \frac{v_i^\top g_t}{|\lambda_i|} v_i

    which is :math:`-H^{-1} g` where f curves down all ways: on a quadratic one
    step leads to the top. Where f curves up, the sign of λ is turned, so that
    the step leaves a saddle instead of going to it. a is 1, unless the search
    finds that f then rises too little for its slope, or is still steep.

    An eigenvalue that rounding hides counts as one that is just not hidden. A
    step takes as many products with H as there are numbers, and time as their
    cube.

    Args:
        params: what to move: tensors of any shape.
        hessian: H where the closure was called last.

    Source: Nocedal, Wright (2006), section 3.4; Dauphin et al. (2014) for the
        sign, the saddle-free step.
    """

    def __init__(self, params: Sequence[Tensor], hessian: Matrix) -> None:
        super().__init__(params)
        self.hessian = hessian

    def _directions(
        self, x: Tensor, g: Tensor
    ) -> Iterator[tuple[Tensor, float]]:
        direction = uphill_step(self.hessian(), g)
        if direction.isfinite().all() and float(direction @ g) > 0:
            yield direction, 1.0
        yield from along_the_gradient(x, g)


def uphill_step(hessian: Tensor, g: Tensor) -> Tensor:
    """Newton's step with every eigenvalue's sign turned downward."""
    if not hessian.isfinite().all():
        return torch.full_like(g, torch.nan)
    # In units that make the diagonal one: a step knows of no others.
    unit = unit_diagonal(hessian)
    eigenvalues, v = torch.linalg.eigh(unit[:, None] * hessian * unit)
    curved = eigenvalues.abs()
    eps = torch.finfo(g.dtype).eps
    least = 16 * eps * len(g) * curved.max().clamp(min=1.0)
    step: Tensor = unit * (v @ (v.T @ (unit * g) / curved.clamp(min=least)))
    return step
