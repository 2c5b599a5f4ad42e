"""Hold what a browser painted of a formula against what the whole fonts would leave.

`tests/site/formulas.mjs` gives, for each formula of a page, its signs (what is set in
type: font, size, box) and its lines (what is drawn: roots, bars, tall fences), and
pictures of the page, of whole formulas and of their lines alone. Each sign's ink is
drawn once more here, from the font as its makers publish it, and must be found there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "web" / "node_modules" / "katex" / "dist" / "fonts"
STYLES = {
    ("normal", "400"): "Regular",
    ("normal", "700"): "Bold",
    ("italic", "400"): "Italic",
    ("italic", "700"): "BoldItalic",
}
CONTRAST = 35  # of 255: what is fainter is no ink; a hairline may be half of two pixels
Ink = NDArray[np.bool_]
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sign:
    """A sign's ink: a mask, and where its upper left corner is on the page."""

    name: str
    left: int
    top: int
    ink: Ink
    under: tuple[int, ...]  # the roots that it stands under
    laid: bool  # over another on purpose, as the stroke of a "not equal"

    @property
    def box(self) -> Box:
        """The ink's left, top, right and bottom."""
        height, width = self.ink.shape
        return self.left, self.top, self.left + width, self.top + height


@cache
def glyph(family: str, style: str, weight: str, size: float, sign: str) -> Sign:
    """Draw a sign on a base line at 0 with the whole font of its name."""
    file = FONTS / f"{family}-{STYLES[style, weight]}.ttf"
    font = ImageFont.truetype(str(file), size)
    left, top, right, bottom = font.getbbox(sign, anchor="ls")
    assert right > left and bottom > top, f"{file.name} has no {sign!r}"
    image = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
    at = (1 - int(left), 1 - int(top))
    ImageDraw.Draw(image).text(at, sign, fill=255, font=font, anchor="ls")
    mask = np.asarray(image) >= 128
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    if not len(rows):  # a hairline: the strongest half of what there is
        mask = np.asarray(image) >= np.asarray(image).max() / 2
        rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    x, y = columns[0], rows[0]
    ink = mask[y : rows[-1] + 1, x : columns[-1] + 1]
    return Sign(sign, int(x) - at[0], int(y) - at[1], ink, (), False)


@cache
def ascent(family: str, style: str, weight: str) -> tuple[float, float]:
    """Return how far a font says it rises and falls, in sizes."""
    file = FONTS / f"{family}-{STYLES[style, weight]}.ttf"
    up, down = ImageFont.truetype(str(file), 1000).getmetrics()
    return up / 1000, down / 1000


def placed(sign: dict[str, Any]) -> Sign:
    """Put a sign's ink where its box says that it is."""
    family, style, weight = sign["font"]
    drawn = glyph(family, style, weight, sign["size"], sign["sign"])
    up, down = ascent(family, style, weight)
    left, top, _, bottom = sign["box"]
    base = top + (bottom - top) * up / (up + down)
    at = round(left) + drawn.left, round(base) + drawn.top
    return Sign(sign["sign"], *at, drawn.ink, tuple(sign["under"]), sign["laid"])


class Picture:
    """A page's ink, from its tiles."""

    def __init__(self, tiles: list[dict[str, Any]]) -> None:
        parts = [
            (t["top"], np.asarray(Image.open(t["path"]).convert("L"))) for t in tiles
        ]
        height = max(top + len(part) for top, part in parts)
        grey = np.zeros((height, parts[0][1].shape[1]), np.int16)
        for top, part in parts:
            grey[top : top + len(part)] = part
        self.grey = grey

    def ink(self, box: Box) -> Ink:
        """Return where there is ink in a box, which may reach beyond the page."""
        left, top, right, bottom = box
        x0, y0 = max(left, 0), max(top, 0)
        part = self.grey[y0 : max(bottom, 0), x0 : max(right, 0)]
        ink = np.zeros((bottom - top, right - left), bool)
        if part.size:
            ground = np.bincount(part.ravel()).argmax()
            found = abs(part - ground) >= CONTRAST
            ink[y0 - top : y0 - top + len(part), x0 - left :][:, : part.shape[1]] = (
                found
            )
        return ink


def grown(ink: Ink) -> Ink:
    """Spread ink by a pixel: the two drawings may round differently."""
    for _ in range(2):  # along columns, and then, turned, along rows
        out = ink.copy()
        out[1:] |= ink[:-1]
        out[:-1] |= ink[1:]
        ink = out.T
    return ink


PLACES = sorted(product((8, 9, 10), repeat=2), key=lambda at: at != (9, 9))


