"""The built site on a local server, and one browser for all its pages."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tools.browser import chromium
from tools.serve import HTML, listen

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))  # the Sphinx extension


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built site."""
    if not (HTML / "search.html").exists():
        pytest.fail("The site is not built: run `make book` first (`make test` does).")
    return HTML


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Where the site is served."""
    with listen(html, range(1)) as server:  # port 0: any that is free
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; only where there is none, and nobody relies on the tests, a skip."""
    try:
        with chromium() as browser:
            yield browser
    except FileNotFoundError as error:
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
