"""The content security policy of every page: what it may load, and what may run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

_META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_CHARSET = re.compile(r'<meta charset="utf-8" ?/>\n?')
# The theme's print button; print.js answers it.
_HANDLER = (' onclick="window.print()"', " data-print")


def strict(page: str) -> str:
    """Return a page with its policy, less the inline handler that this forbids."""
    page = _META.sub("", page).replace(*_HANDLER)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}"/>\n'
    place = _CHARSET.search(page)
    at = place.end() if place else 0  # a page that only leads on has no head
    return page[:at] + meta + page[at:]


def policy(page: str) -> str:
    """Return a page's policy: this site alone, and the scripts now in the page."""
    rules = {
        "default-src": ["'none'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *_hashes(page, "script")],
        "style-src": ["'self'", *_hashes(page, "style")],
        "style-src-attr": ["'unsafe-inline'"],  # in formulas and tables
        "img-src": ["'self'", "data:"],  # the theme's icons
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],  # which has this very policy
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def _hashes(page: str, tag: str) -> Iterator[str]:
    inside = re.findall(rf"<{tag}(?![^>]*\ssrc=)[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    for text in dict.fromkeys(inside):
        digest = hashlib.sha256(text.encode()).digest()
        yield f"'sha256-{base64.b64encode(digest).decode()}'"


def _set(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    for file in Path(app.outdir).rglob("*.html"):
        if "_static" not in file.parts:  # the theme's templates lie there
            page = file.read_text(encoding="utf-8")
            file.write_text(strict(page), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the policy, which comes when every page is written."""
    app.connect("build-finished", _set, priority=900)
    app.add_js_file("print.js", loading_method="defer")
