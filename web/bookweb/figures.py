"""Pictures that keep their place before they load, come late, and weigh little."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_IMAGE = re.compile(
    r'<img (?P<attributes>[^>]*?src="[^"]*?_images/(?P<name>[^"]+\.svg)")'
)
_PICTURES = ("_images/*.svg", "_static/cover.svg", "_static/*/*.svg")
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_PLACES = re.compile(r' (?:d|x|y)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}")
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


def still(file: Path, address: str, alt: str, kind: str) -> str:
    """Return the image of a drawing that a script takes over."""
    width, height = size(file.read_text(encoding="utf-8"))
    return (
        f'<img class="{kind}" src="{address}" alt="{html.escape(alt)}"'
        f' width="{width}" height="{height}" loading="lazy"/>'
    )


def light(svg: str) -> str:
    """Return a drawing to a hundredth of a point, which no screen can show.

    It loses its metadata too: what has none is light already.
    """
    if not _METADATA.search(svg):
        return svg

    def short(places: re.Match[str]) -> str:
        return _LONG.sub(lambda long: f"{float(long[0]):.2f}", places[0])

    return _PLACES.sub(short, _METADATA.sub("", svg))


def _lighten(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    for pattern in _PICTURES:
        for file in Path(app.outdir).glob(pattern):
            file.write_text(light(file.read_text(encoding="utf-8")), encoding="utf-8")


def _place(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    files = {name: Path(app.srcdir, file) for file, name in app.builder.images.items()}

    def placed(match: re.Match[str]) -> str:
        svg = files[match["name"]].read_text(encoding="utf-8")
        width, height = size(svg)
        later = "" if match.start() == first else ' loading="lazy"'
        # Ink on nothing is turned for the dark; what is made of pixels is not.
        pixels = " data-pixels" if "<image" in svg else ""
        place = f'width="{width}" height="{height}"{later}{pixels}'
        return f"<img {place} {match['attributes']}"

    body = context.get("body", "")
    first = body.find("<img ")
    context["body"] = _IMAGE.sub(placed, body)


def setup(app: Sphinx) -> None:
    """Register the placing and the lightening."""
    app.connect("html-page-context", _place)
    app.connect("build-finished", _lighten)
