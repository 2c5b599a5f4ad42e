"""A term or a symbol says what it means where a page first uses it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from posixpath import relpath

import pytest
from bookweb.glossary import Meaning, _any_of
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, expect

from tests.site.contents import chapters
from tests.site.soup import soup

GLOSSARY, NOTATION = "chapters/reference/glossary", "chapters/notation"
# Read at once: the page may move between two questions.
BOXES = """(explained) => ["a", ".meaning"].map((part) =>
  explained.querySelector(`:scope > ${part}`).getBoundingClientRect().toJSON())"""


def read(html: Path, name: str) -> BeautifulSoup:
    return soup(html / f"{name}.html")


def words(part: Tag | None) -> str:
    assert part is not None
    return " ".join(part.text.split())


@cache
def explained(html: Path, name: str) -> dict[str, str]:
    """What a page explains: each address with what is said there."""
    links = read(html, name).select("article .explained > a")
    terms = [link for link in links if not link.annotation]
    found = {str(link["href"]): words(link.find_next_sibling()) for link in terms}
    assert len(found) == len(terms), "something is explained twice"
    return found


def test_a_page_says_what_the_glossary_says(html: Path) -> None:
    known = {}
    for term in read(html, GLOSSARY).select("dl.glossary > dt"):
        told = term.find_next_sibling("dd")
        assert isinstance(told, Tag)
        known[str(term["id"])] = words(told.p)
    assert len(known) > 40
    used = set()
    for name in chapters():
        for address, told in explained(html, name).items():
            page, _, anchor = address.partition("#")
            if page.endswith("glossary.html"):
                assert told == known[anchor]
                used.add(anchor)
    assert used == set(known)


def test_an_author_is_no_term() -> None:
    term = _any_of({"white": Meaning("", "", "")})
    assert term.search("White noise") and term.search("whites")
    assert not term.search("Source: White\n(1982), for the sandwich")


def test_the_chapter_that_goes_further_links_its_terms(html: Path) -> None:
    for term in read(html, GLOSSARY).select("dl.glossary > dt"):
        told = term.find_next_sibling("dd")
        assert isinstance(told, Tag)
        further = [str(a["href"]) for a in told.select("a.internal")]
        assert further, term.text
        for address in further:
            name = relpath(f"/chapters/reference/{address}", "/").removesuffix(".html")
            back = {each.partition("#")[2] for each in explained(html, name)}
            assert term["id"] in back or name == NOTATION, (words(term), name)


def test_a_symbol_says_what_the_notation_says(html: Path) -> None:
    told = {
        a.annotation.text: words(a.find_next_sibling())
        for name in (
            "momentum/convergence",
            "first-order/conditioning",
            "adaptive/adamw",
        )
        for a in read(html, f"chapters/{name}").select(".explained > a")
        if a.annotation
    }
    assert told[r"\mu"] == "momentum: the share of the velocity that survives a step"
    assert told[r"\kappa"].startswith("condition number: ")
    assert told[r"\lambda"].startswith("weight decay; or a curvature: how fast")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_it_is_shown_where_one_points_or_is(
    browser: Browser, address: str, width: int
) -> None:
    """Below the line, inside the window; by the mouse, and by the keyboard."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{address}/chapters/first-order/conditioning.html")
    page.evaluate("""() => {
      const whole = new CSSStyleSheet();
      whole.replaceSync("section { content-visibility: visible !important }");
      document.adoptedStyleSheets = [whole]; // or what is scrolled to moves on
    }""")
    every = page.locator("article .explained")
    for each in every.all():
        meaning = each.locator(".meaning")
        expect(meaning).to_be_hidden()
        each.locator("> a .katex-html, > a:not(:has(.katex))").hover()
        expect(meaning).to_be_visible()
        page.mouse.move(0, 0)
        expect(meaning).to_be_hidden()
        link = each.locator("> a")
        link.focus()
        expect(meaning).to_be_visible()
        line, box = each.evaluate(BOXES)
        assert box["left"] >= 0 and box["right"] <= width
        assert line["top"] < box["bottom"]
        assert box["top"] - line["top"] < 3 * 30, "far from its word"
        link.blur()
        expect(meaning).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert every.count() > 8
    context.close()
