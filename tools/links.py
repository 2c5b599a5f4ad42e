"""Follow every link of the built site: `python -m tools.links [ask]`.

One that stays in the site must lead to a file, and to a place in it. Those that leave
it are listed; with `ask`, which needs a network, each is asked for, and one that leads
nowhere is an error.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from html.parser import HTMLParser
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urldefrag, urljoin
from urllib.request import Request, urlopen

from tools.console import fail, say
from tools.serve import built

NOWHERE = "http://site.invalid/"  # where a site is whose address nobody knows
HOLD = {"href", "src", "action", "poster", "data-races", "data-surface"}
WHOLE = {"og:image", "og:url"}  # of `meta`, whose content is an address
# Scripts lead to pages too: the search to all that it knows.
IN_SCRIPTS = re.compile(r'"(chapters/[\w/-]+\.html(?:#[^"\s]*)?)"')
IN_STYLES = re.compile(r"""url\(["']?([^"')]+)""")
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
PATIENCE = 30  # seconds for an answer


class Page(HTMLParser):
    """A page's places, and the addresses in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a tag says."""
        told = {name: value for name, value in attrs if value is not None}
        self.places.add(told.get("id", ""))
        if tag == "a":
            self.places.add(told.get("name", ""))
        self.links += [told[name] for name in sorted(HOLD & told.keys())]
        if tag == "meta" and told.get("property") in WHOLE:
            self.links.append(told["content"])
        if tag == "meta" and told.get("http-equiv") == "refresh":
            self.links.append(told["content"].partition("url=")[2])


@cache
def page(file: Path) -> Page:
    """Read a page, once."""
    return Page(file.read_text(encoding="utf-8"))


def links(site: Path) -> Iterator[tuple[str, str]]:
    """Find all addresses: first the file they stand in, by its path, then they."""
    for file in sorted(site.rglob("*.html")):
        if "_static" not in file.parts:  # the theme's templates lie there
            name = file.relative_to(site).as_posix()
            yield from ((name, link) for link in page(file).links)
    for file in sorted(site.rglob("*.js")):
        name = file.relative_to(site).as_posix()
        for link in IN_SCRIPTS.findall(file.read_text(encoding="utf-8")):
            yield name, "../" * name.count("/") + link  # they are told from the top
    sheet = site / "_static" / "book.css"
    for link in IN_STYLES.findall(sheet.read_text("utf-8")) if sheet.exists() else ():
        yield "_static/book.css", link


def address(site: Path) -> str:
    """Return the address at which a site stands, as its `robots.txt` tells it."""
    robots = site / "robots.txt"
    told = robots.read_text("utf-8") if robots.exists() else ""
    match = re.search(r"^Sitemap: (.*)sitemap\.xml$", told, re.MULTILINE)
    return match[1] if match else NOWHERE


def follow(site: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Follow a site's links.

    Returns:
        Sentences on those that lead nowhere within it; and the addresses outside, each
        with the pages that lead there.
    """
    top = address(site)
    broken: dict[str, None] = {}
    outside: defaultdict[str, list[str]] = defaultdict(list)
    for name, link in links(site):
        whole = urljoin(top + name, link)
        if whole.startswith(top):
            if not leads(site, *urldefrag(whole.removeprefix(top))):
                broken[f"{name} leads to {link}, where nothing is"] = None
        elif not re.match(r"\w+:|//", link):
            broken[f"{name} leads to {link}, which is not in the site"] = None
        elif re.match(r"https?:", whole) and name not in outside[whole]:
            outside[whole].append(name)
    return list(broken), dict(outside)


def leads(site: Path, path: str, place: str) -> bool:
    """Whether there is such a file in a site, and such a place in it."""
    file = site / unquote(path.partition("?")[0])
    if file.is_dir():
        file /= "index.html"
    if not file.is_file():
        return False
    return not place or file.suffix != ".html" or unquote(place) in page(file).places


def ask(whole: str) -> str:
    """Ask for an address; return in a word or two what speaks against it."""
    request = Request(urldefrag(whole).url, headers={"User-Agent": "Mozilla/5.0"})
    try:
        with urlopen(request, timeout=PATIENCE):
            return ""
    except HTTPError as error:  # some turn away whoever is no browser
        return "gone" if error.code in GONE else f"unsure: {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return f"unsure: {error}"


def main() -> None:
    """Say what is broken, and list what leaves the site."""
    if sys.argv[1:] not in ([], ["ask"]):
        fail(f"links takes nothing, or `ask`; got {' '.join(sys.argv[1:])}.")
    broken, outside = follow(built())
    for each in broken:
        say("broken", each)
    answers = dict.fromkeys(outside, "")
    if "ask" in sys.argv:
        with ThreadPoolExecutor(8) as pool:
            answers = dict(zip(outside, pool.map(ask, outside)))
    for whole, names in sorted(outside.items()):
        found = "" if len(names) < 2 else f" and {len(names) - 1} more"
        say(answers[whole], f"{whole} ({names[0]}{found})")
    gone = [whole for whole, answer in answers.items() if answer == "gone"]
    say("links", f"{len(outside)} addresses outside the site")
    if broken or gone:
        fail(f"{len(broken) + len(gone)} links lead nowhere.")


if __name__ == "__main__":
    main()
