"""The book's cover: rules climb four hills, drawn by the package."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from sphinx.application import Sphinx

from bookweb.edition import edition
from gradient_ascent import plots, run
from gradient_ascent.landscapes import Point

SIZE = (6.3, 3.3)  # inches
ALT = "Level lines of four hills, and the paths of four rules that climb them."
DOMAIN = [(-4.4, 4.4), (-2.75, 2.75)]
CLIMBS: dict[str, tuple[Point, dict[str, Any]]] = {
    "plain": ((-3.1, 0.6), {"lr": 0.25}),
    "momentum": ((2.9, -0.75), {"lr": 0.05, "momentum": 0.93}),
    "rmsprop": ((-0.4, -1.2), {"lr": 0.02}),
    "adam": ((-0.2, 1.1), {"lr": 0.12}),
}


def draw(folder: Path) -> None:
    """Draw `cover.svg`."""
    climbs = CLIMBS.items()
    traces = {name: run(name, "peaks", x, steps=60, **how) for name, (x, how) in climbs}
    with plt.style.context(
        [plots.STYLE, {"lines.linewidth": 2.6, "lines.markersize": 0}]
    ):
        figure, axes = plt.subplots(figsize=SIZE)
        plots.contours(traces, ax=axes, levels=9, domain=DOMAIN)
        axes.set_axis_off()
        if legend := axes.get_legend():
            legend.remove()
        figure.savefig(folder / "cover.svg", metadata={"Date": None})
        plt.close(figure)


def _draw(app: Sphinx) -> None:
    kept = Path(app.doctreedir, "covers", edition())
    if not kept.exists():
        kept.mkdir(parents=True)
        draw(kept)
    shutil.copytree(kept, Path(app.outdir, "_static"), dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Register the drawing."""
    app.connect("builder-inited", _draw)
