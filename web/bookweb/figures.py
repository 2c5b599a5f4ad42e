"""Pictures that keep their place before they load, and load as the reader nears."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_IMAGE = re.compile(
    r'<img (?P<attributes>[^>]*?src="[^"]*?_images/(?P<name>[^"]+\.svg)")'
)
_SIZE = re.compile(r'<svg\b[^>]*?\bviewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')


def size(svg: str) -> tuple[int, int]:
    """Return a drawing's width and height in pixels; matplotlib writes points.

    Raises:
        ValueError: The drawing does not say.
    """
    match = _SIZE.search(svg)
    if match is None:
        raise ValueError("svg must have a viewBox, got none")
    width, height = (round(float(points) * 4 / 3) for points in match.groups())
    return width, height


def _place(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    files = {name: Path(app.srcdir, file) for file, name in app.builder.images.items()}

    def placed(match: re.Match[str]) -> str:
        width, height = size(files[match["name"]].read_text(encoding="utf-8"))
        later = "" if match.start() == first else ' loading="lazy"'
        return f'<img width="{width}" height="{height}"{later} {match["attributes"]}'

    body = context.get("body", "")
    first = body.find("<img ")
    context["body"] = _IMAGE.sub(placed, body)


def setup(app: Sphinx) -> None:
    """Register the placing."""
    app.connect("html-page-context", _place)
