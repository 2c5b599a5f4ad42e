"""Formulas drawn by KaTeX at build time: no script, the same in every browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from bookweb.assets import WEB, environment

# Browsers may break a line before and after a formula, whatever stands there; not here.
_JOINED = "&#8288;"
_BASE = '<span class="katex-base">'  # KaTeX's: between two of them a line may end
_END = "</span></span>"
_logger = logging.getLogger(__name__)


def node() -> str:
    """Find the program.

    Raises:
        ExtensionError: Node is not installed.
    """
    found = shutil.which("node", path=environment()["PATH"])
    if found is None:
        raise ExtensionError(
            "Node is missing: it draws the formulas (`make` installs it)"
        )
    return found


@cache
def _drawer(asking: int) -> subprocess.Popen[str]:
    """Start what draws for a process: one that writes other pages has its own."""
    return subprocess.Popen(
        [node(), WEB / "maths.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


@cache
def draw(latex: str, display: bool) -> str:
    """Return a formula as HTML for the eye, and as MathML for the ear.

    Raises:
        ValueError: KaTeX cannot read the formula, or its fonts lack a sign.
    """
    process = _drawer(os.getpid())
    assert process.stdin and process.stdout
    print(
        json.dumps({"latex": latex, "displayMode": display}),
        file=process.stdin,
        flush=True,
    )
    answer = json.loads(process.stdout.readline())
    if "error" in answer:
        raise ValueError(answer["error"])
    return str(answer["html"])


def _drawn(node: nodes.math | nodes.math_block, display: bool) -> str:
    try:
        return draw(node.astext(), display)
    except ValueError as error:
        _logger.warning("maths: %s", error, location=node)
        return ""


def _joined(text: nodes.Node | None, end: int) -> str:
    """Return what joins a formula to the text that touches it: `(`, `.`, `-smooth`."""
    told = str(text) if isinstance(text, nodes.Text) else ""  # a node is always true
    return _JOINED if told and not told[end].isspace() else ""


def _held(formula: str, ends: list[int]) -> str:
    """Hold the first (0) or last (-1) part of a formula to what touches it.

    What joins them holds only where no line may end in that part's own surroundings.
    """
    head, *bases = formula.removesuffix(_END).split(_BASE)
    parts = [_BASE + base for base in bases]
    for end in ends if parts else []:
        parts[end] = f'<span class="held">{parts[end]}</span>'
    return head + "".join(parts) + _END


def _visit_math(self: HTML5Translator, node: nodes.math) -> None:
    before = _joined(node.previous_sibling(), -1)
    after = _joined(node.next_node(descend=False, siblings=True), 0)
    ends = [end for end, joined in ((0, before), (-1, after)) if joined]
    formula = _drawn(node, display=False)
    formula = _held(formula, ends) if ends else formula
    self.body.append(f'<span class="math">{before}{formula}{after}</span>')
    raise nodes.SkipNode


def _visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(
        f'<div class="math-box" tabindex="0">{_drawn(node, display=True)}</div>'
    )
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<a class="eqno" href="#{node["ids"][0]}">({number})</a>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _stop(app: Sphinx, error: Exception | None) -> None:
    if _drawer.cache_info().currsize:
        _drawer(os.getpid()).communicate()  # closes its input, which ends it
        _drawer.cache_clear()


def setup(app: Sphinx) -> None:
    """Register the drawing under the name `drawn`."""
    app.add_html_math_renderer("drawn", (_visit_math, None), (_visit_math_block, None))
    app.connect("build-finished", _stop)
    app.add_css_file("maths/katex.css")
