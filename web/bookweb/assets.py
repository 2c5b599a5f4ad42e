"""Fonts and styles from web/node_modules and web/static, copied beside the pages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

WEB = Path(__file__).resolve().parent.parent
NODE_MODULES = WEB / "node_modules"
KATEX = NODE_MODULES / "katex"
PLOTLY = NODE_MODULES / "plotly.js-gl3d-dist-min"
TEXT_FONT = NODE_MODULES / "@fontsource-variable" / "source-serif-4"

# Every browser that can show this site reads woff2.
_OLD_FONTS = re.compile(r',url\([^)]*\) format\("(?:woff|truetype)"\)')


def _add_folders(app: Sphinx, config: Config) -> None:
    if not (KATEX.is_dir() and PLOTLY.is_dir() and TEXT_FONT.is_dir()):
        raise ExtensionError(
            "web/node_modules is not complete: run `npm ci` in web (`make` does)"
        )
    # Not in `_static`: Jupyter Book loads every script it finds there on every page.
    config.html_static_path.append(str(WEB / "static"))
    config.templates_path.insert(0, str(WEB / "templates"))


def _copy(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    files = {
        static / "katex" / "fonts": (KATEX / "dist" / "fonts").glob("*.woff2"),
        static / "katex": [KATEX / "LICENSE"],
        static / "plotly": [PLOTLY / "plotly-gl3d.min.js", PLOTLY / "LICENSE"],
        static / "fonts": [
            TEXT_FONT / "LICENSE",
            *(TEXT_FONT / "files").glob("source-serif-4-latin-*wght-*.woff2"),
        ],
    }
    for folder, sources in files.items():
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(source, folder)
    style = (KATEX / "dist" / "katex.min.css").read_text(encoding="utf-8")
    (static / "katex" / "katex.min.css").write_text(
        _OLD_FONTS.sub("", style), encoding="utf-8"
    )


def setup(app: Sphinx) -> None:
    """Register the folders, the files and the style sheet."""
    app.connect("config-inited", _add_folders)
    app.connect("builder-inited", _copy)
    app.add_css_file("style.css", priority=900)
