"""Small books, each built by Jupyter Book in a process that has imported it before."""

from __future__ import annotations

import os
from pathlib import Path

from tools.forks import FOR_PAGES, FORKS


def build(folder: Path, environment: dict[str, str]) -> tuple[int | None, str]:
    """Build a book as the command does; how it ended, and what was said."""
    said = folder.with_name(f"{folder.name}.txt")
    FORKS.set_forkserver_preload(["jupyter_book.cli.main", "pytest", *FOR_PAGES])
    process = FORKS.Process(target=_build, args=(folder, said, environment))
    process.start()
    process.join()
    return process.exitcode, said.read_text(encoding="utf-8")


def _build(folder: Path, said: Path, environment: dict[str, str]) -> None:
    from jupyter_book.cli.main import main

    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.environ.clear()
    os.environ.update(environment)
    main(["build", str(folder), "-W", "-n", "-q"])
