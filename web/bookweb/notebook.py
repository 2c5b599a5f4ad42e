"""Each chapter as a notebook, beside its page and made of the same.

Its numbers, links and citations are settled, and it holds no word that only the book's
build understands. What a cell prints is left out: to run it is the point.
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from bookweb import figures, notebook_cells
from bookweb.notebook_blocks import Blocks, Cell, Fold, Part, Picture
from bookweb.notebook_cells import Code
from bookweb.notebook_inline import Inline

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
BELOW = "It is in the cell below."
MORE = ", continued"
_logger = logging.getLogger(__name__)


class Sheet:
    """The cells of a notebook, as they are put together.

    Args:
        page: where a relative address begins.
        site: the address of the book's site, or "".
    """

    def __init__(self, page: Path, site: str) -> None:
        self.page, self.site = page, site
        self.cells: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self.folds: list[str] = []
        self.open = False  # whether the text is within a fold just now

    def add(self, part: Part) -> None:
        """Add one part; what is folded away stays so around a cell."""
        match part:
            case Code():
                self._code(part)
            case Fold(""):
                self._close()
                self.folds.pop()
            case Fold(title):
                self.folds.append(title)
            case Picture():
                self._say(image(self._address(part), part.alt))
            case str():
                if part.startswith("#") and not self.folds:
                    self.end()
                self._say(part)

    def end(self) -> None:
        """End the cell of text that is being written, if there is one."""
        if not self.texts:
            return
        self._append("markdown", "\n\n".join(self.texts), {})
        self.texts = []

    def _append(
        self, kind: str, source: str, metadata: dict[str, Any], **more: Any
    ) -> None:
        about = {"cell_type": kind, "id": f"cell-{len(self.cells)}"}
        self.cells.append(about | {"metadata": metadata, "source": source} | more)

    def _say(self, text: str) -> None:
        if self.folds and not self.open:
            self.texts.append(f"<details><summary>{self.folds[-1]}</summary>")
            self.open = True
        self.texts.append(text)

    def _close(self) -> None:
        if self.open:
            self.texts.append("</details>")
        self.open = False

    def _code(self, code: Code) -> None:
        if self.folds:
            if not self.open and not self.folds[-1].endswith(MORE):
                self._say(BELOW)
            self._close()
            self.folds[-1] = self.folds[-1].removesuffix(MORE) + MORE
        self.end()
        metadata: dict[str, Any] = {"tags": code.tags} if code.tags else {}
        if code.folded or self.folds:
            metadata["jupyter"] = {"source_hidden": True}
        self._append("code", code.source, metadata, outputs=[], execution_count=None)

    def _address(self, picture: Picture) -> str:
        if self.site and not picture.svg:
            return urljoin(self.site, picture.source)
        # Resolved, for the page's own folder may not be there yet.
        file = (self.page.parent / urlsplit(picture.source).path).resolve()
        svg = picture.svg or figures.light(file.read_text(encoding="utf-8"))
        # JupyterLab shows no attachment of this kind, but an address that is the image.
        return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def image(source: str, alt: str) -> str:
    """Return a picture, dark on nothing, as it shows up in a dark Jupyter too.

    It is HTML, for markdown-it, with which VS Code reads notebooks, shows no SVG whose
    address holds all of it.
    """
    said = html.escape(" ".join(alt.split()))
    return f'<img src="{source}" alt="{said}" style="background: white">'


def cells(source: Path, extensions: list[str]) -> dict[int, Code]:
    """Return the code cells of a chapter, by their place in it."""
    dialect = MdParserConfig(enable_extensions=set(extensions))
    read = read_myst_markdown_notebook(source.read_text("utf-8"), dialect, path=source)
    return {
        n: notebook_cells.own(cell)
        for n, cell in enumerate(read["cells"])
        if cell["cell_type"] == "code"
    }


def in_order(parts: Iterator[Part], own: dict[int, Code]) -> Iterator[Part]:
    """Put the chapter's cells where they belong, those too that no page shows."""
    for part in parts:
        if isinstance(part, Cell):
            for index in [each for each in own if each <= part.index]:
                yield own.pop(index)
        else:
            yield part
    yield from own.values()


def _written(app: Sphinx, name: str, body: str, page: nodes.document) -> dict[str, Any]:
    site = app.config.html_baseurl
    uri = app.builder.get_target_uri(name)
    here = urljoin(site, uri) if site else ""

    def address(link: nodes.reference) -> str:
        target = link.get("refuri") or f"#{link.get('refid', '')}"
        if urlsplit(target).scheme:
            return str(target)
        return urljoin(here, target) if site else ""

    sheet = Sheet(Path(app.outdir, uri), here)
    sheet.add(notebook_cells.first(app.config.book_repository))
    own = cells(Path(app.env.doc2path(name)), app.config.myst_enable_extensions)
    builder = cast(StandaloneHTMLBuilder, app.builder)
    blocks = Blocks(Inline(address), builder, name, body)
    for part in in_order(blocks.all(page.children), own):
        sheet.add(part)
    sheet.end()
    return {
        "cells": sheet.cells,
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def place(app: Sphinx, page: str) -> str:
    """Return where a page's notebook is, from the top of the site; "" without one."""
    if "kernelspec" not in app.env.metadata.get(page, {}):
        return ""
    return str(PurePosixPath(app.builder.get_target_uri(page)).with_suffix(".ipynb"))


def _write(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is None or not (where := place(app, pagename)):
        return
    try:
        notebook = _written(app, pagename, context["body"], doctree)
    except ValueError as error:
        _logger.warning("notebook: %s", error, location=pagename)
        return
    file = Path(app.outdir, where)
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1)
    file.write_text(f"{text}\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the writing, once the page is finished."""
    app.connect("html-page-context", _write, priority=910)
