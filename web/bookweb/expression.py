"""The directive `expression`: the graph of a line of Python, walked step by step.

```{expression} fig-autograd-bowl
expression: a = x * x; a + y     # as `gradient_ascent.minitorch.expression` reads it
values: {x: 3}                   # of its variables, 1 by default
others:                          # what a press shows instead, without Python
  a product: {expression: x * y, values: {y: 2}}
caption: What is to be seen.
alt: What is seen, for who cannot see it.
```

Without JavaScript the page shows the graph with all that is found, and each step in
words.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from bookweb import body, live
from gradient_ascent.minitorch import picture

KEYS = ("expression", "caption", "alt"), ("values", "others")
OTHER = ("expression",), ("values",)


class expression(nodes.General, nodes.Element):  # noqa: N801, a node's name is its tag
    """A graph's `about`: what its script is told."""


class ExpressionDirective(SphinxDirective):
    """Reads an expression, and draws its graph."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[Node]:
        """Return the figure."""
        try:
            given = body.read("\n".join(self.content), *KEYS)
            others = {
                name: drawn(body.mapping(name, other, *OTHER))
                for name, other in given.get("others", {}).items()
            }
            about = {"own": drawn(given), "others": others, "alt": given["alt"]}
        except (TypeError, ValueError, yaml.YAMLError) as error:
            raise self.error(f"expression: {error}") from None
        return body.figure(
            self, expression(about=about), given["caption"], "expression"
        )


def drawn(given: Mapping[str, Any]) -> dict[str, Any]:
    """Draw a graph, and say of what."""
    spec = {"expression": given["expression"], "values": given.get("values", {})}
    return {"expression": spec["expression"], **picture.drawn(spec)}


def _visit(self: HTML5Translator, node: expression) -> None:
    about = node["about"]
    own = about["own"]
    said = [html.escape(each) for each in own["said"]]
    named = f'<svg aria-label="{html.escape(about["alt"])}"'
    self.body.append(
        '<div class="expression-graph" role="group" aria-label="Graph" tabindex="0">'
        f"{own['svg'].replace('<svg', named, 1)}</div>"
        f'<p class="live-status" role="status">{said[-1]}</p>'
        '<div class="expression-controls"></div>'
        '<details class="lab-fold"><summary>Each step in words</summary><ol>'
        f"{''.join(f'<li>{each}</li>' for each in said)}</ol></details>"
        f"{live.told(about)}"
    )
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive, its node and its script."""
    app.add_node(expression, html=(_visit, None))
    app.add_directive("expression", ExpressionDirective)
    app.add_js_file("live/expression.js", type="module")
