"""A reader who searches, in the dialog that Ctrl+K opens or on the search page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live.reader import Reader, reading

CHAPTER = "chapters/notation.html"  # over which the dialog opens
MOMENTUM = "chapters/momentum/momentum.html"
INDEX = "_static/search/search-book.js"
WHERE = ["dialog", "page"]
both = pytest.mark.parametrize("where", WHERE)


class Search:
    """A reader at the field, and what is said and listed below it."""

    def __init__(self, reader: Reader, where: str) -> None:
        self.reader = reader
        self.page: Page = reader.page
        self.where = where
        if where == "dialog":
            open_dialog(self.page)
        box = self.page.locator(
            "#pst-search-dialog" if where == "dialog" else "article"
        )
        self.box = box
        self.field = box.get_by_role("searchbox")
        self.status = box.get_by_role("status")
        self.results = box.get_by_role("listitem")
        self.links = self.results.get_by_role("link")
        expect(self.field).to_be_focused()

    def turn(self, scheme: Literal["light", "dark"]) -> None:
        """Have the reader's system ask for these colours."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function(
            "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
        )

    def ask(self, query: str) -> None:
        """Type a query in another's place, and wait for the answer."""
        self.field.fill("")
        self.field.press_sequentially(query)
        self.answered()

    def answered(self) -> None:
        """Wait for the answer."""
        expect(self.status).to_contain_text(re.compile("result|Nothing"))

    def addresses(self) -> list[str]:
        """Return where the results lead, within the site."""
        top = self.page.evaluate(
            "new URL(document.documentElement.dataset.content_root, location).href"
        )
        found = self.links.evaluate_all("(links) => links.map((link) => link.href)")
        return [address.removeprefix(top) for address in found]


def open_dialog(page: Page) -> None:
    """Press its keys, as soon as the page listens to them."""
    page.wait_for_function("!!document.querySelector('.search-button__button').onclick")
    page.keyboard.press("ControlOrMeta+k")


@contextmanager
def searching(browser: Browser, site: str, where: str, **how: Any) -> Iterator[Search]:
    """Open the dialog over a chapter, or the search page, and begin to type."""
    name = CHAPTER if where == "dialog" else "search.html"
    with reading(browser, f"{site}/{name}", **how) as reader:
        yield Search(reader, where)
