"""On a phone no line begins with the full stop that ends a formula."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.site.contents import chapters

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 800}
# Formulas whose last part stands on a line, and the sign that follows on the next.
STRANDED = """() => {
  for (const part of document.querySelectorAll("section"))
    part.style.contentVisibility = "visible";
  const stranded = [];
  for (const formula of document.querySelectorAll("span.math")) {
    const after = formula.nextSibling;
    const last = [...formula.querySelectorAll(".katex-base")].at(-1);
    if (!last || after?.nodeType !== Node.TEXT_NODE) continue;
    if (!/^[,.;:?!)]/.test(after.data)) continue;
    const sign = document.createRange();
    sign.setStart(after, 0);
    sign.setEnd(after, 1);
    const [end, begin] = [last, sign].map((each) => each.getBoundingClientRect());
    if (begin.left < end.left && begin.top > end.top + 8)
      stranded.push(formula.textContent + after.data);
  }
  return stranded;
}"""


@pytest.mark.parametrize("name", chapters())
def test_no_line_begins_with_a_full_stop(
    browser: Browser, address: str, name: str
) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(f"{address}/{name}.html")
    assert page.evaluate(STRANDED) == []
    page.close()
