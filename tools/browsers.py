"""Get the browsers that the tests need: `python -m tools.browsers`.

What the system has comes first. What it lacks is downloaded. Where there is no network
for that, or a library is missing that the download needs, the system's own package is
installed, if this user may do so without being asked for a password. Where nothing
helps, the tests that need it are left out, and counted; under CI that is an error.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tools.browser import DOWNLOADS, executable, firefox, first_to_answer
from tools.console import fail, say

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PUPPETEER = ROOT / "web/node_modules/@puppeteer/browsers/lib/main-cli.js"
LOG = ROOT / "_build" / "browsers.log"
PATIENCE = 900  # seconds, for one download or one installation


def chromium() -> str:
    """Find Chromium.

    Raises:
        FileNotFoundError: There is none on this machine.
    """
    with sync_playwright() as playwright:
        return executable(playwright)


class Browser(NamedTuple):
    """A browser: how to find it, download it, and name it to the system's packages."""

    name: str
    find: Callable[[], str]
    download: tuple[str | Path, ...]
    packages: tuple[str, ...]  # the first that there is


BROWSERS = (
    Browser(
        "Chromium",
        chromium,
        (BIN / "playwright", "install", "chromium", "--no-shell"),
        ("chromium", "chromium-browser"),
    ),
    Browser(
        "Firefox",
        firefox,
        (BIN / "node", PUPPETEER, "install", "firefox@esr", "--path", DOWNLOADS),
        ("firefox-esr", "firefox"),
    ),
)


def main() -> None:
    """Get what is missing."""
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    missing = [browser.name for browser in BROWSERS if not obtained(browser)]
    if missing:
        sentence = (
            f"{' and '.join(missing)} cannot be had here (see _build/browsers.log); "
            "install what is missing as a package of the system."
        )
        if os.environ.get("CI"):
            fail(sentence)
        say("browsers", f"{sentence} Tests that need it are left out.")


def obtained(browser: Browser) -> bool:
    """Whether a browser is there, or could be got."""
    if there(browser):
        return True
    for way, commands in ways(browser):
        say("browsers", f"{way} {browser.name} (minutes, where it works) ...")
        any(map(succeeds, commands))
        if there(browser):
            say("browsers", "done")
            return True
    return False


def there(browser: Browser) -> bool:
    """Whether a browser is on this machine, and answers."""
    first_to_answer.cache_clear()
    try:
        return bool(browser.find())
    except FileNotFoundError:
        return False


def ways(browser: Browser) -> Iterator[tuple[str, list[list[str | Path]]]]:
    """The ways to get a browser, each with the commands of which one must succeed."""
    yield "downloading", [[*browser.download]]
    root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if shutil.which("apt-get") and succeeds([*root, "true"]):
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
        succeeds([*apt, "update"])
        install = [*apt, "install", "--yes"]
        yield "installing", [[*install, package] for package in browser.packages]


def succeeds(command: list[str | Path] | list[str]) -> bool:
    """Whether a command ends well, and in time; what it says goes into the log."""
    with LOG.open("a") as log:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            log.write(f"{error}\n")
            return False
    try:
        return process.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.returncode is None:  # it is ended, with whatever it has started
            with suppress(OSError, subprocess.TimeoutExpired):
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(PATIENCE)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("interrupted; the browsers are as they were.")
