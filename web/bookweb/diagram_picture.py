"""Draws a diagram as the chapters' figures are drawn: the whole, or its ground alone.

The page draws on the ground what changes, with the same sizes and colors.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from bookweb import lab_data
from gradient_ascent import plots
from gradient_ascent.diagrams import Diagram
from gradient_ascent.diagrams.kinds import (
    Axis,
    Cells,
    Curve,
    Drawing,
    Handle,
    Layer,
    Levels,
    Words,
)
from gradient_ascent.plots import ground, marks

TINT = 0.3  # of a cell's color
THIN = 1.0  # a line that others are seen against


def draw(
    diagram: Diagram, target: Path, drawing: Drawing | None = None
) -> dict[str, Any]:
    """Draw a diagram, without a drawing its ground; return where its panels are."""
    panels = diagram.panels()
    with plt.style.context(plots.STYLE):
        figure, axes = plt.subplot_mosaic(
            np.array([row.split() for row in diagram.layout]).tolist(),
            figsize=(plots.WIDTH, diagram.height),
        )
        lab_data.in_whole_pixels(figure)
        for name, panel in panels.items():
            _axes(axes[name], panel.x, panel.y)
            if panel.to_scale:
                axes[name].set_aspect("equal")
            for each in panel.ground:
                _GROUND[type(each)](axes[name], each)
        if drawing:
            for name, layers in drawing.layers.items():
                for height, layer in enumerate(layers, start=3):
                    for artist in _layer(axes[name], layer):
                        artist.set_in_layout(False)  # the axes stay where they are
                        artist.set_zorder(height)
        target.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, metadata={"Date": None})
        across, up = lab_data.POINTS * figure.get_size_inches()
        places = {name: axes[name].get_position() for name in panels}
        plt.close(figure)
    return {
        "size": [float(across), float(up)],
        "panels": {
            name: {
                "left": float(across * place.x0),
                "top": float(up * (1 - place.y1)),
                "width": float(across * place.width),
                "height": float(up * place.height),
                "x": [panels[name].x.low, panels[name].x.high],
                "y": [panels[name].y.low, panels[name].y.high],
            }
            for name, place in places.items()
        },
    }


def style() -> dict[str, Any]:
    """Return what the page draws with."""
    return lab_data.style() | {
        "colors": plots.COLORS,
        "marks": [lab_data.outline(marker) for marker in plots.MARKERS],
        "gray": plots.GRAY,
        "thin": THIN,
        "tint": TINT,
    }


def _axes(ax: Axes, x: Axis, y: Axis) -> None:
    ax.set(xlim=(x.low, x.high), ylim=(y.low, y.high), xlabel=x.name, ylabel=y.name)
    for side, axis in ((ax.xaxis, x), (ax.yaxis, y)):
        if axis.powers:
            whole = range(ceil(axis.low), floor(axis.high) + 1)
            side.set_ticks(list(whole), [f"$10^{{{k}}}$" for k in whole])


def _levels(ax: Axes, of: Levels) -> None:
    heights = np.array(of.heights)
    if of.filled:
        tints = ground.TINTS(np.linspace(0, 1, len(of.levels) - 1))
        filled = ax.contourf(of.x, of.y, heights, of.levels, colors=tints[::-1])
        ground.lighten(filled, ax.get_xlim(), ax.get_ylim())
    lines = ax.contour(
        of.x, of.y, heights, of.levels, colors=ground.LINE, linewidths=0.6
    )
    ground.lighten(lines, ax.get_xlim(), ax.get_ylim())
    if of.labels:
        ax.clabel(lines, fmt="%.1f", fontsize=10, colors=plots.INK, manual=of.labels)


def _words(ax: Axes, words: Words) -> None:
    ax.text(
        *words.at,
        words.text,
        ha="center",
        va="center",
        path_effects=[withStroke(linewidth=3, foreground=plots.CASING)],
    )


def _curve(ax: Axes, curve: Curve) -> list[Artist]:
    points = np.array([each or (np.nan, np.nan) for each in curve.points]).T
    how: dict[str, Any] = {
        "color": plots.GRAY if curve.color is None else plots.COLORS[curve.color],
        "linestyle": ("--" if curve.dashed else "-") if curve.line else "none",
        "linewidth": THIN if curve.color is None else plots.STYLE["lines.linewidth"],
    }
    if curve.mark is not None:
        how["marker"] = plots.MARKERS[curve.mark]
    return list(ax.plot(*points, **how))


def _cells(ax: Axes, cells: Cells) -> list[Artist]:
    """One outline a class, of its runs along the rows."""
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    across = (right - left) / len(cells.rows[0])
    up = (high - low) / len(cells.rows)
    drawn: list[Artist] = []
    for which, color in zip(range(len(cells.names)), plots.COLORS):
        boxes = []
        for j, row in enumerate(cells.rows):
            for i, end in _runs(row, str(which)):
                x, y = left + i * across, low + j * up
                corners = [(x, y), (left + end * across, y)]
                corners += [(p, y + up) for p, _ in reversed(corners)]
                boxes.append(Outline([*corners, corners[0]], closed=True))
        if boxes:
            whole = Outline.make_compound_path(*boxes)
            patch = PathPatch(whole, color=color, alpha=TINT, linewidth=0)
            patch.set_antialiased(False)
            drawn.append(ax.add_patch(patch))
    return drawn


def _runs(row: str, letter: str) -> list[tuple[int, int]]:
    """Where a letter stands in a row: its runs, each from and up to a place."""
    bounds = np.flatnonzero(np.diff([0, *(each == letter for each in row), 0]))
    return [(int(i), int(j)) for i, j in bounds.reshape(-1, 2)]


def _handle(ax: Axes, handle: Handle) -> list[Artist]:
    how: dict[str, Any] = {"markersize": marks.RING, "markeredgecolor": plots.INK}
    return list(ax.plot(*handle.at, "o", color=plots.CASING, clip_on=False, **how))


_GROUND: Mapping[type, Any] = {Curve: _curve, Levels: _levels, Words: _words}


def _layer(ax: Axes, layer: Layer) -> list[Artist]:
    draws: Mapping[type, Any] = {Curve: _curve, Cells: _cells, Handle: _handle}
    drawn: list[Artist] = draws[type(layer)](ax, layer)
    return drawn
