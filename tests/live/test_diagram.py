"""Diagrams in a real browser: looked at, moved, tied to a lab."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gradient_ascent import diagrams
from tests.live.likeness import pixels, unlike
from tests.live.reader import Reader, call, reading
from tests.site.contents import ROOT, chapters
from tests.site.test_pages import AXE, LOOK, RUN_AXE, TWO_FRAMES, resize

pytestmark = pytest.mark.browser

MAP = "chapters/momentum/convergence.html"
FACTOR = "chapters/first-order/learning-rate.html"
BASINS = "chapters/practice/escaping.html"
PAGES = [
    f"{name}.html"
    for name in chapters()
    if "```{diagram} " in (ROOT / f"{name}.md").read_text(encoding="utf-8")
]
HEAVY = ("pyodide", "python.zip", "worker")
Theme = Literal["dark", "light"]
# How a page is shown, and the screens on which it is looked at then.
WAYS: dict[tuple[int, Theme], list[tuple[int, int]]] = {
    (1280, "dark"): [(1440, 900), (1024, 768)],
    (360, "light"): [(360, 740)],
}
SHOW_STILL = """(shown) => {
  const still = document.querySelector(".diagram-still");
  still.loading = "eager";
  still.hidden = !shown;
  document.querySelector(".diagram-picture").style.display = shown ? "none" : "";
}"""
# The page's own: what a lab is told, and what it says of itself.
HEARD = """() => {
  window.heard = [];
  document.addEventListener("lab:set", ({ detail }) => window.heard.push(detail));
}"""
STATE = """([lab, landscape, rule, hyperparameters]) =>
  document.dispatchEvent(new CustomEvent("lab:state", {
    detail: { lab, state: { landscape, runs: [{ rule, hyperparameters }] } },
  }))"""
REDRAWN = """performance.getEntriesByType("measure")
  .filter(({ name }) => name.startsWith("redraw fig-"))
  .map(({ duration }) => duration)"""


def said(page: Page) -> Locator:
    return page.locator(".diagram > .live-status")


def point(page: Page) -> Locator:
    return page.locator(".diagram-point")


def slider(page: Page, label: str) -> Locator:
    return page.locator(".diagram").get_by_role("slider", name=label)


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """The map, before it is touched."""
    with reading(browser, f"{address}/{MAP}") as opened:
        yield opened
        assert not opened.problems


@pytest.fixture(scope="module")
def warm(browser: Browser, address: str) -> Iterator[Reader]:
    """The map, with Python."""
    with reading(browser, f"{address}/{MAP}") as opened:
        call(opened.page, "gradient_ascent.exercises.page", "run_code", "")
        yield opened
        assert not opened.problems


@pytest.fixture()
def page(warm: Reader) -> Page:
    """The map as it was at first."""
    for label, value in (("learning rate times", "0.4"), ("momentum", "0.64")):
        typed = warm.page.locator(".diagram").get_by_role("spinbutton", name=label)
        typed.fill(value)
    expect(said(warm.page)).to_contain_text("The run rings.")
    expect(point(warm.page)).to_have_attribute(
        "aria-valuetext", re.compile("0.4; .*64")
    )
    return warm.page


def test_nothing_heavy_is_loaded_before_the_first_touch(reader: Reader) -> None:
    expect(slider(reader.page, "learning rate times")).to_be_visible()
    assert not [url for url in reader.requests if any(part in url for part in HEAVY)]


@pytest.mark.parametrize("name", PAGES)
def test_taking_over_changes_no_size_and_no_mark(
    browser: Browser, address: str, name: str
) -> None:
    """And picture and sliders are in one view."""
    with reading(browser, f"{address}/{name}") as seen:
        page = seen.page
        if name == BASINS:
            page.get_by_role("button", name="the upper left").click()
        for (width, theme), screens in WAYS.items():
            page.emulate_media(color_scheme=theme)
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            resize(page, width)
            assert_still_and_live_are_one(page)
            for screen in screens:
                assert_in_one_view(page, *screen)


def assert_still_and_live_are_one(page: Page) -> None:
    shown, still = (page.locator(f".diagram-{x}") for x in ("picture", "still"))
    live, box = pixels(shown), shown.bounding_box()
    page.evaluate(SHOW_STILL, True)
    before, other = pixels(still), still.bounding_box()
    page.evaluate(SHOW_STILL, False)
    assert box
    assert other
    for side in ("x", "width", "height"):
        assert box[side] == pytest.approx(other[side], abs=0.5)
    assert unlike(live, before) < 0.0005
    assert unlike(before, live) < 0.0005


def assert_in_one_view(page: Page, width: int, height: int) -> None:
    """From the picture's top to the last slider's bottom, below the page's header."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(TWO_FRAMES)
    top, bottom, header = page.evaluate(
        """() => [
          document.querySelector(".diagram-picture").getBoundingClientRect().top,
          document.querySelector(".diagram-controls").getBoundingClientRect().bottom,
          document.querySelector(".bd-header-article").offsetHeight,
        ]"""
    )
    assert bottom - top <= height - header, (width, height)


