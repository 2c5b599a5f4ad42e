"""The directives `equation-of` and `claim-of`: what a chapter proves, shown elsewhere.

Nothing is typed again: equation, sentence and assertions are those of the chapter, and
the proof is run for the page that shows it.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from docutils.nodes import Node
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookweb import sources

CHAPTERS = sources.ROOT / "chapters"
_EQUATION = r"^```\{math\}\n:label: %s\n\n(?P<latex>.*?)\n```$"
_CLAIM = (
    r"^\(%s\)=\n(?P<sentences>(?:[^\n]+\n)+)\n"
    r"```\{code-cell\}[^\n]*\n:tags: \[claim\]\n\n(?P<code>.*?)\n```$"
)
HEAD = "| step | difference | $\\theta$ by the text | $\\theta$ by the code |"


def found(pattern: str, label: str, chapter: Path) -> re.Match[str]:
    """Find what a chapter has under a label.

    Raises:
        ValueError: it has nothing of that kind there.
    """
    text = chapter.read_text(encoding="utf-8")
    match = re.search(pattern % re.escape(label), text, re.MULTILINE | re.DOTALL)
    if match is None:
        raise ValueError(f"{chapter.stem} has nothing of the kind under {label!r}")
    return match


class Equation(NamedTuple):
    """A rule's equation, and the chapter that has it."""

    latex: str
    file: Path


def rule_equation(name: str) -> Equation | None:
    """Return the equation of a rule; None where no chapter has it."""
    from gradient_ascent.rules import RULES

    chapter = RULES[name].declaration.chapter
    if chapter is None:
        return None
    file = CHAPTERS / f"{chapter}.md"
    return Equation(found(_EQUATION, f"rule-{name}", file)["latex"], file)


def proof(latex: str, name: str) -> str:
    """Prove a rule's equation; return the steps of both, as a table in Markdown."""
    import sympy  # takes a second

    from bookweb.equations import parse, prove, side_by_side
    from gradient_ascent.rules import RULES

    equations, rule = parse(latex), RULES[name]
    prove(equations, rule)
    rows = []
    for t, (said, theta, _) in enumerate(side_by_side(equations, rule), start=1):
        difference = sympy.simplify(said["theta"] - theta)
        cells = difference, said["theta"], theta
        shown = " | ".join(f"${sympy.latex(each)}$" for each in cells)
        rows.append(f"| {t} | {shown} |")
    return "\n".join([HEAD, "| ---: | ---: | --- | --- |", *rows])


class _Shown(SphinxDirective):
    """What both have: they read a chapter, and write the page's own Markdown."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[Node]:
        """Return what the chapter has."""
        try:
            return self.show(*self.arguments)
        except ValueError as problem:
            raise self.error(f"{self.name}: {problem}") from problem

    def chapter(self, name: str) -> Path:
        """Return the file of a chapter, on which this page then depends."""
        file = CHAPTERS / f"{name}.md"
        self.env.note_dependency(str(file))
        return file

    def markdown(self, text: str) -> list[Node]:
        """Read Markdown."""
        box = nodes.container()
        source, line = self.get_source_info()
        lines = StringList(text.splitlines(), f"{source}:{line}")
        self.state.nested_parse(lines, self.content_offset, box)
        return box.children

    def show(self, *words: str) -> list[Node]:
        """Return the nodes that the arguments ask for."""
        raise NotImplementedError


class EquationOf(_Shown):
    """``{equation-of} momentum``: a rule's equation and code, step by step."""

    def show(self, *words: str) -> list[Node]:
        """Return the three."""
        from gradient_ascent.rules import RULES

        (name,) = words
        about = RULES[name].declaration
        chapter = self.chapter(str(about.chapter))
        latex = found(_EQUATION, f"rule-{name}", chapter)["latex"]
        return self.markdown(
            f"The text of [](/chapters/{about.chapter}.md) says\n\n"
            f"$$\n{latex}\n$$\n\nand the code of `rules.{name}` does\n\n"
            f"```{{rule-body}} {name}\n```\n\n"
            "Both are run on symbols instead of numbers:\n\n" + proof(latex, name)
        )


class ClaimOf(_Shown):
    """``{claim-of} first-order/learning-rate claim-factor``: words and assertions."""

    def show(self, *words: str) -> list[Node]:
        """Return the sentences that stand under the label, and what asserts them."""
        chapter, label = words
        claim = found(_CLAIM, label, self.chapter(chapter))
        parts = ast.walk(ast.parse(claim["code"]))
        count = sum(isinstance(part, ast.Assert) for part in parts)
        quoted = "\n".join(f"> {line}" for line in claim["sentences"].splitlines())
        return self.markdown(
            f"{quoted}\n\nSo says [](/chapters/{chapter}.md). The build has run this "
            f"cell of that chapter, and its {count} assertions held:\n\n"
            f"```python\n{claim['code']}\n```\n"
        )


def setup(app: Sphinx) -> None:
    """Register both directives."""
    app.add_directive("equation-of", EquationOf)
    app.add_directive("claim-of", ClaimOf)
