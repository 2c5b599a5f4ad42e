"""What does not come, or is something else: a sentence, and a press that works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.live.reader import lab_shown, reading

pytestmark = pytest.mark.browser

CHAPTER = "chapters/momentum/momentum.html"
SURFACES = "chapters/notation.html"
AGAIN = "Press again to try once more."
Answer = Callable[[Route], None]


def missing(route: Route) -> None:
    route.fulfill(status=404, content_type="text/html", body="<h1>Not found</h1>")


def unreachable(route: Route) -> None:
    route.abort()


def page_instead(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Please log in</h1>")


def garbage(route: Route) -> None:
    route.fulfill(status=200, content_type="application/octet-stream", body="garbage")


@pytest.fixture()
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The chapter on momentum, without the help of a service worker."""
    url = f"{address}/{CHAPTER}"
    with reading(browser, url, service_workers="block") as seen:
        yield seen.page


def exercise(page: Page) -> Locator:
    return page.locator("#ex-live-momentum")


def press(page: Page, button: str) -> None:
    exercise(page).get_by_role("button", name=button, exact=True).click()


FAILING = [
    ("worker.js", missing),
    ("worker.js", page_instead),
    ("python.zip", missing),
    ("python.zip", garbage),
    ("pyodide.js", missing),
    ("pyodide.asm.js", unreachable),
    ("pyodide.asm.wasm", missing),
    ("pyodide.asm.wasm", unreachable),
    ("pyodide.asm.wasm", page_instead),
    ("pyodide.asm.wasm", garbage),
    ("python_stdlib.zip", missing),
    ("python_stdlib.zip", page_instead),
    ("pyodide-lock.json", missing),
]


def test_python_says_why_and_starts_anew_at_the_next_press(page: Page) -> None:
    """One failure after another, on one page; none of them is in the way of the end."""
    press(page, "Try it here")
    exercise(page).get_by_role("textbox").fill("print(6 * 7)\n")
    said = exercise(page).locator(".live-start .live-status")
    for file, answer in FAILING:
        page.route(f"**/{file}", answer)
        with page.expect_request(f"**/{file}"):
            press(page, "Run")
        expect(said).to_contain_text("Python could not start here")
        expect(said).to_contain_text(AGAIN)
        expect(said).to_contain_text("The exercise also runs at a terminal")
        expect(page.get_by_text("Loading Python")).to_have_count(0)
        page.unroute(f"**/{file}")
    press(page, "Run")
    log = exercise(page).get_by_role("log")
    expect(log).to_have_text("42\n")
    expect(said).to_be_empty()


def test_without_the_sizes_python_starts_all_the_same(page: Page) -> None:
    page.route("**/sizes.json", page_instead)
    press(page, "Try it here")
    exercise(page).get_by_role("textbox").fill("print(6 * 7)\n")
    press(page, "Run")
    log = exercise(page).get_by_role("log")
    expect(log).to_have_text("42\n")


def test_a_start_of_which_nothing_is_heard_ends(browser: Browser, address: str) -> None:
    """A file of which not one byte comes: after a minute, by the page's clock."""
    url = f"{address}/{CHAPTER}"
    with reading(browser, url, service_workers="block") as seen:
        page = seen.page
        page.route("**/pyodide.asm.wasm", lambda route: None)
        page.clock.install()
        page.reload()
        press(page, "Try it here")
        with page.expect_request("**/pyodide.asm.wasm"):
            press(page, "Run")
        page.clock.fast_forward(1_000)
        expect(page.get_by_text("Loading Python")).to_be_visible()
        said = exercise(page).locator(".live-start .live-status")
        for _ in range(3):  # what still came a moment ago counts as heard
            page.clock.fast_forward(61_000)
        expect(said).to_contain_text("nothing has come for a minute")
        expect(said).to_contain_text(AGAIN)


WANTED = {
    "**/lab.json*": "What the labs know of the rules could not be loaded.",
    "**/labs/*.json": "What the build recorded of the runs could not be loaded.",
}


