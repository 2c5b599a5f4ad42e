"""Make a folder beside the one that stands, and put it in its place when it is good."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def begin(folder: Path, like: Path | None = None) -> Path:
    """Make the folder that is to take another's place: empty, or a copy of one."""
    new, old = _named(folder)
    if old.exists() and not folder.exists():  # killed between the two renamings
        old.rename(folder)
    remove(new)
    if like and like.exists():
        shutil.copytree(like, new)
    else:
        new.mkdir(parents=True)
    return new


def finish(folder: Path) -> None:
    """Put the folder that was made in place, and remove what stood there."""
    new, old = _named(folder)
    remove(old)
    with no_interrupt():
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    remove(old)


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Let Ctrl-C wait."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _named(folder: Path) -> tuple[Path, Path]:
    new, old = f"{folder.name}.new", f"{folder.name}.old"
    return folder.with_name(new), folder.with_name(old)


def remove(folder: Path) -> None:
    """Remove a folder, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
