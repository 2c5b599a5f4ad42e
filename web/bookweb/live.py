"""What runs in the page: our modules, Pyodide, and the Python that it runs."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from bookweb.assets import NODE_MODULES, WEB
from bookweb.esbuild import esbuild
from bookweb.stdlib import SOURCES, library

ROOT = WEB.parent
PYODIDE = NODE_MODULES / "pyodide"
IMPORTED = ("pyodide.mjs", "pyodide.asm.mjs")
FETCHED = ("pyodide.asm.wasm", SOURCES.name, "pyodide-lock.json")

STARTED = ("live/python.js", "live/worker.js")  # by the modules of pages
WHOLE = ("offline.js", "python.mjs")  # what others import by its name

SHEETS = tuple(
    f"{name}.css"
    for name in ("live", "lab", "diagram", "expression", "editor", "surface", "table")
)

# What needs the standard library alone.
_HALF = (
    "__init__", "arguments", "elementary", "foreign", "lab", "landscapes", "ops",
    "quasi_random", "told", "trace",
)  # fmt: skip
_FOLDERS = (
    "gradient_ascent/conventions",
    "gradient_ascent/diagrams",
    "gradient_ascent/exercises",
    "gradient_ascent/minitorch",
    "gradient_ascent/rules",
    "exercises",
)


def archive(target: Path) -> None:
    """Write the Python that the page runs into one archive, the same each time."""
    with zipfile.ZipFile(target, "w") as book:
        for name, source in sorted(_python_files()):
            entry = zipfile.ZipInfo(name)  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            book.writestr(entry, source.read_bytes())


def _python_files() -> Iterator[tuple[str, Path]]:
    yield "bridge.py", WEB / "live" / "bridge.py"
    named = [ROOT / "gradient_ascent" / f"{name}.py" for name in _HALF]
    found = [file for folder in _FOLDERS for file in (ROOT / folder).rglob("*.py")]
    for source in named + found:
        if ".ipynb_checkpoints" in source.parts:  # Jupyter's copy of a file
            continue
        yield source.relative_to(ROOT).as_posix(), source


def script(text: str) -> str:
    """Return a text in which Pyodide's modules end as every server knows scripts to.

    Many servers send `.mjs` as something else, and no browser runs that.
    """
    for name in IMPORTED:
        text = text.replace(name, name.replace(".mjs", ".js"))
    return text


def told(about: dict[str, Any]) -> str:
    """Return what a script is told, as the element in which it finds it."""
    data = json.dumps(about).replace("<", "\\u003c")
    return f'<script type="application/json">{data}</script>'


def bundle(folder: Path, modules: Iterable[str]) -> None:
    """Write the modules of pages; what several import comes once, in parts of its own.

    So a page asks for a few files where there are dozens of modules.

    Raises:
        ExtensionError: esbuild cannot make them.
    """
    entries = sorted({*modules, *STARTED})
    options = ("--bundle", "--splitting", "--format=esm", f"--outdir={folder}")
    esbuild("the page's scripts", *entries, *options)


def _copy(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    live, pyodide = static / "live", static / "pyodide"
    for folder in (live, pyodide):
        folder.mkdir(parents=True, exist_ok=True)
    added = app.registry.js_files
    modules = (name for name, how in added if name and how.get("type") == "module")
    bundle(live, modules)
    for name in WHOLE:
        shutil.copy(WEB / "live" / name, live)
    for name in IMPORTED:
        text = (PYODIDE / name).read_text(encoding="utf-8")
        (pyodide / script(name)).write_text(script(text), encoding="utf-8")
    for name in FETCHED:
        shutil.copy(PYODIDE / name, pyodide)
    archive(live / "python.zip")
    shutil.copy(library(live / "python.zip"), pyodide / SOURCES.name)
    fetched = [live / "python.zip", *(pyodide / name for name in FETCHED)]
    sizes = {file.name: file.stat().st_size for file in fetched}
    (live / "sizes.json").write_text(json.dumps(sizes))


def setup(app: Sphinx) -> None:
    """Register files and style sheets; each component registers its own script."""
    app.connect("builder-inited", _copy)
    app.add_js_file("unrun.js", loading_method="defer")
    for sheet in SHEETS:
        app.add_css_file(sheet, priority=910)
