"""A part of a page as a picture, and how far one picture is from being another."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

# Where a part is decides how an image and a drawing are rounded to pixels.
AT_HALF_A_PIXEL = """(part) => {
  const figure = part.closest("figure");
  const off = 0.5 - (part.getBoundingClientRect().top % 1);
  const above = parseFloat(getComputedStyle(figure).marginTop);
  figure.style.marginTop = `${above + off}px`;
}"""
# With an end, as the promise is not always kept.
ARRIVED = """(part) => Promise.all(
  [...part.closest("figure").querySelectorAll("img, image")]
    .filter((image) => image.checkVisibility())
    .map((image) => Promise.race([
      image.decode(), new Promise((late) => setTimeout(late, 5000)),
    ])))"""


def pixels(part: Locator) -> Any:
    """A part's pixels, its top moved to half a pixel, wherever the page has it."""
    part.scroll_into_view_if_needed()
    part.evaluate(AT_HALF_A_PIXEL)
    part.evaluate(ARRIVED)
    picture = Image.open(io.BytesIO(part.screenshot())).convert("RGB")
    return np.asarray(picture).astype(np.int16)


def unlike(one: Any, other: Any) -> float:
    """The share of pixels that another picture has neither there nor beside it.

    An image is moved to whole pixels, a drawing is not.
    """
    rows, columns = np.minimum(one.shape[:2], other.shape[:2])
    one, other = one[:rows, :columns], other[:rows, :columns]
    low, high = (around(other, extreme) for extreme in (np.minimum, np.maximum))
    off = np.maximum(low - one, one - high).max(axis=2)
    return float((off > 128).mean())


def around(picture: Any, extreme: np.ufunc) -> Any:
    """The extreme of each pixel and the eight beside it: along columns, then rows."""
    for axis in (0, 1):
        beside = (np.roll(picture, by, axis) for by in (-1, 1))
        picture = extreme.reduce([picture, *beside])
    return picture
