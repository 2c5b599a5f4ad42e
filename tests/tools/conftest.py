"""A book of two chapters, built by the project's own tools in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """\
title: A small book
only_build_toc_files: true
execute: {execute_notebooks: cache, raise_on_error: true, timeout: 60}
parse: {myst_enable_extensions: [dollarmath]}
"""
TOC = """\
format: jb-book
root: chapters/first
chapters:
  - file: chapters/part/second
"""
CHAPTER = """\
---
file_format: mystnb
kernelspec: {{name: python3}}
---
# {title}

```{{code-cell}}
{cell}
```
"""


class Book:
    """A throw-away book: change its files, build it, look at its pages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "tools", root / "tools", ignore=ignored)
        self.write("_config.yml", CONFIG)
        self.write("_toc.yml", TOC)
        self.write("requirements.lock", "")
        self.write("gradient_ascent/__init__.py", "ANSWER = 41\n")
        cell = "import gradient_ascent\nprint('answer:', gradient_ascent.ANSWER)"
        self.chapter("first", "First", cell)
        self.chapter("part/second", "Second", "print(6 * 7)")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def chapter(self, name: str, title: str, cell: str, text: str = "") -> None:
        self.write(f"chapters/{name}.md", CHAPTER.format(title=title, cell=cell) + text)

    def build(self) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tools.book"]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True)

    def page(self, name: str) -> Path:
        return self.root / "_build" / "html" / "chapters" / f"{name}.html"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)
