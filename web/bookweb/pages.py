"""What each page loads and says of itself."""

from __future__ import annotations

import html
import textwrap
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_KATEX = ("katex/katex.min.css", "katex-math.css")
# What other people's writers leave in the page's body, what belongs there, and why.
_REPAIRS = (
    # a list must hold list items; `doc-biblioentry` is deprecated
    ('role="doc-biblioentry"', 'role="listitem"'),
    # the label would hide the summary's own words from a screen reader
    (' aria-label="Toggle hidden content"', ""),
)


def _filename(asset: Any) -> str:
    return str(asset.filename or "")


def description(doctree: nodes.document) -> str:
    """Return the page's first paragraph of prose, cut at a word to what a search engine shows."""
    for paragraph in doctree.findall(nodes.paragraph):
        if not any(paragraph.findall(nodes.math)):
            return textwrap.shorten(paragraph.astext(), 160, placeholder=" ...")
    return ""


def _trim(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    scripts, styles = context["script_files"], context["css_files"]  # changed in place: the builder's own lists
    # thebe declares a constant twice, an error on every page, and this book does not use it
    scripts[:] = [s for s in scripts if "thebe" not in _filename(s) + s.attributes.get("body", "")]
    if doctree is None:
        return
    if not any(doctree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))):
        styles[:] = [style for style in styles if not _filename(style).endswith(_KATEX)]
    for wrong, right in _REPAIRS:
        context["body"] = context["body"].replace(wrong, right)
    if "description" not in context["metatags"] and (words := description(doctree)):
        context["metatags"] += f'<meta name="description" content="{html.escape(words)}"/>\n'


def setup(app: Sphinx) -> None:
    """Register the style sheet and the page's own work."""
    app.add_css_file("style.css", priority=900)
    app.connect("html-page-context", _trim, priority=900)
