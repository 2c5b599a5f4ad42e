"""The directive `rule-map`: the table of all rules, as they are declared."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from gradient_ascent.rules import RULES

HEAD = "| Rule | Idea | What it remembers | Chapter |\n| --- | --- | --- | --- |"


def table() -> str:
    """Return the table in Markdown; a chapter is named by its own title."""
    rows = []
    for name, rule in RULES.items():
        about = rule.declaration
        chapter = f"[](/chapters/{about.chapter}.md)" if about.chapter else ""
        rows.append(f"| `{name}` | {about.idea} | {about.memory} | {chapter} |")
    return "\n".join([HEAD, *rows])


class RuleMap(SphinxDirective):
    """```{rule-map}``` takes nothing."""

    def run(self) -> list[Node]:
        """Return the table, read as the page's own Markdown."""
        box = nodes.container()
        source, line = self.get_source_info()
        lines = StringList(table().splitlines(), f"{source}:{line}")
        self.state.nested_parse(lines, self.content_offset, box)
        return box.children


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("rule-map", RuleMap)
