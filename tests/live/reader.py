"""A reader at a page: what the page did wrong meanwhile, and what it asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(
    `forbidden: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`
  ));"""


class Reader:
    """A page, and the problems and requests noted since it was opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self.requests: list[str] = []
        page.add_init_script(WATCH)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(message.text)


@contextmanager
def reading(browser: Browser, url: str, **how: Any) -> Iterator[Reader]:
    """Open a page in a browser that has seen nothing before."""
    context = browser.new_context(**{"reduced_motion": "reduce", **how})
    try:
        reader = Reader(context.new_page())
        reader.page.goto(url)
        yield reader
    finally:
        context.close()


def place_of_start(page: Page) -> tuple[float, float]:
    """Return where on the screen the start of a live lab's runs is to be taken."""
    page.locator(".lab-handle").hover()  # which waits until the page stands
    ring = page.locator(".lab-ring").bounding_box()
    assert ring
    return ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
