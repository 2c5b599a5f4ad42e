"""How long a chapter takes to read, said below its title."""

from __future__ import annotations

import re

from docutils import nodes
from docutils.nodes import Node
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

# Seconds: a chapter read once, with its proofs. Exercises and folded code not counted.
WORD = 60 / 200
SIGN = 0.5  # in a formula that stands in a line
FORMULA = 15  # displayed
LINE = 2  # of code, or of what it prints
PICTURE = 20  # a figure, lab or table
_SIGN = re.compile(r"\\[A-Za-z]+|[^\s{}^_\\&]")
_NOT_READ = (
    HideCodeCellNode,
    nodes.Invisible,
    nodes.citation,
    nodes.raw,
    nodes.system_message,
)


def seconds(part: Node) -> float:
    """Estimate how long a part of a page takes."""
    if isinstance(part, _NOT_READ) or is_exercise_node(part) or is_solution_node(part):
        return 0
    if isinstance(part, nodes.Element) and "tag_claim" in part.get("classes", []):
        return 0
    if isinstance(part, nodes.Text):
        return WORD * len(part.split())
    if isinstance(part, nodes.math):
        return SIGN * len(_SIGN.findall(part.astext()))
    if isinstance(part, nodes.math_block):
        return FORMULA
    if isinstance(part, nodes.literal_block):
        return LINE * len(part.astext().strip().splitlines())
    own = PICTURE if isinstance(part, nodes.figure | nodes.table) else 0
    return own + sum(map(seconds, part.children))


def minutes(page: nodes.document) -> int:
    """Estimate how long a page takes, to the minute."""
    return round(seconds(page) / 60)


def _say(app: Sphinx, page: nodes.document, name: str) -> None:
    """Say it on the pages that have a chapter's number."""
    if name not in app.env.toc_secnumbers or app.builder.format != "html":
        return
    title = next(page.findall(nodes.title), None)
    if title is not None and title.parent is not None:
        words = f'<p class="minutes">About {minutes(page)} minutes</p>'
        below = title.parent.index(title) + 1
        title.parent.insert(below, nodes.raw("", words, format="html"))


def setup(app: Sphinx) -> None:
    """Register the estimate, which needs to see what cells have given."""
    app.connect("doctree-resolved", _say)
