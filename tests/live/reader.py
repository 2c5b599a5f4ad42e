"""A reader at a page: what the page did wrong meanwhile, and what it asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.site.fixtures import PATIENCE

WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(
    `forbidden: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`
  ));"""


A_DAY = 24 * 60 * 60  # seconds: longer than a page has been open, on any machine
CALL = """async ([module, name, argument]) => {
  const address = new URL("../../_static/live/python.js", location.href);
  const { python } = await import(address);
  const value = await (await python()).call(module, name, argument);
  return JSON.stringify(value, (_, x) => (Object.is(x, -0) ? "-0.0" : x));
}"""


# What a page has asked for, and its pictures, which it may yet ask for.
SHOWN = """() => {
  const asked = performance.getEntriesByType("resource").map(({ name }) => name);
  const pictures = [...document.images].map(({ src }) => src);
  const all = [location.href, ...asked, ...pictures];
  return all.filter((url) => url.startsWith(location.origin));
}"""
HELD = """async (urls) => {
  const held = new Set();
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      held.add(url.split("?")[0]);
  return urls.every((url) => held.has(url.split("?")[0]));
}"""


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


def lab_shown(page: Page) -> Locator:
    """The page's first lab, in view and moving."""
    lab = page.locator(".trace-lab").first
    lab.scroll_into_view_if_needed()
    expect(lab.locator(".lab-picture")).to_be_visible()
    return lab


def unfold(page: Page) -> None:
    """Open the folds in which exercises stand."""
    page.evaluate(
        """() => {
          const folds = document.querySelectorAll("details:has(.live-exercise)");
          for (const fold of folds) fold.open = true;
        }"""
    )


def touched(page: Page) -> None:
    """Move the start of the first lab's runs: what no build has recorded."""
    lab = lab_shown(page)
    before = lab.locator(".lab-said").inner_text()
    lab.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
    expect(lab.locator(".lab-said")).not_to_have_text(before)


def time_stands_still(page: Page) -> None:
    """From here on the page's time goes on only when it is told to; Python's does."""
    page.clock.install(time=0)
    page.clock.pause_at(A_DAY)


def call(page: Page, module: str, name: str, argument: object) -> str:
    """Call a function in a chapter's Python, and return what it gives as JSON."""
    return str(page.evaluate(CALL, [module, name, argument]))


def until_all_is_drawn(page: Page) -> None:
    """Wait until the lab has drawn all it was asked for, as calls run one by one."""
    for _ in range(2):  # what is asked for during a run is called after it
        call(page, "gradient_ascent.exercises.page", "run_code", "")


def until_shown_is_kept(page: Page, *more: str) -> None:
    """Wait until the service worker holds what the page shows, and more files."""
    page.wait_for_function(HELD, arg=[*page.evaluate(SHOWN), *more])


def until(page: Page, right: Callable[[], bool], what: Callable[[], object]) -> None:
    """Let the browser go on until something is right; where it hangs, say what is."""
    for _ in range(PATIENCE // 100):
        if right():
            return
        page.wait_for_timeout(100)
    pytest.fail(f"after {PATIENCE / 1000:g} seconds there is still {what()}")


def place_of_start(page: Page) -> tuple[float, float]:
    """Return where on the screen the start of a live lab's runs is to be taken."""
    page.locator(".lab-handle").hover()  # which waits until the page stands
    ring = page.locator(".lab-ring").bounding_box()
    assert ring
    return ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
