"""The search without its words, a network, a server's top, or JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.live.reader import reading
from tests.site.searching import (
    CHAPTER,
    INDEX,
    MOMENTUM,
    Search,
    both,
    searching,
)
from tests.site.server import served

pytestmark = pytest.mark.browser

UNLOADED = "The search could not be loaded: type on to try again."


@both
@pytest.mark.parametrize("bad", ["no network", "404", "a page in its place"])
def test_where_the_words_cannot_be_loaded_it_says_so(
    browser: Browser, address: str, where: str, bad: str
) -> None:
    """In a sentence; and it works as soon as they can be."""

    def refuse(route: Route) -> None:
        if bad == "no network":
            route.abort()
        else:
            page = {"content_type": "text/javascript", "body": "<!DOCTYPE html>"}
            route.fulfill(status=404 if bad == "404" else 200, **page)

    name = CHAPTER if where == "dialog" else "search.html"
    with reading(browser, "about:blank") as reader:
        reader.page.route(f"**/{INDEX}", refuse)
        reader.page.goto(f"{address}/{name}")
        search = Search(reader, where)
        search.field.press_sequentially("moment")
        expect(search.status).to_have_text(UNLOADED)
        expect(search.results).to_have_count(0)
        reader.page.unroute_all()
        search.field.press_sequentially("um")
        expect(search.links.first).to_have_text("Momentum")


def test_without_javascript_the_search_page_says_so(
    browser: Browser, address: str
) -> None:
    """And shows no field that does nothing."""
    how = {"java_script_enabled": False}
    with reading(browser, f"{address}/search.html", **how) as reader:
        said = reader.page.locator(".no-script")
        expect(said).to_be_visible()
        assert "its search do not run" in said.inner_text()
        for field in reader.page.locator("input").all():
            expect(field).not_to_be_visible()


@both
def test_it_works_under_a_path_and_then_without_a_network(
    browser: Browser, html: Path, where: str
) -> None:
    """Asked once, and the page seen a second time, it needs no network any more."""
    with (
        served(html, at="/some/path/") as site,
        searching(browser, site, where) as search,
    ):
        page = search.page
        search.ask("momentum")
        assert search.addresses()[0] == MOMENTUM
        kept = """async (name) => {
          for (const key of await caches.keys())
            for (const { url } of await (await caches.open(key)).keys())
              if (url.includes(name)) return true;
        }"""
        page.wait_for_function(kept, arg=INDEX)
        page.reload(wait_until="networkidle")
        page.context.set_offline(True)
        page.reload()
        again = Search(search.reader, where)
        again.ask("nesterov")
        assert again.results.count()
        page.context.set_offline(False)
        again.ask("momentum")
        again.links.first.click()
        page.wait_for_url(f"{site}/{MOMENTUM}")
        assert not [url for url in search.reader.requests if not url.startswith(site)]


def test_it_works_where_a_page_is_missing(browser: Browser, html: Path) -> None:
    """However deep the address."""
    with (
        served(html, page_404=True) as site,
        reading(browser, f"{site}/a/b/nothing.html") as reader,
    ):
        search = Search(reader, "dialog")
        search.ask("momentum")
        search.field.press("Enter")
        reader.page.wait_for_url(f"{site}/{MOMENTUM}")


@both
def test_it_works_from_a_file(browser: Browser, html: Path, where: str) -> None:
    """There scripts run, though no module does and nothing can be fetched."""
    with searching(browser, html.as_uri(), where) as search:
        search.ask("momentum")
        search.links.first.click()
        search.page.wait_for_url(f"{html.as_uri()}/{MOMENTUM}")
