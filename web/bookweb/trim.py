"""The theme's styles, icons and scripts, cut down to what the site uses."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from bookweb.assets import WEB
from bookweb.maths import node

SHEET = "styles/pydata-sphinx-theme.css"
FIRST = "styles/theme.css"  # which imports basic.css, one request after the other
SHEETS = (SHEET, "styles/sphinx-book-theme.css", "basic.css")
ICONS = "vendor/fontawesome/webfonts/fa-solid-900"
_ICON = re.compile(r'content: ?"\\([0-9a-f]{4})"')
# It measures every box while the page loads, which holds the page up; scroll.js does
# so once a box is laid out.
SCRIPT = "scripts/pydata-sphinx-theme.js"
_MEASURES = re.compile(
    r'document\.querySelectorAll\(\["pre",[^\]]*\]\.join\(", "\)\)'
    r"\.forEach\(e=>\{.*?\}\)"
)
_FONT = re.compile(r"src: ?url\([^)]*fa-solid-900\.woff2\)[^;}]*")


def _trim(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    static = site / "_static"
    script = static / SCRIPT
    script.write_text(
        _MEASURES.sub("0", script.read_text(encoding="utf-8")), encoding="utf-8"
    )
    command = [node(), WEB / "trim.mjs", site, *(static / sheet for sheet in SHEETS)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ExtensionError(f"the styles cannot be trimmed: {done.stderr}")
    basic = (static / "basic.css").read_text(encoding="utf-8")
    (static / FIRST).write_text(basic.replace("url(", "url(../"), encoding="utf-8")
    sheet = static / SHEET
    style = sheet.read_text(encoding="utf-8")
    codes = {int(code, 16) for code in _ICON.findall(style)}
    draw_only(static / f"{ICONS}.ttf", static / f"{ICONS}.woff", codes)
    font = f'src:url(../{ICONS}.woff) format("woff")'
    sheet.write_text(_FONT.sub(lambda _: font, style), encoding="utf-8")


def draw_only(source: Path, target: Path, codes: set[int]) -> None:
    """Write a font that has the signs of these codes and no others."""
    options = subset.Options(flavor="woff", recalc_timestamp=False)
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def setup(app: Sphinx) -> None:
    """Register the trimming, which comes when every page is written."""
    app.connect("build-finished", _trim, priority=800)
