"""Print the book from the built site, as one PDF: `make pdf`.

Chromium prints one long document, so that its own outline, tags and page numbers go
through the whole book, and a link from chapter to chapter leads to a page. It does so
twice: where a chapter begins, its contents can tell only once it has been printed.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from playwright.sync_api import Browser, Page

from gradient_ascent import __version__
from tools.browser import chromium
from tools.console import fail, say, timed
from tools.environment import BUILD, ROOT
from tools.pages import served
from tools.serve import built

TARGET = BUILD / "gradient-ascent.pdf"
HERE = Path(__file__).resolve().parent
# Of a page: what works on a screen alone; of the first one, the list that the book's
# own contents take the place of.
LEFT_OUT = "script, audio, nav, .headerlink, .no-script, .copybtn, #the-chapters"
EMPTY = """<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="_static/book.css"><style>{style}</style></head>
<body><main id="main-content" class="bd-main"><div class="bd-content">
<div class="bd-article-container"></div></div></main></body></html>"""
COVER = """<h1>{title}</h1><p>{words}</p><img src="_static/cover.svg" alt="">
<p>{author}</p><p class="small">Version {version}. The text and its pictures may be used
under CC BY 4.0, the code under the MIT license. Where the text asks to press, drag,
move or open something, it speaks of the page on the web.</p>"""
NUMBERED = """(begins) => {
  for (const link of document.querySelectorAll(".book-contents a"))
    link.nextSibling.textContent = begins[link.hash.slice(1)];
}"""
PAGE = rb"\b(\d+) 0 obj\n<</Type /Page\n"
Parts = list[dict[str, Any]]


def contents() -> Parts:
    """Return the book's pages as its contents list them: captions, and their pages."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    first = {"caption": "", "names": [toc["root"]]}
    return [
        first,
        *(
            {
                "caption": part.get("caption", ""),
                "names": [chapter["file"] for chapter in part["chapters"]],
            }
            for part in toc["parts"]
        ),
    ]


def print_book(browser: Browser, site: Path, parts: Parts) -> bytes:
    """Print pages of the site, and return the PDF."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    first = (site / f"{parts[0]['names'][0]}.html").read_text(encoding="utf-8")
    words = re.findall(r'<meta property="og:description" content="(.*?)"', first)
    said = {"title": config["title"], "author": config["author"]}
    cover = COVER.format(**said, words=words[0], version=__version__)
    style = (HERE / "pdf.css").read_text(encoding="utf-8")
    empty = EMPTY.format(title=html.escape(config["title"]), style=style)
    with served(site) as address:
        page = browser.new_page()
        page.set_default_timeout(0)  # it takes as long as it takes
        page.route(
            "**/book.html",
            lambda route: route.fulfill(body=empty, content_type="text/html"),
        )
        page.goto(f"{address}book.html")
        broken = page.evaluate(
            (HERE / "pdf.js").read_text(encoding="utf-8"),
            {"parts": parts, "cover": cover, "leftOut": LEFT_OUT},
        )
        if broken:
            fail(f"the book has a {'; a '.join(broken)} that leads nowhere.")
        begins = places(paper(page, finished=False))
        page.evaluate(NUMBERED, begins)
        printed = paper(page, finished=True)
        page.close()
    if places(printed) != begins:
        fail("the book's pages are others once its contents have their numbers.")
    if lost := astray(printed):
        fail(f"the PDF has links to {', '.join(lost)}, which it does not hold.")
    return printed


def paper(page: Page, *, finished: bool) -> bytes:
    """Print what a page of the site's shows, with or without outline and tags."""
    return page.pdf(
        prefer_css_page_size=True,
        print_background=True,
        outline=finished,
        tagged=finished,
    )


def places(printed: bytes) -> dict[str, int]:
    """Return the places to which a PDF of Chromium's has links, and their pages."""
    pages = {each: number for number, each in enumerate(re.findall(PAGE, printed), 1)}
    found = re.findall(rb"/(?!Dest )(\S+) \[(\d+) 0 R /XYZ", printed)
    return {spelled(name): pages[at] for name, at in found}


def astray(printed: bytes) -> list[str]:
    """Return the places to which a PDF of Chromium's has links, but which it lacks."""
    asked = {spelled(name) for name in re.findall(rb"/Dest /(\S+)", printed)}
    served_here = re.findall(rb"/URI \((http://localhost\b[^)]*)", printed)
    return sorted({*(asked - places(printed).keys()), *map(bytes.decode, served_here)})


def spelled(name: bytes) -> str:
    """Return a name as it is before a PDF escapes it."""
    return unquote(name.decode().replace("#", "%"))


def main() -> None:
    """Print the whole book."""
    site = built()
    try:
        with chromium() as browser, timed("pdf", "printing the book"):
            printed = print_book(browser, site, contents())
    except FileNotFoundError as error:
        fail(f"{error}.")
    TARGET.write_bytes(printed)
    pages, size = len(re.findall(PAGE, printed)), len(printed) / 1_000_000
    say("pdf", f"{TARGET.relative_to(ROOT)}, {pages} pages, {size:.0f} MB")


if __name__ == "__main__":
    main()
