"""A reload, or a way back, leads to where the reader was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

LONG = "chapters/momentum/momentum.html"
# What stands in the middle of the window, and how far it is below its top.
SEEN = """() => {
  const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return [seen.textContent.trim().slice(0, 40), seen.getBoundingClientRect().top];
}"""
# What comes near the window is laid out; then the page notes the place.
STILL = """async () => {
  for (let frames = 0, height; frames < 10; frames++) {
    if (height !== document.body.scrollHeight) frames = 0;
    height = document.body.scrollHeight;
    await new Promise(requestAnimationFrame);
  }
  history.replaceState(null, "");
  dispatchEvent(new Event("scroll"));
}"""
KEPT = "history.state?.place?.at"
WAYS = {
    "by the wheel": "scrollBy(0, 9000)",
    "to a heading far down": """[...document.querySelectorAll("article h2")].at(-3)
        .scrollIntoView({ behavior: "instant" })""",
    "to the end": "scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })",
    "back to the top": "scrollTo({ top: 0, behavior: 'instant' })",
}


def same(page: Page, before: list[object]) -> None:
    """Wait until the page shows what it showed, to two pixels."""
    page.wait_for_function(
        f"""([text, top]) => {{
          const [now, at] = ({SEEN})();
          return now === text && Math.abs(at - top) <= 2;
        }}""",
        arg=before,
    )


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("way", WAYS)
def test_the_place_is_kept(
    browser: Browser, address: str, way: str, width: int
) -> None:
    """Also where most of the page above has never been laid out."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/{LONG}")
    page.evaluate("scrollBy(0, 2000)")
    page.evaluate(WAYS[way])
    page.evaluate(STILL)
    page.wait_for_function(f"() => {KEPT} !== undefined")
    before = page.evaluate(SEEN)
    page.reload()
    same(page, before)
    page.wait_for_function(f"() => {KEPT} !== undefined")
    page.goto(f"{address}/chapters/intro.html")
    page.go_back()
    same(page, before)
    context.close()


def test_a_first_visit_begins_at_the_top(browser: Browser, address: str) -> None:
    """And a link to a section leads to the section."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/{LONG}")
    assert page.evaluate("scrollY") == 0
    page.goto(f"{address}/{LONG}#what-to-remember")
    expect(page.locator("#what-to-remember > h2")).to_be_in_viewport()
    page.close()
