"""The search, in the dialog that Ctrl+K opens and on its own page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page, Route, expect

from tests.live.reader import Reader, reading
from tests.site.contents import ROOT, chapters
from tests.site.server import served

pytestmark = pytest.mark.browser

CHAPTER = "chapters/notation.html"
MOMENTUM = "chapters/momentum/momentum.html"
INDEX = "_static/search/search-book.js"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WHERE = ["dialog", "page"]
both = pytest.mark.parametrize("where", WHERE)


class Search:
    """A reader at the field, and what is said and listed below it."""

    def __init__(self, reader: Reader, where: str) -> None:
        self.reader = reader
        self.page: Page = reader.page
        self.where = where
        if where == "dialog":
            self.page.wait_for_load_state("networkidle")
            self.page.keyboard.press("ControlOrMeta+k")
        box = self.page.locator(
            "#pst-search-dialog" if where == "dialog" else "article"
        )
        self.box = box
        self.field = box.get_by_role("searchbox")
        self.status = box.get_by_role("status")
        self.results = box.get_by_role("listitem")
        self.links = self.results.get_by_role("link")
        expect(self.field).to_be_focused()

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


@contextmanager
def searching(browser: Browser, site: str, where: str, **how: Any) -> Iterator[Search]:
    """Open the dialog over a chapter, or the search page, and begin to type."""
    name = CHAPTER if where == "dialog" else "search.html"
    with reading(browser, f"{site}/{name}", **how) as reader:
        yield Search(reader, where)


@pytest.fixture(scope="module", params=WHERE)
def search(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[Search]:
    """One reader for all the questions that leave the page where it is."""
    with searching(browser, address, request.param) as opened:
        yield opened
        assert not opened.reader.problems


# ---- how it looks -------------------------------------------------------------------

# Where the icon and the hint end and begin, and where the text does.
PLACES = """(field) => {
  const style = getComputedStyle(field), box = field.getBoundingClientRect();
  const [icon, hint] = [".fa-magnifying-glass", ".search-button__kbd-shortcut"].map(
    (name) => field.parentElement.querySelector(name).getBoundingClientRect());
  return {
    icon: [icon.width, icon.right],
    text: [box.left + parseFloat(style.paddingLeft), box.right],
    hint: hint.width ? hint.left : Infinity,
  };
}"""


@both
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_lies_on_the_text(
    browser: Browser, address: str, where: str, width: int, scheme: str
) -> None:
    """The icon ends before the text begins, and this before the hint at its end."""
    how = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with searching(browser, address, where, **how) as search:
        search.ask("momentum")
        places = search.field.evaluate(PLACES)
        assert places["icon"][0] > 8
        assert places["icon"][1] <= places["text"][0]
        assert places["text"][1] <= places["hint"]
        wide = "document.documentElement.scrollWidth"
        assert search.page.evaluate(wide) <= width
        for each in (search.field, search.links.first, search.status):
            box = each.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


# The contrast of each element's text with the ground that is painted below it.
CONTRASTS = """(elements) => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return parts(color)[3] === 0 ? ground(element.parentElement) : parts(color);
  };
  const light = (color) => color.slice(0, 3)
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  return elements.map((element) => {
    const text = light(parts(getComputedStyle(element).color));
    const below = light(ground(element));
    return (Math.max(text, below) + 0.05) / (Math.min(text, below) + 0.05);
  });
}"""
RUN_AXE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} at ${node.target.join(" ")}`));
}"""


@both
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_marked_can_be_read(
    browser: Browser, address: str, where: str, scheme: str
) -> None:
    """In headings, which are links, and in prose; so can all else."""
    with searching(browser, address, where, color_scheme=scheme) as search:
        search.ask("momentum")
        marks = search.box.locator("mark")
        assert search.box.locator("a mark").count()
        assert search.box.locator("p mark").count()
        assert min(marks.evaluate_all(CONTRASTS)) >= 4.5
        parts = search.box.locator(".search-excerpt, .search-page, .search-status")
        assert min(parts.evaluate_all(CONTRASTS)) >= 4.5
        assert search.field.evaluate(f"(field) => ({CONTRASTS})([field])[0]") >= 4.5
        search.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert search.page.evaluate(RUN_AXE) == []


# ---- how it is used -----------------------------------------------------------------


