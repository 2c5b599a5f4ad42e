"""A book of two chapters, built by the project's own tools in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds: a process that takes so long hangs, on any machine

CONFIG = """\
title: A small book
only_build_toc_files: true
execute: {execute_notebooks: cache, raise_on_error: true, timeout: 10000}
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
# What no chapter of the small book imports need not be there before it does.
LEAN = """
for _names in (FOR_PAGES, FOR_CHAPTERS):
    _names[:] = [n for n in _names if n.split(".")[0] not in %r]
"""
UNUSED = ["scipy", "sklearn", "sympy", "torch"]


class Book:
    """A throw-away book: change its files, build it, look at its pages."""

    def __init__(self, root: Path, fonts: Path) -> None:
        self.root = root
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "tools", root / "tools", ignore=ignored)
        with (root / "tools" / "forks.py").open("a") as forks:
            forks.write(LEAN % UNUSED)
        shutil.copytree(fonts, root / "_build" / "kept" / "matplotlib")
        self.begin()

    def begin(self) -> None:
        """Have the two chapters as they are at first, and nothing made from others."""
        for kept in [*self.root.iterdir(), *(self.root / "_build").iterdir()]:
            if kept.name not in ("tools", "_build", "kept"):
                shutil.rmtree(kept) if kept.is_dir() else kept.unlink()
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

    def build(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tools.book"],
            cwd=self.root,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )

    def page(self, name: str) -> Path:
        return self.root / "_build" / "html" / "chapters" / f"{name}.html"


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What matplotlib knows of this machine's fonts, which takes it seconds to find."""
    folder = tmp_path_factory.mktemp("matplotlib")
    subprocess.run(
        [sys.executable, "-c", "import matplotlib.font_manager"],
        env={**os.environ, "MPLCONFIGDIR": str(folder)},
        check=True,
    )
    return folder


@pytest.fixture
def book(tmp_path: Path, fonts: Path) -> Book:
    return Book(tmp_path, fonts)
