"""Maths drawn at build time by KaTeX: no script in the page, no request to another host."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from bookweb.assets import WEB

_logger = logging.getLogger(__name__)


@cache
def _node() -> subprocess.Popen[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    node = shutil.which("node", path=path)
    if node is None:
        raise ExtensionError("Node is missing: it draws the formulas (`make` installs it)")
    return subprocess.Popen(
        [node, WEB / "maths.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


@cache
def draw(latex: str, display: bool) -> str:
    """Return a formula as HTML with MathML inside.

    Raises:
        ValueError: KaTeX cannot read the formula.
    """
    process = _node()
    assert process.stdin and process.stdout
    print(json.dumps({"latex": latex, "displayMode": display}), file=process.stdin, flush=True)
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


def _visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(f'<span class="math">{_drawn(node, display=False)}</span>')
    raise nodes.SkipNode


def _visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(_drawn(node, display=True))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _stop(app: Sphinx, error: Exception | None) -> None:
    if _node.cache_info().currsize:
        _node().communicate()  # closes its input, which ends it
        _node.cache_clear()


def setup(app: Sphinx) -> None:
    """Register the drawing under the name `drawn`."""
    app.add_html_math_renderer("drawn", (_visit_math, None), (_visit_math_block, None))
    app.connect("build-finished", _stop)
    app.add_css_file("katex/katex.min.css")
