"""A reader's code stays in its worker: it reaches no other host, and no page."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.reader import reading
from tests.live.test_exercises import (
    CHAPTER,
    assert_it_still_runs,
    begin,
    editor,
    press,
    said,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with an open editor; its Python, once it is started, stays."""
    with reading(browser, f"{address}/{CHAPTER}") as seen:
        begin(seen.page)
        yield seen.page


@pytest.fixture()
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another origin, and what was asked of it."""
    asked: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()
            self.wfile.write(b"export const x = 1;")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


WAYS = {
    "fetch": "import js\njs.fetch('{url}/fetch')",
    "request": "import js\nr = js.XMLHttpRequest.new()\n"
    "r.open('GET', '{url}/request')\nr.send()",
    "socket": "import js\njs.WebSocket.new('{url}/socket'.replace('http', 'ws'))",
    "module": "from pyodide.code import run_js\nrun_js('import(\"{url}/module\")')",
    "open": "from urllib.request import urlopen\nurlopen('{url}/open')",
}


@pytest.mark.parametrize("way", WAYS)
def test_it_reaches_no_other_host(
    page: Page, elsewhere: tuple[str, list[str]], way: str
) -> None:
    """And Python still runs after the try."""
    url, asked = elsewhere
    editor(page).fill(WAYS[way].format(url=url))
    press(page, "Run")
    expect(said(page)).to_have_text(re.compile(r"It ran|Line \d+:"))
    assert_it_still_runs(page)
    page.wait_for_timeout(1000)
    assert asked == []
