"""Trace labs in a real browser: before Python is there, and when it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from gradient_ascent import lab, plots
from gradient_ascent.landscapes import LANDSCAPES
from gradient_ascent.rules import RULES
from tests.live.likeness import pixels, unlike
from tests.live.reader import (
    Reader,
    call,
    lab_shown,
    place_of_start,
    reading,
    time_stands_still,
    touched,
    until_all_is_drawn,
)
from tests.site.test_pages import AXE, LOOK, RUN_AXE, resize

pytestmark = pytest.mark.browser

NAME = "chapters/momentum/momentum.html"
BOXES = """(parts) => parts.map((part) => {
  const lab = document.querySelector(".trace-lab").getBoundingClientRect();
  const box = document.querySelector(`.trace-lab ${part}`).getBoundingClientRect();
  return [box.left, box.top - lab.top, box.width, box.height];
})"""
HEAVY = ("pyodide", "python.zip", "live/worker")


def outcome(page: Page) -> Locator:
    return page.locator(".lab-said")


def notice(page: Page) -> Locator:
    return page.locator(".lab-notices > .live-status")


def opened(page: Page, name: str) -> Locator:
    """Run 1, or All runs: its controls, unfolded."""
    group = page.get_by_role("group", name=name, include_hidden=True)
    if not group.is_visible():
        group.locator("xpath=preceding-sibling::summary").click()
    return group


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A page that has loaded no Python."""
    with reading(browser, f"{address}/{NAME}") as seen:
        yield seen


@pytest.fixture(scope="module")
def warm(browser: Browser, address: str) -> Iterator[Reader]:
    """A page whose lab is live."""
    with reading(browser, f"{address}/{NAME}") as seen:
        touched(seen.page)
        yield seen
        assert not seen.problems


@pytest.fixture()
def page(warm: Reader) -> Page:
    """The live lab, as it was at first."""
    warm.page.get_by_role("button", name="Reset").click()
    expect(outcome(warm.page)).to_contain_text("plain: objective 0.7457 after 60 steps")
    until_all_is_drawn(warm.page)
    return warm.page


def test_nothing_heavy_is_loaded_before_the_first_touch(reader: Reader) -> None:
    lab_shown(reader.page)
    reader.page.get_by_role("button", name="diverges").click()
    expect(outcome(reader.page)).to_contain_text("plain: diverged at step 75")
    reader.page.get_by_role("button", name="back 1 step").click()
    assert not [url for url in reader.requests if any(part in url for part in HEAVY)]
    assert not reader.problems


def test_without_javascript_there_are_picture_words_and_numbers(
    browser: Browser, address: str
) -> None:
    with reading(browser, f"{address}/{NAME}", java_script_enabled=False) as seen:
        still = seen.page.locator(".lab-still")
        expect(still).to_be_visible()
        assert "momentum: objective" in (still.get_attribute("alt") or "")
        expect(seen.page.locator(".lab-table")).to_contain_text("all its steps")
        expect(seen.page.locator(".trace-lab button")).to_have_count(0)


def test_a_preset_says_how_the_run_ends(page: Page) -> None:
    page.get_by_role("button", name="diverges").click()
    said = "plain: diverged at step 75; momentum: diverged at step 116"
    expect(outcome(page)).to_have_text(said)


def test_each_run_has_its_colour_in_the_legend(page: Page) -> None:
    lines = attributes(page, ".lab-picture .lab-lines:nth-of-type(2) path", "stroke")
    assert lines == list(plots.COLORS[:2])
    assert attributes(page, ".lab-legend .lab-swatch path", "stroke") == lines
    assert attributes(page, ".lab-run .lab-swatch path", "stroke") == lines
    assert attributes(page, ".lab-chart .lab-lines path", "stroke") == 3 * lines


def attributes(page: Page, selector: str, name: str) -> list[str]:
    found = "(all, name) => all.map((each) => each.getAttribute(name)).filter(Boolean)"
    return list(page.locator(selector).evaluate_all(found, name))


@pytest.mark.parametrize(
    ("width", "theme"), [(1440, "light"), (1280, "dark"), (360, "light")]
)
def test_going_live_changes_no_size_and_no_mark(
    browser: Browser, address: str, width: int, theme: Literal["light", "dark"]
) -> None:
    """Nor does it move the picture, its legend, or what plays it."""
    how: dict[str, Any] = {"viewport": {"width": width, "height": 900}}
    with reading(browser, "about:blank", color_scheme=theme, **how) as seen:
        page = seen.page
        held: list[Route] = []
        page.route("**/lab.json*", lambda route: held.append(route))
        page.goto(f"{address}/{NAME}")
        with page.expect_request("**/lab.json*"):
            page.locator(".lab-still").scroll_into_view_if_needed()
        parts = [".lab-still", ".lab-legend", ".lab-player"]
        before = page.evaluate(BOXES, parts)
        still = pixels(page.locator(".lab-still").first)
        held[0].continue_()
        lab_shown(page)
        after = page.evaluate(BOXES, [".lab-picture", *parts[1:]])
        for one, other in zip(before, after):
            assert one[:3] == pytest.approx(other[:3], abs=1)
        assert before[0][3] == pytest.approx(after[0][3], abs=1)
        live = pixels(page.locator(".lab-picture").first)
        assert unlike(live, still) < 0.0005
        assert unlike(still, live) < 0.0005


