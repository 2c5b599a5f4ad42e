"""The code editor: web/editor.mjs and what it is built on, bundled into one module."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from bookweb.assets import NODE_MODULES
from bookweb.esbuild import esbuild, licensed


def bundle(target: Path) -> None:
    """Write the module.

    Raises:
        ExtensionError: esbuild cannot make it.
    """
    # CodeMirror and what it is built on: one author and, but for years, one license.
    banner = licensed(NODE_MODULES / "@codemirror" / "view" / "LICENSE")
    options = ("--bundle", "--format=esm", banner, f"--outfile={target}")
    esbuild("the editor", "editor.mjs", *options)


def _bundle(app: Sphinx) -> None:
    bundle(Path(app.outdir) / "_static" / "live" / "editor.js")


def setup(app: Sphinx) -> None:
    """Register the bundling."""
    app.connect("builder-inited", _bundle)
