"""Start Chromium, the system's or Playwright's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome"]
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
def chromium() -> Iterator[Browser]:
    """Give a browser that speaks to no host unless a page asks for it.

    Raises:
        FileNotFoundError: There is no Chromium on this machine.
    """
    with sync_playwright() as playwright:
        found = executable(playwright)
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


def executable(playwright: Playwright) -> str:
    """Find the system's Chromium, or else Playwright's own.

    Raises:
        FileNotFoundError: There is no Chromium on this machine.
    """
    own = playwright.chromium.executable_path
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found and not Path(own).exists():
        advice = "install Chromium, or run `.venv/bin/playwright install chromium`"
        raise FileNotFoundError(f"there is no browser here: {advice}")
    return found or own
