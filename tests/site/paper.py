"""A page on paper: all of it is there, nothing is cut off, no page is half empty."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, ViewportSize

# A4 less margins of 15 mm, in CSS pixels.
PAPER: ViewportSize = {"width": 680, "height": 1009}
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
TOO_TALL = f"""() => [...document.querySelectorAll("article *")].filter((part) =>
  part.getBoundingClientRect().height >= {PAPER["height"] / 2}
    && getComputedStyle(part).breakInside === "avoid"
).map((part) => part.outerHTML.slice(0, 200))"""
# A line of code has 88 letters at most, and 80 in a box.
WRAPPED = """() => [...document.querySelectorAll("article pre")].filter((code) => {
  const lines = code.textContent.trimEnd().split("\\n");
  const most = code.closest(".admonition:not(.hide)") ? 80 : 88;
  if (lines.some((line) => line.length > most)) return false;
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(code);
  const height = code.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return height > (lines.length + 0.5) * parseFloat(lineHeight);
}).map((code) => code.textContent.slice(0, 200))"""
WRONG = {
    "folded, or a claim that is not": FOLDED,
    "useless": USELESS,
    "cut off": CUT_OFF,
    "taller than half of a page": TOO_TALL,
    "wrapped code": WRAPPED,
}


def wrong_on_paper(page: Page) -> Iterator[str]:
    """Say what is wrong with a page on paper, and leave it as it was on the screen.

    What is folded on a screen is open, but for claims; buttons are left out. Whatever
    must stay in one piece takes less than half of a page.
    """
    screen = page.viewport_size
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("document.fonts.ready.then(() => {})")
    for wrong, parts in WRONG.items():
        yield from (f"{wrong} on paper: {part}" for part in page.evaluate(parts))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    page.set_viewport_size(screen)
