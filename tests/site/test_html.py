"""The built pages as text: headings, pictures, what they say of themselves."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.site.contents import chapters
from tests.site.soup import soup

pytestmark = pytest.mark.browser

CHAPTERS = chapters()
PAGES = [*CHAPTERS, "404", "genindex", "index", "search"]


def signed(text: str) -> bool:
    """Whether a hyphen stands where a number has its sign."""
    return bool(re.search(r"(?<![\w.−-])-(?=[\d.∞])|\de-\d", text))


def found(html: Path, page: Path, path: str) -> Path:
    """Return the file that an address on a page leads to, in the site at its top."""
    if not path:
        return page
    top = html if path.startswith("/") else page.parent
    return (top / unquote(path).removeprefix("/")).resolve()


@pytest.mark.parametrize("name", PAGES)
def test_a_minus_sign_is_one(html: Path, name: str) -> None:
    """In what is read: code keeps Python's hyphen, formulas have their own sign."""
    verbatim = "code, pre, script, style, svg, .math, .katex, dt.sig"
    hyphens = [
        text
        for text in soup(html / f"{name}.html").find_all(string=signed)
        if not any(part.css.match(verbatim) for part in text.parents if part.parent)
    ]
    assert not hyphens


@pytest.mark.parametrize("name", PAGES)
def test_page_names_its_icon(html: Path, name: str) -> None:
    """A browser else asks for /favicon.ico, which is not there."""
    page = html / f"{name}.html"
    (icon,) = soup(page).find_all("link", rel="icon")
    assert found(html, page, icon["href"]).read_text("utf-8").startswith("<svg")


def test_the_entry_leads_to_the_first_page(html: Path) -> None:
    entry = soup(html / "index.html")
    assert entry.find("meta", {"http-equiv": "refresh"})["content"] == (
        f"0; url={CHAPTERS[0]}.html"
    )
    assert entry.a["href"] == f"{CHAPTERS[0]}.html"


def test_the_entry_says_what_the_first_page_is(html: Path) -> None:
    """Link previews do not follow where it leads."""
    first, entry = (
        {
            tag.get("name") or tag.get("property"): tag["content"]
            for tag in soup(html / f"{name}.html").head.find_all("meta", content=True)
        }
        for name in (CHAPTERS[0], "index")
    )
    said = {name for name in first if name and name.startswith(("og:", "description"))}
    assert {"description", "og:title", "og:description", "og:site_name"} <= said
    assert all(entry[name] == first[name] for name in said)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_preview_has_the_pages_own_title(html: Path, name: str) -> None:
    page = soup(html / f"{name}.html")
    title = page.head.find("meta", property="og:title")["content"]
    assert title in page.find("main").h1.text
    assert page.head.find("meta", property="og:description")["content"].strip()


@pytest.mark.parametrize("name", CHAPTERS)
def test_ids_are_unique(html: Path, name: str) -> None:
    """No two places of a page have the same name."""
    ids = Counter(tag["id"] for tag in soup(html / f"{name}.html").find_all(id=True))
    assert [name for name, times in ids.items() if times > 1] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_headings_are_in_order(html: Path, name: str) -> None:
    """One title, and no level skipped on the way down."""
    headings = soup(html / f"{name}.html").find("main").find_all(re.compile("^h[1-6]$"))
    levels = [int(heading.name[1]) for heading in headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("name", CHAPTERS)
def test_pictures_are_described(html: Path, name: str) -> None:
    """Every picture of a chapter says what it shows, and every figure has a caption."""
    article = soup(html / f"{name}.html").find("article")
    assert [
        str(image) for image in article.find_all("img") if not image.get("alt")
    ] == []
    assert [str(f) for f in article.find_all("figure") if not f.figcaption] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_page_says_what_it_is(html: Path, name: str) -> None:
    """A title and one description, for search engines and link previews."""
    head = soup(html / f"{name}.html").head
    (description,) = head.find_all("meta", {"name": "description"})
    assert head.title.string.strip()
    assert description["content"].strip()


def test_titles_differ(html: Path) -> None:
    """No two pages have the same title."""
    titles = [soup(html / f"{name}.html").head.title.string for name in CHAPTERS]
    assert len(set(titles)) == len(titles)


def test_the_books_title_is_said_once(html: Path) -> None:
    """The landing page has it alone; another page's own title comes first."""
    for page in PAGES:
        title = soup(html / f"{page}.html").head.title.string
        assert title.count("Gradient Ascent") == 1
        assert title.endswith("Gradient Ascent")
        assert (title == "Gradient Ascent") is (page in (CHAPTERS[0], "index"))


def test_no_page_is_published_that_nobody_wrote(html: Path) -> None:
    """Chapters, the index, the search, the page for what is missing; no bare lists."""
    pages = {
        file.relative_to(html).as_posix()
        for file in html.rglob("*.html")
        if "_static" not in file.parts
    }
    assert pages == {f"{name}.html" for name in PAGES}


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_page_asks_to_be_followed_ahead(html: Path, name: str) -> None:
    """Firefox loads a `next` ahead, against the page's policy, and says so."""
    links = soup(html / f"{name}.html").head.find_all("link")
    assert not [link for link in links if {"next", "prefetch"} & set(link["rel"])]


@pytest.mark.parametrize("name", CHAPTERS)
def test_nothing_of_this_machine_is_published(html: Path, name: str) -> None:
    """No page shows the folder in which it was built."""
    assert str(html.parents[1]) not in (html / f"{name}.html").read_text(
        encoding="utf-8"
    )
