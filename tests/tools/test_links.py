"""Every link of the site leads somewhere, and what leads nowhere is found."""

from __future__ import annotations

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tools.links import address, ask, follow

TOP = "https://owner.github.io/name/"
PAGE = """<meta property="og:image" content="{image}">
<form action="find.html"></form><h1 id="top">A</h1><a name="old"></a>
<a href="#top">up</a><a href="#old">old</a><a href="b%20c.html#d&eacute;j&agrave;">b</a>
<a href="deep/?q=1">deep</a><a href="mailto:a@x.org">a</a><img src="data:,x">
<a href="https://x.org/1">1</a><a href="https://x.org/1#2">2</a>
<script src="s.js?v=1"></script>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of three pages, in which no link is broken."""
    (tmp_path / "index.html").write_text(PAGE.format(image="s.js"), encoding="utf-8")
    (tmp_path / "b c.html").write_text('<p id="déjà">', encoding="utf-8")
    (tmp_path / "find.html").write_text("")
    (tmp_path / "s.js").write_text('open("chapters/c.html#x")')
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "index.html").write_text('<a href="../find.html">up</a>')
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "c.html").write_text('<a href="/find.html" id="x">')
    return tmp_path


def test_links_that_hold(site: Path) -> None:
    outside = {"https://x.org/1": ["index.html"], "https://x.org/1#2": ["index.html"]}
    assert follow(site) == ([], outside)


@pytest.mark.parametrize(
    ("name", "text", "link"),
    [
        ("index.html", '<a href="nowhere.html">', "nowhere.html"),
        ("index.html", '<a href="#nowhere">', "#nowhere"),
        ("index.html", '<a href="find.html#top">', "find.html#top"),
        ("index.html", '<img src="i.png">', "i.png"),
        ("index.html", '<meta http-equiv="refresh" content="0; url=i.html">', "i.html"),
        ("deep/index.html", '<a href="find.html">', "find.html"),
        ("s.js", 'open("chapters/c.html#y")', "chapters/c.html#y"),
        ("_static/book.css", "src: url('f.woff2')", "f.woff2"),
    ],
)
def test_links_that_do_not(site: Path, name: str, text: str, link: str) -> None:
    (site / "_static").mkdir()
    (site / name).write_text(text)
    assert follow(site)[0] == [f"{name} leads to {link}, where nothing is"]


def test_the_sites_own_address_is_followed_in_the_site(site: Path) -> None:
    """So is one that begins at the top of its host, under the path that it has."""
    assert address(site) != TOP
    (site / "robots.txt").write_text(f"Allow: /\nSitemap: {TOP}sitemap.xml\n")
    assert address(site) == TOP
    page = PAGE.format(image=f"{TOP}_static/card.png")
    (site / "index.html").write_text(page, encoding="utf-8")
    assert follow(site)[0] == [
        "chapters/c.html leads to /find.html, which is not in the site",
        f"index.html leads to {TOP}_static/card.png, where nothing is",
    ]


def test_only_what_is_gone_is_called_so() -> None:
    """A host that turns the asker away, or does not answer, may have the page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(HTTPStatus[self.path[1:]])
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("localhost", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        top = f"http://localhost:{server.server_port}/"
        assert ask(f"{top}OK#here") == ""
        assert ask(f"{top}NOT_FOUND") == ask(f"{top}GONE") == "gone"
        assert ask(f"{top}FORBIDDEN") == "unsure: 403"
        server.shutdown()
    assert ask(f"{top}OK").startswith("unsure: ")
    assert ask(f"{top}Gauß").startswith("unsure: ")


@pytest.mark.browser
def test_no_link_of_the_book_is_broken(html: Path) -> None:
    broken, outside = follow(html)
    assert broken == []
    assert len(outside) > 100
