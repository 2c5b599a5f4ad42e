"""Run every notebook as Binder would: `python -m tools.notebooks`, after `make book`.

An environment is made anew under `_build/binder` from the files in `.binder`, and from
nothing else. Each notebook then runs there from its first cell to its last, in a folder
that is not the book's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.console import fail, say, timed
from tools.environment import BUILD, ENVIRONMENT, ROOT
from tools.setup import run

HTML = BUILD / "html"
BINDER = ROOT / ".binder"
ENVIRONMENT_OF_BINDER = BUILD / "binder"
SECONDS = 300  # for a cell


def main() -> None:
    """Run them all, two at a time, and fail if one of them does."""
    with timed("notebooks", "making the environment of .binder"):
        programs = environment(ENVIRONMENT_OF_BINDER)
    files = list(notebooks())
    with ThreadPoolExecutor(2) as pool:
        wrong = list(pool.map(lambda file: told(file, programs), files))
    failed = [file.stem for file, error in zip(files, wrong) if error]
    if failed or not files:
        fail(f"of {len(files)} notebooks these fail: {', '.join(failed) or 'none'}.")


def notebooks() -> Iterator[Path]:
    """Give the notebooks that the build has written, in order."""
    return iter(sorted(HTML.glob("chapters/**/*.ipynb")))


def environment(folder: Path) -> Path:
    """Make an environment as Binder does; return the folder of its programs."""
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", str(folder)], "make an environment")
    programs = folder / "bin"
    pip = [str(programs / "pip"), "install", "--disable-pip-version-check"]
    run([*pip, "-r", str(BINDER / "requirements.txt")], "install what .binder lists")
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    os.environ["PATH"] = path  # what postBuild calls `pip`
    run([str(BINDER / "postBuild")], "run .binder/postBuild")
    return programs


def told(file: Path, programs: Path) -> str:
    """Run a notebook, and say how it went."""
    begun = time.perf_counter()
    error = execute(file, programs)
    took = f"{time.perf_counter() - begun:.0f} s"
    say("notebooks", f"{file.stem}: {took}{error and f', failed{os.linesep}{error}'}")
    return error


def execute(file: Path, programs: Path) -> str:
    """Run a copy of a notebook by some environment's Jupyter, in an empty folder.

    Returns:
        What stopped it, or "".
    """
    with TemporaryDirectory() as folder:
        shutil.copy(file, folder)
        ours = {**os.environ, **ENVIRONMENT}
        del ours["PYTHONPATH"]  # the package is the one that is installed
        done = subprocess.run(
            [str(programs / "jupyter-execute"), file.name, f"--timeout={SECONDS}"],
            cwd=folder,
            env=ours,
            capture_output=True,
            text=True,
        )
    if done.returncode == 0:
        return ""
    lines = re.sub(r"\x1b\[[\d;]*m", "", done.stderr).strip().splitlines()
    return "\n".join(lines[-30:])


if __name__ == "__main__":
    main()
