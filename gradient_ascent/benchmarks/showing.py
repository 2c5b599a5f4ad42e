"""What the command line shows of results: tables as text, a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from gradient_ascent.benchmarks.runs import Run

SHOWN = 6
"""Curves that are named in a picture."""


def text(runs: Sequence[Run], problem: str | None = None) -> str:
    """The tables, one below the other.

    Args:
        runs: any. Where none was tuned, those at the defaults are shown.
        problem: the one that is shown; None for all, and over all.

    Raises:
        ValueError: no runs, or none on the problem.
    """
    tables, shown = _module("tables"), _reports(runs, problem)
    if problem is not None:
        return str(tables.one_problem(shown, problem))
    made = [tables.all_problems(shown)]
    if shown == list(runs):
        made = [tables.overall(shown), tables.rankings(shown), *made]
    return "\n\n".join(map(str, made))


def picture(runs: Sequence[Run], path: Path, problem: str | None = None) -> str:
    """Draw the median gaps of a problem over the evaluations spent.

    Args:
        runs: any. Where none was tuned, those at the defaults are shown.
        path: where the picture is saved.
        problem: its name; None for the first.

    Returns:
        A sentence that says what was drawn.

    Raises:
        ImportError: matplotlib is not installed.
        ValueError: no runs, or none on the problem.
    """
    plots = import_module("gradient_ascent.plots")
    pyplot = import_module("matplotlib.pyplot")
    pictures, shown = _module("pictures"), _reports(runs, problem)
    problem = problem or shown[0].problem
    curves = pictures.gaps(shown, problem)
    lowest = sorted(curves, key=lambda name: curves[name][1][-1:] or [1e300])
    plots.use_style()
    figure, ax = pyplot.subplots(figsize=(plots.WIDTH, 0.6 * plots.WIDTH))
    ax.set(
        xscale="log", yscale="log", xlabel="evaluations",
        ylabel="gap to the optimum", title=problem,
    )  # fmt: skip
    pictures.lines(ax, curves, lowest[:SHOWN])
    pictures.finish(ax)
    figure.savefig(path)
    pyplot.close(figure)
    return f"{problem}: {len(curves)} optimizers, drawn in {path}"


def _reports(runs: Sequence[Run], problem: str | None) -> list[Run]:
    """The runs that a table takes, and that there is one of the problem.

    Raises:
        ValueError: there is none.
    """
    tuned = any(run.role == "report" for run in runs)
    found = list(runs) if tuned else [replace(r, role="report") for r in runs]
    names = dict.fromkeys(run.problem for run in found)
    if not names or (problem is not None and problem not in names):
        raise ValueError(
            f"the results hold no runs{f' on {problem!r}' if problem else ''}; "
            f"there are those on {', '.join(names) or 'nothing'}"
        )
    return found


def _module(name: str) -> Any:
    return import_module(f"gradient_ascent.benchmarks.{name}")
