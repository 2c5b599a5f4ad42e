"""Labs and their Python: started, cancelled, stopped, shared, left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.live.reader import Reader, call, lab_shown, reading, touched, until
from tests.live.test_trace_lab import NAME, notice, outcome

pytestmark = pytest.mark.browser

ENDLESS = """
from gradient_ascent import lab
def endless(spec):
    while True: pass
lab.results = endless
"""
# The lab ends a run by itself after 20 seconds, which a press from outside may take.
PRESS_WHEN_SHOWN = """(stop) => new MutationObserver((_, watch) => {
  if (stop.hidden) return;
  watch.disconnect();
  stop.click();
}).observe(stop, { attributes: true })"""


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A page that has loaded no Python."""
    with reading(browser, f"{address}/{NAME}") as opened:
        yield opened


@pytest.fixture(scope="module")
def warm(browser: Browser, address: str) -> Iterator[Reader]:
    """A page on which Python may have been started, and ended."""
    with reading(browser, f"{address}/{NAME}") as opened:
        yield opened


def start_status(page: Page) -> Locator:
    return page.locator(".live-start .live-status")


def test_a_start_is_cancelled_and_the_figure_stays(reader: Reader) -> None:
    held: list[Route] = []
    reader.page.context.route("**/pyodide.asm.wasm", lambda route: held.append(route))
    lab_shown(reader.page)
    reader.page.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
    reader.page.get_by_role("button", name="Cancel").click()
    expect(start_status(reader.page)).to_contain_text(
        "Cancelled: Python was not started. The figure shows the runs as they were."
    )
    reader.page.get_by_role("button", name="diverges").click()
    expect(outcome(reader.page)).to_contain_text("diverged at step 75")
    until_workers(reader.page, 0)


def until_workers(page: Page, number: int) -> None:
    """Wait: the browser says a moment later that a worker has ended."""
    until(page, lambda: len(page.workers) == number, lambda: page.workers)


def test_where_pyodide_is_missing_the_figure_stays(reader: Reader) -> None:
    reader.page.context.route(
        "**/pyodide.asm.wasm", lambda route: route.fulfill(status=404)
    )
    lab_shown(reader.page)
    reader.page.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
    expect(start_status(reader.page)).to_contain_text(
        "Python could not start here: pyodide.asm.wasm is not to be had (404)."
    )
    reader.page.get_by_role("button", name="diverges").click()
    expect(outcome(reader.page)).to_contain_text("diverged at step 75")


def test_a_long_run_is_stopped_and_the_lab_goes_on(warm: Reader) -> None:
    page = warm.page
    touched(page)
    call(page, "gradient_ascent.exercises.page", "run_code", ENDLESS)
    page.get_by_text("Stop", exact=True).evaluate(PRESS_WHEN_SHOWN)
    page.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
    expect(notice(page)).to_have_text("Stopped.")
    page.get_by_role("button", name="Reset").click()
    expect(outcome(page)).to_contain_text("0.7457 after 60 steps")
    until_workers(page, 1)


def test_two_labs_share_one_python(browser: Browser, address: str, html: Path) -> None:
    page = (html / NAME).read_text(encoding="utf-8")
    (figure,) = re.findall(r"<figure [^>]*trace-lab .*?</figure>", page, re.DOTALL)
    second = figure.replace('id="lab-momentum"', 'id="lab-second"')
    twice = page.replace(figure, figure + second)
    with reading(browser, "about:blank") as seen:
        seen.page.route(f"**/{NAME}", lambda route: route.fulfill(body=twice))
        seen.page.goto(f"{address}/{NAME}")
        labs = [
            seen.page.locator(f"#{name}") for name in ("lab-momentum", "lab-second")
        ]
        for each in labs:
            each.scroll_into_view_if_needed()
            each.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
        labs[1].get_by_role("button", name="diverges").click()
        first, second = (each.locator(".lab-said") for each in labs)
        expect(second).to_contain_text("diverged at step 75")
        expect(first).to_contain_text("plain: objective")
        expect(first).not_to_contain_text("0.7457 after 60 steps")
        assert len(seen.page.workers) == 1
        assert not seen.problems


def test_leaving_the_page_ends_python(warm: Reader) -> None:
    touched(warm.page)
    assert len(warm.page.workers) == 1
    warm.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    until_workers(warm.page, 0)
