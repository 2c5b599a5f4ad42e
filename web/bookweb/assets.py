"""Fonts and styles from web/node_modules and web/static, copied beside the pages."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

WEB = Path(__file__).resolve().parent.parent
NODE_MODULES = WEB / "node_modules"
NOTATION = WEB.parent / "chapters/notation.md"  # what symbols are called in the code
KATEX = NODE_MODULES / "katex"
PLOTLY = NODE_MODULES / "plotly.js-gl3d-dist-min"
TEXT_FONT = NODE_MODULES / "@fontsource-variable" / "source-serif-4"

# KaTeX offers each font in three formats; every browser of today reads the first.
_OLDER_FORMATS = re.compile(r',\s*url\([^)]*\) format\("(?:woff|truetype)"\)')


def environment() -> dict[str, str]:
    """Return what a Node program needs: Node may lie beside Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path}


def _add_folders(app: Sphinx, config: Config) -> None:
    if not all(map(Path.is_dir, (KATEX, PLOTLY, TEXT_FONT))):
        raise ExtensionError(
            "web/node_modules is not complete: run `npm ci` in web (`make` does)"
        )
    # Not in `_static`: Jupyter Book loads every script it finds there on every page.
    config.html_static_path.append(str(WEB / "static"))
    config.templates_path.insert(0, str(WEB / "templates"))


def _copy(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    files = {
        static / "maths": [KATEX / "LICENSE"],
        static / "maths" / "fonts": [*(KATEX / "dist" / "fonts").glob("*.woff2")],
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
    style = (KATEX / "dist" / "katex.css").read_text(encoding="utf-8")
    (static / "maths" / "katex.css").write_text(
        _OLDER_FORMATS.sub("", style), encoding="utf-8"
    )


def setup(app: Sphinx) -> None:
    """Register the folders, the files and the style sheets."""
    app.connect("config-inited", _add_folders)
    app.connect("builder-inited", _copy)
    for sheet in ("type.css", "page.css", "blocks.css", "print.css"):
        app.add_css_file(sheet, priority=900)  # after the theme's
