"""Data turned to their principal axes, with variance one along each."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from gradient_ascent.arguments import check_whole
from gradient_ascent.objectives.samples import centered, principal


class Whitened(NamedTuple):
    """Data without correlation, each coordinate of variance one.

    Attributes:
        data: z, shape (n, k).
        matrix: V, shape (k, d), so that z = V (x - mean).
        mean: of the data, shape (d,).
    """

    data: Tensor
    matrix: Tensor
    mean: Tensor


def whiten(data: Tensor, components: int | None = None) -> Whitened:
    r"""Rotate data to their principal axes and scale each to variance one.

    .. math:: z_i = \Lambda^{-1/2} U^\top (x_i - \bar x), \qquad
        C = U \Lambda U^\top

    Args:
        data: n samples of d numbers each, shape (n, d).
        components: how many axes to keep, those of the largest variance; by
            default all.

    Raises:
        TypeError: as `Variance`; or `components` is no whole number.
        ValueError: as `Variance`; or the data vary in fewer directions than are
            to be kept: a column is constant, or depends on the others, or there
            are too few samples.
    """
    x, mean = centered("whiten", data)
    k = x.shape[1] if components is None else components
    check_whole("whiten", "components", k, least=1)
    variances, axes, found = principal(x)
    if k > found:
        raise ValueError(
            f"whiten: the data must vary in {k} directions, got {found}; drop "
            "columns that are constant or depend on others, or keep fewer "
            "components"
        )
    matrix = axes[:k] / variances[:k, None].sqrt()
    return Whitened(x @ matrix.T, matrix, mean)
