"""What every trace lab knows: the landscapes' lines, the rules' hyperparameters."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_type_hints

import contourpy
import numpy as np
from sphinx.application import Sphinx

from gradient_ascent import plots  # registers the operations on arrays
from gradient_ascent.arguments import Fraction
from gradient_ascent.landscapes import LANDSCAPES, Landscape
from gradient_ascent.rules import RULES

SIDE = 1000  # a picture's coordinates run from 0 to SIDE, upwards in y
GRID = 90
LEVELS = 12
LABELS = {
    "lr": "learning rate",
    "momentum": "momentum",
    "beta1": "beta1, memory of the gradient",
    "beta2": "beta2, memory of its square",
    "beta": "beta, memory of the square",
    "alpha": "alpha, memory of the square",
}
# A rule that divides by the gradient's size has its rate in parameter units.
PER_GRADIENT = ("plain", "momentum", "nesterov")


def hyperparameters(rule: str) -> list[dict[str, Any]]:
    """Describe a rule's hyperparameters that a slider can set: rate and shares."""
    function = RULES[rule]
    hints = get_type_hints(function, include_extras=True)
    return [
        {
            "name": name,
            "label": LABELS.get(name, name),
            "unit": _unit(rule) if name == "lr" else "share",
            "default": parameter.default,
            "range": [0.0001, 10] if name == "lr" else [0, 0.999],
        }
        for name, parameter in inspect.signature(function).parameters.items()
        if name == "lr" or (hints[name] == Fraction and name in LABELS)
    ]


def _unit(rule: str) -> str:
    return "parameter per gradient" if rule in PER_GRADIENT else "parameter units"


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
    generator = contourpy.contour_generator(z=z)
    scale = SIDE / (GRID - 1)
    drawn = [_path(line * scale for line in generator.lines(level)) for level in levels]
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
