"""A landscape as lit hills, seen from above at a slant, and where its points lie there.

A point's height lifts it in the picture, by so little that no hill hides what is behind
it: every point is in sight, and to each place of the picture belongs one point.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from gradient_ascent import Landscape

SLANT = 0.62  # how long a unit northward is in the picture, eastward being one
RISE = 0.85  # how long a unit of height is
RELIEF = 1.5  # by what slopes are multiplied before they are lit
LEVELS = 0.1  # of height, between two lines
LINE = 1.2  # pixels: how wide a line is
QUALITY = {"quality": 80, "alpha_quality": 60, "method": 6}  # of the compressed picture
FADE = 0.06, 0.04  # height, and light or shadow, below which the page shines through


class Theme(NamedTuple):
    """Colors of the ground by height, from a plain to a summit, and of its light."""

    ground: tuple[str, ...]
    light: tuple[str, float]  # and how much of it there is at most
    shadow: tuple[str, float]
    line: tuple[str, float]


# A plain is left out: there the page has its own color, which the ground begins with.
THEMES = {
    "light": Theme(
        ground=("#fffefc", "#dfe6e6", "#d3dee0", "#e6e0cf", "#f6e7c8"),
        light=("#fff4dc", 0.75),
        shadow=("#34526b", 0.85),
        line=("#2f4a60", 0.32),
    ),
    "dark": Theme(
        ground=("#15191e", "#1e2a34", "#2b3c4a", "#4a4f4c", "#7a6a48"),
        light=("#b7d3e8", 0.75),
        shadow=("#05080b", 0.9),
        line=("#c3d6e4", 0.34),
    ),
}
SUN = np.array([-0.75, 0.35, 0.75])  # from where it shines: east, north, up


@dataclass(frozen=True)
class View:
    """A part of the plane under a landscape, as a picture of so many pixels."""

    landscape: Landscape
    left: float
    right: float
    top: float
    size: tuple[int, int]

    @property
    def unit(self) -> float:
        """How many pixels a unit is long, eastward."""
        return self.size[0] / (self.right - self.left)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where in the picture a point of the landscape lies, from its top."""
        lift = SLANT * y + RISE * float(self.landscape(x, y))
        return self.unit * (x - self.left), self.unit * (self.top - lift)


def draw(view: View, theme: Theme, target: Path) -> None:
    """Draw the hills, lit, with level lines."""
    x, y = _points(view)
    height = _height(view, x, y)
    tints = np.linspace(0, height.max(), len(theme.ground))
    channels = np.stack([*map(_rgb, theme.ground)], axis=-1)
    colors = np.stack([np.interp(height, tints, each) for each in channels], axis=-1)
    brightness = _brightness(view, x, y)
    for (color, most), amount in (
        (theme.shadow, -brightness),
        (theme.light, brightness),
        (theme.line, _lines(height)),
    ):
        share = most * np.clip(amount, 0, 1)[..., np.newaxis]
        colors += share * (_rgb(color) - colors)
    seen = np.maximum(height / FADE[0], np.abs(brightness) / FADE[1]).clip(0, 1)
    picture = np.dstack([colors, 255 * seen**2 * (3 - 2 * seen)])
    Image.fromarray(np.rint(picture).astype("uint8")).save(target, "WEBP", **QUALITY)


def _points(view: View) -> tuple[Any, Any]:
    """Return the landscape's point at each pixel: one, as up means farther north."""
    across, down = view.size
    x = view.left + (np.arange(across) + 0.5) / view.unit
    lift = view.top - (np.arange(down) + 0.5) / view.unit
    far = np.abs(lift).max() / SLANT + RISE / SLANT
    north = np.linspace(-far, far, 2000)
    lifts = SLANT * north[:, np.newaxis] + RISE * _height(view, *np.meshgrid(x, north))
    if (np.diff(lifts, axis=0) <= 0).any():
        raise ValueError(f"{view.landscape.name} is too steep: a hill hides another")
    y = np.stack([np.interp(lift, column, north) for column in lifts.T], axis=-1)
    return np.broadcast_to(x, y.shape), y


def _height(view: View, x: Any, y: Any) -> Any:
    return np.asarray(view.landscape.function(x, y))


def _brightness(view: View, x: Any, y: Any) -> Any:
    """How much more light falls on each point than on a plain; less is below zero."""
    tiny = 1e-4
    east = _height(view, x + tiny, y) - _height(view, x - tiny, y)
    north = _height(view, x, y + tiny) - _height(view, x, y - tiny)
    slopes = RELIEF / (2 * tiny) * np.stack([east, north])
    upright = 1 / np.sqrt(1 + (slopes**2).sum(axis=0))
    sun = SUN / np.linalg.norm(SUN)
    return upright * (sun[2] - sun[0] * slopes[0] - sun[1] * slopes[1]) - sun[2]


def _lines(height: Any) -> Any:
    """How much of each pixel a level line covers; there is none on the plain."""
    level = np.rint(height / LEVELS)
    north, east = np.gradient(height)
    pixels = np.abs(height - LEVELS * level) / np.maximum(np.hypot(north, east), 1e-9)
    return np.where(level > 0, np.clip((LINE + 1) / 2 - pixels, 0, 1), 0)


def _rgb(color: str) -> Any:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)
