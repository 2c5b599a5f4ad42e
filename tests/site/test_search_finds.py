"""What the search finds, in which order, and what it shows of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.live.reader import reading
from tests.site.contents import chapters
from tests.site.searching import CHAPTER, MOMENTUM, Search

pytestmark = pytest.mark.browser


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
CODE = "pre, .cell_output, .katex, .checked, .exercise-about, .source-file"
CODE += ", .meaning, .visually-hidden"  # and the glossary's words
# The sections by their addresses, each without those in it: its prose, the same without
# its lab, whose table of numbers is no prose, and its blocks of code. The browser reads
# fifty pages in seconds.
SECTIONS = """async ([names, code]) => {
  const text = (section, without) => {
    const copy = section.cloneNode(true);
    copy.querySelectorAll(`script, style, ${without}`).forEach((part) => part.remove());
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    let said = "";
    while (walker.nextNode()) said += ` ${walker.currentNode.data}`;
    return said;
  };
  const found = {};
  const take = (part, place) => {
    const blocks = [...part.querySelectorAll("pre")].map((pre) => pre.textContent);
    found[place] = [text(part, code), text(part, `${code}, .trace-lab`), blocks];
    part.remove();
  };
  for (const name of names) {
    const page = await (await fetch(`/${name}.html`)).text();
    const { body } = new DOMParser().parseFromString(page, "text/html");
    const article = body.querySelector("article");
    for (const entry of article.querySelectorAll("dl.py:not(dl.py dl.py)"))
      take(entry, `${name}.html#${entry.querySelector("dt").id}`); // of the API
    const heads = "section:has(> :is(h1, h2, h3, h4, h5, h6))";
    for (const section of [...article.querySelectorAll(heads)].reverse()) // deep first
      if (section.parentElement.matches("section"))
        take(section, `${name}.html#${section.id}`);
      else take(section, `${name}.html`);
  }
  return found;
}"""
Sections = dict[str, tuple[str, str, list[str]]]


@pytest.fixture(scope="module")
def book(browser: Browser, address: str) -> Sections:
    with reading(browser, f"{address}/search.html") as reader:
        found: Sections = reader.page.evaluate(SECTIONS, [chapters(), CODE])
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_prose_comes_before_code(search: Search, book: Sections, query: str) -> None:
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
    for place, shown in found:
        prose, unlabbed, _ = book[place]
        if shown:
            name = place.partition("#")[2] if "/api/" in place else ""  # the heading
            assert begins.search(f"{name} {prose}"), place
        else:
            assert not begins.search(unlabbed), place


@pytest.mark.parametrize("query", QUERIES)
def test_an_excerpt_is_prose_of_a_section_found_once(
    search: Search, book: Sections, query: str
) -> None:
    """None of its lines is a line of code."""
    search.ask(query)
    found = search.addresses()
    assert len(set(found)) == len(found) > 0
    lines = {
        " ".join(line.split())
        for _, _, blocks in book.values()
        for block in blocks
        for line in block.splitlines()
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
