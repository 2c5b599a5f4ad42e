"""A reader who searches, for all questions that leave the page where it is; memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.site.searching import WHERE, Search, searching
from tests.site.soup import soup


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Pages that a module has parsed are not kept for the next."""
    yield
    soup.cache_clear()


@pytest.fixture(scope="module", params=WHERE)
def search(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Search]:
    with searching(browser, address, request.param) as opened:
        yield opened
        assert not opened.reader.problems
