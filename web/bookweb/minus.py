"""A minus sign before a number is one: Python writes a hyphen."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

_HYPHEN = re.compile(r"(?:(?<![\w.−-])|(?<=\de))-(?=[\d.]|inf)")


def signed(text: str) -> str:
    """Return a text with its minus signs; what joins two words stays a hyphen."""
    return _HYPHEN.sub("−", text)


def _sign(app: Sphinx, page: nodes.document, name: str) -> None:
    verbatim = (
        nodes.FixedTextElement,
        nodes.literal,
        nodes.math,
        nodes.raw,
        addnodes.desc_signature,
    )
    for text in list(page.findall(nodes.Text)):
        element = text.parent
        while element is not None and not isinstance(element, verbatim):
            element = element.parent
        if element is None and signed(text) != text:
            text.parent.replace(text, nodes.Text(signed(text)))


def setup(app: Sphinx) -> None:
    """Register the signing, once what cells print is in the page."""
    app.connect("doctree-resolved", _sign, priority=900)
