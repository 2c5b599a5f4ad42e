"""Pictures of traces and landscapes in one house style: transparent SVG."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import Any, Literal

import numpy as np

try:
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    from cycler import cycler
    from matplotlib.axes import Axes
except ImportError as error:
    raise ImportError(
        "pictures need matplotlib, which is not installed; run "
        'pip install "gradient-ascent-book[plots]"'
    ) from error

from gradient_ascent.landscapes import Landscape
from gradient_ascent.trace import Trace

# Okabe and Ito's colors, which color-blind readers tell apart, less the yellow
# that fades on white.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
MARKERS = ("o", "s", "^", "D", "v", "P")
WIDTH = 4.8
"""Inches. Narrow on purpose: a figure stays legible on a phone's 360 px."""

STYLE: dict[str, Any] = {
    "axes.facecolor": "none",
    "axes.prop_cycle": cycler(color=COLORS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "contour.negative_linestyle": "solid",
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "figure.figsize": (WIDTH, 3.4),
    "font.size": 11,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "lines.markersize": 3.5,
    "svg.hashsalt": "gradient-ascent",
}


def use_style() -> None:
    """Set the house style for every figure that follows.

    A chapter's first cell does.

    In a notebook figures become SVG with neither date nor random names, so that
    the same run gives the same bytes.
    """
    plt.style.use(STYLE)
    if mpl.get_backend().endswith("inline"):
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg", metadata={"Date": None}, bbox_inches=None)


Traces = Trace | Sequence[Trace] | Mapping[str, Trace]
"""A run, several, or a mapping from label to run."""


def contours(
    traces: Traces,
    *,
    domain: Sequence[tuple[float, float]] | None = None,
    levels: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw the paths of runs on the level lines of their landscape.

    A ring marks where a run starts, a star each optimum.

    Args:
        traces: the runs, all on one landscape.
        domain: the part of the plane to show; the landscape's own by default.
        levels: how many level lines; each pair encloses an equal share of the
            plane.
        ax: where to draw; a new figure by default.

    Raises:
        ValueError: no run, runs on different landscapes, or one that is not
            2-D.
    """
    named = _named(traces)
    landscape = _common_landscape(named, dimension=2)
    xlim, ylim = domain or landscape.domain
    ax = ax or plt.figure().gca()
    x, y = np.meshgrid(np.linspace(*xlim, 160), np.linspace(*ylim, 160))
    z = np.broadcast_to(landscape(x, y), x.shape)
    if z.min() != z.max():  # a plain has no level lines
        heights = np.unique(np.quantile(z, np.linspace(0.01, 0.99, levels)))
        lines = ax.contour(
            x, y, z, levels=heights, colors="0.7", linewidths=0.8, zorder=0
        )
        for line in lines.get_paths():
            line.should_simplify = True  # by less than a screen can show
    _paths(ax, {label: zip(*t.positions) for label, t in named.items()})
    for optimum in landscape.optima:
        ax.plot(*optimum, "*", color="black", markersize=11, zorder=1)
    xlabel, ylabel = landscape.coordinates
    ax.set(xlim=xlim, ylim=ylim, xlabel=xlabel, ylabel=ylabel)
    return ax


def profile(
    traces: Traces,
    *,
    domain: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw runs on the graph of their one-coordinate landscape.

    Args:
        traces: the runs, all on one landscape.
        domain: the part of the line to show; the landscape's own by default.
        ax: where to draw; a new figure by default.

    Raises:
        ValueError: no run, runs on different landscapes, or one that is not
            1-D.
    """
    named = _named(traces)
    landscape = _common_landscape(named, dimension=1)
    xlim = domain or landscape.domain[0]
    ax = ax or plt.figure().gca()
    x = np.linspace(*xlim, 400)
    heights = np.broadcast_to(landscape(x), x.shape)
    ax.plot(x, heights, color="0.6", linewidth=1, zorder=0)
    ylim = ax.get_ylim()
    runs = {
        k: ([p[0] for p in t.positions], t.objective) for k, t in named.items()
    }
    _paths(ax, runs)
    ax.set(
        xlim=xlim,
        ylim=ylim,
        xlabel=landscape.coordinates[0],
        ylabel="objective",
    )
    return ax


def history(
    traces: Traces,
    what: Literal["gap", "objective", "gradient_norm", "step_size"] = "gap",
    *,
    log: bool | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how a quantity changes from step to step.

    Args:
        traces: the runs, on any landscapes.
        what: the gap between the objective and the optimum's, or a field of the
            trace.
        log: logarithmic height; by default for all but the objective itself.
        ax: where to draw; a new figure by default.

    Raises:
        ValueError: no run, an unknown quantity, or the gap on a landscape
            without an optimum.
    """
    quantities = ("gap", "objective", "gradient_norm", "step_size")
    if what not in quantities:
        raise ValueError(
            f"what must be one of {', '.join(quantities)}; got {what!r}"
        )
    ax = ax or plt.figure().gca()
    for (label, trace), color in zip(_named(traces).items(), cycle(COLORS)):
        series = _gap(trace) if what == "gap" else getattr(trace, what)
        steps = range(len(trace) + 1 - len(series), len(trace) + 1)
        ax.plot(steps, series, color=color, label=label)
    if log if log is not None else what != "objective":
        ax.set_yscale("log")
    ylabel = "gap to the optimum" if what == "gap" else what.replace("_", " ")
    ax.set(xlabel="step", ylabel=ylabel)
    _legend(ax)
    return ax


def _paths(ax: Axes, paths: Mapping[str, Iterable[Sequence[float]]]) -> None:
    for (label, path), color, marker in zip(
        paths.items(), cycle(COLORS), cycle(MARKERS)
    ):
        x, y = path
        every = max(1, len(x) // 40)  # more marks than that run together
        ax.plot(x, y, color=color, marker=marker, markevery=every, label=label)
        ax.plot(x[0], y[0], "o", color=color, markersize=9, fillstyle="none")
    _legend(ax)


def _legend(ax: Axes) -> None:
    if ax.get_legend_handles_labels()[0]:
        ax.legend()


def _gap(trace: Trace) -> list[float]:
    landscape = trace.landscape
    if not landscape.optima:
        raise ValueError(
            f"{landscape.name} has no known optimum to measure a gap from"
        )
    best = landscape(*landscape.optima[0])
    return [abs(height - best) for height in trace.objective]


def _named(traces: Traces) -> Mapping[str, Trace]:
    if isinstance(traces, Trace):
        return {"": traces}
    if not traces:
        raise ValueError("traces must hold a run or more, got none")
    if isinstance(traces, Mapping):
        return traces
    named = {trace.rule: trace for trace in traces}
    if len(named) < len(traces):
        raise ValueError(
            "traces of one rule need labels: pass {label: trace}, not a list"
        )
    return named


def _common_landscape(named: Mapping[str, Trace], dimension: int) -> Landscape:
    landscapes = {
        trace.landscape.name: trace.landscape for trace in named.values()
    }
    if len(landscapes) > 1:
        raise ValueError(
            f"traces must share one landscape, got {', '.join(landscapes)}"
        )
    (landscape,) = landscapes.values()
    if landscape.dimension != dimension:
        needed = f"traces must be on a {dimension}-D landscape"
        raise ValueError(
            f"{needed}, got {landscape.name} ({landscape.dimension}-D)"
        )
    return landscape
