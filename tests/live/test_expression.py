"""The graph of an expression in a real browser: walked, chosen, typed anew."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gradient_ascent.minitorch import picture
from tests.live.reader import Reader, call, reading
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import expression

PAGE = "chapters/foundations/autograd.html"
HEAVY = ("pyodide", "python.zip", "worker")


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    with reading(browser, f"{address}/{PAGE}") as opened:
        yield opened
        assert not opened.problems


@pytest.fixture(scope="module")
def warm(browser: Browser, address: str) -> Iterator[Reader]:
    """A page with Python; the graph may be any."""
    with reading(browser, f"{address}/{PAGE}") as opened:
        yield opened
        assert not opened.problems


def figure(page: Page) -> Locator:
    return page.locator("#fig-autograd-bowl")


def said(page: Page) -> Locator:
    return figure(page).locator("> .live-status")


def found(page: Page) -> list[str]:
    """What the boxes show."""
    texts = figure(page).locator(".graph-node text:not(.expression-unknown)")
    return texts.all_text_contents()


def press(page: Page, name: str) -> None:
    figure(page).get_by_role("button", name=name, exact=True).click()


def test_without_javascript_all_is_found_and_told(
    browser: Browser, address: str
) -> None:
    url = f"{address}/{PAGE}"
    with reading(browser, url, java_script_enabled=False) as seen:
        graph = figure(seen.page).locator("svg")
        expect(graph).to_be_visible()
        assert len(graph.get_attribute("aria-label") or "") > 80
        expect(figure(seen.page).locator(".graph-slope").last).to_be_visible()
        expect(said(seen.page)).to_contain_text("along x₁ is 0.1 × (−10) = −1.")
        assert figure(seen.page).locator("li").count() == 12


def test_going_live_shows_what_stood_there(reader: Reader) -> None:
    page = reader.page
    expect(figure(page).get_by_role("slider")).to_have_value("12")
    expect(said(page)).to_contain_text("along x₁ is 0.1 × (−10) = −1.")
    assert not page.locator(".expression-unknown").count()


def test_values_are_found_upward_and_slopes_downward_without_python(
    reader: Reader,
) -> None:
    page = reader.page
    scrub = figure(page).get_by_role("slider")
    scrub.fill("0")
    expect(said(page)).to_contain_text("The variables are given")
    assert not figure(page).locator(".expression-now").count()
    assert not figure(page).locator(".graph-slope:not(.expression-unknown)").count()
    given = [text for text in found(page) if text in ("−5", "−2", "25", "10.5")]
    assert given == ["−5", "−2"]
    press(page, "on 1 step")
    expect(said(page)).to_contain_text("c = x₁² = (−5)² = 25.")
    now = figure(page).locator(".graph-node.expression-now .graph-value")
    expect(now).to_have_text("25")
    expect(figure(page).locator(".graph-arrow.expression-now text")).to_have_text("−10")
    scrub.fill("6")
    assert "10.5" in found(page)
    expect(figure(page).locator(".graph-slope:not(.expression-unknown)")).to_have_text(
        "slope 1"
    )
    assert not [url for url in reader.requests if any(part in url for part in HEAVY)]


def test_a_press_shows_another_graph_without_python(reader: Reader) -> None:
    page = reader.page
    press(page, "a kink")
    expect(said(page)).to_contain_text("∞ × 0 + ∞ × 0 = nan")
    typed = figure(page).get_by_label("expression", exact=True)
    expect(typed).to_have_value("sqrt(x * x)")
    press(page, "as at first")
    expect(said(page)).to_contain_text("along x₁ is 0.1 × (−10) = −1.")
    assert not [url for url in reader.requests if any(part in url for part in HEAVY)]


def test_what_is_typed_is_read_drawn_and_refused(warm: Reader) -> None:
    page = warm.page
    typed = figure(page).get_by_label("expression", exact=True)
    typed.fill("x * y + 3")
    expect(said(page)).to_have_text("The slope of f along x is 1 × 1 = 1.")
    figure(page).get_by_label("y", exact=True).fill("-4")
    expect(said(page)).to_have_text("The slope of f along x is 1 × (−4) = −4.")
    typed.fill("x ^ y")
    expect(said(page)).to_contain_text("expression takes numbers, names")
    assert figure(page).locator(".graph-node").count() == 4
    typed.fill("(" * 199)
    expect(said(page)).to_contain_text("must have fewer than 40 parentheses")
    typed.fill("-" * 199 + "x")
    expect(said(page)).to_contain_text("at most 20 operations")
    typed.fill("(" * 39 + "x * y" + ")" * 39)
    expect(said(page)).to_have_text("The slope of f along x is 1 × (−4) = −4.")
    typed.fill("x * y")
    expect(said(page)).to_have_text("The slope of f along x is 1 × (−4) = −4.")
    assert figure(page).locator(".graph-node").count() == 3


def test_the_page_draws_what_the_build_draws(warm: Reader) -> None:
    spec = {
        "expression": "s = w * x + b; y * s - log(1 + exp(s))",
        "values": {"w": 0.3},
    }
    text = call(warm.page, "gradient_ascent.minitorch.picture", "drawn", spec)
    drawn = json.loads(text)
    assert drawn == picture.drawn(spec)
    assert expression.drawn(spec) == {"expression": spec["expression"], **drawn}