@both
def test_results_come_while_the_reader_types(
    browser: Browser, address: str, where: str
) -> None:
    """Fewer with each letter, on the page that is open; and all gone with the text."""
    with searching(browser, address, where) as search:
        page, at = search.page, search.page.url
        counts = []
        for letters in ("m", "om", "entum"):
            search.field.press_sequentially(letters)
            text = search.field.input_value()
            marked = search.box.locator("mark").first
            expect(marked).to_have_text(re.compile(f"^{text}", re.I))
            counts.append(int(search.status.inner_text().split()[0]))
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > counts[-1] > 0
        assert page.url == at
        search.field.press("ControlOrMeta+a")
        search.field.press("Backspace")
        expect(search.results).to_have_count(0)
        expect(search.status).to_have_text("")
        assert not search.reader.problems


def test_the_words_are_loaded_when_the_reader_begins(
    browser: Browser, address: str
) -> None:
    """And not before: no page is heavier for them."""
    with reading(browser, f"{address}/{CHAPTER}") as reader:
        reader.page.wait_for_load_state("networkidle")
        assert not [url for url in reader.requests if "search" in url]
        with reader.page.expect_response(f"**/{INDEX}") as answer:
            reader.page.keyboard.press("ControlOrMeta+k")
        assert answer.value.ok


def test_the_arrows_lead_through_the_results_and_back(search: Search) -> None:
    search.ask("momentum")
    search.field.press("ArrowUp")
    expect(search.field).to_be_focused()
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        search.page.keyboard.press(key)
        expect(search.links.nth(place)).to_be_focused()
    search.page.keyboard.press("ArrowUp")
    expect(search.field).to_be_focused()
    assert search.field.input_value() == "momentum"


@both
def test_enter_opens_the_result_that_has_the_focus(
    browser: Browser, address: str, where: str
) -> None:
    with searching(browser, address, where) as search:
        search.ask("momentum")
        search.field.press("ArrowDown")
        search.page.keyboard.press("ArrowDown")
        second = search.addresses()[1]
        search.page.keyboard.press("Enter")
        search.page.wait_for_url(f"{address}/{second}")
        expect(search.page.locator("article mark")).to_have_count(0)
        expect(search.page.locator("dialog[open]")).to_have_count(0)
        assert not search.reader.problems


def test_enter_in_the_dialogs_field_opens_the_first(
    browser: Browser, address: str
) -> None:
    """As is said there; where nothing is found it leads to the search page."""
    with searching(browser, address, "dialog") as search:
        search.ask("momentum")
        expect(search.status).to_contain_text("Enter opens the first.")
        search.field.press("Enter")
        search.page.wait_for_url(f"{address}/{MOMENTUM}")
    with searching(browser, address, "dialog") as search:
        search.ask("qqqqqqqq")
        search.field.press("Enter")
        search.page.wait_for_url(f"{address}/search.html?q=qqqqqqqq")


def test_the_search_page_keeps_what_is_asked_in_its_address(
    browser: Browser, address: str
) -> None:
    """On Enter, and on the way back from a result."""
    with searching(browser, address, "page") as search:
        search.ask("momentum")
        expect(search.status).not_to_contain_text("Enter")
        search.field.press("Enter")
        search.page.wait_for_url(re.compile("q=momentum#"))  # loaded anew
        search.answered()
        search.ask("velocity")
        first = search.addresses()[0]
        search.links.first.click()
        search.page.wait_for_url(f"{address}/{first}")
        search.page.go_back()
        search.page.wait_for_url(f"{address}/search.html?q=velocity")
        expect(search.field).to_have_value("velocity")
        search.answered()
        assert search.addresses()[0] == first


@pytest.mark.parametrize("presses", [[], ["ArrowDown"]])
def test_escape_closes_the_dialog(
    browser: Browser, address: str, presses: list[str]
) -> None:
    """From the field and from a result; what was asked is then forgotten."""
    with searching(browser, address, "dialog") as search:
        search.ask("momentum")
        for key in [*presses, "Escape"]:
            search.page.keyboard.press(key)
        expect(search.box).not_to_be_visible()
        assert search.page.url.endswith(CHAPTER)
        search.page.keyboard.press("ControlOrMeta+k")
        expect(search.field).to_be_focused()
        expect(search.field).to_have_value("")
        expect(search.results).to_have_count(0)


def test_escape_clears_the_search_page(browser: Browser, address: str) -> None:
    """The field, and with it what was found."""
    with searching(browser, address, "page") as search:
        search.ask("momentum")
        search.field.press("Escape")
        expect(search.field).to_have_value("")
        expect(search.results).to_have_count(0)
        expect(search.status).to_have_text("")


