"""Contrast by WCAG 2.2, and what the style sheet's filter makes of a color."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgb

Color = str | Sequence[float]
_PARTS = np.array([0.2126, 0.7152, 0.0722])
# hue-rotate(180deg) by the definition of CSS filter effects
_GRAY = np.array([0.213, 0.715, 0.072])
_TURN = 2 * np.tile(_GRAY, (3, 1)) - np.eye(3)


def luminance(color: Color) -> float:
    """Return WCAG's relative luminance."""
    c = np.array(color[:3] if not isinstance(color, str) else to_rgb(color))
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(_PARTS @ linear)


def contrast(one: Color, other: Color) -> float:
    """Return WCAG's contrast ratio, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def turned(color: Color, by: float = 0.92) -> tuple[float, ...]:
    """Return what invert(0.92) hue-rotate(180deg) makes of a color."""
    c = np.array(color[:3] if not isinstance(color, str) else to_rgb(color))
    inverted = by - (2 * by - 1) * c
    return tuple(np.clip(_TURN @ inverted, 0, 1).tolist())
