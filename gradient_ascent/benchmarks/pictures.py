"""Pictures of runs: curves, profiles, intervals, places over the budget.

Each curve is named in the SVG itself, so that the book's pages can tell its
name and value where the reader points.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from gradient_ascent import plots
from gradient_ascent.benchmarks import logs
from gradient_ascent.benchmarks.runs import Run
from gradient_ascent.benchmarks.statistics import Estimate


def lines(
    ax: Axes,
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]],
    shown: Sequence[str] = (),
    *,
    steps: bool = False,
) -> None:
    """Draw curves: some in color with their names, the others in gray.

    Args:
        ax: where to draw; its scales and the names of its axes are set before.
        curves: for each name the places x and y.
        shown: at most six names, those in color; all by default.
        steps: whether a curve is level up to its next place.

    Raises:
        ValueError: a name that has no curve, or too many of them.
    """
    named = list(shown or curves)
    unknown = [name for name in named if name not in curves]
    if unknown or len(named) > len(plots.COLORS):
        raise ValueError(
            f"lines: shown must hold at most {len(plots.COLORS)} of "
            f"{', '.join(curves)}; got {', '.join(unknown or named)}"
        )
    style = "steps-post" if steps else "default"
    for name, (x, y) in curves.items():
        if name not in named:
            (line,) = ax.plot(
                x, y, color=plots.GRAY, linewidth=0.7, drawstyle=style, zorder=1
            )
            _name(line, name)
    for color, name in zip(plots.COLORS, named):
        (line,) = ax.plot(
            *curves[name], color=color, label=name, drawstyle=style
        )
        _name(line, name)


def finish(ax: Axes) -> None:
    """Name the curves, and tell in the SVG what the axes measure.

    To be called when all is drawn.
    """
    plots.label(ax)
    about: dict[str, str | float] = {}
    for axis, limits in (("x", ax.get_xlim()), ("y", ax.get_ylim())):
        about |= {
            axis: getattr(ax, f"get_{axis}label")(),
            f"{axis}scale": getattr(ax, f"get_{axis}scale")(),
            f"{axis}from": limits[0],
            f"{axis}to": limits[1],
        }
    ax.set_gid(f"curves?{urlencode(about)}")


def gaps(
    runs: Sequence[Run], problem: str
) -> dict[str, tuple[list[int], list[float]]]:
    """Return each optimizer's median gap over the evaluations spent.

    For logarithmic axes: a curve has no place at the start, and ends where the
    median run has failed or its gap is no longer above zero.

    Args:
        runs: of the role "report".
        problem: its name.
    """
    taken = logs.of(runs, problem=problem)
    found = {}
    for name in logs.optimizers(taken):
        own = [run for run in taken if run.optimizer == name]
        places, heights = [], []
        for n in sorted({n for run in own for n, _ in run.curve if n}):
            gap = float(
                logs.middle([logs.gap_at(run, n) for run in own], axis=0)
            )
            if not 0 < gap < np.inf:
                break
            places.append(n)
            heights.append(gap)
        found[name] = places, heights
    return found


def intervals(
    ax: Axes, estimates: Mapping[str, Estimate], marked: Sequence[str] = ()
) -> None:
    """Draw estimates with their intervals below each other, the highest above.

    Args:
        ax: where to draw.
        estimates: by name.
        marked: those drawn in color.
    """
    order = sorted(estimates, key=lambda name: estimates[name].value)
    for place, name in enumerate(order):
        value, low, high = estimates[name]
        color = plots.COLORS[0] if name in marked else plots.GRAY
        ax.plot([low, high], [place, place], color=color, linewidth=3)
        ax.plot(value, place, "o", color=color, markersize=7)
    ax.set_yticks(range(len(order)), order)
    ax.set_ylim(-0.6, len(order) - 0.4)


def _name(line: Line2D, name: str) -> None:
    line.set_gid(f"curve?{urlencode({'name': name})}")
