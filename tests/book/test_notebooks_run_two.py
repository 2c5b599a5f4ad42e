"""Notebooks run whole, outside the book's folder: the others.

Each half has a file of its own, so that two workers share them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from .chapters import Chapter
from .notebooks import run, runnable


@pytest.mark.slow
@pytest.mark.parametrize("chapter", runnable()[1::2], ids=lambda chapter: chapter.name)
def test_it_runs(chapter: Chapter, html: Path, tmp_path: Path) -> None:
    assert run(html, chapter, tmp_path) == ""
