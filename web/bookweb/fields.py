"""The directive `fields`: a part's chapters, by first picture and a sentence."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookweb.exercises import reading_order
from bookweb.pages import description

_logger = logging.getLogger(__name__)


class fields(nodes.Element):  # noqa: N801 - docutils names its nodes so
    """Where the chapters of a part are to stand, once all pages are read."""


class Fields(SphinxDirective):
    """```{fields} applications```: the part, by its folder under `chapters`."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Keep the place, and remember the page."""
        place = fields("", folder=f"chapters/{self.arguments[0]}/")
        self.set_source_info(place)
        self.env.metadata[self.env.docname]["fields"] = place["folder"]
        return [place]


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(fields)):
        cards = nodes.bullet_list(classes=["fields"])
        for page in reading_order(app.env, app.config.root_doc):
            if page.startswith(place["folder"]):
                cards += _card(app, docname, page)
        if not cards.children:
            _logger.warning("fields: no chapter in %s", place["folder"], location=place)
        place.replace_self(cards)


def _card(app: Sphinx, docname: str, page: str) -> nodes.list_item:
    chapter = app.env.get_doctree(page)
    address = app.builder.get_relative_uri(docname, page)
    title = app.env.titles[page].astext()
    link = nodes.reference("", title, refuri=address, internal=True)
    card = nodes.list_item("", nodes.paragraph("", "", link))
    card += nodes.paragraph("", description(chapter))
    picture = next(chapter.findall(nodes.image), None)
    if picture is None:
        _logger.warning("fields: %s has no picture", page, location=docname)
    else:
        card.insert(0, nodes.paragraph("", "", picture.deepcopy()))
    return card


def _again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write anew, as a chapter may have another picture."""
    return [page for page, about in env.metadata.items() if "fields" in about]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("fields", Fields)
    app.add_node(fields)
    app.connect("doctree-resolved", _fill)
    app.connect("env-get-updated", _again)
