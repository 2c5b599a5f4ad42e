"""The book on paper: a cover, its contents, an outline, links that lead to pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.contents import chapters
from tools.pdf import astray, contents, places, print_book

FIRST, SECOND = "chapters/intro", "chapters/how-to-run"


def test_the_contents_have_every_page_once() -> None:
    parts = contents()
    assert [name for part in parts for name in part["names"]] == chapters()
    assert "Foundations" in [part["caption"] for part in parts]


def test_a_link_that_leads_nowhere_is_told() -> None:
    page = b"1 0 obj\n<</Type /Page\n"
    printed = page + b"/Dest /a#2Fb\n/Dest /c\n<</c [1 0 R /XYZ 0 1 0]\n/URI (https:"
    assert astray(printed) == ["a/b"]
    here = b"/URI (http://localhost:1/c.html)"
    assert astray(printed + here) == ["a/b", "http://localhost:1/c.html"]


def test_a_place_is_on_its_page() -> None:
    pages = b"4 0 obj\n<</Type /Page\n14 0 obj\n<</Type /Page\n<</Type /Pages\n"
    named = b"<</a#2Fb [14 0 R /XYZ 0 1 0]\n/c [4 0 R /XYZ 0 1 0]>>"
    outline = b"/Dest [4 0 R /XYZ 0 1 0]"
    assert places(pages + named + outline) == {"a/b": 2, "c": 1}


@pytest.mark.browser
def test_two_chapters_are_printed(browser: Browser, html: Path) -> None:
    parts = [
        {"caption": "", "names": [FIRST]},
        {"caption": "A part", "names": [SECOND]},
    ]
    printed = print_book(browser, html, parts)
    assert 10 < len(re.findall(rb"/Type /Page\b", printed)) < 25
    outline = re.findall(rb"/Title \(([^)]*)\)", printed)
    assert {b"Contents", b"How to run this book", b"Run it as a notebook"} <= set(
        outline
    )
    assert places(printed)[FIRST] == 3
    assert places(printed)[SECOND] > 4
