"""What the search finds, in which order, and what it shows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, expect

from tests.site.contents import chapters
from tests.site.searching import CHAPTER, MOMENTUM, WHERE, Search, searching

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=WHERE)
def search(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Search]:
    """One reader for all the questions that leave the page where it is."""
    with searching(browser, address, request.param) as opened:
        yield opened
        assert not opened.reader.problems


@pytest.mark.parametrize(
    ("query", "title", "where"),
    [
        ("momentum", "Momentum", MOMENTUM),
        ("adam", "Adam", "chapters/adaptive/adam.html"),
        (
            "learning rate",
            "The learning rate",
            "chapters/first-order/learning-rate.html",
        ),
        ("autograd", "Autograd", "chapters/foundations/autograd.html"),
        ("notation", "Notation", CHAPTER),
    ],
)
def test_a_title_leads_to_its_chapter(
    search: Search, query: str, title: str, where: str
) -> None:
    search.ask(query)
    assert search.addresses()[0] == where
    assert search.links.first.inner_text() == title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("optimiser", "optimizer"),
        ("maximise", "maximize"),
        ("colour", "color"),
        ("centre", "center"),
        ("minimising", "minimizing"),
        ("centred", "centered"),
        ("gradient_ascent.optim.adam", "optim.adam"),
    ],
)
def test_both_spellings_find_the_same(search: Search, one: str, other: str) -> None:
    search.ask(one)
    found = search.addresses()
    said = search.status.inner_text()
    assert found
    search.ask(other)
    assert search.addresses() == found
    if said[0].isdigit():
        assert search.status.inner_text() == said


@pytest.mark.parametrize(
    ("miss", "meant"),
    [("momentm", "momentum"), ("moemntum", "momentum"), ("nestrov", "nesterov")],
)
def test_a_near_miss_finds_what_was_meant(
    search: Search, miss: str, meant: str
) -> None:
    """First of all, and says that the word itself is not in the book."""
    search.ask(miss)
    expect(search.status).to_contain_text(f"Not in the book: “{miss}”.")
    first = search.results.first
    assert meant in [text.lower() for text in first.locator("mark").all_inner_texts()]
    found = search.addresses()[0]
    search.ask(meant)
    assert found in search.addresses()[:3]


QUERIES = ["momentum", "lr", "clip", "torch", "state", "run", "adam", "assert", "max"]


@pytest.fixture(scope="module")
def book(html: Path) -> dict[str, Tag]:
    """The sections of the site by their addresses, each without those in it."""
    found: dict[str, Tag] = {}
    for name in chapters():
        text = (html / f"{name}.html").read_text(encoding="utf-8")
        article = BeautifulSoup(text, "html.parser").article
        assert article
        for entry in article.select("dl.py:not(dl.py dl.py)"):  # of the API
            found[f"{name}.html#{entry.dt['id']}"] = entry.extract()
        heads = [
            s
            for s in article.find_all("section")
            if s.find(re.compile("^h[1-6]$"), recursive=False)
        ]
        for section in reversed(heads):  # what is deeper comes later
            top = section.parent.name != "section"
            place = f"{name}.html" if top else f"{name}.html#{section['id']}"
            found[place] = section.extract()
    return found


def without(section: Tag, parts: str) -> str:
    """Return a section's text without some parts."""
    copy = BeautifulSoup(str(section), "html.parser")
    for part in copy.select(parts):
        part.extract()
    return copy.get_text(" ")


@pytest.mark.parametrize("query", QUERIES)
def test_prose_comes_before_code(
    search: Search, book: dict[str, Tag], query: str
) -> None:
    """Whoever holds the word in prose, and shows it, precedes who has it in code."""
    found = search.page.evaluate(
        """(query) => searchBook(query).results.map(({ address, heading, excerpt }) =>
          [address, [...heading, ...excerpt].some(({ hit }) => hit)])""",
        query,
    )
    shows = [shown for _, shown in found]
    assert any(shows)
    assert shows == sorted(shows, reverse=True)
    begins = re.compile(rf"(?<![^\W_]){query}", re.I)
    code = "pre, .cell_output, .katex, .checked, .exercise-about, .source-file"
    code += ", .meaning, .visually-hidden"  # and the glossary's words
    for place, shown in found:
        if shown:
            name = place.partition("#")[2] if "/api/" in place else ""  # the heading
            assert begins.search(f"{name} {without(book[place], code)}"), place
        else:  # a lab's table of numbers is no prose
            assert not begins.search(without(book[place], f"{code}, .trace-lab")), place


@pytest.mark.parametrize("query", QUERIES)
def test_an_excerpt_is_prose_of_a_section_found_once(
    search: Search, book: dict[str, Tag], query: str
) -> None:
    """None of its lines is a line of code."""
    search.ask(query)
    found = search.addresses()
    assert len(set(found)) == len(found) > 0
    lines = {
        " ".join(line.split())
        for section in book.values()
        for code in section.find_all("pre")
        for line in code.get_text().splitlines()
    }
    lines = {line for line in lines if len(line) > 25}
    excerpts = search.results.locator(".search-excerpt").all_inner_texts()
    assert len(lines) > 500
    assert any(excerpts)
    for excerpt in excerpts:
        text = " ".join(excerpt.split())
        assert not [line for line in lines if line in text]


def test_nothing_found_is_a_sentence(search: Search) -> None:
    search.ask("qqqqqqqq")
    expect(search.status).to_have_text("Nothing in the book matches “qqqqqqqq”.")
    expect(search.results).to_have_count(0)
