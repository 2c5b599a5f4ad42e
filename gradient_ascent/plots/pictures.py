"""Pictures of runs: on levels, on a graph, and what changes by step."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from gradient_ascent.landscapes import Landscape
from gradient_ascent.trace import Trace

from .ground import is_to_scale
from .ground import levels as fill
from .labels import label, legend, title
from .marks import path, ring, star
from .style import COLORS, GRAY, WIDTH

Traces = Trace | Sequence[Trace] | Mapping[str, Trace]
"""A run, several, or a mapping from label to run."""


def view(
    landscape: Landscape,
    *,
    domain: Sequence[tuple[float, float]] | None = None,
    levels: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw a landscape alone: filled levels, or the graph over one coordinate.

    Args:
        landscape: of one coordinate or two.
        domain: the part to show; the landscape's own by default.
        levels: how many level lines; each pair encloses an equal share of the
            plane.
        ax: where to draw; a new figure by default.
    """
    domain = domain or landscape.domain
    names = [title(name) for name in landscape.coordinates]
    if landscape.dimension == 1:
        ax = ax or plt.figure().gca()
        x = np.linspace(*domain[0], 400)
        heights = np.broadcast_to(landscape(x), x.shape)
        ax.plot(x, heights, color=GRAY, linewidth=1, zorder=0)
        ax.set(xlim=domain[0], ylim=ax.get_ylim())
        ax.set(xlabel=names[0], ylabel="objective")
        return ax
    ax = ax or _figure(domain)
    fill(ax, landscape, domain, levels=levels)
    aside = "" if is_to_scale(domain) else f" (not to scale with {names[1]})"
    ax.set(xlabel=names[0] + aside, ylabel=names[1])
    return ax


def contours(
    traces: Traces,
    *,
    domain: Sequence[tuple[float, float]] | None = None,
    levels: int = 12,
    ax: Axes | None = None,
) -> Axes:
    """Draw the paths of runs on the filled levels of their landscape.

    A deeper tint is higher; a ring marks a start, a star each optimum.

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
    ax = view(landscape, domain=domain, levels=levels, ax=ax)
    _paths(ax, {name: zip(*t.positions) for name, t in named.items()})
    star(ax, landscape.optima)
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
    ax = view(landscape, domain=domain and [domain], ax=ax)
    runs = {
        k: ([p[0] for p in t.positions], t.objective) for k, t in named.items()
    }
    _paths(ax, runs)
    star(ax, [(*x, landscape(*x)) for x in landscape.optima])
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
    for (name, trace), color in zip(_named(traces).items(), cycle(COLORS)):
        series = _gap(trace) if what == "gap" else getattr(trace, what)
        steps = range(len(trace) + 1 - len(series), len(trace) + 1)
        ax.plot(steps, series, color=color, label=name)
    if log if log is not None else what != "objective":
        ax.set_yscale("log")
    ylabel = "gap to the optimum" if what == "gap" else what.replace("_", " ")
    ax.set(xlabel="step", ylabel=ylabel)
    label(ax)
    return ax


def _paths(ax: Axes, paths: Mapping[str, Iterable[Sequence[float]]]) -> None:
    starts: dict[tuple[float, float], None] = {}
    for which, (name, (x, y)) in enumerate(paths.items()):
        path(ax, x, y, which, name)
        starts[x[0], y[0]] = None
    for start in starts:
        ring(ax, start)
    if ax.get_legend_handles_labels()[0]:
        legend(ax)


def _figure(domain: Sequence[tuple[float, float]]) -> Axes:
    """Make a figure as high as a domain needs that is shown to scale."""
    (left, right), (low, high) = domain
    height = 0.9 * WIDTH * (high - low) / (right - left) + 0.9
    return plt.figure(figsize=(WIDTH, min(max(height, 3.0), 4.6))).gca()


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
