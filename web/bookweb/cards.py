"""The card that a link to a page is shown as: its first picture, its title, the book's.

Cards are drawn where it is known at which address the site stands: without it no page
can say where its card is.
"""

from __future__ import annotations

import html
import re
import shutil
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont
from sphinx.application import Sphinx

from bookweb import cover
from bookweb.assets import WEB
from bookweb.edition import named
from bookweb.redrawn import pixels
from gradient_ascent.plots.style import CASING, COLORS, GRAY, GROUND, INK

PIXELS = (1200, 630)  # of the shape that link previews show
FONT = WEB.parent / "gradient_ascent" / "plots" / "fonts" / "ascent-serif.ttf"
PAPER = "#fffefc"  # as in type.css
EDGE = 56
COLUMN = 400  # for the words
SIZES = (64, 56, 48, 40, 32)  # of a title: the first in which it takes three lines
_PICTURE = re.compile(r'<img [^>]*?src="[^"]*?((?:_images|_static)/[^"]+\.svg)"[^>]*>')
_ALT = re.compile(r' alt="([^"]*)"')
_NUMBER = re.compile(r"(\d+)\. (.*)")


def address(page: str) -> str:
    """Return where a page's card lies in the site."""
    return f"_static/cards/{page}.png"


def draw(book: str, title: str, words: str, svg: str) -> Image.Image:
    """Draw a card; a chapter's number stands beside the book's name."""
    card = Image.new("RGB", PIXELS, PAPER)
    width, height = PIXELS
    room = width - COLUMN - 3 * EDGE, height - 2 * EDGE
    shown = pixels(svg, *room)
    left = width - EDGE - (room[0] + shown.width) // 2
    place = left, (height - shown.height) // 2
    card.paste(shown, place, mask=shown.getchannel("A"))
    above = book if title != book else ""
    if match := _NUMBER.fullmatch(title):
        above, title = f"{book} · {match[1]}", match[2]
    size = next(size for size in SIZES if fits(title, size) or size == SIZES[-1])
    pen = ImageDraw.Draw(card)
    top = EDGE
    parts = (above, 26, GRAY), (title, size, INK), (words, 25, INK)
    for text, letters, color in parts:
        for line in wrapped(text, letters):
            pen.text((EDGE, top), line, color, _font(letters))
            top += round(1.25 * letters)
        top += 22
    return card.quantize(palette=_palette(), dither=Image.Dither.NONE)


def wrapped(text: str, size: int) -> list[str]:
    """Break a text into the lines of the column."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font(size).getlength(longer) <= COLUMN:
            lines[-1] = longer
        else:
            lines.append(word)
    return list(filter(None, lines))


def fits(title: str, size: int) -> bool:
    """Whether no word of a title is too wide, and three lines are enough."""
    lines = wrapped(title, size)
    return len(lines) <= 3 and all(_font(size).getlength(x) <= COLUMN for x in lines)


@cache
def _palette() -> Image.Image:
    """Return the colors of the pictures, and steps from them to paper.

    With no more than these a card weighs a third.
    """
    ramps = [(color, PAPER, 4) for color in (*COLORS, GRAY)]
    ramps += [(INK, PAPER, 10), (*GROUND, 13), (CASING, PAPER, 2)]
    channels: list[int] = []
    for first, last, count in ramps:
        start, end = (ImageColor.getrgb(color)[:3] for color in (first, last))
        channels += np.linspace(start, end, count).round().astype(int).ravel().tolist()
    palette = Image.new("P", (1, 1))
    palette.putpalette(channels)
    return palette


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def picture(body: str) -> tuple[str, str] | None:
    """Return where in the site a page's first drawing lies, and what it shows."""
    match = _PICTURE.search(body)
    if not match:
        return None
    alt = _ALT.search(match[0])
    return match[1], html.unescape(alt[1]) if alt else ""


def make(app: Sphinx, page: str, title: str, words: str, body: str) -> str:
    """Put a page's card into the site, and return what its picture shows.

    The first page, and what has no picture, have the cover's.
    """
    found = None if page == app.config.root_doc else picture(body)
    place, alt = found or ("_static/cover.svg", cover.ALT)
    # Pictures of the chapters' cells are copied into the site when it is finished.
    copied = {f"_images/{name}": it for it, name in app.builder.images.items()}
    svg = Path(app.srcdir, copied.get(place, Path(app.outdir, place))).read_text(
        "utf-8"
    )
    book = app.config.html_title
    kept = Path(app.doctreedir, "cards", f"{named(book, title, words, svg)}.png")
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        draw(book, title, words, svg).save(kept, optimize=True)
    target = Path(app.outdir, address(page))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(kept, target)
    return alt
