"""The book's own Sphinx extension: what the site shows and loads beyond Jupyter Book."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from bookweb import checked, citations, claims, maths, pages, repository

WEB = Path(__file__).resolve().parent.parent


def _add_folders(app: Sphinx, config: object) -> None:
    # Not in `_static`: Jupyter Book would load every script it finds there on every page.
    app.config.html_static_path.append(str(WEB / "static"))
    app.config.templates_path.insert(0, str(WEB / "templates"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    app.connect("config-inited", _add_folders)
    for part in (checked, citations, claims, maths, pages, repository):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