def test_a_slider_redraws_all_panels(page: Page) -> None:
    before = page.locator(".diagram-picture").inner_html()
    slider(page, "momentum").focus()
    page.keyboard.press("ArrowRight")
    expect(said(page)).to_contain_text("a step multiplies the distance by 0.80")
    slider(page, "learning rate times").fill("350")
    expect(said(page)).to_contain_text("The run diverges.")
    expect(point(page)).to_have_attribute("aria-valuetext", re.compile("ηλ 3.5; "))
    assert page.locator(".diagram-picture").inner_html() != before
    assert page.evaluate(REDRAWN)


def test_the_point_is_dragged_and_a_press_brings_it(page: Page) -> None:
    box = page.locator(".diagram-area").bounding_box()
    assert box
    point(page).hover()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.9)
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5)
    page.mouse.up()
    expect(said(page)).to_contain_text("The run flips")
    product = float(slider(page, "learning rate times").input_value()) / 100
    assert product == pytest.approx(3.0, abs=0.03)
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9)
    expect(said(page)).to_contain_text("The run diverges.")


def test_the_point_goes_by_keys(page: Page) -> None:
    point(page).focus()
    page.keyboard.press("ArrowRight")
    expect(point(page)).to_have_attribute("aria-valuetext", re.compile("ηλ 0.41; "))
    page.keyboard.press("Shift+ArrowDown")
    expect(point(page)).to_have_attribute("aria-valuetext", re.compile("μ 0.63"))
    for _ in range(60):
        page.keyboard.press("Shift+ArrowLeft")
    expect(point(page)).to_have_attribute("aria-valuetext", re.compile("ηλ 0; "))
    expect(said(page)).to_contain_text("The run stands still.")
    expect(point(page)).to_be_focused()


def test_the_lab_follows_the_point_and_the_point_the_lab(page: Page) -> None:
    page.evaluate(HEARD)
    typed = page.locator(".diagram").get_by_role(
        "spinbutton", name="learning rate times"
    )
    typed.fill("0.5")
    told = {"lab": "lab-convergence", "rule": "momentum"}
    hyperparameters = {"lr": 0.25, "momentum": 0.64}
    assert page.evaluate("heard") == [told | {"hyperparameters": hyperparameters}]
    for lab, landscape, lr, shown in (
        ("lab-convergence", "parabola", 0.25, "0.5"),  # its echo
        ("lab-convergence", "parabola", 1.1, "2.2"),
        ("lab-convergence", "bowl", 0.1, "2.2"),  # of another curvature
        ("lab-other", "parabola", 0.1, "2.2"),
        ("lab-convergence", "parabola", 2.5, "2.2"),  # off the map
    ):
        page.evaluate(STATE, [lab, landscape, "momentum", {"lr": lr, "momentum": 0.64}])
        expect(typed).to_have_value(shown)
    expect(said(page)).to_contain_text("The run rings.")
    assert len(page.evaluate("heard")) == 1  # what it hears it does not repeat


def test_a_preset_of_the_lab_needs_no_python(reader: Reader) -> None:
    """The build has drawn what it leads to."""
    page = reader.page
    preset = {"lr": 0.02, "momentum": 0.64}
    page.evaluate(STATE, ["lab-convergence", "parabola", "momentum", preset])
    expect(said(page)).to_contain_text("The run is critically damped.")
    expect(point(page)).to_have_attribute("aria-valuetext", re.compile("ηλ 0.04; "))
    assert not [url for url in reader.requests if any(part in url for part in HEAVY)]


