"""Python's standard library for the page; what its start imports comes compiled."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError

from bookweb.assets import NODE_MODULES, WEB
from bookweb.maths import node

SOURCES = NODE_MODULES / "pyodide" / "python_stdlib.zip"
COMPILER = WEB / "stdlib.mjs"
CACHE = NODE_MODULES / ".cache" / "stdlib"


def library(book: Path) -> Path:
    """Return the archive; to make it takes seconds, so it is kept.

    Args:
        book: The archive of what runs in the page, which says what is imported.

    Raises:
        ExtensionError: Pyodide cannot make it.
    """
    made_from = b"".join(file.read_bytes() for file in (SOURCES, COMPILER, book))
    kept = CACHE / f"{hashlib.sha256(made_from).hexdigest()}.zip"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [node(), COMPILER, book, made := kept.with_suffix(".new")],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise ExtensionError(f"Python cannot be compiled:\n{done.stderr[-2000:]}")
        made.replace(kept)  # whole or not at all
    return kept
