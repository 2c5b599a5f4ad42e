"""What makes a second visit start at once: the service worker, and what it may keep."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from sphinx.application import Sphinx

from bookweb.assets import WEB

FOLDERS = ("live", "plotly", "pyodide", "search", "maths/fonts")  # of _static
MANIFEST = "live/digests.json"
# It stands at the top, as it sees only what lies beside and below it.
WORKER = "service-worker.js"


def digests(static: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that may be kept, by its path in the site."""
    files = (
        file for folder in FOLDERS for file in sorted((static / folder).rglob("*"))
    )
    return {
        file.relative_to(static.parent).as_posix(): hashlib.sha256(
            file.read_bytes()
        ).hexdigest()
        for file in files
        if file.is_file() and file != static / MANIFEST
    }


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    shutil.copy(WEB / WORKER, site)
    manifest = json.dumps(digests(site / "_static"), indent=0)
    (site / "_static" / MANIFEST).write_text(manifest, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the writing, which comes when every file is in its place."""
    app.connect("build-finished", _write, priority=900)
