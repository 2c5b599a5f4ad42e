"""What lies on the ground: paths, starts and optima, the same everywhere."""

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from .style import CASING, COLORS, INK, MARKERS

EDGE = 0.8  # points of casing on each side of a line, and around a mark
RING, STAR = 10, 14  # sizes
DOT = 2.4  # of what another's run is marked with
MOST = 40  # marks on a path: more run together


def path(
    ax: Axes, x: Sequence[float], y: Sequence[float], which: int, name: str = ""
) -> None:
    """Draw one run's path, cased, with a mark at each of up to forty steps.

    Args:
        ax: where to draw.
        x: a coordinate of each point.
        y: the other.
        which: number of the run, which has its color and its mark.
        name: the run's label.
    """
    color = COLORS[which % len(COLORS)]
    marks: dict[str, Any] = {
        "marker": MARKERS[which % len(MARKERS)],
        "markevery": _every(x),
    }
    ax.plot(x, y, color=color, label=name, **marks)
    ax.plot(
        x, y, color=CASING, zorder=1.9,  # below the lines of all runs
        linewidth=plt.rcParams["lines.linewidth"] + 2 * EDGE,
        markersize=plt.rcParams["lines.markersize"] + 2 * EDGE, **marks,
    )  # fmt: skip


def dots(ax: Axes, x: Sequence[float], y: Sequence[float]) -> None:
    """Mark another's run of as many steps where a path has its marks.

    Args:
        ax: where to draw.
        x: a coordinate of each point.
        y: the other.
    """
    ax.plot(
        x, y, "o", color=CASING, markeredgecolor=INK, markeredgewidth=EDGE,
        markersize=DOT, markevery=_every(x),
    )  # fmt: skip


def _every(points: Sequence[float]) -> int:
    return max(1, len(points) // MOST)


def ring(ax: Axes, start: Sequence[float]) -> None:
    """Mark a start."""
    ax.plot(*start, "o", color=INK, markersize=RING, fillstyle="none")


def star(ax: Axes, optima: Iterable[Sequence[float]]) -> None:
    """Mark optima, above all else."""
    for optimum in optima:
        ax.plot(
            *optimum, "*", color=INK, markersize=STAR, markeredgecolor=CASING,
            markeredgewidth=EDGE, zorder=3,
        )  # fmt: skip
