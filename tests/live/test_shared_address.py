"""The address of a lab's runs leads to the lab's picture, on any page and screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.live.reader import reading
from tests.site.contents import chapters

pytestmark = pytest.mark.browser

SCREENS = [(1440, 900), (1024, 768), (360, 740)]
RUNS = "bowl;-5,-2;60;plain(lr=0.4);momentum(lr=0.1,momentum=0.8)"
LAB = re.compile(r'<figure class="live trace-lab[^"]*" id="([\w-]+)"')
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


def labs(html: Path, name: str) -> list[str]:
    return LAB.findall((html / f"{name}.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", chapters())
def test_the_picture_comes_into_view(
    browser: Browser, address: str, html: Path, name: str
) -> None:
    """Each page has its turn on a screen, and one of them on all three."""
    turn = chapters().index(name) % len(SCREENS)
    whole = name.endswith("momentum/momentum")
    for lab in labs(html, name):
        for width, height in SCREENS if whole else SCREENS[turn:][:1]:
            url = f"{address}/{name}.html#{lab}={RUNS}"
            screen = {"width": width, "height": height}
            with reading(browser, url, viewport=screen) as seen:
                here = seen.page.locator(f"#{lab}")
                said = here.locator(".lab-said")
                expect(said).to_contain_text("momentum:")
                top = here.locator(".lab-picture").evaluate(TOP)
                assert 0 <= top < height - 100, (lab, screen)
                assert not seen.problems


def test_the_reader_may_go_elsewhere(browser: Browser, address: str) -> None:
    """Whoever scrolls while the lab still loads is not called back."""
    url = f"{address}/chapters/momentum/momentum.html#lab-momentum={RUNS}"
    with reading(browser, url, viewport={"width": 1024, "height": 768}) as seen:
        page = seen.page
        page.mouse.move(500, 400)
        page.mouse.wheel(0, -20_000)
        page.wait_for_function("() => scrollY === 0")
        said = page.locator("#lab-momentum .lab-said")
        expect(said).to_contain_text("momentum:")
        assert page.evaluate("scrollY") == 0


def test_there_are_labs(html: Path) -> None:
    """So that the test above goes through some."""
    assert sum(bool(labs(html, name)) for name in chapters()) >= 6
