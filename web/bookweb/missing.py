"""`404.html`, which a server sends for a missing page, however deep its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx

from bookweb.assets import WEB

PAGE = "404"
BODY = """<section><h1>There is no such page</h1>
<p>Nothing stands at this address: the link that led here is old, or mistyped.</p>
<ul>
<li>The <a href="{first}">first page</a> tells what this book is, and leads to every
chapter; so does the list of contents beside this text.</li>
<li>The <a href="{search}">search</a> finds a page by its words.</li>
</ul></section>
"""
FIND_TOP = WEB / "templates" / "top.js"
_ADDRESS = re.compile(r'\b(href|src|action|data-content_root)="(?!#|/|[a-z]+:)([^"]*)"')


def rooted(page: str, top: str) -> str:
    """Return a page that lies at the top, with addresses that hold at any depth."""
    return _ADDRESS.sub(lambda it: f'{it[1]}="{top}{it[2].removeprefix("./")}"', page)


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    known = urlsplit(app.config.html_baseurl).path
    first, search = map(app.builder.get_target_uri, (app.config.root_doc, "search"))
    script = "" if known else f"<script>{FIND_TOP.read_text('utf-8')}</script>"
    context = {
        "title": "Page not found",
        "body": BODY.format(first=first, search=search) + script,
        "metatags": '<meta name="robots" content="noindex"/>',
    }
    yield PAGE, context, "page.html"


def _root(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    page = Path(app.outdir) / f"{PAGE}.html"
    top = urlsplit(app.config.html_baseurl).path or "/"
    page.write_text(rooted(page.read_text("utf-8"), top), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, and its addresses, which come when it is finished."""
    app.connect("html-collect-pages", _page)
    app.connect("build-finished", _root, priority=870)
