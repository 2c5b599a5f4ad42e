"""What a term or a symbol means is shown where a page first uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from bookweb.search import said

GLOSSARY = "chapters/reference/glossary"
NOTATION = "chapters/notation"
SYMBOLS = (r"\theta^*", r"\eta", r"\mu", r"\lambda", r"\kappa", r"\beta_1", r"\beta_2")
"""Those that no chapter uses for anything else than the notation says."""
# A link would stand in another there, or nobody reads it as a sentence.
_LEFT_OUT = (
    addnodes.literal_emphasis,  # types and arguments, in the API
    addnodes.literal_strong,
    nodes.FixedTextElement,
    nodes.caption,
    nodes.citation,
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.reference,
    nodes.table,
    nodes.title,
)
_BESIDE = {"cell", "exercise", "admonition", "note", "explained"}  # the text


class Meaning(NamedTuple):
    """Where something is explained, and a line of what it says there."""

    page: str
    anchor: str
    told: str


Meanings = dict[str, Meaning]


def terms(page: nodes.document) -> Meanings:
    """Return each term of the glossary: the first paragraph says what it is."""
    return {
        term.astext().lower(): Meaning(GLOSSARY, term["ids"][0], said(told))
        for item in page.findall(nodes.definition_list_item)
        for term in item.findall(nodes.term)
        if (told := item.next_node(nodes.paragraph))
    }


def symbols(page: nodes.document) -> Meanings:
    """Return each symbol of the notation's tables, with all that it stands for."""
    found: Meanings = {}
    for row in page.findall(nodes.row):
        sign, meant, *_ = row.findall(nodes.paragraph)
        told, section = said(meant), row.parent
        while not isinstance(section, nodes.section):
            section = section.parent
        if known := found.get(sign.astext()):
            told = f"{known.told}; or {told}"
        if sign.astext() in SYMBOLS:
            found[sign.astext()] = Meaning(NOTATION, section["ids"][0], told)
    return found


def _renew(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Read the meanings; where one has changed, every page is written anew."""
    now: tuple[Meanings, Meanings] = {}, {}
    for known, page, read in zip(now, (GLOSSARY, NOTATION), (terms, symbols)):
        known |= read(env.get_doctree(page)) if page in env.found_docs else {}
    before: tuple[Meanings, Meanings] = getattr(env, "book_meanings", ({}, {}))
    env.book_meanings = now  # type: ignore[attr-defined]
    return [] if now == before else sorted(env.found_docs)


def _explain(app: Sphinx, page: nodes.document, name: str) -> None:
    """Link what the page uses first, outside headings, links and boxes."""
    if name in (GLOSSARY, NOTATION, app.config.root_doc):
        return
    words, signs = map(dict, app.env.book_meanings)  # type: ignore[attr-defined]
    any_term = _any_of(words)

    def linked(meaning: Meaning, shown: nodes.Node) -> nodes.Node:
        address = app.builder.get_relative_uri(name, meaning.page)
        link = nodes.reference(refuri=f"{address}#{meaning.anchor}", internal=True)
        link += shown
        if isinstance(shown, nodes.math):  # a formula is no name that can be read out
            link += nodes.inline("", meaning.told, classes=["visually-hidden"])
        told = nodes.inline("", meaning.told, classes=["meaning"])
        return nodes.inline("", "", link, told, classes=["explained"])

    def split(text: str) -> Iterator[nodes.Node]:
        end = 0
        for found in any_term.finditer(text):
            term = " ".join(found[1].lower().split())
            if meaning := words.pop(term, None):
                yield nodes.Text(text[end : found.start()])
                yield linked(meaning, nodes.Text(found[0]))
                end = found.end()
        yield nodes.Text(text[end:])

    for link in list(page.findall(nodes.reference)):
        if "std-term" not in str(link):  # the author says that it is one
            continue
        anchor = link["refuri"].partition("#")[2]
        term = next(x for x in words if words[x].anchor == anchor)
        link.parent.replace(link, linked(words.pop(term), link[0].deepcopy()))
    for part in _prose(page):
        if isinstance(part, nodes.Text):
            parts = [each for each in split(str(part)) if each.astext()]
            part.parent.replace(part, parts)
            continue
        assert isinstance(part, nodes.math)
        if _stands_free(part) and (meaning := signs.pop(part.astext(), None)):
            part.parent.replace(part, linked(meaning, part.deepcopy()))


def _any_of(terms: Meanings) -> re.Pattern[str]:
    """Any of the terms, the longest first, or many of it; none if there are none.

    What a year follows is an author's name.
    """
    words = (re.escape(x) for x in sorted(terms, key=len, reverse=True))
    either = "|".join(words).replace(r"\ ", r"\s+")
    return re.compile(
        rf"(?<![\w-])({either or '(?!)'})s?(?![\w-]|\s\(\d{{4}})", re.IGNORECASE
    )


def _prose(page: nodes.document) -> list[nodes.Node]:
    """Return the texts and formulas that are read at first: nothing folds them."""
    found, folds = [], 0
    for part in page.findall():
        if isinstance(part, nodes.raw):
            folds += part.astext().count("<details") - part.astext().count("</details")
        elif not folds and _is_prose(part):
            found.append(part)
    return found


def _is_prose(part: nodes.Node) -> bool:
    """Whether this is text or a formula in a paragraph of the text."""
    if not isinstance(part, nodes.Text | nodes.math):
        return False
    above, paragraph = part.parent, False
    while above and above.parent:
        if isinstance(above, _LEFT_OUT) or not _BESIDE.isdisjoint(above["classes"]):
            return False
        paragraph = paragraph or isinstance(above, nodes.paragraph)
        above = above.parent
    return paragraph


def _stands_free(formula: nodes.math) -> bool:
    """Whether no text touches it: in a link nothing would hold the two together."""
    before = formula.previous_sibling()
    after = formula.next_node(descend=False, siblings=True)
    return (before is None or before.astext()[-1:].isspace()) and (
        after is None or after.astext()[:1].isspace()
    )


def setup(app: Sphinx) -> None:
    """Register the meanings, which are not what a search looks for."""
    app.add_css_file("glossary.css", priority=910)
    app.connect("env-updated", _renew)
    app.connect("doctree-resolved", _explain, priority=950)
