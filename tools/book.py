"""Build the book in _build/html: run the chapters that changed, then render the pages.

What is kept from one build to the next, and when it is thrown away:

- a chapter's outputs, when its cells change or anything they read (see `chapters`);
- a parsed page, when its text changes; all of them, when anything else does;
- the written pages, when anything changes at all (a page shows its neighbours' titles
  and numbers, and the page of a chapter that is gone must go with it); so where nothing
  has, nothing is done.

All of it is made beside what stands, and takes its place when it is good. A build that
fails or is interrupted changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import beside
from tools.alone import alone
from tools.chapters import run_changed
from tools.console import fail, timed
from tools.environment import BUILD, ROOT, enter
from tools.render import Pages, render

HTML = BUILD / "html"
DOCTREES = BUILD / ".doctrees"
CACHE = BUILD / ".jupyter_cache"
LAST = BUILD / "last-build.json"  # what the pages that stand were made from

OUTPUTS_DEPEND_ON = [
    "pyproject.toml",
    "requirements.lock",
    "tools/chapters.py",
    "tools/checks.py",
    "tools/environment.py",
    "tools/forks.py",
    "tools/reads.py",
]  # and on what each chapter reads
PAGES_DEPEND_ON = [
    "_config.yml",
    "_toc.yml",
    "exercises",
    "gradient_ascent",
    "references.bib",
    "tools/book.py",
    "tools/render.py",
    "web",
]
ADDRESS = ["GITHUB_REPOSITORY", "GITHUB_SERVER_URL"]  # of the book, besides git's
NOT_SOURCES = {"__pycache__", ".ipynb_checkpoints", "node_modules"}


def main() -> None:
    """Build the book and say where it is."""
    enter()
    try:
        with alone(BUILD):
            build()
    except KeyboardInterrupt:
        fail("interrupted; the book is not built.")
    print(f"The book is built: {(HTML / 'index.html').as_uri()}")


def build(*, every_page: bool = True) -> None:
    """Bring the site up to date.

    Args:
        every_page: When anything has changed, write every page anew. Otherwise only
            those that Sphinx finds to be out of date, which is faster.
    """
    outputs = digest(OUTPUTS_DEPEND_ON, f"Python {sys.version_info[:2]}")
    now = made_from(outputs)
    last = json.loads(LAST.read_text()) if LAST.exists() else {}
    ran = run_changed(CACHE, outputs)
    if last == now and not ran and HTML.exists():
        return
    parsed = last.get("pages") == now["pages"]
    whole = every_page and last != now
    pages = Pages(
        html=beside.begin(HTML, like=HTML if parsed and not whole else None),
        doctrees=beside.begin(DOCTREES, like=DOCTREES if parsed else None),
        reread=[*ran, *changed(last.get("chapters", {}), now["chapters"])],
        draft=not every_page,
    )
    with timed("pages", "rendering"):
        render(pages)
    with beside.no_interrupt():
        LAST.unlink(missing_ok=True)
        beside.finish(DOCTREES)
        beside.finish(HTML)
        LAST.write_text(json.dumps(now if every_page else now | {"some": True}))


def made_from(outputs: str) -> dict[str, Any]:
    """Hash what pages are made from: each chapter, where it all lies, and the rest."""
    names = [path.relative_to(ROOT).as_posix() for path in files(["chapters"])]
    texts = [name for name in names if name.endswith(".md")]
    others = sorted(set(names) - set(texts))
    return {
        "pages": digest([*PAGES_DEPEND_ON, *others], f"{outputs} {ROOT}"),
        "chapters": {name.removesuffix(".md"): digest([name]) for name in texts},
        "address": digest([".git/config"], f"{[*map(os.environ.get, ADDRESS)]}"),
    }


def changed(before: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    """Name the chapters whose text is not what it was."""
    return (name for name in before if now.get(name, before[name]) != before[name])


def digest(names: list[str], more: str = "") -> str:
    """Hash the names and contents of all the files under some paths, and a text."""
    total = hashlib.sha256(more.encode())
    for file in files(names):
        total.update(f"\0{file.relative_to(ROOT)}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def files(names: list[str]) -> Iterator[Path]:
    """Go through the files under some paths, in order."""
    for name in names:
        if (ROOT / name).is_file():
            yield ROOT / name
        for folder, folders, inside in os.walk(ROOT / name):
            folders[:] = sorted(set(folders) - NOT_SOURCES)
            paths = (Path(folder, file) for file in sorted(inside))
            yield from (path for path in paths if path.is_file())


if __name__ == "__main__":
    main()
