"""Every line, mark and name shows up, on light pages and on dark ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradient_ascent import plots
from gradient_ascent.plots.ground import LINE, TINTS
from tests.contrast import Color, contrast, turned

ROOT = Path(__file__).parents[1]
TEXT, GRAPHICS = 4.5, 3  # the least that WCAG's level AA asks for


def page(theme: str) -> str:
    sheet = (ROOT / "web/static/type.css").read_text(encoding="utf-8")
    block = re.search(rf'data-theme="{theme}"\] {{(.*?)}}', sheet, re.DOTALL)
    assert block
    ground = re.search(r"--pst-color-background: (#\w+);", block[1])
    assert ground
    return ground[1]


def shown(color: Color, theme: str) -> Color:
    return turned(color) if theme == "dark" else color


def test_contrast_has_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#56b4e9", page("light")) == pytest.approx(2.29, abs=0.005)


def test_the_filter_is_the_style_sheets() -> None:
    sheet = (ROOT / "web/static/blocks.css").read_text(encoding="utf-8")
    assert "filter: invert(0.92) hue-rotate(180deg);" in sheet
    assert turned("#ffffff") == pytest.approx((0.08,) * 3)
    assert turned("#000000") == pytest.approx((0.92,) * 3)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("color", [*plots.COLORS, plots.INK, plots.GRAY])
def test_a_name_in_its_colour_is_read(color: str, theme: str) -> None:
    least = GRAPHICS if color == plots.GRAY else TEXT
    assert contrast(shown(color, theme), page(theme)) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("color", [*plots.COLORS, plots.INK])
def test_a_path_is_seen_on_its_casing(color: str, theme: str) -> None:
    """Which parts it from whatever tint it lies on."""
    assert contrast(shown(color, theme), shown(plots.CASING, theme)) >= GRAPHICS


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("height", [0.0, 0.5, 1.0])
def test_level_lines_and_starts_are_seen_on_every_tint(
    height: float, theme: str
) -> None:
    for color in (LINE, plots.INK):
        tint = shown(TINTS(height), theme)
        assert contrast(shown(color, theme), tint) >= GRAPHICS
