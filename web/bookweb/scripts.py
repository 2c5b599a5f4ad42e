"""Two scripts for all pages: what extensions load, and what the theme loads."""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx

from bookweb.esbuild import esbuild

# layout.html loads them, beside a page's own modules. One would hold the page up longer
# at a time than two.
SCRIPT = "_static/book.js"
THEME_SCRIPT = "_static/theme.js"
OPTIONS = "_static/documentation_options.js"
THEME = ("_static/scripts/bootstrap.js", "_static/scripts/pydata-sphinx-theme.js")
# The theme measures every box while the page loads, which holds the page up; scroll.js
# does so in idle moments.
_MEASURES = re.compile(
    r'document\.querySelectorAll\(\["pre",[^\]]*\]\.join\(", "\)\)'
    r"\.forEach\(e=>\{.*?\}\)"
)
# These scripts start their parts one after the other, once the page is read. As tasks
# of their own they let the reader's touch in between.
_STARTS = re.compile(r'(document\.readyState!==?"loading"\?)(\w+)\(\)')


def merge(scripts: list[str]) -> str:
    """Return scripts as one, without what holds the page up.

    Raises:
        ExtensionError: esbuild cannot read them.
    """
    # The first statement keeps one script's "use strict" from being everyone's.
    whole = ";\n" + _MEASURES.sub("0", "\n;\n".join(scripts))
    merged = esbuild("the scripts", "--legal-comments=inline", source=whole)
    return _STARTS.sub(r"\1setTimeout(\2)", merged)


def _merge(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    added = sorted(app.registry.js_files, key=lambda each: each[1]["priority"])
    names = dict.fromkeys(
        f"_static/{name}"
        for name, attributes in added
        if name and attributes.get("type") != "module"
    )
    for target, merged in ((SCRIPT, [OPTIONS, *names]), (THEME_SCRIPT, THEME)):
        texts = [(site / name).read_text(encoding="utf-8") for name in merged]
        (site / target).write_text(merge(texts), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the merging, which comes when every script is in its place."""
    app.connect("build-finished", _merge, priority=600)