def test_the_start_is_dragged(page: Page) -> None:
    before = outcome(page).inner_text()
    x, y = place_of_start(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y, steps=4)
    page.mouse.up()
    start = opened(page, "All runs").get_by_label("start p")
    assert float(start.input_value()) < 9
    expect(outcome(page)).not_to_have_text(before)


def test_a_click_on_the_picture_sets_the_start(page: Page) -> None:
    before = outcome(page).inner_text()
    page.locator(".lab-picture").scroll_into_view_if_needed()
    box = page.locator(".lab-land").bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.2 * box["height"])
    expect(outcome(page)).not_to_have_text(before)
    start = float(opened(page, "All runs").get_by_label("start p").input_value())
    assert 1 < start < 10
    expect(page.get_by_role("slider", name="Start of the runs")).to_have_attribute(
        "aria-valuetext", f"p {start:g}"
    )


def test_the_start_is_moved_by_keys_and_typed(page: Page) -> None:
    handle = page.get_by_role("slider", name="Start of the runs")
    start = opened(page, "All runs").get_by_label("start p")
    handle.focus()
    page.keyboard.press("ArrowLeft")
    expect(start).to_have_value("9.9")
    page.keyboard.press("Shift+ArrowLeft")
    expect(start).to_have_value("8.9")
    page.keyboard.press("ArrowUp")  # a line has no other way up
    expect(start).to_have_value("9")
    start.fill("-3")
    expect(handle).to_have_attribute("aria-valuetext", "p −3")
    start.fill("0")
    expect(outcome(page)).to_contain_text("momentum: converged at step 0")


def test_slider_and_number_are_one(page: Page) -> None:
    two = opened(page, "Run 2")
    rate = two.get_by_role("slider", name="learning rate")
    typed = two.get_by_role("spinbutton", name="learning rate, typed")
    typed.fill("1.65")
    expect(rate).to_have_attribute("aria-valuetext", "1.65 parameter per gradient")
    rate.focus()
    page.keyboard.press("Home")
    expect(typed).to_have_value("0.001")
    expect(outcome(page)).to_contain_text("momentum: objective 51.95")


def test_a_lab_is_driven_and_tells_its_clock(page: Page) -> None:
    page.evaluate(
        """() => {
          window.told = [];
          for (const kind of ["lab:state", "lab:step"])
            document.addEventListener(kind, ({ detail }) => window.told.push(detail));
        }"""
    )
    wish = {"lab": "lab-momentum", "rule": "momentum", "hyperparameters": {"lr": 0.1}}
    page.evaluate(
        "(detail) => document.dispatchEvent(new CustomEvent('lab:set', { detail }))",
        wish,
    )
    expect(outcome(page)).to_contain_text("e−12 after 60 steps")
    told = page.evaluate("window.told")
    assert told[0]["state"]["runs"][1]["hyperparameters"]["lr"] == 0.1
    assert told[-1] == {"lab": "lab-momentum", "step": 60, "last": 60}


def test_rules_join_and_leave_the_race(page: Page) -> None:
    for _ in range(2):
        opened(page, "All runs").get_by_role("button", name="Add a rule").click()
    expect(page.locator(".lab-legend > span")).to_have_count(4)
    add = opened(page, "All runs").get_by_role("button", name="Add a rule")
    expect(add).to_be_hidden()
    opened(page, "Run 4").get_by_label("Rule").select_option("adam")
    expect(outcome(page)).to_contain_text("adam: ")
    opened(page, "Run 1").get_by_role("button", name="Remove run 1, plain").click()
    expect(outcome(page)).not_to_contain_text("plain: ")


def test_another_landscape_is_drawn(page: Page) -> None:
    opened(page, "All runs").get_by_label("Landscape").select_option("rosenbrock")
    expect(opened(page, "All runs").get_by_label("start y")).to_have_value("1")
    expect(page.locator(".lab-star")).to_have_count(1)
    land = page.locator(".lab-land")
    expect(land).to_have_attribute("href", re.compile(r"/live/rosenbrock\.svg$"))


