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
    editions,
    editor,
    entry,
    exercises,
    figures,
    fonts,
    lab_data,
    live,
    maths,
    missing,
    offline,
    pages,
    policy,
    repository,
    rule_map,
    scripts,
    search,
    styles,
    surface,
    trace_lab,
)

PARTS = (
    repository,
    assets,
    live,
    editor,
    exercises,
    maths,
    citations,
    checked,
    claims,
    cover,
    figures,
    lab_data,
    rule_map,
    trace_lab,
    surface,
    pages,
    search,
    scripts,
    styles,
    fonts,
    editions,
    missing,
    entry,
    policy,
    offline,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
