"""The site where the storage, the server, the address or the browser is a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from bookweb.offline import MANIFEST
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live.reader import HELD, reading, touched, until_shown_is_kept
from tests.site.contents import chapters
from tests.site.fixtures import PATIENCE
from tests.site.server import served
from tools.browser import OPTIONS, executable

pytestmark = pytest.mark.browser

PAGES = [*chapters(), "search", "genindex"]
CHAPTER = "chapters/momentum/momentum.html"
EXERCISES = "chapters/reference/exercises.html"
FILL = """() => {
  let size = 1 << 20, n = 0;
  while (size) {
    try { localStorage.setItem(`filling ${n++}`, "x".repeat(size)); }
    catch { size >>= 1; }
  }
}"""


@pytest.fixture(scope="module")
def blocked(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser that is set to block all cookies, and with them all storage."""
    folder = tmp_path_factory.mktemp("profile")
    (folder / "Default").mkdir()
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (folder / "Default" / "Preferences").write_text(json.dumps(settings))
    kind = browser.browser_type
    context = kind.launch_persistent_context(
        str(folder),
        executable_path=executable(SimpleNamespace(chromium=kind)),
        args=OPTIONS,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def run(page: Page, code: str) -> None:
    """Open the chapter's exercise, write this into it, and run it."""
    here = page.locator("#ex-live-momentum")
    here.get_by_role("button", name="Try it here").click()
    here.get_by_role("textbox").fill(code)
    here.get_by_role("button", name="Run", exact=True).click()


def output(page: Page) -> str:
    """Return what it printed."""
    log = page.locator("#ex-live-momentum").get_by_role("log")
    expect(log).to_be_visible()
    return log.inner_text()


def turn_theme(page: Page) -> None:
    """Press the theme's button; it goes from mode to mode and back."""
    mode = "document.documentElement.dataset.mode"
    modes = []
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        modes.append(page.evaluate(mode))
    assert sorted(modes) == ["auto", "dark", "light"]


@pytest.mark.parametrize("name", PAGES)
def test_no_script_fails_where_storage_is_blocked(
    blocked: BrowserContext, address: str, name: str
) -> None:
    page, wrong = blocked.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    page.goto(f"{address}/{name}.html", wait_until="networkidle")
    assert page.evaluate("localStorage instanceof Storage") is False
    turn_theme(page)
    assert not wrong
    page.close()


def test_search_and_python_work_where_storage_is_blocked(
    blocked: BrowserContext, address: str
) -> None:
    page = blocked.new_page()
    page.goto(f"{address}/search.html?q=momentum")
    expect(page.locator("article .search-status")).to_contain_text("results")
    page.goto(f"{address}/{CHAPTER}")
    run(page, "print(6 * 7)\n")
    assert output(page) == "42\n"
    unkept = page.get_by_text("This browser does not keep your text")
    expect(unkept).to_be_visible()
    page.goto(f"{address}/{EXERCISES}")
    count = page.locator(".exercise-count")
    expect(count).to_contain_text("This browser keeps nothing of what you solve")
    page.close()


def test_a_full_storage_is_no_hindrance_and_its_settings_hold(
    browser: Browser, address: str
) -> None:
    with reading(browser, f"{address}/{CHAPTER}") as seen:
        page = seen.page
        page.evaluate("localStorage.mode = localStorage.theme = 'dark'")
        page.evaluate(FILL)
        page.goto(f"{address}/{CHAPTER}")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        turn_theme(page)
        here = page.locator("#ex-live-momentum")
        here.get_by_role("button", name="Try it here").click()
        here.get_by_role("textbox").fill("mine = 1\n")
        unkept = page.get_by_text("This browser does not keep your text")
        expect(unkept).to_be_visible()
        page.goto(f"{address}/search.html?q=momentum")
        expect(page.locator("article .search-status")).to_contain_text("results")
        assert not seen.problems


def test_a_text_that_is_kept_raises_no_alarm(browser: Browser, address: str) -> None:
    """And where room runs out only while the page is open, that is said as well."""
    with reading(browser, f"{address}/{CHAPTER}") as seen:
        here = seen.page.locator("#ex-live-momentum")
        here.get_by_role("button", name="Try it here").click()
        here.get_by_role("textbox").fill("mine = 1\n")
        unkept = seen.page.get_by_text("This browser does not keep your text")
        expect(unkept).to_have_count(0)
        seen.page.evaluate(FILL)
        here.get_by_role("textbox").fill("mine = 1  # and more\n")
        expect(unkept).to_be_visible()
        assert not seen.problems


KEPT = """async () => {
  const names = await caches.keys();
  const held = await Promise.all(
    names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return held.reduce((sum, each) => sum + each, 0);
}"""


def test_pages_open_where_the_worker_has_no_room(
    browser: Browser, address: str
) -> None:
    """After a first visit that was kept, the quota is gone."""
    with reading(browser, f"{address}/{CHAPTER}") as seen:
        page = seen.page
        run(page, "print(1)\n")
        assert output(page) == "1\n"
        page.wait_for_function(f"async () => (await ({KEPT})()) > 0")
        page.wait_for_function("() => navigator.serviceWorker.controller")
        quota = {"origin": address, "quotaSize": 1}
        session = page.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", quota)
        for name in [*chapters()[:3], "search", CHAPTER.removesuffix(".html")]:
            response = page.goto(f"{address}/{name}.html", wait_until="networkidle")
            assert response
            assert response.from_service_worker
            assert response.ok
        assert not seen.problems


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain"])
def test_python_runs_from_a_server_that_knows_few_types(
    browser: Browser, html: Path, kind: str
) -> None:
    """All but pages, styles, pictures and scripts come under this type."""
    types = dict.fromkeys((".wasm", ".mjs", ".json", ".zip", ".woff2"), kind)
    with served(html, types=types) as site, reading(browser, f"{site}/{CHAPTER}") as it:
        run(it.page, "print(6 * 7)\n")
        assert output(it.page) == "42\n"
        touched(it.page)
        assert not it.problems


def test_where_no_module_runs_the_page_says_so(browser: Browser, html: Path) -> None:
    """A server that sends scripts as plain text, which modules must not be."""
    plain = served(html, types={".js": "text/plain"})
    with plain as site, reading(browser, f"{site}/{CHAPTER}") as seen:
        for place in (".trace-lab", "div.live-exercise"):
            said = seen.page.locator(f"{place} [role=status]").first
            expect(said).to_contain_text("What runs here could not be loaded")
            again = said.get_by_role("button", name="Load the page again")
            expect(again).to_be_visible()
        again.click()
        seen.page.wait_for_load_state()


TO_THE_END = """async () => {
  for (const section of document.querySelectorAll("section")) {
    section.scrollIntoView({ behavior: "instant" });
    await new Promise(requestAnimationFrame);
  }
  for (const picture of document.images) {
    picture.loading = "eager"; // also where it is hidden
    while (!picture.complete) await new Promise(requestAnimationFrame);
  }
  await document.fonts.ready;
}"""


def test_the_site_works_under_a_path(browser: Browser, html: Path) -> None:
    """Pages, search, lab, exercise, and the second visit without a network."""
    with (
        served(html, at="/some/path/") as site,
        reading(browser, f"{site}/index.html") as seen,
    ):
        page = seen.page
        page.wait_for_url(f"{site}/chapters/intro.html")
        page.goto(f"{site}/search.html?q=momentum")
        page.locator("article .search-list a").first.click()
        page.wait_for_url(f"{site}/chapters/**")
        page.goto(f"{site}/{CHAPTER}")
        touched(page)
        run(page, "print(6 * 7)\n")
        assert output(page) == "42\n"
        named = json.loads((html / "_static" / MANIFEST).read_text(encoding="utf-8"))
        files = [f"{site}/{path}" for path in named if "plotly" not in path]
        page.wait_for_function(HELD, arg=[url for url in files if "maths" not in url])
        page.reload(wait_until="networkidle")
        until_shown_is_kept(page, *files)
        page.context.set_offline(True)
        page.reload()
        touched(page)
        page.evaluate(TO_THE_END)
        assert not seen.problems
        own = site, "blob:"  # what a page makes itself
        assert not [url for url in seen.requests if not url.startswith(own)]


MISSING = ["nothing.html", "chapters/nothing", "chapters/adaptive/deep/er/nothing.html"]


@pytest.mark.parametrize("at", ["/", "/some/path/"])
@pytest.mark.parametrize("name", MISSING)
def test_a_missing_page_leads_on(
    browser: Browser, html: Path, at: str, name: str
) -> None:
    """At any depth of its address, and wherever the site lies."""
    with (
        served(html, at=at, page_404=True) as site,
        reading(browser, f"{site}/{name}") as seen,
    ):
        page = seen.page
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "There is no such page"
        )
        mine = f"(sheet) => sheet.href?.startsWith('{site}/')"
        sheet = f"() => [...document.styleSheets].some({mine})"
        page.wait_for_function(sheet)
        article = page.locator("article")
        expect(article.get_by_role("link", name="search")).to_have_attribute(
            "href", f"{at}search.html"
        )
        article.get_by_role("link", name="first page").click()
        page.wait_for_url(f"{site}/chapters/intro.html")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Gradient Ascent")


def test_a_missing_page_is_in_the_houses_look(browser: Browser, html: Path) -> None:
    with (
        served(html, page_404=True) as site,
        reading(browser, f"{site}/a/b.html") as seen,
    ):
        seen.page.wait_for_load_state("networkidle")
        assert seen.page.title() == "Page not found — Gradient Ascent"
        font = "getComputedStyle(document.querySelector('article p')).fontFamily"
        assert "Source Serif" in seen.page.evaluate(font)
        assert seen.page.locator(".bd-sidebar-primary a.internal").count() >= len(
            chapters()
        )
        turn_theme(seen.page)
        said = [each for each in seen.problems if "404" not in each]
        assert not said  # the page's own answer is a 404, as it must be
        missing = [each for each in seen.problems if "404" in each]
        assert len(missing) == 1
