"""What the tools say to the person who runs them."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn


def say(stage: str, text: str) -> None:
    """Print one line under the name of a stage."""
    print(f"{stage:<10}{text}", flush=True)


def fail(sentence: str) -> NoReturn:
    """End with one sentence that says what is wrong, and no traceback."""
    raise SystemExit(f"error: {sentence}")


def plain(text: str) -> str:
    """Remove terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@contextmanager
def timed(stage: str, text: str) -> Iterator[None]:
    """Say what begins and, when it has gone well, how long it took."""
    say(stage, f"{text} ...")
    start = time.perf_counter()
    yield
    say(stage, f"done in {time.perf_counter() - start:.1f} s")


class Progress:
    """How far something is: one line at a terminal, elsewhere one now and then."""

    EVERY = 10.0  # seconds

    def __init__(self) -> None:
        self.told = time.monotonic()
        self.shown = ""

    def show(self, text: str) -> None:
        """Say where it is now."""
        if text == self.shown:
            return
        if sys.stdout.isatty():
            print(f"\r{'':<10}{text}\x1b[K", end="", flush=True)
        elif time.monotonic() - self.told < self.EVERY:
            return
        else:
            say("", text)
        self.told, self.shown = time.monotonic(), text

    def clear(self) -> None:
        """Take the line away."""
        if self.shown and sys.stdout.isatty():
            print("\r\x1b[K", end="", flush=True)
