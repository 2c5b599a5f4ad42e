"""`index.html`, which leads on to the first page of the book."""

from __future__ import annotations

import html
from pathlib import Path

from sphinx.application import Sphinx

PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8" />
<title>{title}</title>
<link rel="icon" href="_static/favicon.svg"/>
<meta http-equiv="refresh" content="0; url={first}"/>
</head>
<body><p><a href="{first}">{title}</a></p></body>
</html>
"""


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    page = PAGE.format(
        language=app.config.language,
        title=html.escape(app.config.html_title),
        first=app.builder.get_target_uri(app.config.root_doc),
    )
    Path(app.outdir, "index.html").write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, which comes after the bare one of the list of contents."""
    app.connect("build-finished", _write, priority=870)
