"""Data that an objective is made of: a table, a sample a row."""

from typing import Any

import torch
from torch import Tensor


def table(owner: str, data: Any) -> Tensor:
    """The data as a tensor, float64 unless it is one of other real numbers.

    Raises:
        ValueError: it is not of the shape (n, d), or not finite.
    """
    real = isinstance(data, Tensor) and data.is_floating_point()
    x = data.detach() if real else torch.as_tensor(data, dtype=torch.float64)
    if x.dim() != 2 or 0 in x.shape:
        hint = "; of one coordinate, data[:, None]" if x.dim() == 1 else ""
        raise ValueError(
            f"{owner}: data must have the shape (n, d), a sample a row, got "
            f"{tuple(x.shape)}{hint}"
        )
    if not bool(x.isfinite().all()):
        row = int((~x.isfinite()).any(1).nonzero()[0])
        raise ValueError(
            f"{owner}: data must be finite numbers, got {x[row].tolist()} in "
            f"row {row}"
        )
    return x
