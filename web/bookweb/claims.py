"""Cells tagged `claim`: assertions that the build runs and the reader unfolds."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

SUMMARY = "Claim, checked at this build"


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Fold every claim cell of a page under its summary."""
    for cell in doctree.findall(nodes.container):
        if "tag_claim" in cell["classes"]:
            opening = f'<details class="claim"><summary>{SUMMARY}</summary>'
            cell.insert(0, nodes.raw("", opening, format="html"))
            cell.append(nodes.raw("", "</details>", format="html"))


def setup(app: Sphinx) -> None:
    """Register the folding."""
    app.connect("doctree-read", fold)
