"""One build at a time in one folder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.console import say


@contextmanager
def alone(build: Path) -> Iterator[None]:
    """Work in a build folder once nobody else does; say so if that takes waiting."""
    build.mkdir(exist_ok=True)
    with (build / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting", "for another `make` that is at work in this folder ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
