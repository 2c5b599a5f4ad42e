"""The second visit: nothing heavy again, nothing old, and no network needed."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live.reader import until, until_shown_is_kept
from tests.site.contents import ROOT
from tests.site.fixtures import PATIENCE

sys.path.insert(0, str(ROOT / "web"))

from bookweb.offline import MANIFEST, WORKER, digests

pytestmark = pytest.mark.browser

PLOTLY = "_static/plotly/plotly-gl3d.min.js"
NAME = "chapters/notation.html"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    found.push(...requests.map(({ url }) => [name, url]));
  }
  return found;
}"""


class Site:
    """A copy of the site below its server's top, and the requests made of it.

    Its service worker waits for storage as long as it takes, on any machine.
    """

    def __init__(self, folder: Path, address: str, asked: list[str]) -> None:
        self.folder = folder
        self.address = address
        self.asked = asked

    def change(self, path: str, text: str) -> None:
        """Publish a file with more text at its end, and its digest."""
        with (self.folder / path).open("a") as file:
            file.write(text)
        static = self.folder / "_static"
        (static / MANIFEST).write_text(json.dumps(digests(static)))


@pytest.fixture(scope="module")
def site(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    above = tmp_path_factory.mktemp("site")
    folder = above / "project"
    shutil.copytree(html, folder, ignore=shutil.ignore_patterns("pyodide", "_sources"))
    worker = folder / WORKER
    hurried = worker.read_text(encoding="utf-8")
    patient = re.sub(r"PATIENCE = \d+", f"PATIENCE = {PATIENCE}", hurried)
    assert patient != hurried
    worker.write_text(patient, encoding="utf-8")
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(self.path)

        def end_headers(self) -> None:
            self.send_header(
                "Cache-Control", "no-store"
            )  # the browser's own cache is of no help
            super().end_headers()

    handler = functools.partial(Handler, directory=str(above))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(folder, f"http://127.0.0.1:{server.server_port}/project/", asked)
        server.shutdown()
        thread.join()


@pytest.fixture()
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """A page on which something was turned, and what that took is kept."""
    with browser.new_context(reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.goto(site.address + NAME)
        turn(opened)
        until_kept(opened, PLOTLY)
        yield opened


def turn(page: Page) -> None:
    page.get_by_role("button", name="Turn it in space").first.click()
    page.get_by_role("button", name="Turn left").first.wait_for()


def until_kept(page: Page, path: str) -> None:
    """Wait until the service worker holds a file."""
    until(
        page, lambda: any(f"{path}?" in url for url in kept(page)), lambda: kept(page)
    )


def kept(page: Page) -> list[str]:
    return [url for _, url in page.evaluate(KEPT)]


def test_nothing_is_registered_before_the_first_touch(
    site: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(site.address + NAME, wait_until="networkidle")
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)")
        == 0
    )
    assert page.evaluate(KEPT) == []


def test_the_second_visit_loads_nothing_heavy(site: Site, page: Page) -> None:
    site.asked.clear()
    with page.context.new_page() as again:
        again.goto(site.address + NAME)
        turn(again)
    assert (
        f"/project/{NAME}" in site.asked
    )  # the page itself always comes from the network
    assert not [
        path
        for path in site.asked
        if "/plotly/" in path or ("/live/" in path and path.endswith(".js"))
    ]


def test_a_page_seen_before_needs_no_network(page: Page) -> None:
    page.reload(wait_until="networkidle")
    turn(page)
    until_shown_is_kept(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    turn(page)
    page.context.set_offline(False)


def test_a_new_edition_is_shown_at_once_and_the_old_one_forgotten(
    site: Site, page: Page
) -> None:
    before = {url for url in kept(page) if PLOTLY in url}

    site.change(PLOTLY, ";window.edition = 2;")
    site.change(NAME, "<p>A second edition.</p>")
    page.goto(site.address + NAME)
    expect(page.get_by_text("A second edition.")).to_be_attached()
    turn(page)
    assert page.evaluate("window.edition") == 2
    until(page, lambda: before.isdisjoint(kept(page)), lambda: kept(page))
    until_kept(page, PLOTLY)


def test_another_project_of_the_same_origin_is_left_alone(
    site: Site, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(site.address + NAME)
    other = f"{site.address}../other/ kept"
    page.evaluate(
        "name => caches.open(name).then(c => c.put('/other/x', new Response('x')))",
        other,
    )
    turn(page)
    until_kept(page, PLOTLY)
    held = page.evaluate(KEPT)
    assert any(name == other for name, _ in held)
    assert all("/project/" in url for name, url in held if name != other)