def test_play_and_pause(browser: Browser, address: str) -> None:
    """By the page's clock: four seconds from the first of 60 steps to the last."""
    url = f"{address}/{NAME}"
    with reading(browser, url, reduced_motion="no-preference") as seen:
        page = seen.page
        lab_shown(page)
        step = page.get_by_role("slider", name="step", exact=True)
        expect(step).to_have_value("60")
        time_stands_still(page)
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(1_000)
        assert 13 <= int(before := step.input_value()) <= 15
        page.get_by_role("button", name="Pause").click()
        page.clock.run_for(1_000)
        assert step.input_value() == before
        page.get_by_role("button", name="Play").click()
        page.clock.run_for(1_000)
        assert 13 <= int(step.input_value()) - int(before) <= 15
        page.clock.run_for(3_000)
        assert step.input_value() == "60"
        expect(page.get_by_role("button", name="Play")).to_be_visible()
        assert not seen.problems


def test_scrub(page: Page) -> None:
    step = page.get_by_role("slider", name="step", exact=True)
    step.focus()
    page.keyboard.press("Home")
    expect(page.locator(".lab-player output")).to_have_text("0 of 60")
    line = page.locator(".lab-lines path[stroke]").first
    assert (line.get_attribute("d") or "").count("L") == 0
    page.keyboard.press("End")
    assert (line.get_attribute("d") or "").count("L") == 60


def test_a_shared_address_opens_the_same_runs(
    page: Page, browser: Browser, address: str
) -> None:
    page.get_by_role("button", name="under-damped").click()
    opened(page, "All runs").get_by_label("start p").fill("7.125")
    expect(outcome(page)).to_contain_text("momentum: objective 2.19")
    said = outcome(page).inner_text()
    page.get_by_role("button", name="Share").click()
    expect(page).to_have_url(re.compile(r"#lab-momentum=parabola%3B7\.125%3B60"))
    with reading(browser, page.url) as other:
        expect(outcome(other.page)).to_have_text(said)
        assert not other.problems


def test_the_code_it_gives_repeats_the_runs(page: Page) -> None:
    page.get_by_role("button", name="under-damped").click()
    expect(outcome(page)).to_contain_text("e−12")
    page.get_by_text("The same runs in Python").click()
    code = page.locator(".lab-code").inner_text()
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    for line, run in zip(
        done.stdout.splitlines(), outcome(page).inner_text().split("; ")
    ):
        rule, objective = re.search(r"^(\w+) .* objective (\S+) at", line).groups()
        height = f"{float(objective):.4g}".replace("-", "−")
        assert run == f"{rule}: objective {height} after 60 steps"


def test_what_cannot_be_run_is_explained(page: Page) -> None:
    length = opened(page, "All runs").get_by_role("spinbutton", name="length, typed")
    length.fill("5000")
    expect(notice(page)).to_have_text("lab: steps must lie in [1, 2000], got 5000")
    momentum = opened(page, "Run 2").get_by_role("spinbutton", name="momentum, typed")
    momentum.fill("1.5")
    opened(page, "All runs").get_by_role("spinbutton", name="length, typed").fill("10")
    expect(notice(page)).to_contain_text("momentum must lie in [0, 1), got 1.5")
    momentum = opened(page, "Run 2").get_by_role("spinbutton", name="momentum, typed")
    momentum.evaluate("(typed) => { typed.value = '0.5' }")
    momentum.fill("0.6")
    expect(notice(page)).to_be_empty()


def test_it_fits_and_axe_is_content(browser: Browser, address: str) -> None:
    """As all else does on its page (tests/site/test_pages.py).

    The policy is off here: axe writes a style of its own into the page.
    """
    with reading(browser, f"{address}/{NAME}", bypass_csp=True) as seen:
        page = seen.page
        lab_shown(page)
        resize(page, 360)
        assert page.evaluate(LOOK.read_text(encoding="utf-8")) == []
        resize(page, 1280)
        page.evaluate(AXE.read_text(encoding="utf-8"))  # which takes formulas apart
        for theme in ("light", "dark"):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            assert page.evaluate(RUN_AXE, {"within": ".trace-lab"}) == [], theme


def test_it_works_on_without_a_network(page: Page) -> None:
    page.context.set_offline(True)
    opened(page, "All runs").get_by_label("start p").fill("0")
    expect(outcome(page)).to_contain_text("momentum: converged at step 0")
    page.context.set_offline(False)


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_the_browser_computes_what_this_python_does(page: Page, landscape: str) -> None:
    """Every rule on every landscape, to the last bit."""
    every = [{"rule": rule, "hyperparameters": {"lr": 0.0123}} for rule in RULES]
    for first in range(0, len(every), lab.MOST_RUNS):
        runs = every[first : first + lab.MOST_RUNS]
        for maximize in (True, False):
            spec = {"landscape": landscape, "steps": 60, "maximize": maximize}
            spec["runs"] = runs
            got = call(page, "gradient_ascent.lab", "results", spec)
            got = got.replace('"-0.0"', "-0.0")
            assert bits(json.loads(got)) == bits(lab.results(spec))


def bits(value: Any) -> Any:
    """A value in which floats are told apart by every bit."""
    if isinstance(value, dict):
        return {key: bits(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [bits(each) for each in value]
    return float(value).hex() if isinstance(value, int | float) else value
