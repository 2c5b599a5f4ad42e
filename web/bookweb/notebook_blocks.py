"""A page, when its numbers and links are settled, as Markdown and cells."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docutils import nodes
from docutils.nodes import Node
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx_proof.nodes import NODE_TYPES, proof_node

from bookweb.diagram import diagram
from bookweb.expression import expression
from bookweb.notebook_cells import Code, exercise, runs, shown
from bookweb.notebook_inline import Inline, latex
from bookweb.race import race
from bookweb.surface import surface
from bookweb.trace_lab import trace_lab

_OPENING = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>", re.DOTALL)
_EXERCISE = re.compile(r'live-exercise"[^>]* data-name="(\w+)"')
_PICTURE = re.compile(r"<img\b[^>]*>")
_UNSEEN = (
    nodes.comment, nodes.meta, nodes.image, nodes.target, nodes.label,
    addnodes.index, addnodes.toctree,
)  # fmt: skip
# What the page's style sheet says of a graph.
GRAPH = (
    "<style>.graph{fill:none;stroke:#666;font:14px sans-serif}"
    ".graph text{fill:#333;stroke:none}.graph-node text{text-anchor:middle}"
    ".graph-arrow path+path{fill:#666}</style>"
)
_PLAIN = (
    nodes.container, nodes.compound, nodes.topic, addnodes.glossary, proof_node,
)  # fmt: skip


@dataclass(frozen=True)
class Fold:
    """Where what is folded away begins, under its title, or ends, without one."""

    title: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of the chapter's own, by its place in the source."""

    index: int


@dataclass(frozen=True)
class Picture:
    """A picture of the site, or one that is drawn here, and what it shows."""

    source: str
    alt: str
    svg: str = ""


Part = str | Code | Cell | Fold | Picture


