"""The book's Sphinx extension: what the site shows beyond Jupyter Book."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from bookweb import (
    assets,
    checked,
    citations,
    claims,
    cover,
    figures,
    maths,
    pages,
    repository,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    for part in (
        repository,
        assets,
        maths,
        citations,
        checked,
        claims,
        cover,
        figures,
        pages,
    ):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
