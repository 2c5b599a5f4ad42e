"""Fonts that hold the signs the site shows and no others: its icons, its formulas."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx

from bookweb.assets import MATHS
from bookweb.styles import SHEET, pages

ICONS = Path("vendor/fontawesome/webfonts/fa-solid-900.ttf")
_ICON = re.compile(r'content: ?"\\([0-9a-f]{4})"')
_ICON_FONT = re.compile(r"src: ?url\([^)]*fa-solid-900\.woff2\)[^;}]*")
_FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# A variable is written upright, and the browser shows it in italics.
_ITALICS = {
    chr(int(unicodedata.decomposition(chr(code)).split()[1], 16)): chr(code)
    for code in (
        *range(0x1D434, 0x1D455),
        0x210E,
        *range(0x1D456, 0x1D468),
        *range(0x1D6E2, 0x1D71C),
    )
}


def signs(pages: Iterable[str]) -> set[int]:
    """Return the codes of what the formulas of some pages show."""
    formulas = (formula for page in pages for formula in _FORMULA.findall(page))
    written = set(html.unescape("".join(_TAG.sub("", each) for each in formulas)))
    return {ord(sign) for sign in written | {_ITALICS.get(s, s) for s in written}}


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

    texts = (page.read_text(encoding="utf-8") for page in pages(site))
    draw_only(static / "maths" / MATHS, static / "maths" / MATHS, signs(texts))


def setup(app: Sphinx) -> None:
    """Register the cutting, which comes when every page is written."""
    app.connect("build-finished", _cut, priority=800)
