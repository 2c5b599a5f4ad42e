"""The notebooks that the build has written.

`make test` runs each of them whole, outside the book's folder; `python -m
tools.notebooks`, each week, where nothing but what `.binder` lists is installed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.forks import fork_kernels
from tools.notebooks import SECONDS

from .chapters import ROOT, Chapter, sources

OURS = ("def _shown", "%%check", "from gradient_ascent import run\n\nlab_")


@dataclass(frozen=True)
class Notebook:
    """A chapter's notebook, and its page."""

    chapter: Chapter
    file: Path

    @cached_property
    def read(self) -> dict[str, Any]:
        return dict(json.loads(self.file.read_text(encoding="utf-8")))

    @cached_property
    def text(self) -> str:
        """All that is not code."""
        return "\n\n".join(
            cell["source"]
            for cell in self.read["cells"]
            if cell["cell_type"] == "markdown"
        )

    @cached_property
    def code(self) -> list[str]:
        """What each code cell runs, as Python."""
        python = TransformerManager().transform_cell
        return [python(cell["source"]) for cell in self.cells]

    @property
    def cells(self) -> list[dict[str, Any]]:
        return [c for c in self.read["cells"] if c["cell_type"] == "code"]

    @property
    def own(self) -> list[dict[str, Any]]:
        """The chapter's cells."""
        return [cell for cell in self.cells if cell not in self.added]

    @property
    def added(self) -> list[dict[str, Any]]:
        """The others: the one that installs, and what stands for parts of the page."""
        first, *rest = self.cells
        return [first, *(c for c in rest if c["source"].startswith(OURS))]

    @cached_property
    def page(self) -> str:
        return self.file.with_suffix(".html").read_text(encoding="utf-8")


def runnable() -> list[Chapter]:
    """The pages that have cells, and so a notebook."""
    found = [Chapter(path) for path in sources(ROOT / "chapters")]
    return [each for each in found if "kernelspec" in each.front_matter]


def notebook(html: Path, chapter: Chapter) -> Notebook:
    return Notebook(chapter, html / "chapters" / f"{chapter.name}.ipynb")


def run(html: Path, chapter: Chapter, folder: Path) -> str:
    """Run a chapter's notebook in a folder; return what stopped it, or ""."""
    fork_kernels()
    client = NotebookClient(
        nbformat.read(notebook(html, chapter).file, as_version=4),
        timeout=SECONDS,
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return str(error)
    return ""
