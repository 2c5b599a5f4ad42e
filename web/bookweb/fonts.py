"""A font that holds the icons the site shows and no others."""

from __future__ import annotations

import re
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx

from bookweb.styles import SHEET

ICONS = Path("vendor/fontawesome/webfonts/fa-solid-900.ttf")
_ICON = re.compile(r'content: ?"\\([0-9a-f]{4})"')
_ICON_FONT = re.compile(r"src: ?url\([^)]*fa-solid-900\.woff2\)[^;}]*")


def draw_only(source: Path, target: Path, codes: set[int]) -> None:
    """Write a font that has the signs of these codes and no others."""
    options = subset.Options(
        flavor="woff", layout_features=["*"], recalc_timestamp=False
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def _cut(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    sheet, static = site / SHEET, site / "_static"
    style = sheet.read_text(encoding="utf-8")
    icons = {int(code, 16) for code in _ICON.findall(style)}
    draw_only(static / ICONS, (static / ICONS).with_suffix(".woff"), icons)
    font = f'src:url({ICONS.with_suffix(".woff")}) format("woff")'
    sheet.write_text(_ICON_FONT.sub(lambda _: font, style), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the cutting, which comes when the style sheet is written."""
    app.connect("build-finished", _cut, priority=800)
