"""A line of a page as plain Markdown: text, maths, code, links."""

from __future__ import annotations

import re
from collections.abc import Callable

from docutils import nodes
from docutils.nodes import Node

_SPECIAL = re.compile(r"[\\`*_$<\[\]]")
# A glossary's sentence beside its word, and a symbol's name for the ear.
_UNSEEN = {"meaning", "visually-hidden"}
Address = Callable[[nodes.reference], str]


class Inline:
    """Writes what stands within a line.

    Args:
        address: where a reference leads, or "" where that is not known.
    """

    def __init__(self, address: Address) -> None:
        self.address = address

    def paragraph(self, node: nodes.Element) -> str:
        """Return a whole line, so that it begins nothing but a paragraph."""
        text = self.all(node).strip()
        return re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+#>|])", r"\\\1", text))

    def all(self, node: nodes.Element) -> str:
        """Return what stands in a node."""
        return "".join(map(self.one, node.children))

    def one(self, node: Node) -> str:
        """Return one piece."""
        match node:
            case nodes.Text():
                return _SPECIAL.sub(r"\\\g<0>", re.sub(r"\s+", " ", str(node)))
            case nodes.math():
                return f"${latex(node)}$"
            case nodes.literal():
                return code(node.astext())
            case nodes.strong():
                return f"**{self.all(node).strip()}**"
            case nodes.emphasis():
                return f"*{self.all(node).strip()}*"
            case nodes.reference():
                return self.reference(node)
            case nodes.raw() | nodes.target() | nodes.image() | nodes.label():
                return ""
            case nodes.inline() if _UNSEEN & {*node["classes"]}:
                return ""
            case nodes.Element():
                return self.all(node)
        return ""

    def reference(self, node: nodes.reference) -> str:
        """Return a link; a formula's, to the list of symbols, is left out."""
        text, where = self.all(node).strip(), self.address(node)
        is_symbol = isinstance(node.children[0], nodes.math)
        return f"[{text}]({where})" if where and not is_symbol else text


def code(text: str) -> str:
    """Return code within a line."""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def latex(node: nodes.math | nodes.math_block) -> str:
    """Return a formula on one line, in which no bar ends a table's cell."""
    text = " ".join(node.astext().split())
    row = node.parent
    while row is not None and not isinstance(row, nodes.row):
        row = row.parent
    if row is None:
        return text
    return text.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