def missing(sign: Sign, picture: Picture) -> bool:
    """Whether a sign's ink is not there, a pixel to any side at most."""
    left, top, right, bottom = sign.box
    # Wide enough that most of it is ground, also around a bar.
    near = grown(picture.ink((left - 9, top - 9, right + 9, bottom + 9)))
    height, width = sign.ink.shape
    return not any(
        near[y : y + height, x : x + width][sign.ink].mean() >= 0.9 for y, x in PLACES
    )


def overlapping(signs: list[Sign]) -> Iterator[tuple[Sign, Sign]]:
    """The pairs of signs whose boxes overlap."""
    left, top, right, bottom = np.array([sign.box for sign in signs]).reshape(-1, 4).T
    apart = np.maximum.outer(left, left) >= np.minimum.outer(right, right)
    apart |= np.maximum.outer(top, top) >= np.minimum.outer(bottom, bottom)
    for one, other in np.argwhere(~apart):
        if one < other:
            yield signs[one], signs[other]


def overlap(one: Sign, other: Sign) -> int:
    """Return how many pixels two signs share."""
    left, top = max(one.left, other.left), max(one.top, other.top)
    right, bottom = min(one.box[2], other.box[2]), min(one.box[3], other.box[3])
    a, b = (
        s.ink[top - s.top : bottom - s.top, left - s.left : right - s.left]
        for s in (one, other)
    )
    return int((a & b).sum())


def rounded(box: list[float]) -> Box:
    """Return a box in whole pixels."""
    left, top, right, bottom = (round(edge) for edge in box)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def broken(line: dict[str, Any], picture: Picture) -> bool:
    """Whether a line lacks ink: in a row if it is tall, in a column if it is wide."""
    left, top, right, bottom = rounded(line["box"])
    around = picture.ink((left - 9, top - 9, right + 9, bottom + 9))
    ink = grown(around)[9:-9, 9:-9]
    height, width = ink.shape
    rows, columns = ink.any(axis=1), ink.any(axis=0)
    along = [rows] * (height >= width or line["root"] >= 0)
    along += [columns] * (width > height or line["root"] >= 0)
    return not all(some.all() for some in along)


def out_of_place(root: list[float], under: list[Any], size: float) -> str | None:
    """Say what is wrong between a root and what stands under it, if anything is."""
    left, top, right, bottom = root
    boxes = np.array(under)
    inner_left, inner_top = boxes[:, :2].min(axis=0)
    inner_right, inner_bottom = boxes[:, 2:].max(axis=0)
    if inner_top < top + 0.09 * size - 1.5:  # each is rounded to a pixel
        return "its bar touches what is under it"
    if not left < inner_left or not inner_right <= right + 1:
        return "its bar does not cover what is under it"
    if right - inner_right > 0.25 * size + 1:
        return "its bar is too long"
    if not -0.1 * size - 1 <= bottom - inner_bottom:
        return "its sign is too high or too short"
    if bottom - inner_bottom > 0.5 * size or inner_top - top > 0.5 * size:
        return "its sign is too tall"
    return None


def faults(formula: dict[str, Any], page: Picture, lines: Picture) -> list[str]:
    """Return what a reader would see go wrong in a formula."""
    shown = [
        sign for sign in formula["signs"] if inside(sign["box"], formula["within"])
    ]
    signs = [placed(sign) for sign in shown]
    found = [f"{s.name!r} is not painted" for s in signs if missing(s, page)]
    for one, other in overlapping([s for s in signs if not s.laid]):
        if overlap(one, other) > 0.15 * min(one.ink.sum(), other.ink.sum()):
            found.append(f"{one.name!r} lies on {other.name!r}")
    for line in formula["lines"]:
        if not inside(line["box"], formula["within"]):
            continue
        kind = "a root" if line["root"] >= 0 else "a line"
        if broken(line, lines):
            found.append(f"{kind} is not painted")
        if line["root"] >= 0:
            under = [s.box for s in signs if line["root"] in s.under]
            under += [x["box"] for x in formula["lines"] if line["root"] in x["under"]]
            sizes = [s["size"] for s in shown if line["root"] in s["under"]]
            wrong = out_of_place(line["box"], under, max(sizes)) if sizes else None
            found += [f"a root: {wrong}"] if wrong else []
    return [f"{formula['latex']}: {fault}" for fault in found]


def inside(box: list[float], within: list[float] | None) -> bool:
    """Whether a box is in sight, where the formula's own box scrolls."""
    if within is None:
        return True
    return within[0] - 1 <= box[0] and box[2] <= within[2] + 1


def judge(report: Path) -> tuple[int, list[str]]:
    """Return how many formulas a page shows, and every fault in them."""
    said = json.loads(report.read_text(encoding="utf-8"))
    page, lines = Picture(said["painted"]), Picture(said["lined"])
    found = [fault for each in said["formulas"] for fault in faults(each, page, lines)]
    return len(said["formulas"]), found
