"""The code editor: web/editor.mjs and what it is built on, bundled into one module."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from bookweb.assets import NODE_MODULES, WEB


def bundle(target: Path) -> None:
    """Write the module.

    Raises:
        ExtensionError: esbuild cannot make it.
    """
    # esbuild may be a script that needs Node, which lies beside Python.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # CodeMirror and what it is built on: one author and, but for years, one license.
    license = (NODE_MODULES / "@codemirror" / "view" / "LICENSE").read_text("utf-8")
    options = ["--bundle", "--minify", "--format=esm", f"--banner:js=/*!\n{license}*/"]
    program = NODE_MODULES / ".bin" / "esbuild"
    done = subprocess.run(
        [program, WEB / "editor.mjs", *options, f"--outfile={target}"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ExtensionError(f"the editor cannot be bundled:\n{done.stderr}")


def _bundle(app: Sphinx) -> None:
    bundle(Path(app.outdir) / "_static" / "live" / "editor.mjs")


def setup(app: Sphinx) -> None:
    """Register the bundling."""
    app.connect("builder-inited", _bundle)
