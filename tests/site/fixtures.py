"""The built site on a local server, and one browser for all its pages.

What only some tests need is imported where it is used: the tests that open no page run
where there is neither Playwright nor anything else of the site's.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATIENCE = 120_000  # milliseconds: a page that takes so long hangs, on any machine
# Python starts in half the time, and would gain nothing in short runs.
NOT_OPTIMIZED = "--js-flags=--liftoff-only"

sys.path.insert(0, str(Path(__file__).parents[2] / "web"))  # the Sphinx extension


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built site."""
    from tools.serve import HTML

    if not (HTML / "search.html").exists():
        pytest.fail("The site is not built: run `make book` first (`make test` does).")
    return HTML


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Where the site is served."""
    from tools.serve import listen

    with listen(html, range(1)) as server:  # port 0: any that is free
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, with patience in all that is expected of it."""
    from playwright.sync_api import expect

    from tools.browser import chromium

    expect.set_options(timeout=PATIENCE)
    try:
        with chromium(NOT_OPTIMIZED) as browser:
            browser.on("context", lambda opened: opened.set_default_timeout(PATIENCE))
            yield browser
    except FileNotFoundError as error:
        lacking(error)


def lacking(error: FileNotFoundError) -> NoReturn:
    """Leave out a test whose browser is missing, or fail where all must be run."""
    pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
