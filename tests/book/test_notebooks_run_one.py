"""Notebooks run whole, outside the book's folder: half of those chosen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.notebooks import execute

from .chapters import ROOT, Chapter
from .notebooks import RUN, notebook


@pytest.mark.slow
@pytest.mark.parametrize("name", RUN[0])
def test_it_runs(name: str, html: Path) -> None:
    chapter = Chapter(ROOT / "chapters" / f"{name}.md")
    programs = Path(sys.executable).parent
    assert execute(notebook(html, chapter).file, programs) == ""
