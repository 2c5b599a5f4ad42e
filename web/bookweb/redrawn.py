"""A picture that matplotlib wrote as SVG, drawn again by matplotlib as pixels."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox
from matplotlib.typing import CapStyleType, JoinStyleType
from PIL import Image

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4}
_MOVE = re.compile(r"(translate|scale|rotate)\(([^)]*)\)")
_FIRST = {"stroke-linejoin": "round", "stroke-linecap": "butt"}  # as each file has it
_CAPS: dict[str, CapStyleType] = {
    "butt": "butt",
    "round": "round",
    "square": "projecting",
}
_JOINS: dict[str, JoinStyleType] = {
    "bevel": "bevel",
    "miter": "miter",
    "round": "round",
}
_BOX = ("x", "y", "width", "height")
_RENDERER: Any = RendererAgg  # has no types
Style = Mapping[str, str]


def pixels(svg: str, width: int, height: int) -> Image.Image:
    """Draw a picture on nothing, as large as fits into so many pixels.

    Raises:
        ValueError: There is something in it that matplotlib does not write.
    """
    root = ET.fromstring(svg)
    across, down = map(float, root.attrib["viewBox"].split()[2:])
    drawing = _Drawing(root, min(width / across, height / down), (across, down))
    drawing.draw(root, drawing.whole, _FIRST)
    return Image.fromarray(np.asarray(drawing.renderer.buffer_rgba()))


class _Drawing:
    """The elements of an SVG, drawn at a scale."""

    def __init__(
        self, root: ET.Element, scale: float, size: tuple[float, float]
    ) -> None:
        width, height = (round(scale * points) for points in size)
        self.scale = scale
        self.renderer = _RENDERER(width, height, 72)
        self.whole = Affine2D().scale(scale, -scale).translate(0, height)
        self.named = {each.get("id"): each for each in root.iter() if each.get("id")}

    def draw(self, element: ET.Element, outer: Affine2D, above: Style) -> None:
        """Draw an element, in the surroundings that those above it make."""
        tag = element.tag.removeprefix(_SVG)
        if tag in ("defs", "metadata"):
            return
        style = {**above, **dict(_styles(element.get("style", "")))}
        if clip := element.get("clip-path"):
            style["clip"] = clip.removeprefix("url(#").removesuffix(")")
        inner = _after(_moved(element.get("transform", "")), outer)
        if tag in ("svg", "g"):
            for child in element:
                self.draw(child, inner, style)
        elif tag == "use":
            x, y = _numbers(element, "x", "y")
            used = self.named[element.attrib[_HREF].removeprefix("#")]
            self.draw(used, _after(Affine2D().translate(x, y), inner), style)
        elif tag == "path":
            self._path(read(element.get("d", "")), inner, style)
        elif tag == "image":
            self._image(element, inner)
        else:
            raise ValueError(f"svg must be of matplotlib's kind, got <{tag}>")

    def _path(self, path: Path, inner: Affine2D, style: Style) -> None:
        pen: GraphicsContextBase = self.renderer.new_gc()
        edge, face = _color(style, "stroke", "none"), _color(style, "fill", "black")
        width = self.scale * float(style.get("stroke-width", 1)) if edge[3] else 0
        pen.set_foreground(edge, isRGBA=True)
        pen.set_linewidth(width)
        pen.set_capstyle(_CAPS[style["stroke-linecap"]])
        pen.set_joinstyle(_JOINS[style["stroke-linejoin"]])
        if (dashes := style.get("stroke-dasharray", "none")) != "none":
            start = self.scale * float(style.get("stroke-dashoffset", 0))
            lengths = [self.scale * float(each) for each in dashes.split(",")]
            pen.set_dashes(start, lengths)
        if name := style.get("clip"):
            x, y, across, down = _numbers(self.named[name][0], *_BOX)
            box = Bbox.from_bounds(x, y, across, down)
            pen.set_clip_rectangle(box.transformed(self.whole))
        self.renderer.draw_path(pen, path, inner, face if face[3] else None)

    def _image(self, element: ET.Element, inner: Affine2D) -> None:
        data = base64.b64decode(element.attrib[_HREF].partition("base64,")[2])
        place = Bbox.from_bounds(*_numbers(element, *_BOX)).transformed(inner)
        size = round(abs(place.width)), round(abs(place.height))
        image = Image.open(io.BytesIO(data)).convert("RGBA")
        rows = np.array(image.resize(size, Image.Resampling.NEAREST))
        rows = rows if inner.get_matrix()[1, 1] > 0 else rows[::-1]
        pen = self.renderer.new_gc()
        self.renderer.draw_image(pen, place.xmin, place.ymin, rows)


@cache
def read(d: str) -> Path:
    """Read a path's steps, which matplotlib writes with letters for whole places."""
    points: list[Any] = []
    codes: list[Any] = []
    for letter, numbers in _STEP.findall(d):
        places = np.array(numbers.split() or [0, 0], dtype=float).reshape(-1, 2)
        points.extend(places)
        codes.extend([_CODES.get(letter, Path.CLOSEPOLY)] * len(places))
    return Path(np.array(points).reshape(-1, 2), codes)


def _numbers(element: ET.Element, *names: str) -> list[float]:
    return [float(element.get(name, 0)) for name in names]


def _after(first: Affine2D, then: Affine2D) -> Affine2D:
    return Affine2D(then.get_matrix() @ first.get_matrix())


def _styles(style: str) -> Iterator[tuple[str, str]]:
    for each in filter(None, map(str.strip, style.split(";"))):
        name, _, value = each.partition(":")
        yield name, value.strip()


def _moved(transform: str) -> Affine2D:
    total = Affine2D()
    for name, numbers in reversed(_MOVE.findall(transform)):
        values = [float(number) for number in re.split(r"[\s,]+", numbers.strip())]
        if name == "rotate":
            total.rotate_deg(values[0])
        elif name == "scale":
            total.scale(values[0], values[-1])
        else:
            total.translate(values[0], values[1])
    return total


def _color(style: Style, kind: str, default: str) -> tuple[float, float, float, float]:
    share = float(style.get("opacity", 1)) * float(style.get(f"{kind}-opacity", 1))
    color = style.get(kind, default)
    return (0, 0, 0, 0) if color == "none" else to_rgba(color, share)
