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
    diagram,
    editions,
    editor,
    entry,
    exercises,
    expression,
    fields,
    figures,
    folds,
    fonts,
    glossary,
    lab_data,
    live,
    maths,
    minus,
    missing,
    offline,
    pages,
    pip_line,
    policy,
    proofs,
    race,
    reading,
    repository,
    rule_map,
    scripts,
    search,
    sitemap,
    sounds,
    sources,
    styles,
    surface,
    tables,
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
    minus,
    cover,
    fields,
    figures,
    sounds,
    lab_data,
    reading,
    folds,
    rule_map,
    sources,
    trace_lab,
    diagram,
    expression,
    surface,
    tables,
    race,
    proofs,
    glossary,
    pip_line,
    pages,
    search,
    scripts,
    styles,
    fonts,
    editions,
    missing,
    entry,
    sitemap,
    policy,
    offline,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension."""
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
