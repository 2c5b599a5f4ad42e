"""The code editor: web/editor.mjs and what it is built on, bundled into one module."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from bookweb.assets import NODE_MODULES, WEB, environment


def bundle(target: Path) -> None:
    """Write the module.

    Raises:
        ExtensionError: esbuild cannot make it.
    """
    # CodeMirror and what it is built on: one author and, but for years, one license.
    license = (NODE_MODULES / "@codemirror" / "view" / "LICENSE").read_text("utf-8")
    options = ["--bundle", "--minify", "--format=esm", f"--banner:js=/*!\n{license}*/"]
    program = NODE_MODULES / ".bin" / "esbuild"
    done = subprocess.run(
        [program, WEB / "editor.mjs", *options, f"--outfile={target}"],
        env=environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ExtensionError(f"the editor cannot be bundled:\n{done.stderr}")


def _bundle(app: Sphinx) -> None:
    bundle(Path(app.outdir) / "_static" / "live" / "editor.js")


def setup(app: Sphinx) -> None:
    """Register the bundling."""
    app.connect("builder-inited", _bundle)
