"""The ground under paths: levels filled, pale where low."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.contour import ContourSet
from matplotlib.transforms import Affine2D

from .style import GROUND

TINTS = LinearSegmentedColormap.from_list("ground", GROUND)
LINE = "#46525c"  # shows on each tint
_SIDE = 160  # points of the grid, each way
_PIXELS = 400  # of a side: points nearer than a ninth of one are left out


def levels(
    ax: Axes,
    height: Callable[..., Any],
    domain: Sequence[tuple[float, float]],
    *,
    levels: int | list[float] = 12,
) -> None:
    """Fill the levels of a function of two coordinates: deeper is higher.

    The axes show the domain to scale, unless one side is more than three times
    the other; then the name of the first axis says that they do not.

    Args:
        ax: where to draw.
        height: takes two arrays, and returns one.
        domain: the part of the plane to show.
        levels: how many level lines, each pair of which encloses an equal share
            of the plane; or their heights.
    """
    xlim, ylim = domain
    xs, ys = np.linspace(*xlim, _SIDE), np.linspace(*ylim, _SIDE)
    x, y = np.meshgrid(xs, ys)
    z = np.broadcast_to(height(x, y), x.shape)
    ax.set(xlim=xlim, ylim=ylim)
    if is_to_scale(domain):
        ax.set_aspect("equal")
    if z.min() == z.max():  # a plain has no level lines
        return
    if isinstance(levels, int):
        shares = np.linspace(0.01, 0.99, levels)
        levels = list(np.unique(np.quantile(z, shares)))
    _fill(ax, xs, ys, z, levels)


def is_to_scale(domain: Sequence[tuple[float, float]]) -> bool:
    """Whether both axes have one scale: their lengths are not too far apart."""
    width, height = (high - low for low, high in domain)
    return bool(max(width, height) <= 3 * min(width, height))


def _fill(ax: Axes, x: Any, y: Any, z: Any, heights: list[float]) -> None:
    # A ditch around the domain closes every line, so that each can be filled
    # with what lies above it, from low to high: one path a level.
    low = z.min() - (z.max() - z.min())
    x, y = (np.pad(each, 1, constant_values=_around(each)) for each in (x, y))
    z = np.pad(z, 1, constant_values=low)
    lines = ax.contour(x, y, z, levels=heights, linewidths=0.5, zorder=0)
    tints = TINTS(np.linspace(0, 1, len(heights) + 1))
    ax.set_facecolor(tints[0])
    lines.set(array=None, edgecolor=LINE, facecolor=tints[1:])
    lighten(lines, (x[0], x[-1]), (y[0], y[-1]))


def lighten(lines: ContourSet, *domain: tuple[float, float]) -> None:
    """Leave out the points of level lines that nobody would miss."""
    (left, right), (low, high) = domain
    to_pixels = Affine2D().translate(-left, -low)
    to_pixels.scale(_PIXELS / (right - left), _PIXELS / (high - low))
    lines.set_paths(
        [
            path.cleaned(to_pixels, simplify=True).transformed(
                to_pixels.inverted()
            )
            for path in lines.get_paths()
        ]
    )


def _around(places: Any) -> tuple[float, float]:
    step = places[1] - places[0]
    return places[0] - step, places[-1] + step
