"""How far one picture is from being another."""

from __future__ import annotations

from typing import Any

import numpy as np


def unlike(one: Any, other: Any) -> float:
    """The share of pixels that another picture has neither there nor beside it.

    An image is moved to whole pixels, a drawing is not.
    """
    rows, columns = np.minimum(one.shape[:2], other.shape[:2])
    one, other = one[:rows, :columns], other[:rows, :columns]
    around = [
        np.roll(other, (i, j), axis=(0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)
    ]
    low, high = np.min(around, axis=0), np.max(around, axis=0)
    off = np.maximum(low - one, one - high).max(axis=2)
    return float((off > 128).mean())
