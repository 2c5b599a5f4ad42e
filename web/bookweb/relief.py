"""A landscape in relief with the paths of runs on it: its numbers, and its picture."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d.axes3d import Axes3D

from gradient_ascent import Landscape, Trace, plots
from gradient_ascent.plots import marks

GRID = 41  # lines each way: smooth to the eye, and few enough to load and to turn
SIZE = (plots.WIDTH, 4.6)
Points = list[tuple[float, float, float]]


@dataclass(frozen=True)
class Path3D:
    """A run's path, draped over the surface, and the points at which its steps end."""

    label: str
    line: Points
    steps: Points


@dataclass(frozen=True)
class Relief:
    """The surface over a landscape's domain, and the paths on it."""

    axes: tuple[str, ...]  # three
    x: list[float]
    y: list[float]
    heights: list[list[float]]
    paths: list[Path3D]
    optima: Points

    def json(self, elevation: float, azimuth: float) -> str:
        """What the page draws from: short numbers, and where it is first seen from."""
        numbers: dict[str, Any] = {
            "view": {"elevation": elevation, "azimuth": azimuth},
            "axes": self.axes,
            "x": _short(self.x),
            "y": _short(self.y),
            "heights": _short(self.heights),
            "optima": _short(self.optima),
            "paths": [
                {"label": p.label, "line": _short(p.line), "steps": _short(p.steps)}
                for p in self.paths
            ],
            "colors": plots.COLORS[: len(self.paths)],
            "ground": plots.GROUND,
            "ink": plots.INK,
        }
        return json.dumps(numbers, separators=(",", ":"))


def relief(
    landscape: Landscape, traces: Sequence[Trace], *, log: bool = False
) -> Relief:
    """Raise a landscape over its domain; lay the runs on it, as far as they stay there.

    Args:
        landscape: one of two coordinates.
        traces: runs on it, no two of one rule.
        log: draw log10(1 + height), for a landscape that spans many orders of size.

    Raises:
        ValueError: the landscape is not 2-D.
    """
    if landscape.dimension != 2:
        got = f"{landscape.name} ({landscape.dimension}-D)"
        raise ValueError(f"a surface needs a 2-D landscape, got {got}")

    def height(x: float, y: float) -> float:
        z = float(landscape(x, y))
        return math.log10(1 + z) if log else z

    x, y = (np.linspace(low, high, GRID).tolist() for low, high in landscape.domain)
    name = "log10(1 + f)" if log else "f"
    return Relief(
        axes=(*landscape.coordinates, name),
        x=x,
        y=y,
        heights=[[height(a, b) for a in x] for b in y],
        paths=[_path(trace, height) for trace in traces],
        optima=[(x, y, height(x, y)) for x, y in landscape.optima],
    )


def _path(trace: Trace, height: Callable[[float, float], float]) -> Path3D:
    points = [trace.positions[0]]
    for point in trace.positions[1:]:
        if not all(
            low <= c <= high for c, (low, high) in zip(point, trace.landscape.domain)
        ):
            break
        points.append(point)
    line = [points[0]]
    widths = [high - low for low, high in trace.landscape.domain]
    for a, b in pairwise(points):
        share = max(abs(p - q) / w for p, q, w in zip(a, b, widths))
        pieces = math.ceil(share * GRID) or 1
        shares = (i / pieces for i in range(1, pieces + 1))
        line += [(a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])) for s in shares]
    curve, marks = ([(x, y, height(x, y)) for x, y in each] for each in (line, points))
    return Path3D(trace.rule, curve, marks)


def draw(shape: Relief, target: Path, *, elevation: float, azimuth: float) -> None:
    """Draw the picture that is there before anything is turned: a transparent SVG."""
    with plt.style.context([plots.STYLE, {"figure.constrained_layout.use": False}]):
        figure = plt.figure(figsize=SIZE)
        axes = figure.add_axes(
            (0, 0.02, 1, 0.98), projection="3d", computed_zorder=False
        )
        assert isinstance(axes, Axes3D)
        x, y = np.meshgrid(shape.x, shape.y)
        colors = LinearSegmentedColormap.from_list("ground", plots.GROUND)
        axes.plot_surface(
            x, y, np.array(shape.heights), cmap=colors, rcount=GRID, ccount=GRID,
            edgecolor="0.45", linewidth=0.12,
            rasterized=True,  # thousands of pieces hold a page up
        )  # fmt: skip
        for path, color, marker in zip(shape.paths, plots.COLORS, plots.MARKERS):
            every = max(1, len(path.steps) // marks.MOST)
            axes.plot(*zip(*path.line), color=color, linewidth=1.4, zorder=3)
            axes.plot(
                *zip(*path.steps[::every]),
                marker,
                color=color,
                markersize=2.6,
                zorder=3,
            )
            axes.plot([], [], [], marker, linestyle="-", color=color, label=path.label)
            axes.plot(
                *path.steps[0],
                "o",
                color=plots.INK,
                markersize=marks.RING,
                fillstyle="none",
                zorder=3,
            )
        for optimum in shape.optima:
            axes.plot(*optimum, "*", color=plots.INK, markersize=marks.STAR, zorder=4)
        _dress(axes, shape)
        axes.view_init(elevation, azimuth)
        figure.savefig(target, metadata={"Date": None})
        plt.close(figure)


def _dress(axes: Axes3D, shape: Relief) -> None:
    axes.set(xlabel=plots.title(shape.axes[0]), ylabel=plots.title(shape.axes[1]))
    axes.set_zlabel(shape.axes[2], rotation=90)
    axes.set_box_aspect((1, 1, 0.7), zoom=0.94)
    axes.zaxis.set_rotate_label(False)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((0, 0, 0, 0))
        axis.set_tick_params(labelsize=11, pad=0)
        axis.set_major_locator(MaxNLocator(4))
    axes.grid(visible=False)
    if shape.paths:
        axes.figure.legend(loc="upper center", ncols=4, labelcolor="linecolor")


def _short(numbers: Any) -> Any:
    """Keep five digits of every number, which is more than a screen shows."""
    if isinstance(numbers, float | int):
        return float(f"{numbers:.5g}")
    return [_short(each) for each in numbers]
