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
    ax: Axes,
    runs: Sequence[Run],
    problem: str,
    shown: Sequence[str] = (),
) -> None:
    """Draw each optimizer's median gap over the evaluations spent.

    Where the median run has failed, or the gap is not above zero, its curve
    has a hole.

    Args:
        ax: where to draw, on logarithmic scales.
        runs: of the role "report".
        problem: its name.
        shown: as `lines` takes it; by default the six that end highest.
    """
    taken = logs.of(runs, problem=problem)
    found = {}
    for name in logs.optimizers(taken):
        own = [run for run in taken if run.optimizer == name]
        places = sorted({n for run in own for n, _ in run.curve if n})
        gap = np.array(
            [
                logs.middle([logs.gap_at(run, n) for run in own], axis=0)
                for n in places
            ]
        )
        found[name] = places, np.where(gap > 0, gap, np.nan)
    ends = {name: gap[-1] for name, (_, gap) in found.items()}
    first = sorted(ends, key=lambda name: np.nan_to_num(ends[name], nan=0.0))
    ax.set(xscale="log", yscale="log", xlabel="evaluations", ylabel="gap")
    lines(ax, found, shown or first[: len(plots.COLORS)])


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