def test_a_result_on_the_page_that_is_open_is_shown(
    browser: Browser, address: str
) -> None:
    """Nothing is loaded then, and so the dialog must get out of the way."""
    with searching(browser, address, "dialog") as search:
        search.ask("symbols and their names in code")
        search.links.first.click()
        search.page.wait_for_url(f"{address}/{CHAPTER}#symbols-and-their-names-in-code")
        expect(search.box).not_to_be_visible()


def test_what_is_found_is_announced(search: Search) -> None:
    """In a live region that was there before, and by the number that is listed."""
    assert search.status.evaluate("(region) => region.ariaLive ?? region.role") in (
        "status",
        "polite",
    )
    for query in ("lbfgs", "warmup", "kingma"):
        search.ask(query)
        count = int(search.status.inner_text().split()[0])
        assert count == search.results.count() > 0
    search.ask("gradient")
    said = re.match(r"(\d+) results, the first (\d+) shown", search.status.inner_text())
    assert said
    assert int(said[1]) > int(said[2]) == search.results.count()
    expect(search.box.get_by_role("list", name="Results")).to_be_attached()


# ---- what it finds ------------------------------------------------------------------


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
    code = "pre, .cell_output, .katex"
    for place, shown in found:
        if shown:
            assert begins.search(without(book[place], code)), place
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


# ---- bad luck -----------------------------------------------------------------------

UNLOADED = "The search could not be loaded: type on to try again."


@both
@pytest.mark.parametrize("bad", ["no network", "404", "a page in its place"])
def test_where_the_words_cannot_be_loaded_it_says_so(
    browser: Browser, address: str, where: str, bad: str
) -> None:
    """In a sentence; and it works as soon as they can be."""

    def refuse(route: Route) -> None:
        if bad == "no network":
            route.abort()
        else:
            page = {"content_type": "text/javascript", "body": "<!DOCTYPE html>"}
            route.fulfill(status=404 if bad == "404" else 200, **page)

    name = CHAPTER if where == "dialog" else "search.html"
    with reading(browser, "about:blank") as reader:
        reader.page.route(f"**/{INDEX}", refuse)
        reader.page.goto(f"{address}/{name}")
        search = Search(reader, where)
        search.field.press_sequentially("moment")
        expect(search.status).to_have_text(UNLOADED)
        expect(search.results).to_have_count(0)
        reader.page.unroute_all()
        search.field.press_sequentially("um")
        expect(search.links.first).to_have_text("Momentum")


def test_without_javascript_the_search_page_says_so(
    browser: Browser, address: str
) -> None:
    """And shows no field that does nothing."""
    how = {"java_script_enabled": False}
    with reading(browser, f"{address}/search.html", **how) as reader:
        said = reader.page.locator(".no-script")
        expect(said).to_be_visible()
        assert "its search do not run" in said.inner_text()
        for field in reader.page.locator("input").all():
            expect(field).not_to_be_visible()


@both
def test_it_works_under_a_path_and_then_without_a_network(
    browser: Browser, html: Path, where: str
) -> None:
    """Asked once, and the page seen a second time, it needs no network any more."""
    with (
        served(html, at="/some/path/") as site,
        searching(browser, site, where) as search,
    ):
        page = search.page
        search.ask("momentum")
        assert search.addresses()[0] == MOMENTUM
        kept = """async (name) => {
          for (const key of await caches.keys())
            for (const { url } of await (await caches.open(key)).keys())
              if (url.includes(name)) return true;
        }"""
        page.wait_for_function(kept, arg=INDEX)
        page.reload(wait_until="networkidle")
        page.context.set_offline(True)
        page.reload()
        again = Search(search.reader, where)
        again.ask("nesterov")
        assert again.results.count()
        page.context.set_offline(False)
        again.ask("momentum")
        again.links.first.click()
        page.wait_for_url(f"{site}/{MOMENTUM}")
        assert not [url for url in search.reader.requests if not url.startswith(site)]


def test_it_works_where_a_page_is_missing(browser: Browser, html: Path) -> None:
    """However deep the address."""
    with (
        served(html, page_404=True) as site,
        reading(browser, f"{site}/a/b/nothing.html") as reader,
    ):
        search = Search(reader, "dialog")
        search.ask("momentum")
        search.field.press("Enter")
        reader.page.wait_for_url(f"{site}/{MOMENTUM}")


@both
def test_it_works_from_a_file(browser: Browser, html: Path, where: str) -> None:
    """There scripts run, though no module does and nothing can be fetched."""
    with searching(browser, html.as_uri(), where) as search:
        search.ask("momentum")
        search.links.first.click()
        search.page.wait_for_url(f"{html.as_uri()}/{MOMENTUM}")
