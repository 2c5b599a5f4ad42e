"""One style sheet for all pages: what Sphinx links, cut down to what the site uses."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from bookweb.assets import WEB
from bookweb.maths import node

SHEET = "_static/book.css"  # layout.html links it, and no other
THEME = (
    "_static/styles/theme.css",
    "_static/styles/pydata-sphinx-theme.css",
    "_static/pygments.css",
    "_static/styles/sphinx-book-theme.css",
)


def pages(site: Path) -> list[Path]:
    """Return the site's pages; in `_static` lie the theme's templates."""
    return [page for page in site.rglob("*.html") if "_static" not in page.parts]


def merge(site: Path, sheets: list[str], *, all_rules: bool = False) -> None:
    """Write the style sheet.

    Args:
        site: The site's folder.
        sheets: The sheets that are to be one.
        all_rules: Keep also those that nothing uses, to be done in a moment.

    Raises:
        ExtensionError: esbuild or PurgeCSS cannot make it.
    """
    done = subprocess.run(
        [node(), WEB / "styles.mjs", site, site / SHEET, *["all"] * all_rules],
        input="".join(f'@import "./{sheet}";\n' for sheet in sheets),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ExtensionError(f"the styles cannot be merged: {done.stderr}")


def _merge(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    added = sorted(app.registry.css_files, key=lambda each: each[1]["priority"])
    names = dict.fromkeys(f"_static/{name}" for name, _ in added)
    merge(Path(app.outdir), [*THEME, *names], all_rules=app.config.book_draft)


def setup(app: Sphinx) -> None:
    """Register the merging, which comes before the sheet's fonts are cut.

    `book_draft` says that the pages are only to be looked at, and soon.
    """
    app.add_config_value("book_draft", False, "", bool)
    app.connect("build-finished", _merge, priority=700)