class Blocks:
    """Writes the parts of a page.

    Args:
        inline: what writes a line.
        builder: what has written the page, and knows its numbers.
        page: its name.
        body: its HTML, in which the pictures of labs and diagrams are found.
    """

    def __init__(
        self, inline: Inline, builder: StandaloneHTMLBuilder, page: str, body: str
    ) -> None:
        self.inline, self.builder, self.page, self.body = inline, builder, page, body
        self.level = 0

    def all(self, children: Sequence[Node]) -> Iterator[Part]:
        """Give the parts of some nodes."""
        for child in children:
            yield from self.one(child)

    def one(self, node: Node) -> Iterator[Part]:
        """Give the parts of one node.

        Raises:
            ValueError: there is no way to write it in a notebook.
        """
        if isinstance(node, _UNSEEN):
            return
        is_theorem = isinstance(node, tuple(NODE_TYPES.values()))
        name = "theorem" if is_theorem else type(node).__name__
        write = getattr(self, f"_{name}", None)
        if isinstance(node, _PLAIN) and write is None:
            yield from self.all(node.children)
        elif write is None:
            raise ValueError(f"a notebook cannot show {name}")
        else:
            yield from write(node)

    def text(self, children: Sequence[Node]) -> str:
        """Return nodes that hold no cells as one text."""
        parts = list(self.all(children))
        if wrong := [part for part in parts if not isinstance(part, str)]:
            raise ValueError(f"a notebook cannot show {wrong[0]} within a text")
        return "\n\n".join(map(str, parts))

    def number(self, node: nodes.Element, kind: str) -> str:
        """Return what the page counts a node as, such as 13.2."""
        numbers = self.builder.env.toc_fignumbers.get(self.page, {}).get(kind, {})
        found = next((numbers[each] for each in node["ids"] if each in numbers), ())
        return ".".join(map(str, found))

    def _section(self, node: nodes.section) -> Iterator[Part]:
        self.level += 1
        yield from self.all(node.children)
        self.level -= 1

    def _title(self, node: nodes.title) -> Iterator[Part]:
        yield f"{'#' * self.level} {self.inline.all(node).strip()}"

    def _rubric(self, node: nodes.Element) -> Iterator[Part]:
        yield f"**{self.inline.all(node).strip()}**"

    def _paragraph(self, node: nodes.Element) -> Iterator[Part]:
        if text := self.inline.paragraph(node):
            yield text

    def _compact_paragraph(self, node: nodes.Element) -> Iterator[Part]:
        """Give a line, or a part of the contents: its title and a list of its pages."""
        if not node.get("toctree"):
            yield from self._paragraph(node)
            return
        for child in node.children:
            if isinstance(child, nodes.title):
                yield from self._rubric(child)
            else:
                yield from self.one(child)

    def _caption(self, node: nodes.caption) -> Iterator[Part]:
        figure = node.parent
        number = self.number(figure, "figure")
        yield f"**Fig. {number}** {self.inline.all(node).strip()}"

    def _math_block(self, node: nodes.math_block) -> Iterator[Part]:
        number = node["number"] and self.number(node, "displaymath")
        tag = rf" \tag{{{number}}}" if number else ""
        yield f"$${latex(node)}{tag}$$"

    def _literal_block(self, node: nodes.literal_block) -> Iterator[Part]:
        language = node.get("language", "").removeprefix("none")
        yield f"```{language}\n{node.astext().rstrip()}\n```"

    def _block_quote(self, node: nodes.Element) -> Iterator[Part]:
        yield quoted(self.text(node.children))

    def _admonition(self, node: nodes.Element) -> Iterator[Part]:
        title, *rest = node.children
        assert isinstance(title, nodes.Element)
        yield quoted(f"**{self.inline.all(title)}**\n\n{self.text(rest)}")

    def _theorem(self, node: nodes.Element) -> Iterator[Part]:
        title, *rest = node.children
        assert isinstance(title, nodes.Element)
        number = self.number(node, node["countertype"])
        said = self.inline.all(title).strip()
        head = f"**{node['realtype'].title()} {number}** {said}".strip()
        yield quoted(f"{head}\n\n{self.text(rest)}")

    def _exercise_enumerable_node(self, node: nodes.Element) -> Iterator[Part]:
        title, *rest = node.children
        assert isinstance(title, nodes.Element)
        number = self.number(node, "exercise")
        yield f"**Exercise {number}** {self.inline.all(title).strip()}"
        yield from self.all(rest)

    def _bullet_list(self, node: nodes.Element) -> Iterator[Part]:
        yield "\n".join(item("-", self.text(each.children)) for each in entries(node))

    def _enumerated_list(self, node: nodes.Element) -> Iterator[Part]:
        first = node.get("start", 1)
        yield "\n".join(
            item(f"{n}.", self.text(each.children))
            for n, each in enumerate(entries(node), start=first)
        )

    def _definition_list(self, node: nodes.Element) -> Iterator[Part]:
        for each in entries(node):
            terms = [t for t in entries(each) if isinstance(t, nodes.term)]
            head = ", ".join(f"**{self.inline.all(term).strip()}**" for term in terms)
            rest = [c for c in each.children if isinstance(c, nodes.definition)]
            yield head
            yield from self.all([child for part in rest for child in part.children])

    def _citation(self, node: nodes.Element) -> Iterator[Part]:
        yield item("-", self.text(node.children))

    def _table(self, node: nodes.table) -> Iterator[Part]:
        rows = [
            f"| {' | '.join(self.inline.all(each).strip() for each in entries(row))} |"
            for row in node.findall(nodes.row)
        ]
        count = len(entries(next(iter(node.findall(nodes.row)))))
        yield "\n".join([rows[0], "|" + " --- |" * count, *rows[1:]])

    def _container(self, node: nodes.container) -> Iterator[Part]:
        if node.get("nb_element") == "cell_code":
            yield Cell(node["cell_index"])
            yield from self.all(list(node.findall(nodes.caption)))
        elif "source" in node["classes"]:
            code, file = node.children
            yield shown(code.astext(), file.astext())
        elif "live-stub" not in node["classes"]:
            yield from self.all(node.children)

    def _raw(self, node: nodes.raw) -> Iterator[Part]:
        text = node.astext()
        if match := _OPENING.search(text):
            yield Fold(match[1].strip())
        elif "</details>" in text:
            yield Fold()
        elif match := _EXERCISE.search(text):
            yield exercise(match[1])

    def _figure(self, node: nodes.figure) -> Iterator[Part]:
        drawn, *rest = node.children
        yield from self._drawn(drawn, node["ids"][0])
        yield from self.all(rest)
        if isinstance(drawn, trace_lab):
            yield runs(drawn["about"], node["ids"][0])

    def _drawn(self, drawn: Node, figure: str) -> Iterator[Part]:
        if isinstance(drawn, trace_lab | diagram | surface):
            place = self.body.index(f'id="{figure}"')
            picture = _PICTURE.search(self.body, place)
            assert picture
            told = dict(re.findall(r'(\w+)="([^"]*)"', picture[0]))
            yield Picture(told["src"], html.unescape(told["alt"]))
        elif isinstance(drawn, expression):
            svg = drawn["about"]["own"]["svg"].replace(">", f">{GRAPH}", 1)
            yield Picture("", drawn["about"]["alt"], svg)

    def _race(self, node: race) -> Iterator[Part]:
        yield f"*{node['alt']}*"


def entries(node: nodes.Element) -> list[nodes.Element]:
    """Return a node's children, less its text."""
    return [each for each in node.children if isinstance(each, nodes.Element)]


def quoted(text: str) -> str:
    """Return a text as a quotation."""
    return textwrap.indent(text, "> ", lambda line: True).replace("> \n", ">\n")


def item(mark: str, text: str) -> str:
    """Return a text as an item of a list."""
    rest = textwrap.indent(text, " " * (len(mark) + 1))
    return f"{mark} {rest.lstrip()}"
