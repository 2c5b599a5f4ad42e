"""Find Chromium and Firefox, the system's or one of our own, and start Chromium."""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FIREFOX = (
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
)
DOWNLOADS = Path(__file__).resolve().parent.parent / ".venv" / "browsers"
ADVICE = "`make test` gets it where it can; else install it"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium(*options: str) -> Iterator[Browser]:
    """Give a browser that speaks to no host unless a page asks for it.

    Args:
        options: What else it is started with.

    Raises:
        FileNotFoundError: There is no Chromium on this machine.
    """
    with sync_playwright() as playwright:
        found = executable(playwright)
        args = [*OPTIONS, *options]
        browser = playwright.chromium.launch(executable_path=found, args=args)
        try:
            yield browser
        finally:
            browser.close()


def executable(playwright: Playwright) -> str:
    """Find the system's Chromium, or else Playwright's own.

    Raises:
        FileNotFoundError: There is no Chromium on this machine.
    """
    found = first_to_answer(*CHROMIUM, playwright.chromium.executable_path)
    if not found:
        raise FileNotFoundError(f"there is no Chromium here: {ADVICE}")
    return found


def firefox() -> str:
    """Find the system's Firefox, or else the one that `make test` has downloaded.

    Raises:
        FileNotFoundError: There is no Firefox on this machine.
    """
    downloaded = [str(path) for path in DOWNLOADS.rglob("firefox") if path.is_file()]
    found = first_to_answer(*FIREFOX, *downloaded)
    if not found:
        raise FileNotFoundError(f"there is no Firefox here: {ADVICE}")
    return found


@functools.cache
def first_to_answer(*commands: str) -> str | None:
    """Find the first of some commands that is there and tells its version.

    One that is there may lack a library, or be a stub that says what to install.
    """
    for command in filter(None, map(shutil.which, commands)):
        try:
            asked = [command, "--version"]
            done = subprocess.run(asked, capture_output=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return command
    return None
