"""What every trace lab knows: the landscapes' lines, the rules' controls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import contourpy
import numpy as np
from sphinx.application import Sphinx

from bookweb.lab_controls import hyperparameters
from gradient_ascent import plots  # registers the operations on arrays
from gradient_ascent.landscapes import LANDSCAPES, Landscape
from gradient_ascent.rules import RULES

SIDE = 1000  # a picture's coordinates run from 0 to SIDE, upwards in y
GRID = 90
LEVELS = 12


def picture(landscape: Landscape) -> dict[str, Any]:
    """Describe a landscape for drawing: its level lines or its graph as path data."""
    lines, ylim = (
        _graph(landscape) if landscape.dimension == 1 else _level_lines(landscape)
    )
    return {
        "coordinates": landscape.coordinates,
        "domain": [landscape.domain[0], ylim],
        "start": landscape.start,
        "optima": landscape.optima,
        "maximize": landscape.maximize,
        "lines": lines,
        "dimension": landscape.dimension,
    }


def _level_lines(landscape: Landscape) -> tuple[list[str], tuple[float, float]]:
    xlim, ylim = landscape.domain
    x, y = np.meshgrid(np.linspace(*xlim, GRID), np.linspace(*ylim, GRID))
    z = landscape(x, y)
    levels = np.unique(np.quantile(z, np.linspace(0.01, 0.99, LEVELS)))
    lines: Callable[[float], Any] = contourpy.contour_generator(z=z).lines
    scale = SIDE / (GRID - 1)
    drawn = [_path(line * scale for line in lines(level)) for level in levels]
    return drawn, ylim


def _graph(landscape: Landscape) -> tuple[list[str], tuple[float, float]]:
    (xlim,) = landscape.domain
    x = np.linspace(*xlim, 200)
    z = landscape(x)
    margin = 0.06 * (z.max() - z.min())
    low, high = float(z.min() - margin), float(z.max())
    points = np.column_stack([(x - x[0]) / (x[-1] - x[0]), (z - low) / (high - low)])
    return [_path([SIDE * points])], (low, high)


def _path(lines: Iterable[Any]) -> str:
    whole = (np.rint(line).astype(int).tolist() for line in lines)
    return "".join("M" + "L".join(f"{x} {y}" for x, y in line) for line in whole)


def write(target: Path) -> None:
    """Write what every lab knows as one JSON file."""
    known = {
        "landscapes": {name: picture(each) for name, each in LANDSCAPES.items()},
        "rules": {name: hyperparameters(name) for name in RULES},
        "colors": plots.COLORS[:4],
    }
    target.write_text(json.dumps(known), encoding="utf-8")


def _write(app: Sphinx) -> None:
    folder = Path(app.outdir) / "_static" / "live"
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "lab.json")


def setup(app: Sphinx) -> None:
    """Register the writing."""
    app.connect("builder-inited", _write)
