"""Whatever is live, on every page: it answers, and nothing goes wrong meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from gradient_ascent.exercises import load, names
from tests.live.reader import Reader, touched, unfold
from tests.live.test_lab_view import assert_seen_together
from tests.live.test_shared_address import RUNS, SCREENS, assert_runs_are_in_view
from tests.site.contents import chapters
from tests.site.test_pages import PAGES

pytestmark = pytest.mark.browser

LAB = re.compile(r'<figure class="live trace-lab[^"]*" id="([\w-]+)"')


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One that keeps Python's files from page to page, as the network gave them."""
    how: Any = {"reduced_motion": "reduce", "service_workers": "block"}
    with browser.new_context(**how) as context:
        yield context


@pytest.mark.parametrize("name", PAGES)
def test_all_that_is_live_on_a_page(
    context: BrowserContext, address: str, html: Path, name: str
) -> None:
    """It breaks no policy and no promise, from the page's load to the last touch.

    Where there is a lab, the page is opened by an address of its runs, which leads to
    their picture: on one screen or another, as the page has its turn.
    """
    width, height = SCREENS[PAGES.index(name) % len(SCREENS)]
    lab = LAB.search((html / f"{name}.html").read_text(encoding="utf-8"))
    shared = f"#{lab[1]}={RUNS}" if lab else ""
    with context.new_page() as page:
        seen = Reader(page)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/{name}.html{shared}", wait_until="networkidle")
        if lab:
            here = page.locator(f"#{lab[1]}")
            assert_runs_are_in_view(here, height)
            touched(page)
            come_to_its_own_runs(here)
            assert_seen_together(here)
        page.set_viewport_size({"width": 1280, "height": 720})
        unfold(page)
        turn_surfaces(page)
        solve_exercises(page)
        assert not seen.problems


def test_there_are_labs(html: Path) -> None:
    """So that the test above goes through some, and through all of a page's."""
    pages = [(html / f"{each}.html").read_text("utf-8") for each in chapters()]
    labs = [len(LAB.findall(page)) for page in pages]
    assert sum(labs) >= 6
    assert max(labs) == 1


def come_to_its_own_runs(lab: Locator) -> None:
    reset = lab.get_by_role("button", name="Reset")
    reset.click()
    expect(reset).to_have_attribute("aria-pressed", "true")
    expect(lab.locator(".lab-said")).not_to_be_empty()


def turn_surfaces(page: Page) -> None:
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
