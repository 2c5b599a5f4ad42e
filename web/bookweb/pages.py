"""What each page loads, and what it says of itself."""

from __future__ import annotations

import html
import textwrap
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

# Extensions load their assets on every page: keep each where its mark is in the page.
_WHERE = {
    "katex/katex.min.css": 'class="katex',
    "proof.css": 'class="proof',
    "exercise.css": 'class="exercise',
    "live.css": 'class="live',
    "live/surface.mjs": "live-surface",
    "live/lab.mjs": 'class="live trace-lab',
    "live/exercise.mjs": 'class="live live-exercise',
    "togglebutton.css": "dropdown",
    "togglebutton.js": "dropdown",
}
# What extensions write, what belongs there, and why.
_REPAIRS = (
    # a list holds list items, and `doc-biblioentry` is deprecated
    ('role="doc-biblioentry"', 'role="listitem"'),
    # the label hides the summary's own words from a screen reader
    (' aria-label="Toggle hidden content"', ""),
    # every theorem, proof, exercise and solution of a page has the same id
    (' id="proof"', ""),
    (' id="proof-content"', ""),
    (' id="exercise-content"', ""),
    (' id="solution-content"', ""),
)


def description(doctree: nodes.document) -> str:
    """Return what the page says of itself, or its first paragraph without maths."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return str(meta["content"])
    for paragraph in doctree.findall(nodes.paragraph):
        if not any(paragraph.findall(nodes.math)):
            return textwrap.shorten(paragraph.astext(), 160, placeholder=" ...")
    return ""


def _needed(asset: Any, body: str) -> bool:
    name = str(asset.filename or "").removeprefix("_static/")
    return _WHERE.get(name, "") in body


def _finish(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    body = context.get("body", "")
    for wrong, right in _REPAIRS:
        body = body.replace(wrong, right)
    context["body"] = body
    for assets in (context["script_files"], context["css_files"]):
        assets[:] = [
            asset for asset in assets if _needed(asset, body)
        ]  # the builder's own list
    if doctree is not None:
        context["metatags"] += _about(app, context, description(doctree))


def _about(app: Sphinx, context: dict[str, Any], words: str) -> str:
    about = {"og:type": "book", "og:title": context["title"], "og:description": words}
    if app.config.html_baseurl:
        about["og:image"] = app.config.html_baseurl + "_static/cover.png"
    tags = [
        f'<meta property="{k}" content="{html.escape(v)}"/>' for k, v in about.items()
    ]
    if 'name="description"' not in context["metatags"]:
        tags.append(f'<meta name="description" content="{html.escape(words)}"/>')
    return "\n".join(tags)


def setup(app: Sphinx) -> None:
    """Register the finishing of pages."""
    app.add_js_file("scroll.js", loading_method="defer")
    app.connect("html-page-context", _finish, priority=900)
