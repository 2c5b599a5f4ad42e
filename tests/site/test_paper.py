"""A page on paper: all of it is there, nothing is cut off, no page is half empty."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.site.contents import chapters

pytestmark = pytest.mark.browser

PAPER = {"width": 680, "height": 1009}  # A4 less margins of 15 mm, in CSS pixels
FOLDED = """() => [...document.querySelectorAll("article details")].filter((box) => {
  const shown = [...box.children].some((part) => part.tagName !== "SUMMARY"
    && part.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })
    && part.getBoundingClientRect().height > 0);
  return shown === box.matches(".claim");
}).map((box) => box.outerHTML.slice(0, 200))"""
# The button that sorts a table by a column is the column's head.
USELESS = """() => [...document.querySelectorAll(
  "button:not(.table-sort), input, select, textarea, nav, details.hide > summary, "
  + ".prev-next-footer, .headerlink, .live-panel")]
  .filter((part) => part.getBoundingClientRect().height > 0
    && part.checkVisibility({ visibilityProperty: true }))
  .map((part) => part.outerHTML.slice(0, 200))"""
CUT_OFF = """() => [...document.querySelectorAll("article *")].filter((part) => {
  if (part.closest(".katex, svg") || !part.checkVisibility()) return false;
  const box = part.getBoundingClientRect();
  const hides = getComputedStyle(part).overflowX !== "visible";
  return box.right > innerWidth + 1
    || (hides && box.width && part.scrollWidth > part.clientWidth + 1);
}).map((part) => part.outerHTML.slice(0, 200))"""
# A piece that must stay whole goes overleaf where it does not fit, and leaves a gap.
WHOLE = """() => [...document.querySelectorAll("article *")]
  .filter((part) => getComputedStyle(part).breakInside === "avoid")
  .map((part) => [part.getBoundingClientRect().height, part.outerHTML.slice(0, 200)])"""
# A line of code has 88 letters at most, and 80 in a box.
WRAPPED = """() => [...document.querySelectorAll("article pre")].filter((code) => {
  const lines = code.textContent.trimEnd().split("\\n");
  const most = code.closest(".admonition:not(.hide)") ? 80 : 88;
  if (lines.some((line) => line.length > most)) return false;
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(code);
  const height = code.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return height > (lines.length + 0.5) * parseFloat(lineHeight);
}).map((code) => code.textContent.slice(0, 200))"""


@pytest.mark.parametrize("name", chapters())
def test_all_of_the_page_is_on_paper(browser: Browser, address: str, name: str) -> None:
    """What is folded on a screen is open, but for claims; buttons are left out.

    Whatever must stay in one piece takes less than half of a page.
    """
    page = browser.new_page(viewport=PAPER)
    page.goto(f"{address}/{name}.html", wait_until="networkidle")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("document.fonts.ready.then(() => {})")
    for wrong in (FOLDED, USELESS, CUT_OFF, WRAPPED):
        assert page.evaluate(wrong) == []
    for height, part in page.evaluate(WHOLE):
        assert height < PAPER["height"] / 2, part
    page.close()
