"""The book where scripts do not run, and where there is no server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.contents import chapters

pytestmark = pytest.mark.browser

CHAPTER = "chapters/momentum/momentum"
PARTS = (
    "body",
    "h1",
    "article a.external",
    "article a.internal",
    "article code",
    "article pre",
    "pre .k",
    "pre .mi",
    "pre .c1",
    "pre .nf",
    "article table",
    ".admonition",
    "div.proof.theorem",
    "figcaption",
    ".bd-sidebar-primary a",
)
LOOKS = """(parts) => Object.fromEntries(parts.map((part) => {
  const { color, backgroundColor, borderLeftColor } =
    getComputedStyle(document.querySelector(part));
  return [part, [color, backgroundColor, borderLeftColor]];
}))"""


def looks(browser: Browser, address: str, **options: Any) -> dict[str, list[str]]:
    """Return the colours of a chapter's parts."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(f"{address}/{CHAPTER}.html")
    found: dict[str, list[str]] = page.evaluate(LOOKS, PARTS)
    context.close()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_scripts_the_page_has_its_colours(
    browser: Browser, address: str, scheme: str
) -> None:
    """Links, code, boxes and ground look as they do with scripts, in light."""
    bare = looks(browser, address, color_scheme=scheme, java_script_enabled=False)
    assert bare == looks(browser, address, color_scheme="light")
    assert len({look[0] for look in bare.values()}) > 5


@pytest.mark.parametrize("name", chapters())
def test_without_scripts_the_page_says_what_it_lacks(
    browser: Browser, address: str, name: str
) -> None:
    """One sentence, no button that does nothing, and of diagrams picture and words."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/{name}.html")
    said = page.locator(".no-script").inner_text()
    for lacking in ("JavaScript", "labs", "exercises", "search"):
        assert lacking in said
    assert dead(page, "button, input") == []
    for diagram in page.locator(".diagram").all():
        still = diagram.locator(".diagram-still")
        expect(still).to_be_visible()
        assert len(still.get_attribute("alt") or "") > 80
        expect(diagram.locator("> .live-status")).to_be_visible()
        expect(diagram.locator(".diagram-controls")).to_be_hidden()
    page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_without_scripts_every_chapter_can_be_reached(
    browser: Browser, address: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    page = browser.new_page(viewport=size, java_script_enabled=False)
    page.goto(f"{address}/search.html")
    for name in chapters():
        expect(page.locator(f'nav a[href="{name}.html"]').first).to_be_visible()
    page.locator('nav a[href="chapters/adaptive/adam.html"]:visible').click()
    expect(page.locator("h1")).to_contain_text("Adam")
    page.close()


def dead(page: Page, controls: str) -> list[str]:
    """Return the controls in sight."""
    shown = page.locator(controls).filter(visible=True)
    return shown.evaluate_all("(all) => all.map((control) => control.outerHTML)")


def test_from_a_file_the_book_reads_and_says_what_it_lacks(
    browser: Browser, html: Path
) -> None:
    """No server: text, type, pictures and links are there; what is not is said."""
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((html / "index.html").as_uri())
    page.wait_for_url("**/chapters/intro.html")
    page.wait_for_load_state()
    places = page.locator(".trace-lab, div.live-exercise, .race-words").all()
    assert len(places) > 2
    for place in places:
        assert "make serve" in (place.text_content() or "")  # which may be folded
    inside = ".trace-lab :is(button, input), div.live-exercise :is(button, input)"
    assert dead(page, inside) == []
    assert page.evaluate("document.fonts.ready.then(() => {})") is None
    assert page.evaluate("[...document.fonts].some((f) => f.status === 'loaded')")
    assert page.evaluate(
        "[...document.images].every((i) => i.loading === 'lazy' || i.naturalWidth > 0)"
    )
    page.locator(".right-next").click()
    page.wait_for_url("**/chapters/how-to-run.html")
    page.wait_for_load_state()
    assert page.locator("h1").is_visible()
    page.goto((html / "chapters/practice/escaping.html").as_uri())
    asking = page.locator(".diagram:has(.diagram-still)").first
    expect(asking).to_contain_text("http.server")
    expect(asking.locator(".diagram-still")).to_be_visible()
    assert errors == []
