"""Build the book in _build/html: run the chapters that changed, then render the pages.

What is kept from one build to the next, and when it is thrown away:

- the cells' outputs, when anything they depend on but the chapter's own text changes;
- the parsed pages, when anything but a chapter's text changes, or when the last build
  failed (Sphinx forgets its warnings, and lets the same mistake pass a second time);
- the rendered pages, when anything changes at all (a page shows its neighbours' titles
  and numbers, and the page of a chapter that is gone must go with it).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.chapters import run_changed
from tools.console import fail, plain, timed

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HTML = BUILD / "html"
CACHE = BUILD / ".jupyter_cache"
LAST = BUILD / "last-build"  # what the last successful build was made from

OUTPUTS_DEPEND_ON = [
    "gradient_ascent",
    "exercises",
    "requirements.lock",
    "tools/book.py",
    "tools/chapters.py",
]
PAGES_DEPEND_ON = ["_config.yml", "_toc.yml", "references.bib", "web"]
NOT_SOURCES = {"__pycache__", "node_modules"}

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # the chapters already share the cores
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or every kernel warns of frozen modules
    "PYTHONHASHSEED": "0",  # the same order of sets, and so the same outputs
    "PYTHONPATH": str(ROOT),  # the package that lies beside the chapters
}


def main() -> None:
    """Build the book and say where it is."""
    os.chdir(ROOT)
    os.environ.update(ENVIRONMENT)
    made_from = drop_what_is_stale()
    try:
        run_changed(ROOT, CACHE)
        render()
    except KeyboardInterrupt:
        fail("interrupted; the book is not built.")
    LAST.write_text(made_from)
    print(f"The book is built: {(HTML / 'index.html').as_uri()}")


def drop_what_is_stale() -> str:
    """Remove what a change since the last build may have made wrong.

    Returns:
        What the build that now begins is made from, to be kept once it has succeeded.
    """
    outputs = digest(OUTPUTS_DEPEND_ON, f"Python {sys.version_info[:2]}")
    pages = digest(PAGES_DEPEND_ON, outputs)
    made_from = f"{pages} {digest(['chapters'])}"
    last = LAST.read_text() if LAST.exists() else ""
    LAST.unlink(missing_ok=True)

    key = CACHE / "made-from"
    if not key.exists() or key.read_text() != outputs:
        remove(CACHE)
        CACHE.mkdir(parents=True)
        key.write_text(outputs)
    if last.split(" ")[0] != pages:
        remove(BUILD / ".doctrees")
        remove(BUILD / "jupyter_execute")
    if last != made_from:
        remove(HTML)
    return made_from


def render() -> None:
    """Let Jupyter Book make the pages, with every warning an error."""
    program = str(Path(sys.executable).with_name("jupyter-book"))
    options = ["-W", "-n", "--keep-going", "-q"]
    with timed("pages", "rendering"):
        command = [program, "build", ".", *options]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            said = plain(done.stderr)
            print(said.partition("\nTraceback (most recent")[0].strip() or said)
            fail("the pages are not right (see above).")


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


def remove(folder: Path) -> None:
    """Remove a folder, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