@pytest.mark.parametrize("answer", [missing, unreachable, page_instead])
@pytest.mark.parametrize("file", WANTED)
def test_a_lab_without_its_data_says_so_and_runs_at_the_next_press(
    page: Page, answer: Answer, file: str
) -> None:
    page.route(file, answer)
    page.reload()
    diverges = page.get_by_role("button", name="diverges")
    diverges.click()
    said = page.get_by_text(WANTED[file])
    expect(said).to_contain_text(AGAIN)
    expect(said).to_contain_text("The figure shows the runs as they were.")
    expect(page.locator(".lab-still")).to_be_visible()
    expect(page.locator(".lab-table")).to_be_visible()
    page.unroute(file)
    diverges.click()
    expect(page.locator(".lab-said")).to_contain_text("momentum: diverged")


@pytest.mark.parametrize("answer", [missing, unreachable])
def test_an_editor_that_does_not_come_is_asked_for_again(
    page: Page, answer: Answer
) -> None:
    page.route("**/editor.js*", answer)
    press(page, "Try it here")
    said = exercise(page).get_by_text("The editor could not be loaded.")
    expect(said).to_contain_text(AGAIN)
    page.unroute("**/editor.js*")
    press(page, "Try it here")
    expect(exercise(page).get_by_role("textbox")).to_be_focused()


@pytest.mark.parametrize("file", ["*.surface.json", "plotly-gl3d.min.js"])
def test_a_surface_says_so_and_turns_at_the_next_press(
    browser: Browser, address: str, file: str
) -> None:
    url = f"{address}/{SURFACES}"
    with reading(browser, url, service_workers="block") as seen:
        page = seen.page
        data = page.locator(".live-surface").first.get_attribute("data-surface") or ""
        what = f"**/{Path(data).name}" if file.startswith("*") else f"**/{file}"
        page.route(what, missing)
        turn = page.get_by_role("button", name="Turn it in space").first
        turn.click()
        status = page.locator(".live-surface [role=status]").first
        expect(status).to_contain_text(f"{AGAIN} The picture stays.")
        page.unroute(what)
        turn.click()
        left = page.get_by_role("button", name="Turn left").first
        expect(left).to_be_visible()


OLD = {
    "no WebAssembly": ("delete window.WebAssembly", "Python needs WebAssembly"),
    "no module workers": (
        "const W = Worker; window.Worker = class { constructor(url) {"
        " return new W(url); } }",
        "Python needs workers that are modules",
    ),
}


@pytest.mark.parametrize("lacking", OLD)
def test_a_browser_that_is_too_old_is_told_what_it_lacks(
    browser: Browser, address: str, lacking: str
) -> None:
    script, sentence = OLD[lacking]
    with reading(browser, f"{address}/{CHAPTER}", service_workers="block") as seen:
        seen.page.add_init_script(script)
        seen.page.reload()
        lab_shown(seen.page)
        seen.page.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
        said = seen.page.locator(".trace-lab .live-start .live-status")
        expect(said).to_contain_text(f"{sentence}, which this browser has not.")
        expect(said).to_contain_text("The figure shows the runs as they were.")
        assert not seen.problems


def test_python_starts_in_a_browser_of_a_few_years_ago(
    browser: Browser, address: str
) -> None:
    with reading(browser, f"{address}/{CHAPTER}") as seen:
        seen.page.add_init_script("delete Promise.withResolvers")
        seen.page.reload()
        press(seen.page, "Try it here")
        exercise(seen.page).get_by_role("textbox").fill("print(6 * 7)\n")
        press(seen.page, "Run")
        log = exercise(seen.page).get_by_role("log")
        expect(log).to_have_text("42\n")
        assert not seen.problems


LACKING = {
    "x = input()": "a page has no keyboard input; write the value",
    "import torch": "a page has no module .torch., only Python.s standard",
    "import numpy as np": "a page has no module .numpy., only",
    "import matplotlib.pyplot": "a page has no module .matplotlib., only",
    "from gradient_ascent.optim import Adam": "a page has no module .gradient_ascent.",
}


def test_a_page_says_what_it_lacks(page: Page) -> None:
    press(page, "Try it here")
    said = exercise(page).locator("[role=status][data-how=bad]")
    for code, sentence in LACKING.items():
        exercise(page).get_by_role("textbox").fill(f"{code}\n")
        press(page, "Run")
        expect(said).to_contain_text(re.compile(f"Line 1: .*{sentence}"))
