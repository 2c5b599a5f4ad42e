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
    options = ["--bundle", "--minify", "--format=esm", "--legal-comments=eof"]
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
