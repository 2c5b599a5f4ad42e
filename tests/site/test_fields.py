"""The landing page shows each field of application: a picture, a title, a sentence."""

from __future__ import annotations

from pathlib import Path

from tests.site.contents import ROOT, chapters
from tests.site.soup import soup

HTML = ROOT / "_build" / "html"


def test_each_field_has_its_card() -> None:
    """In reading order; sentence and picture are those of the chapter."""
    landing = HTML / f"{chapters()[0]}.html"
    cards = soup(landing).select(".fields > li")
    fields = [name for name in chapters() if name.startswith("chapters/applications/")]
    assert len(cards) == len(fields) > 0
    for card, field in zip(cards, fields):
        link = card.select_one("a[href]")
        assert link is not None
        file = (landing.parent / str(link["href"])).resolve()
        assert file == (HTML / f"{field}.html").resolve()
        page = soup(file)
        described = page.select_one('meta[name="description"]')
        assert described is not None and str(described["content"]) in card.text
        title = page.select_one("article h1")
        assert title is not None and link.text in title.text
        picture, first = card.img, page.select_one('article img[src*="_images/"]')
        assert picture is not None and first is not None
        assert Path(str(picture["src"])).name == Path(str(first["src"])).name
        assert len(str(picture["alt"])) > 40