def test_a_value_that_is_not_allowed_is_explained(page: Page) -> None:
    typed = page.locator(".diagram").get_by_role(
        "spinbutton", name="learning rate times"
    )
    typed.fill("7")
    expect(said(page)).to_have_text("momentum: product must lie in [0, 4], got 7")


def test_where_python_does_not_start_the_picture_stays(reader: Reader) -> None:
    page = reader.page
    page.context.route("**/pyodide.asm.wasm", lambda route: route.fulfill(status=404))
    before = page.locator(".diagram-picture").inner_html()
    slider(page, "momentum").focus()
    page.keyboard.press("End")
    expect(page.locator(".diagram .live-start .live-status")).to_contain_text(
        "Python could not start here: pyodide.asm.wasm is not to be had (404)."
    )
    assert page.locator(".diagram-picture").inner_html() == before
    expect(slider(page, "momentum")).to_have_attribute("aria-valuetext", "0.64 share")
    reader.problems.clear()


def test_the_reader_says_first_where_the_run_ends(
    browser: Browser, address: str
) -> None:
    with reading(browser, f"{address}/{BASINS}") as seen:
        page = seen.page
        question = page.get_by_role("group", name="On which hill does the run")
        expect(question).to_be_visible()
        expect(page.locator(".diagram-class").first).to_be_hidden()
        expect(said(page)).to_be_hidden()
        question.get_by_role("button", name="the upper right").click()
        expect(said(page)).to_contain_text(
            "You said the upper right. The run from the ring ends on the upper left"
        )
        expect(page.locator(".diagram-class").first).to_be_visible()
        expect(slider(page, "learning rate")).to_be_focused()
        assert not [url for url in seen.requests if "pyodide" in url]
        assert not seen.problems


def test_by_touch_a_tap_moves_the_point_and_a_drag_carries_it(
    browser: Browser, address: str
) -> None:
    how: Any = {"has_touch": True, "viewport": {"width": 360, "height": 740}}
    with reading(browser, f"{address}/{FACTOR}", **how) as seen:
        page = seen.page
        area = page.locator(".diagram-area")
        area.scroll_into_view_if_needed()
        box = area.bounding_box()
        assert box
        page.touchscreen.tap(box["x"] + box["width"] * 0.88, box["y"] + 30)
        expect(said(page)).to_contain_text("climbs out")
        assert float(point(page).get_attribute("aria-valuenow") or 0) == pytest.approx(
            1.1, abs=0.02
        )
        assert not seen.problems


def test_once_answered_it_fits_and_axe_is_content(
    browser: Browser, address: str
) -> None:
    """As all else does on its page (tests/site/test_pages.py).

    The policy is off here: axe writes a style of its own into the page.
    """
    with reading(browser, f"{address}/{BASINS}", bypass_csp=True) as seen:
        page = seen.page
        page.evaluate("document.querySelector('.diagram-ask button').click()")
        resize(page, 360)
        assert page.evaluate(LOOK.read_text(encoding="utf-8")) == []
        resize(page, 1280)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for theme in ("light", "dark"):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            assert page.evaluate(RUN_AXE, {"within": ".diagram"}) == []


@pytest.mark.parametrize("name", diagrams.DIAGRAMS)
def test_the_browser_computes_what_this_python_does(page: Page, name: str) -> None:
    """At the ends of the sliders and between, to the last bit."""
    for share in (0.0, 0.1, 0.37, 0.6, 1.0):
        values = {}
        for each in diagrams.DIAGRAMS[name].parameters:
            low, high = each.control.range or (0, 0)
            values[each.name] = low + share * (high - low)
        spec = {"diagram": name, "values": values}
        got = call(page, "gradient_ascent.diagrams", "drawn", spec)
        assert bits(json.loads(got.replace('"-0.0"', "-0.0"))) == bits(
            json.loads(json.dumps(diagrams.drawn(spec)))
        )


def bits(value: Any) -> Any:
    """A value in which floats are told apart by every bit."""
    if isinstance(value, dict):
        return {key: bits(each) for key, each in value.items()}
    if isinstance(value, list):
        return [bits(each) for each in value]
    return float(value).hex() if type(value) in (int, float) else value
