"""The address of a lab's runs leads to the lab's picture, on any screen.

That it does on any page, `test_all_pages` sees.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.live.reader import reading
from tests.site.test_pages import TWO_FRAMES

pytestmark = pytest.mark.browser

SCREENS = [(1440, 900), (1024, 768), (360, 740)]
RUNS = "bowl;-5,-2;60;plain(lr=0.4);momentum(lr=0.1,momentum=0.8)"
# Where the picture's top lies, once it has not moved for half a second of frames.
TOP = """async (picture) => {
  let top = NaN;
  for (let still = 0; still < 30; still++) {
    await new Promise(requestAnimationFrame);
    const now = picture.getBoundingClientRect().top;
    if (now !== top) still = 0;
    top = now;
  }
  return top;
}"""


def assert_runs_are_in_view(lab: Locator, height: int) -> None:
    """The lab's runs are those of the address, and its picture is in view."""
    expect(lab.locator(".lab-said")).to_contain_text("momentum:")
    top = lab.locator(".lab-picture").evaluate(TOP)
    assert 0 <= top < height - 100, (lab, top, height)


def test_the_reader_may_go_elsewhere_and_come_back(
    browser: Browser, address: str
) -> None:
    """Whoever scrolls while the lab still loads is not called back.

    But an address that is followed later leads there, on any screen.
    """
    url = f"{address}/chapters/momentum/momentum.html#lab-momentum={RUNS}"
    with reading(browser, url, viewport={"width": 1024, "height": 768}) as seen:
        page, lab = seen.page, seen.page.locator("#lab-momentum")
        to_the_top(page)
        expect(lab.locator(".lab-said")).to_contain_text("momentum:")
        assert page.evaluate("scrollY") == 0
        for steps, (width, height) in enumerate(SCREENS, start=61):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(TWO_FRAMES)  # until then the picture follows the window
            to_the_top(page)
            runs = RUNS.replace(";60;", f";{steps};")
            page.evaluate("runs => { location.hash = `lab-momentum=${runs}` }", runs)
            expect(lab.locator(".lab-said")).to_contain_text(f"after {steps} steps")
            assert_runs_are_in_view(lab, height)
        assert not seen.problems


def to_the_top(page: Page) -> None:
    page.mouse.move(page.viewport_size["width"] / 2, 400)
    page.mouse.wheel(0, -20_000)
    page.wait_for_function("() => scrollY === 0")
