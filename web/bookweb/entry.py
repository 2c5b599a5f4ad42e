"""`index.html`, which leads on to the first page of the book and says what it is."""

from __future__ import annotations

import html
import re
from pathlib import Path

from sphinx.application import Sphinx

PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8" />
<title>{title}</title>
{about}
<link rel="icon" href="_static/favicon.svg"/>
<meta http-equiv="refresh" content="0; url={first}"/>
</head>
<body><p><a href="{first}">{title}</a></p></body>
</html>
"""
# Search engines and link previews do not follow it.
_ABOUT = re.compile(
    r'<meta [^>]*(?:name="(?:description|twitter:card)"|property="og:[^"]*")[^>]*>'
    r'|<link rel="canonical"[^>]*>'
)


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    first = app.builder.get_target_uri(app.config.root_doc)
    page = PAGE.format(
        language=app.config.language,
        title=html.escape(app.config.html_title),
        about="\n".join(_ABOUT.findall(Path(app.outdir, first).read_text("utf-8"))),
        first=first,
    )
    Path(app.outdir, "index.html").write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, which comes after the bare one of the list of contents."""
    app.connect("build-finished", _write, priority=870)
