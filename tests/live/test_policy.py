"""The content security policy: on every page, and not toothless.

That no page breaks it, `test_all_pages` sees.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.live.reader import Reader, reading
from tests.site.contents import ROOT
from tests.site.test_pages import PAGES, TWO_FRAMES

sys.path.insert(0, str(ROOT / "web"))

from bookweb.policy import policy, strict

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


ADD = "document.body.append(Object.assign(document.createElement({}), {{ {} }}))"
FORBIDDEN = "directive => window.forbidden?.startsWith(directive)"
HEAR = """() => addEventListener("securitypolicyviolation", (event) => {
  window.forbidden = event.violatedDirective;
})"""
CLICK = "; document.body.lastElementChild.click()"
INSERT = "document.body.insertAdjacentHTML('beforeend', `{}`)"


@pytest.fixture(scope="module")
def attacked(browser: Browser, address: str) -> Iterator[Reader]:
    with reading(browser, f"{address}/{PAGES[0]}.html") as seen:
        seen.page.evaluate(HEAR)
        yield seen


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
    attacked: Reader, attack: str, directive: str
) -> None:
    page = attacked.page
    page.evaluate(TWO_FRAMES)  # in which the last attack's echo comes
    attacked.problems.clear()
    page.evaluate(f"() => {{ window.forbidden = undefined; {attack} }}")
    page.wait_for_function(FORBIDDEN, arg=directive)
    assert page.evaluate("window.hit") is None
    assert any(directive in problem for problem in attacked.problems)
