"""The card of each page: its own picture and words, in the size that is asked for."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from bookweb import cards, entry, redrawn

from tests.site.contents import chapters

SQUARES = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"
 xmlns:xlink="http://www.w3.org/1999/xlink">
 <defs>
  <path id="m" d="M -2 -1 L 2 -1 L 2 1 L -2 1 z"/>
  <clipPath id="half"><rect x="0" y="0" width="10" height="5"/></clipPath>
 </defs>
 <g clip-path="url(#half)">
  <path d="M 0 0 L 10 0 L 10 10 L 0 10 z" style="fill: #f00"/>
 </g>
 <g style="fill: none; stroke: #00f; stroke-width: 2"><path d="M 12 9 L 18 9"/></g>
 <g style="fill: #0f0" transform="translate(15 0) scale(0.5 -0.5)">
  <use xlink:href="#m" x="0" y="-6"/>
 </g>
</svg>"""


def test_a_drawing_is_drawn_again() -> None:
    """Fill, stroke, what is cut off, what is moved, turned over and made small."""
    drawn = redrawn.pixels(SQUARES, 200, 300)
    assert drawn.size == (200, 100)
    colors = {
        (50, 25): (255, 0, 0, 255),
        (50, 75): (0, 0, 0, 0),  # cut off
        (150, 90): (0, 0, 255, 255),
        (150, 90 - 12): (0, 0, 0, 0),  # as wide as it is said to be
        (150, 30): (0, 255, 0, 255),
        (150 - 12, 30): (0, 0, 0, 0),  # half as long as it was
    }
    for place, color in colors.items():
        found = drawn.getpixel(place)
        assert found[3] == color[3]
        assert color[3] == 0 or found == color


def test_what_matplotlib_does_not_write_is_refused() -> None:
    with pytest.raises(ValueError, match=r"matplotlib's kind, got <text>"):
        redrawn.pixels(SQUARES.replace("<defs>", "<text/><defs>"), 10, 10)


def test_words_keep_to_their_column() -> None:
    title = "A learning rate that never"
    size = next(size for size in cards.SIZES if cards.fits(title, size))
    lines = cards.wrapped(title, size)
    assert " ".join(lines) == title
    assert len(lines) <= 3
    assert not cards.fits("Uncharacteristically", cards.SIZES[0])


def test_every_chapter_has_a_card_of_its_own(html: Path) -> None:
    """Each under 60 KB, and no two alike; beside the words stands the picture."""
    seen: dict[bytes, str] = {}
    for name in chapters():
        page = (html / f"{name}.html").read_text(encoding="utf-8")
        title, words = (
            unescape(re.findall(f'og:{which}" content="([^"]*)"', page)[0])
            for which in ("title", "description")
        )
        found = cards.picture(page[page.index("<article") :])
        file = html / found[0] if found else html / "_static" / "cover.svg"
        card = cards.draw("Gradient Ascent", title, words, file.read_text("utf-8"))
        assert card.size == (1200, 630)
        saved = io.BytesIO()
        card.save(saved, "PNG", optimize=True)
        assert len(saved.getvalue()) < 60_000, name
        assert seen.setdefault(card.tobytes(), name) == name
        ink = np.asarray(card.convert("L")) < 128
        gap = slice(cards.EDGE + cards.COLUMN + 5, cards.COLUMN + 2 * cards.EDGE)
        assert ink[:, : gap.start].any()
        assert ink[:, gap.stop :].any()
        assert not ink[:, gap].any(), f"{name}: words run into the picture"
        assert not ink[-cards.EDGE // 2 :].any(), f"{name}: words fall off the card"


def test_the_entry_repeats_what_the_first_page_says(tmp_path: Path) -> None:
    """Its card too, and whose address is the right one."""
    said = [
        '<meta property="og:image" content="https://x.org/_static/cards/a.png"/>',
        '<meta name="twitter:card" content="summary_large_image"/>',
        '<link rel="canonical" href="https://x.org/a.html" />',
    ]
    (tmp_path / "a.html").write_text("\n".join([*said, '<link rel="icon" href="i"/>']))
    builder = SimpleNamespace(format="html", get_target_uri="{}.html".format)
    config = SimpleNamespace(root_doc="a", language="en", html_title="Book")
    app = SimpleNamespace(builder=builder, config=config, outdir=tmp_path)
    entry._write(app, None)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(text.count(each) == 1 for each in said)
    assert text.count("<link") == 2
