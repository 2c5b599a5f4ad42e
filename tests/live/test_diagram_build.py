"""What the build makes of a diagram: its picture, its data, and what it refuses."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.errors import ExtensionError

from gradient_ascent import plots
from gradient_ascent.diagrams import DIAGRAMS, kinds
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import diagram, diagram_picture, trace_lab
from bookweb.figures import light

BODY = """
diagram: momentum
values: {product: 1.5}
drives:
  lab: lab-here
  landscape: parabola
  rule: momentum
  sets: {lr: product / 2, momentum: momentum}
caption: A map.
alt: A map.
"""


def test_a_diagram_is_read() -> None:
    about = diagram.read(BODY)
    assert about["values"] == {"product": 1.5, "momentum": 0.64}
    sets = {"lr": ["product", 2.0], "momentum": ["momentum", 1.0]}
    assert about["drives"]["sets"] == sets
    assert about["ask"] is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("momentum", "the body must be a YAML mapping, got 'momentum'"),
        ("diagram: momentum", "the body lacks caption, alt"),
        (BODY + "colour: red", "takes .* ask; got colour"),
        (BODY.replace("m: momentum\n", "m: momentun\n", 1), "did you mean momentum"),
        (BODY.replace("1.5", "-1"), r"product must lie in \[0, 4\], got -1"),
        (BODY.replace("product: ", "produkt: "), "takes no argument 'produkt'"),
        (BODY + "ask: Where?", "ask: momentum has no answer to 'Where\\?'"),
        (BODY.replace("  lab: lab-here\n", ""), "drives lacks lab"),
        (BODY.replace("parabola", "hill"), "landscape must be one of .* got 'hill'"),
        (BODY.replace("rule: momentum", "rule: mom"), "rule must be one of .* 'mom'"),
        (BODY.replace("product / 2", "2 product"), "got `lr: 2 product`"),
        (BODY.replace("lr:", "rate:"), "takes one of lr, momentum, .*`rate: product"),
        (BODY.replace("product / 2", "lr"), "from one of product, momentum, .*`lr: lr"),
    ],
)
def test_a_wrong_diagram_is_refused(wrong: str, said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        diagram.read(wrong)


def test_what_the_presets_of_its_lab_lead_to_is_drawn_by_the_build() -> None:
    """But not what is out of its sight, or on another landscape."""
    about = diagram.read(BODY)
    page = new_document("page")
    with pytest.raises(ExtensionError, match="the page has no lab 'lab-here'"):
        diagram.known(about, page)
    states = [
        {
            "landscape": landscape,
            "runs": [{"rule": "momentum", "hyperparameters": {"lr": lr}}],
        }
        for landscape, lr in (
            ("parabola", 0.1),
            ("parabola", 0.3),
            ("bowl", 0.5),
            ("parabola", 2.1),
        )
    ]
    presets = dict(zip("abc", states[1:]))
    lab = trace_lab.trace_lab(about={"spec": states[0], "presets": presets})
    page += nodes.figure("", lab, names=["lab-here"])
    products = [each["values"]["product"] for each in diagram.known(about, page)]
    assert products == [1.5, 0.2, 0.6]


def test_every_ask_has_its_answer() -> None:
    """It is the diagram that knows where the run ends, no author."""
    body = "{diagram: basins, ask: Where, caption: C, alt: A}"
    assert diagram.read(body)["ask"] == "Where"
    with pytest.raises(ValueError, match="no answer"):
        diagram.read(body.replace("ask", "values: {lr: 0.1, x: -4, y: 4}, ask"))


@pytest.mark.parametrize("shown", DIAGRAMS.values(), ids=repr)
def test_the_ground_is_the_picture_without_what_changes(
    shown: kinds.Diagram, tmp_path: Path
) -> None:
    """Same size, axes, ticks and levels, and panels at the same places."""
    bare = diagram_picture.draw(shown, tmp_path / "bare.svg")
    first = shown.parameters[0]
    moved = {first.name: max(first.control.range)}
    for number, values in enumerate(({}, moved)):
        whole = tmp_path / f"{number}.svg"
        assert diagram_picture.draw(shown, whole, shown(**values)) == bare
        drawn = [
            set(re.findall(r' d="([^"]*)"', light(file.read_text())))
            for file in (tmp_path / "bare.svg", whole)
        ]
        assert len(drawn[0]) > 10
        assert drawn[0] < drawn[1]


@pytest.mark.parametrize("shown", DIAGRAMS.values(), ids=repr)
def test_a_point_is_placed_on_the_picture_where_the_figure_has_it(
    shown: kinds.Diagram, tmp_path: Path
) -> None:
    file = tmp_path / "whole.svg"
    drawing = shown()
    panels = diagram_picture.draw(shown, file, drawing)["panels"]
    places = []
    for name, layers in drawing.layers.items():
        frame = panels[name]
        for each in layers:
            if isinstance(each, kinds.Handle):
                (left, right), (low, high) = frame["x"], frame["y"]
                across = (each.at[0] - left) / (right - left)
                up = (each.at[1] - low) / (high - low)
                places.append(
                    (
                        frame["left"] + across * frame["width"],
                        frame["top"] + (1 - up) * frame["height"],
                    )
                )
    marks = [
        (float(x), float(y))
        for x, y in re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', file.read_text())
    ]
    for place in places:
        assert any(place == pytest.approx(mark, abs=0.01) for mark in marks)


@pytest.mark.parametrize("shown", DIAGRAMS.values(), ids=repr)
def test_a_diagram_is_the_same_each_time(shown: kinds.Diagram, tmp_path: Path) -> None:
    for name in ("1.svg", "2.svg"):
        diagram_picture.draw(shown, tmp_path / name, shown())
    first, second = (tmp_path / name for name in ("1.svg", "2.svg"))
    assert first.read_bytes() == second.read_bytes()


def test_each_color_and_mark_that_is_drawn_is_the_books() -> None:
    style = diagram_picture.style()
    for shown in DIAGRAMS.values():
        for layers in shown().layers.values():
            for each in layers:
                if isinstance(each, kinds.Curve):
                    assert each.color is None or each.color < len(plots.COLORS)
                    assert each.mark is None or each.mark < len(style["marks"])
                if isinstance(each, kinds.Cells):
                    assert len(each.names) <= len(plots.COLORS)
