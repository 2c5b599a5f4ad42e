"""esbuild, which makes one script of many and leaves out what only its writers need."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sphinx.errors import ExtensionError

from bookweb.assets import NODE_MODULES, WEB, environment


def esbuild(what: str, *options: str | Path, source: str | None = None) -> str:
    """Run it in `web`; return what it writes, where that is not to files.

    Args:
        what: What it makes, to be named if it cannot.
        options: Its options, and the files that it reads.
        source: What it reads if it is no file.

    Raises:
        ExtensionError: It fails.
    """
    done = subprocess.run(
        [NODE_MODULES / ".bin" / "esbuild", "--minify", *options],
        input=source,
        cwd=WEB,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise ExtensionError(f"{what} cannot be made:\n{done.stderr}")
    return done.stdout


def licensed(license: Path) -> str:
    """Return the option that puts a license in front."""
    return f"--banner:js=/*!\n{license.read_text(encoding='utf-8')}*/"
