"""What all trace labs know: the landscapes' pictures, marks, the rules' controls."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline
from sphinx.application import Sphinx

from bookweb.edition import edition
from bookweb.lab_controls import hyperparameters
from gradient_ascent import plots
from gradient_ascent.landscapes import LANDSCAPES, Landscape
from gradient_ascent.plots import marks
from gradient_ascent.rules import RULES

RUNS = 4  # at most, in one lab
POINTS, PIXELS = 72, 96  # an inch: of a picture's coordinates, and of a page's
_RIM = mpl.rcParamsDefault["lines.markeredgewidth"]  # around a mark, in its color
_LETTERS = {
    Outline.MOVETO: "M",
    Outline.LINETO: "L",
    Outline.CURVE3: "Q",
    Outline.CURVE4: "C",
    Outline.CLOSEPOLY: "Z",
}


def picture(landscape: Landscape, target: Path) -> dict[str, Any]:
    """Draw a landscape as under a lab's runs; return what it takes to draw on it."""
    with plt.style.context(plots.STYLE):
        axes = plots.view(landscape)
        figure = axes.get_figure(root=True)
        assert figure
        in_whole_pixels(figure)
        figure.savefig(target, metadata={"Date": None})
        size = POINTS * figure.get_size_inches()
        place = axes.get_position()  # as a share of the figure, from below
        plt.close(figure)
    left, width = size[0] * np.array([place.x0, place.width])
    top, height = size[1] * np.array([1 - place.y1, place.height])
    return {
        "picture": target.name,
        "size": size.tolist(),
        "frame": {"left": left, "top": top, "width": width, "height": height},
        "coordinates": landscape.coordinates,
        "domain": [axes.get_xlim(), axes.get_ylim()],
        "start": landscape.start,
        "optima": landscape.optima,
        "heights": [landscape(*x) for x in landscape.optima],
        "dimension": landscape.dimension,
    }


def in_whole_pixels(figure: Figure) -> None:
    """Make a figure so high that its place in the page is as high, to the last bit."""
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, round(PIXELS * height) / PIXELS)


def outline(marker: str) -> str:
    """Return a mark of size 1 as path data; its y points down, as a page's does."""
    style = MarkerStyle(marker)
    path = style.get_path().transformed(style.get_transform())
    pieces = (
        _LETTERS[code]
        + " ".join(f"{x:g}" for x in points * np.resize([1, -1], points.size))
        if code != Outline.CLOSEPOLY
        else "Z"
        for points, code in path.iter_segments()
    )
    return "".join(pieces)


def style() -> dict[str, Any]:
    """Return the colors, marks and sizes with which the pictures are drawn."""
    return {
        "colors": plots.COLORS[:RUNS],
        "marks": [outline(marker) for marker in plots.MARKERS[:RUNS]],
        "star": outline("*"),
        "ink": plots.INK,
        "casing": plots.CASING,
        "most": marks.MOST,
        "sizes": {
            "line": plots.STYLE["lines.linewidth"],
            "mark": plots.STYLE["lines.markersize"] + _RIM,
            "edge": marks.EDGE,
            "dot": marks.DOT,
            "ring": marks.RING,
            "star": marks.STAR,
        },
    }


def write(folder: Path) -> None:
    """Write what every lab knows as one JSON file, and the landscapes' pictures."""
    known = {
        "landscapes": {
            name: picture(each, folder / f"{name}.svg")
            for name, each in LANDSCAPES.items()
        },
        "rules": {name: hyperparameters(name) for name in RULES},
        "style": style(),
    }
    (folder / "lab.json").write_text(json.dumps(known), encoding="utf-8")


def _write(app: Sphinx) -> None:
    kept = Path(app.doctreedir, "labs", edition())
    if not kept.exists():
        kept.mkdir(parents=True)
        write(kept)
    shutil.copytree(kept, Path(app.outdir, "_static", "live"), dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Register the writing."""
    app.connect("builder-inited", _write)
