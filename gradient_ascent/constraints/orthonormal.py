"""The matrices whose columns are unit vectors at right angles."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gradient_ascent.constraints.constraint import Constraint
from gradient_ascent.optim.steepest import largest


@dataclass(frozen=True, eq=False)
class Orthonormal(Constraint):
    r"""The matrices of orthonormal columns, :math:`X^\top X = I`.

    .. math:: P(X) = U V^\top, \qquad X = U S V^\top

    with the thin singular value decomposition: the polar factor of X, also
    :math:`X (X^\top X)^{-1/2}`. Where columns depend on each other several
    matrices are equally near, and it takes one of them.

    The last two dimensions of a tensor hold a matrix, with as many rows as
    columns at least; those before count matrices, each projected by itself. A
    vector is a single column, so that it goes to the `Sphere` of radius 1. The
    projection can be differentiated once, also where singular values coincide.

    Raises:
        ValueError: as soon as it is projected, a matrix with more columns than
            rows.

    Source: for the nearest matrix, Fan and Hoffman (1955); Higham (1986).
    """

    @property
    def convex(self) -> bool:
        """No: 0 lies between X and -X."""
        return False

    def _check_dim(self, x: Tensor) -> None:
        if x.ndim > 1 and x.shape[-2] < x.shape[-1]:
            raise ValueError(
                "Orthonormal.project: x must have as many rows as columns at "
                f"least, got shape {tuple(x.shape)}"
            )

    def _nearest(self, x: Tensor) -> Tensor:
        matrix = x if x.ndim > 1 else x.reshape(-1, 1)
        # Near dependent columns digits are needed.
        wide = matrix if x.device.type == "mps" else matrix.double()
        peak = largest(wide.detach(), (-2, -1))
        held = (peak > 0) & peak.isfinite()
        scaled = wide / torch.where(held, peak, 1)
        nearest = _polar_factor(scaled.nan_to_num(0, 0, 0))
        nearest = torch.where(peak.isfinite(), nearest, torch.nan)
        return nearest.reshape(x.shape).to(x.dtype)

    def _size(self, x: Tensor) -> Tensor:
        return largest(x, None).clamp(min=1)


def _polar_factor(x: Tensor) -> Tensor:
    r"""U V', whose derivative is made by hand: that of the SVD has poles.

    .. math:: dP = Q \Omega + (I - Q Q^\top) \, dX \, H^{-1}, \qquad
        \Omega H + H \Omega = Q^\top dX - dX^\top Q

    where X = Q H with the polar factor Q.
    """
    u, s, vt = torch.linalg.svd(x.detach(), full_matrices=False)
    q, v = u @ vt, vt.mT
    turned = q.mT @ x
    skew = vt @ (turned - turned.mT) @ v
    omega = v @ (skew * _inverse(s[..., :, None] + s[..., None, :])) @ vt
    outward = (x - q @ turned) @ (v * _inverse(s)[..., None, :]) @ vt
    moves = q @ omega + outward  # zero, but for its derivative
    nearest: Tensor = q + (moves - moves.detach())
    return nearest


def _inverse(s: Tensor) -> Tensor:
    """1 / s; 0 where s is."""
    return torch.where(s > 0, 1 / torch.where(s > 0, s, 1), 0)
