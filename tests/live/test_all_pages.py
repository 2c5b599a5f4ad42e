"""Whatever is live, on every page: it answers, and nothing goes wrong meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gradient_ascent.exercises import load, names
from tests.live.reader import Reader, unfold
from tests.site.contents import chapters

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One that keeps Python's files from page to page, as the network gave them."""
    how: Any = {"reduced_motion": "reduce", "service_workers": "block"}
    with browser.new_context(**how) as context:
        yield context


@pytest.mark.parametrize("name", [*chapters(), "search", "genindex"])
def test_all_that_is_live_on_a_page(
    context: BrowserContext, address: str, name: str
) -> None:
    """It breaks no policy and no promise, from the page's load to the last touch."""
    with context.new_page() as page:
        seen = Reader(page)
        page.goto(f"{address}/{name}.html", wait_until="networkidle")
        unfold(page)
        touch_labs_and_surfaces(page)
        solve_exercises(page)
        assert not seen.problems


def touch_labs_and_surfaces(page: Page) -> None:
    for lab in page.locator(".trace-lab").all():
        lab.scroll_into_view_if_needed()
        lab.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
        lab.get_by_role("button", name="Reset").click()
        expect(lab.locator(".lab-said")).not_to_be_empty()
    for surface in page.locator(".live-surface").all():
        surface.get_by_role("button", name="Turn it in space").click()
        expect(surface.locator("canvas").first).to_be_visible()


def solve_exercises(page: Page) -> None:
    """Each stub fails with a sentence that helps, each solution passes."""
    for here in page.locator("div.live-exercise").all():
        here.get_by_role("button", name="Try it here", exact=True).click()
        check = here.get_by_role("button", name="Check", exact=True)
        check.click()
        outcome = here.locator("[role=status][data-how]")
        expect(outcome).to_contain_text("Not yet.")
        assert len(outcome.inner_text()) > len("Not yet.") + 20
        exercise = load(str(here.get_attribute("data-name")))
        here.get_by_role("textbox").fill(exercise.solution)
        check.click()
        expect(outcome).to_contain_text("Passed")


def test_every_exercise_stands_in_a_chapter(html: Path) -> None:
    """So that the test above leaves none out."""
    pages = "".join((html / f"{each}.html").read_text("utf-8") for each in chapters())
    found = re.findall(r'live-exercise" data-name="(\w+)"', pages)
    assert sorted(found) == sorted(names())
