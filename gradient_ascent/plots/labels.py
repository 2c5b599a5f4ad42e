"""Names of axes; and of lines, at their ends or else in a row above."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D

LINE_HEIGHT = 1.4  # of the letters' size
WIDEST = 0.32  # part of the axes that names at the right may take


def title(coordinate: str) -> str:
    """Write a coordinate as formulas do: x1 as x with an index."""
    match = re.fullmatch(r"([a-z])(\d*)", coordinate)
    if match is None:
        return coordinate
    letter, index = match.groups()
    return f"${letter}_{{{index}}}$" if index else f"${letter}$"


def label(ax: Axes) -> None:
    """Name the lines that have labels, each in its color.

    Where all of them run to the right side, the names stand there, if they are
    short; else in a legend above the axes, never on the data.
    """
    for old in [each for each in ax.artists if isinstance(each, EndLabels)]:
        old.remove()
    handles, _ = ax.get_legend_handles_labels()
    lines = [each for each in handles if isinstance(each, Line2D)]
    at_the_right = [line for line in lines if _ends_at_the_right(ax, line)]
    if not handles:
        return
    if len(at_the_right) == len(handles):
        names = EndLabels(ax, lines)
        if names.width() <= WIDEST * ax.bbox.width:
            ax.add_artist(names)
            return
        names.remove()
    legend(ax)


def legend(ax: Axes) -> None:
    """Put the legend above the axes, in as few rows as fit."""
    _, names = ax.get_legend_handles_labels()
    for columns in range(len(names), 0, -1):
        made = ax.legend(
            loc="lower left", bbox_to_anchor=(0, 1), labelcolor="linecolor",
            ncols=columns,
        )  # fmt: skip
        if made.get_window_extent().width <= ax.bbox.width:
            return


class EndLabels(Artist):
    """Names right of the axes, as near to their lines' ends as they have room.

    Where that is, is known when the picture is drawn.
    """

    def __init__(self, ax: Axes, lines: Sequence[Line2D]) -> None:
        super().__init__()
        self.set_zorder(-1)  # before the names themselves
        self.lines = lines
        self.texts = [
            ax.annotate(
                str(line.get_label()), (1, 0), (4, 0), "axes fraction",
                "offset points", color=line.get_color(), va="center",
            )
            for line in lines
        ]  # fmt: skip

    def width(self) -> float:
        """Return the room that the names need, in the canvas's units."""
        return max(text.get_window_extent().width for text in self.texts)

    def remove(self) -> None:
        """Take the names away."""
        for text in self.texts:
            text.remove()
        if self.axes is not None:
            super().remove()

    def draw(self, renderer: RendererBase) -> None:
        """Move the names to where their lines end now."""
        assert self.axes is not None
        box = self.axes.bbox
        ends = [_place(line) for line in self.lines]
        points = float(self.texts[0].get_fontsize()) * LINE_HEIGHT
        gap = float(np.asarray(renderer.points_to_pixels(points)))
        for text, place in zip(self.texts, apart(ends, gap, box.y0, box.y1)):
            text.xy = (1, (place - box.y0) / box.height)


def apart(
    wanted: Sequence[float], gap: float, low: float, high: float
) -> list[float]:
    """Return the places nearest to those wanted that lie a gap apart.

    The sum of squared distances is least, which is isotonic regression; then
    those beyond the ends are moved in.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    inside = np.clip([wanted[i] for i in order], low, high)
    less = inside - gap * np.arange(len(order))
    n = range(len(order))
    monotone = [
        max(min(less[j : k + 1].mean() for k in n[i:]) for j in n[: i + 1])
        for i in n
    ]
    room = max(low, high - gap * (len(order) - 1))
    places = np.clip(monotone, low, room) + gap * np.arange(len(order))
    return [float(places[order.index(i)]) for i in n]


def _ends_at_the_right(ax: Axes, line: Line2D) -> bool:
    if line.get_linestyle() == "None" or not np.size(line.get_xdata()):
        return False
    places = [(x, 1) for x in (*ax.get_xlim(), _end(line)[0])]
    left, right, end = ax.transScale.transform(places)[:, 0]
    return bool(end >= left + 0.85 * (right - left))


def _place(line: Line2D) -> float:
    """Return how high on the canvas a line ends."""
    _, y = np.asarray(line.get_transform().transform(_end(line)))
    return float(y)


def _end(line: Line2D) -> Any:
    points = np.column_stack(line.get_data())
    finite = points[np.isfinite(points).all(axis=1)]
    return finite[-1] if len(finite) else points[-1]
