"""Maths as MathML, written at build time by Temml: no script, few elements."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from bookweb.assets import WEB, environment

_PUNCTUATION = re.compile(r"[.,;:!?)]+")
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
def _drawer() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [node(), WEB / "maths.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


@cache
def draw(latex: str, display: bool) -> str:
    """Return a formula as MathML.

    Raises:
        ValueError: Temml cannot read the formula.
    """
    process = _drawer()
    assert process.stdin and process.stdout
    print(
        json.dumps({"latex": latex, "displayMode": display}),
        file=process.stdin,
        flush=True,
    )
    answer = json.loads(process.stdout.readline())
    if "error" in answer:
        raise ValueError(answer["error"])
    return str(answer["mathml"])


class KeepPunctuation(SphinxPostTransform):
    """Moves punctuation into the formula before it: browsers break lines there."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Mark each such formula with its punctuation."""
        for formula in list(self.document.findall(nodes.math)):
            text = formula.next_node(descend=False, siblings=True)
            if isinstance(text, nodes.Text) and (match := _PUNCTUATION.match(text)):
                formula["punctuation"] = match[0]
                text.parent.replace(text, nodes.Text(text[match.end() :]))


def _drawn(node: nodes.math | nodes.math_block, display: bool) -> str:
    punctuation = rf"\text{{{node['punctuation']}}}" if "punctuation" in node else ""
    try:
        return draw(node.astext() + punctuation, display)
    except ValueError as error:
        _logger.warning("maths: %s", error, location=node)
        return ""


def _visit_math(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(f'<span class="math">{_drawn(node, display=False)}</span>')
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
        _drawer().communicate()  # closes its input, which ends it
        _drawer.cache_clear()


def setup(app: Sphinx) -> None:
    """Register the drawing under the name `drawn`."""
    app.add_html_math_renderer("drawn", (_visit_math, None), (_visit_math_block, None))
    app.add_post_transform(KeepPunctuation)
    app.connect("build-finished", _stop)
    app.add_css_file("maths/temml.css")
