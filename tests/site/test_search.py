"""The search, as it is seen and used."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.live.reader import reading
from tests.site.contents import ROOT
from tests.site.searching import (
    CHAPTER,
    INDEX,
    MOMENTUM,
    Search,
    both,
    open_dialog,
    searching,
)

pytestmark = pytest.mark.browser

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
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
def test_nothing_lies_on_the_text(
    browser: Browser, address: str, where: str, width: int
) -> None:
    """The icon ends before the text begins, and this before the hint at its end."""
    how = {"viewport": {"width": width, "height": 800}}
    with searching(browser, address, where, **how) as search:
        search.ask("momentum")
        for scheme in SCHEMES:
            search.turn(scheme)
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
def test_what_is_marked_can_be_read(browser: Browser, address: str, where: str) -> None:
    """In headings, which are links, and in prose; so can all else."""
    with searching(browser, address, where) as search:
        search.ask("momentum")
        marks = search.box.locator("mark")
        assert search.box.locator("a mark").count()
        assert search.box.locator("p mark").count()
        parts = search.box.locator(".search-excerpt, .search-page, .search-status")
        search.page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme in SCHEMES:
            search.turn(scheme)
            assert min(marks.evaluate_all(CONTRASTS)) >= 4.5
            assert min(parts.evaluate_all(CONTRASTS)) >= 4.5
            assert search.field.evaluate(f"(field) => ({CONTRASTS})([field])[0]") >= 4.5
            assert search.page.evaluate(RUN_AXE) == []


def test_results_come_while_the_reader_types(search: Search) -> None:
    """Not more with each letter, on the page that is open; all gone with the text."""
    page, at = search.page, search.page.url
    counts = []
    search.field.fill("")
    for letters in ("mo", "m", "entum"):
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


def test_the_words_are_loaded_when_the_reader_begins(
    browser: Browser, address: str
) -> None:
    """And not before: no page is heavier for them."""
    with reading(browser, f"{address}/{CHAPTER}") as reader:
        reader.page.wait_for_load_state("networkidle")
        assert not [url for url in reader.requests if "search" in url]
        with reader.page.expect_response(f"**/{INDEX}") as answer:
            open_dialog(reader.page)
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
        search.page.wait_for_url(re.compile(r"\?q=momentum$"))
        search.ask("velocity")
        first = search.addresses()[0]
        search.links.first.click()
        search.page.wait_for_url(f"{address}/{first}")
        search.page.go_back()
        search.page.wait_for_url(f"{address}/search.html?q=velocity")
        expect(search.field).to_have_value("velocity")
        search.answered()
        assert search.addresses()[0] == first


def test_the_shortcut_leaves_the_search_page_its_field(
    browser: Browser, address: str
) -> None:
    """However often it is pressed; the theme's own would take the focus away."""
    with searching(browser, address, "page") as search:
        for _ in range(3):
            search.page.keyboard.press("ControlOrMeta+k")
            expect(search.field).to_be_focused()


def test_a_long_word_stays_inside(search: Search) -> None:
    search.field.fill("x" * 500)
    expect(search.status).to_contain_text("Nothing in the book matches")
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert search.page.evaluate(wide) <= 0


def test_signs_are_said_not_to_be_looked_for(search: Search) -> None:
    search.field.fill("∇")
    expect(search.status).to_have_text("The search finds words and numbers, not signs.")


def test_hits_in_code_are_shown_as_such(search: Search) -> None:
    search.ask("linspace")
    expect(search.box.locator(".search-excerpt").first).to_have_text(
        re.compile("^In the code:.* linspace")
    )


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
        open_dialog(search.page)
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
