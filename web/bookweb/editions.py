"""The pages name the edition of what they load, so that no browser shows an old one."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx

from bookweb.scripts import SCRIPT, THEME_SCRIPT
from bookweb.styles import SHEET, pages


def named(page: str, editions: dict[str, str]) -> str:
    """Return a page in which these files are asked for by their editions."""
    for name, edition in editions.items():
        page = re.sub(rf'{re.escape(name)}(\?[^"]*)?"', f'{name}?v={edition}"', page)
    return page


def _name(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    editions = {
        name: hashlib.sha256((site / name).read_bytes()).hexdigest()[:8]
        for name in (SCRIPT, THEME_SCRIPT, SHEET)
    }
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        page.write_text(named(text, editions), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the naming, which comes when the files are finished."""
    app.connect("build-finished", _name, priority=850)
