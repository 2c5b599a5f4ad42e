"""The variance that some directions keep of data."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from gradient_ascent.objectives.samples import centered


@dataclass(frozen=True, eq=False)
class Variance:
    r"""The variance of data within the span of W's rows, an f for `maximize`.

    .. math::
        f(W) = \operatorname{tr}\bigl((W W^\top)^{-1} W C W^\top\bigr), \qquad
        C = \frac1n \sum_i (x_i - \bar x)(x_i - \bar x)^\top

    It depends on the span alone, and is the mean squared length of what a
    projection onto it leaves of a sample less the mean. With one row it is
    Rayleigh's quotient. Its maximum over W of k rows is the sum of the k
    largest eigenvalues of C.

    >>> x = torch.tensor([[3.0, 0], [-3, 0], [0, 1], [0, -1]])
    >>> f = Variance(x)
    >>> f(torch.tensor([1.0, 0])).item(), f(torch.tensor([0.0, 9])).item()
    (4.5, 0.5)

    Args:
        data: n samples of d numbers each, shape (n, d).

    Attributes:
        covariance: C, shape (d, d), in squared units of the data.

    Raises:
        TypeError: the data are no real floating-point tensor.
        ValueError: they have another shape, fewer than two samples, or a number
            that is not finite.

    Source: Pearson (1901); Hotelling (1933); for several rows at once Fan
        (1949).
    """

    data: Tensor
    covariance: Tensor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        x, _ = centered("Variance", self.data)
        object.__setattr__(self, "covariance", x.T @ x / len(x))

    def __call__(self, w: Tensor) -> Tensor:
        """The variance in the span of the rows.

        Args:
            w: W, shape (k, d) with k from 1 to d, or one row, shape (d,).

        Raises:
            ValueError: another shape, or rows that depend on each other.
        """
        rows = self._rows(w)
        kept = rows @ self.covariance @ rows.T
        try:
            shares: Tensor = torch.linalg.solve(rows @ rows.T, kept)
        except RuntimeError:
            raise ValueError(
                "Variance: the rows of w must be linearly independent"
            ) from None
        return shares.diagonal().sum()

    def axes(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """The principal axes within the span of the rows.

        Args:
            w: as for a call.

        Returns:
            The variance along each axis, shape (k,), the largest first; and the
            axes, shape (k, d): orthogonal, of length 1, and with the largest
            coordinate of each above zero.

        Raises:
            ValueError: another shape.
        """
        basis = torch.linalg.qr(self._rows(w).T).Q
        variances, turn = torch.linalg.eigh(basis.T @ self.covariance @ basis)
        axes = (basis @ turn).T.flip(0)
        largest = axes.gather(1, axes.abs().argmax(1, keepdim=True))
        return variances.flip(0), axes * largest.sign()

    def _rows(self, w: Tensor) -> Tensor:
        d = len(self.covariance)
        rows = w if w.dim() == 2 else w[None]
        if rows.dim() != 2 or rows.shape[1] != d or not 1 <= len(rows) <= d:
            raise ValueError(
                f"Variance: w must have the shape ({d},) or (k, {d}) with k "
                f"from 1 to {d}, got {tuple(w.shape)}"
            )
        return rows
