"""The content security policy: on every page, broken nowhere, and not toothless."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.live.reader import reading, unfold
from tests.site.contents import ROOT, chapters

sys.path.insert(0, str(ROOT / "web"))

from bookweb.policy import policy, strict

PAGES = [*chapters(), "search", "genindex"]
META = '<meta http-equiv="Content-Security-Policy" content="'


def test_inline_scripts_are_named_by_their_digest() -> None:
    page = '<script>one()</script><script src="a.js"></script><style>p{}</style>'
    rules = dict(rule.split(" ", 1) for rule in policy(page).split("; "))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(
        r"'self' 'wasm-unsafe-eval' 'sha256-[\w+/]{43}='", rules["script-src"]
    )
    assert re.fullmatch(r"'self' 'sha256-[\w+/]{43}='", rules["style-src"])
    assert policy("<script>two()</script>") != policy("<script>one()</script>")


def test_the_policy_comes_first_and_once() -> None:
    head = '<head><meta charset="utf-8" />\n<script>one()</script>'
    page = strict(f'{head}</head><button onclick="window.print()">Print</button>')
    assert page.index(META) < page.index("<script>")
    assert "onclick" not in page
    assert strict(page) == page
    assert strict("<meta http-equiv=refresh>").startswith(META)


@pytest.mark.browser
def test_every_page_has_a_policy(html: Path) -> None:
    pages = [page for page in html.rglob("*.html") if "_static" not in page.parts]
    assert len(pages) > len(PAGES)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.count(META) == 1, page
        assert not re.search(r'<[^>]*\son[a-z]+="|href="javascript:', text), page


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_its_policy(browser: Browser, address: str, name: str) -> None:
    """Neither as it loads, nor when whatever is live in it is touched."""
    with reading(browser, f"{address}/{name}.html") as seen:
        page = seen.page
        page.wait_for_load_state("networkidle")
        unfold(page)
        for lab in page.locator(".trace-lab").all():
            lab.scroll_into_view_if_needed()
            lab.get_by_role("slider", name="Start of the runs").press("ArrowLeft")
            lab.get_by_role("button", name="Reset").click()
            expect(lab.locator(".lab-said")).not_to_be_empty()
        for surface in page.locator(".live-surface").all():
            surface.get_by_role("button", name="Turn it in space").click()
            expect(surface.locator("canvas").first).to_be_visible()
        for exercise in page.locator("div.live-exercise").all():
            exercise.get_by_role("button", name="Try it here").click()
            exercise.get_by_role("button", name="Check").click()
            said = exercise.locator("[role=status][data-how=bad]")
            expect(said).to_contain_text("Not yet")
        assert not [problem for problem in seen.problems if "forbidden" in problem]


ADD = "document.body.append(Object.assign(document.createElement({}), {{ {} }}))"
FORBIDDEN = "directive => window.forbidden?.startsWith(directive)"
HEAR = """addEventListener("securitypolicyviolation", (event) => {
  window.forbidden = event.violatedDirective;
})"""
CLICK = "; document.body.lastElementChild.click()"
INSERT = "document.body.insertAdjacentHTML('beforeend', `{}`)"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("attack", "directive"),
    [
        (ADD.format("'script'", "textContent: 'window.hit = 1'"), "script-src"),
        (ADD.format("'script'", "src: 'https://example.org/a.js'"), "script-src"),
        (INSERT.format('<b onclick="window.hit = 1"></b>') + CLICK, "script-src"),
        ("setTimeout('window.hit = 1')", "script-src"),
        (INSERT.format("<style>body { color: red }</style>"), "style-src"),
        ("fetch('https://example.org/').catch(() => {})", "connect-src"),
        (INSERT.format('<iframe src="/"></iframe>'), "frame-src"),
    ],
    ids=["script", "foreign", "handler", "text", "style", "fetch", "frame"],
)
def test_what_is_put_into_a_page_is_not_run(
    browser: Browser, address: str, attack: str, directive: str
) -> None:
    with reading(browser, f"{address}/{PAGES[0]}.html") as seen:
        seen.page.evaluate(f"() => {{ {HEAR}; {attack} }}")
        seen.page.wait_for_function(FORBIDDEN, arg=directive)
        assert seen.page.evaluate("window.hit") is None
        assert any(directive in problem for problem in seen.problems)
