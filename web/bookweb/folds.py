"""Proofs, hints and solutions of the class `dropdown`, folded by HTML's own means.

They open without a script, where the browser finds a word in them, and on paper.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx_proof.nodes import proof_node

PROOF = "Proof. "  # sphinx-proof puts it before the first line


def details(title: str, *parts: Node, classes: str = "", label: str = "") -> list[Node]:
    """Return parts of a page, folded under a title."""
    place = f' id="{escape(label)}"' if label else ""
    opening = f'<details class="fold {escape(classes)}"{place}>'
    summary = f"<summary>{escape(title)}</summary>\n"
    return [
        nodes.raw("", opening + summary, format="html"),
        *parts,
        nodes.raw("", "</details>", format="html"),
    ]


def _fold(app: Sphinx, page: nodes.document, name: str) -> None:
    if app.builder.format != "html":
        return
    boxes = [each for each in page.findall(nodes.Element) if _is_folded(each)]
    for box in boxes:
        classes = dict.fromkeys(box["classes"])  # sphinx-proof says proof twice
        classes.pop("dropdown")
        if isinstance(box.parent, proof_node):
            title, parts = PROOF.strip(" ."), box.children
            first = next(iter(box.findall(nodes.Text)))
            first.parent.replace(first, nodes.Text(first.removeprefix(PROOF)))
        else:
            title, parts = box.children[0].astext(), box.children[1:]
        label = box.get("label", "")
        folded = details(title, *parts, classes=" ".join(classes), label=label)
        box.parent.replace(box, folded)


def _is_folded(part: nodes.Element) -> bool:
    return isinstance(part, nodes.Admonition) and "dropdown" in part["classes"]


def setup(app: Sphinx) -> None:
    """Register the folding, once titles are settled and what is read is counted."""
    app.connect("doctree-resolved", _fold)
