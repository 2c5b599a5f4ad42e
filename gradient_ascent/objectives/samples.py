"""Samples, one a row: their mean, and in how many directions they vary."""

from __future__ import annotations

import torch
from torch import Tensor


def centered(owner: str, data: Tensor) -> tuple[Tensor, Tensor]:
    """Check samples, and take off their mean.

    Args:
        owner: who asks, for the error.
        data: n samples of d numbers each, shape (n, d).

    Returns:
        The samples less their mean, and the mean, shape (d,).

    Raises:
        TypeError: the data are no real floating-point tensor.
        ValueError: they have another shape, fewer than two samples, or a number
            that is not finite.
    """
    if not isinstance(data, Tensor) or not data.is_floating_point():
        got = data.dtype if isinstance(data, Tensor) else type(data).__name__
        raise TypeError(
            f"{owner}: data must be a real floating-point tensor, got {got}"
        )
    if data.dim() != 2 or len(data) < 2 or not data.shape[1]:
        raise ValueError(
            f"{owner}: data must have the shape (n, d), two samples or more a "
            f"row each, got {tuple(data.shape)}"
        )
    if not data.isfinite().all():
        raise ValueError(f"{owner}: data must be finite")
    mean = data.mean(0)
    return data - mean, mean


def principal(x: Tensor) -> tuple[Tensor, Tensor, int]:
    """The principal axes of samples less their mean.

    Returns:
        The variances, the largest first; the axes, a row each; and how many of
        the variances rounding cannot have made.
    """
    variances, u = torch.linalg.eigh(x.T @ x / len(x))
    variances, axes = variances.flip(0), u.T.flip(0)
    rounding = torch.finfo(x.dtype).eps * max(x.shape) * variances[0]
    return variances, axes, int((variances > rounding).sum())
