"""Code of 88 letters a line (80 in a box) and what it prints fit on a wide screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.site.contents import chapters

pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}
CLIPPED = """() => {
  for (const part of document.querySelectorAll("section")) part.style.contentVisibility = "visible";
  return [...document.querySelectorAll("article pre")].filter((code) => {
    if (code.closest("details, figure")) return false;
    const printed = code.closest(".cell_output");
    const fit = code.closest(".admonition") ? 80 : 88;
    const longest = Math.max(...code.textContent.split("\\n").map((line) => line.length));
    return (printed || longest <= fit) && code.scrollWidth > code.clientWidth;
  }).map((code) => code.textContent.slice(0, 200));
}"""  # noqa: E501
OUTSIDE = """() => [...document.querySelectorAll("article pre")]
  .filter((code) => code.getBoundingClientRect().right
    > document.querySelector("article").getBoundingClientRect().right)
  .map((code) => code.textContent.slice(0, 200))"""


@pytest.mark.parametrize("name", chapters())
def test_no_line_is_cut_off(browser: Browser, address: str, name: str) -> None:
    page = browser.new_page(viewport=WIDE)
    page.goto(f"{address}/{name}.html")
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OUTSIDE) == []
    page.close()
