"""What each page loads, and what it says of itself."""

from __future__ import annotations

import html
import re
import textwrap
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from bookweb import cards
from bookweb.search import said

# Each component's module is loaded only where its mark is in the page.
WHERE = {
    "live/race.js": 'class="race',
    "live/surface.js": "live-surface",
    "live/diagram.js": 'class="live diagram',
    "live/lab.js": 'class="live trace-lab',
    "live/exercise.js": 'class="live live-exercise',
    "live/expression.js": 'class="live expression',
    "live/table.js": 'class="table sortable',
    "live/curves.js": 'class="curves',
}
_TAG = re.compile(r"<[^>]*>")
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
    # what may be wider than the page is reached by keyboard: see scroll.js
    ("<pre>", '<pre tabindex="0">'),
    ('<div class="output ', '<div tabindex="0" class="output '),
    ('class="pst-scroll', 'tabindex="0" class="pst-scroll'),
)


def description(doctree: nodes.document) -> str:
    """Return what the page says of itself, or its first paragraph without maths."""
    for meta in doctree.findall(nodes.meta):
        if meta.get("name") == "description":
            return str(meta["content"])
    for paragraph in doctree.findall(nodes.paragraph):
        if not any(paragraph.findall(nodes.math)):
            return textwrap.shorten(said(paragraph), 160, placeholder=" ...")
    return ""


def _needed(script: Any, body: str) -> bool:
    if not script.filename:  # the theme's settings, which repeat what it does anyway
        return not script.attributes["body"].startswith("DOCUMENTATION_OPTIONS")
    name = str(script.filename or "").removeprefix("_static/")
    return WHERE.get(name, "") in body


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
    scripts = context["script_files"]  # the builder's own list
    scripts[:] = [script for script in scripts if _needed(script, body)]
    if doctree is not None:
        context["metatags"] += about(app, pagename, context, description(doctree))


def about(app: Sphinx, page: str, context: dict[str, Any], words: str) -> str:
    """Say what search engines and link previews show; these need whole addresses.

    Where these are known the page gets its card.
    """
    title = html.unescape(_TAG.sub("", context["title"]))  # Sphinx marks its number
    said = {
        "og:type": "book" if page == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": words,
    }
    tags = []
    if top := app.config.html_baseurl:
        width, height = cards.PIXELS
        said |= {
            "og:url": top + app.builder.get_target_uri(page),
            "og:image": top + cards.address(page),
            "og:image:width": str(width),
            "og:image:height": str(height),
            "og:image:alt": cards.make(app, page, title, words, context["body"]),
        }
        tags.append('<meta name="twitter:card" content="summary_large_image"/>')
    tags += [
        f'<meta property="{k}" content="{html.escape(v)}"/>' for k, v in said.items()
    ]
    if 'name="description"' not in context["metatags"]:
        tags.append(f'<meta name="description" content="{html.escape(words)}"/>')
    return "\n".join(tags)


def setup(app: Sphinx) -> None:
    """Register the finishing of pages."""
    for script in ("scroll.js", "place.js"):
        app.add_js_file(script, loading_method="defer")
    app.connect("html-page-context", _finish, priority=900)
