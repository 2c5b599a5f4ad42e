"""What the build makes of a diagram: its picture, its data, and what it refuses."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


@dataclass
class Drawn:
    """A diagram's ground, it as it is at first, and with its first slider moved."""

    shown: kinds.Diagram
    drawing: kinds.Drawing
    files: list[Path]
    known: list[dict[str, Any]]


@pytest.fixture(scope="module", params=DIAGRAMS.values(), ids=repr)
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Drawn:
    shown: kinds.Diagram = request.param
    first = shown.parameters[0]
    drawing = shown()
    drawings = [None, drawing, shown(**{first.name: max(first.control.range)})]
    folder = tmp_path_factory.mktemp("diagram")
    files = [folder / f"{name}.svg" for name in ("bare", "whole", "moved")]
    known = [diagram_picture.draw(shown, *each) for each in zip(files, drawings)]
    return Drawn(shown, drawing, files, known)


def test_the_ground_is_the_picture_without_what_changes(drawn: Drawn) -> None:
    """Same size, axes, ticks and levels, and panels at the same places."""
    bare, *others = (
        set(re.findall(r' d="([^"]*)"', light(file.read_text())))
        for file in drawn.files
    )
    assert len(bare) > 10
    for other, known in zip(others, drawn.known[1:], strict=True):
        assert known == drawn.known[0]
        assert bare < other


def test_a_point_is_placed_on_the_picture_where_the_figure_has_it(drawn: Drawn) -> None:
    panels = drawn.known[1]["panels"]
    places = []
    for name, layers in drawn.drawing.layers.items():
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
    text = drawn.files[1].read_text()
    marks = [
        (float(x), float(y))
        for x, y in re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', text)
    ]
    for place in places:
        assert any(place == pytest.approx(mark, abs=0.01) for mark in marks)


def test_a_diagram_is_the_same_each_time(drawn: Drawn, tmp_path: Path) -> None:
    again = tmp_path / "again.svg"
    diagram_picture.draw(drawn.shown, again, drawn.shown())
    assert again.read_bytes() == drawn.files[1].read_bytes()


def test_each_color_and_mark_that_is_drawn_is_the_books(drawn: Drawn) -> None:
    style = diagram_picture.style()
    for layers in drawn.drawing.layers.values():
        for each in layers:
            if isinstance(each, kinds.Curve):
                assert each.color is None or each.color < len(plots.COLORS)
                assert each.mark is None or each.mark < len(style["marks"])
            if isinstance(each, kinds.Cells):
                assert len(each.names) <= len(plots.COLORS)
