"""The search: its page, and one script that holds it and the words of each section."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from bookweb.assets import NODE_MODULES
from bookweb.esbuild import esbuild, licensed

SCRIPT = "_static/search/search-book.js"  # search.js loads it
KEPT = ".sections.json"  # what a page's sections are kept as, beside its doctree
# What nobody looks for, and what reads badly in a line of prose.
_SKIPPED = (
    nodes.Invisible,
    nodes.image,
    nodes.label,
    nodes.raw,
    addnodes.desc,  # each is found by itself
    addnodes.toctree,
)
_WORD = re.compile(r"\d+\.\d+|[^\W_]+")
_MACRO = re.compile(r"\\([A-Za-z]+)")
_RAISED = re.compile(r"([_^])([0-9tikn]\b)")
_SIGNS = {
    "_": str.maketrans("0123456789tikn", "₀₁₂₃₄₅₆₇₈₉ₜᵢₖₙ"),
    "^": str.maketrans("0123456789tikn", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵗⁱᵏⁿ"),
}
Section = dict[str, str]


def sections(document: nodes.document, address: str) -> Iterator[Section]:
    """Give each section's address, its prose, and the words of its code.

    The one that opens the page has its title, each other one a heading and the page.
    """
    title = ""
    for section in filter(_is_headed, document.findall(nodes.section)):
        heading = _line([said(section[0])])
        prose: list[str] = []
        code: list[str] = []
        _read(section.children[1:], prose, code)
        words = {"prose": _line(prose), "code": _words(code)}
        if title:
            place = f"{address}#{section['ids'][0]}"
            yield {"address": place, "heading": heading, "page": title, **words}
        else:
            title = heading
            yield {"address": address, "title": title, **words}
        for entry in section.children:
            if isinstance(entry, addnodes.desc):
                yield _entry(entry, address, title)


def _entry(entry: addnodes.desc, address: str, page: str) -> Section:
    """Give a name of the API, with the line that says what it is."""
    signature = next(entry.findall(addnodes.desc_signature))
    summary = next(entry.findall(nodes.paragraph), nodes.paragraph())
    return {
        "address": f"{address}#{signature['ids'][0]}",
        "heading": f"{signature['module'].rpartition('.')[2]}.{signature['fullname']}",
        "page": page,
        "prose": _line([said(summary)]),
        "code": "",
    }


def _is_headed(part: nodes.Node) -> bool:
    """Whether this is a section of the page; theorems and exercises hold others."""
    return isinstance(part, nodes.section) and isinstance(part[0], nodes.title)


def _read(parts: Iterable[nodes.Node], prose: list[str], code: list[str]) -> None:
    for part in parts:
        if isinstance(part, _SKIPPED) or _is_headed(part) or _is_marked(part):
            continue
        if isinstance(part, nodes.literal_block):
            code.append(part.astext())
        elif isinstance(part, nodes.math_block):
            prose.append("…")
        elif isinstance(part, nodes.TextElement):
            prose.append(said(part))
        else:
            _read(part.children, prose, code)
            if isinstance(part, nodes.entry | nodes.list_item):
                prose.append("·")


def _is_marked(part: nodes.Node) -> bool:
    """Whether this is what a cell has printed, a claim, or a note beside the text."""
    marks = {
        "api-names", "cell_output", "checked", "exercise-about", "meaning",
        "source-file", "tag_claim",
    }  # fmt: skip
    return isinstance(part, nodes.Element) and not marks.isdisjoint(part["classes"])


def said(part: nodes.Node) -> str:
    """Return the words of a line."""
    if isinstance(part, nodes.math):
        return plain(part.astext())
    if isinstance(part, nodes.Text):
        return str(part)
    if isinstance(part, _SKIPPED) or _is_marked(part):
        return ""
    return "".join(map(said, part.children))


def plain(formula: str) -> str:
    """Return a formula in letters and signs, or dots where these do not say it."""
    signs = _MACRO.sub(_sign, formula)
    line = _RAISED.sub(lambda it: it[2].translate(_SIGNS[it[1]]), signs)
    return "…" if set(line) & set("\\{}^_") else line


def _sign(macro: re.Match[str]) -> str:
    """Return the Greek letter or the relation, whose name HTML shares with LaTeX."""
    sign = html.unescape(f"&{macro[1]};")
    if len(sign) == 1 and ("α" <= sign <= "ω" or unicodedata.category(sign) == "Sm"):
        return sign
    return macro[0]


def _line(texts: list[str]) -> str:
    return " ".join(" ".join(texts).split())


def _words(texts: list[str]) -> str:
    """Return each word once: nobody is shown where in the code it stands."""
    return " ".join(dict.fromkeys(_WORD.findall(" ".join(texts))))


def script(found: list[Section]) -> str:
    """Return the search in some sections, as a script that also runs from a file.

    Raises:
        ExtensionError: esbuild cannot make it.
    """
    source = f"""import {{ searcher }} from "./search.mjs";
    window.searchBook = searcher({json.dumps(found)});"""
    banner = licensed(NODE_MODULES / "minisearch" / "LICENSE.txt")
    options = ("--bundle", "--charset=utf8", banner)
    return esbuild("the search", *options, source=source)


def _replace(app: Sphinx) -> None:
    vars(app.builder)["search"] = False  # Sphinx's own, with its index and page


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "search", {"title": "Search"}, "search.html"


def _keep(app: Sphinx, document: nodes.document, name: str) -> None:
    """Keep a page's sections for the builds in which it is not written."""
    if app.builder.format == "html":
        found = list(sections(document, app.builder.get_target_uri(name)))
        _kept(app, name).write_text(json.dumps(found), encoding="utf-8")


def _kept(app: Sphinx, name: str) -> Path:
    return Path(app.doctreedir, f"{name}{KEPT}")


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    names = sorted(app.env.found_docs)
    pages = [json.loads(_kept(app, name).read_text("utf-8")) for name in names]
    file = Path(app.outdir) / SCRIPT
    file.parent.mkdir(exist_ok=True)
    file.write_text(script([each for page in pages for each in page]), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the page, its script and its styles, and the writing of the index."""
    app.connect("builder-inited", _replace)
    app.connect("html-collect-pages", _page)
    app.connect("doctree-resolved", _keep, priority=900)  # when others are done with it
    app.connect("build-finished", _write)
    app.add_js_file("search.js", loading_method="defer")
    app.add_css_file("search.css", priority=900)
