"""Docstrings as they are written here, made ready for napoleon and reStructuredText.

A rule's formula, and an optimizer's, is the equation of its chapter: that is proved.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from bookweb.api_names import PAGES, rule_of
from bookweb.proofs import rule_equation

_MATHS = re.compile(r"^\.\. math::(.*\n(?:(?: .*)?\n)*)", re.MULTILINE)
# Code, indented below a line of text that is not.
_CODE = re.compile(r"(?<=\n)((?!\.\. )\S.*(?<!::))\n\n((?:    .*\n|\n)+)")
# What it comes from, with lines that hang.
_SOURCE = re.compile(r"^Source: .*\n(?: +\S.*\n)+", re.MULTILINE)
# The first line of a section, which napoleon takes for a type as far as a colon.
_UNTYPED = re.compile(r"^((?:Returns|Yields):\n +)(?=\S)", re.MULTILINE)
_WORDS = re.compile(r'("[a-z][\w-]*(?:\s[\w-]+)*")')
_SUMMARY = re.compile(r"\A\n?.*\n(?=\n)")


def ready(text: str, equation: str | None) -> str:
    """Return a docstring as reStructuredText, but for Google's sections.

    Args:
        text: The docstring.
        equation: What its first formula is to be, whether it has one or not.
    """
    text = _CODE.sub(r"\1\n\n.. code-block:: python\n\n\2", text)
    text = _SOURCE.sub(lambda found: re.sub(r"\n +", "\n", found[0]), text)
    text = _UNTYPED.sub(r"\1: ", text)
    formulas = [equation] if equation else []

    def painted(found: re.Match[str]) -> str:
        return _math(formulas.pop() if formulas else inspect.cleandoc(found[1]))

    if equation and not _MATHS.search(text):
        text = _SUMMARY.sub("\\g<0>\n.. math:: f\n", text)
    return _MATHS.sub(painted, text)


def _math(latex: str) -> str:
    """Return a directive, in which lines that have marks to align at are aligned."""
    if re.search(r"&|\\\\", latex) and r"\begin" not in latex:
        latex = f"\\begin{{aligned}}\n{latex}\n\\end{{aligned}}"
    shown = latex.strip().replace("\n", "\n    ")
    return f".. math::\n    :nowrap:\n\n    {shown}\n\n"


class Words(SphinxTransform):
    """Shows what stands between quotes as the string that it is in code."""

    default_priority = 740  # the quotes are made round at 750

    def apply(self, **kwargs: Any) -> None:
        """Look through the paragraphs of the API."""
        in_api = self.env.docname.startswith(PAGES)
        for text in list(self.document.findall(nodes.Text)) if in_api else ():
            if type(text.parent) in (nodes.paragraph, nodes.inline):
                parts = enumerate(_WORDS.split(text))
                kinds = nodes.Text, lambda word: nodes.literal("", word)
                text.parent.replace(
                    text, [kinds[at % 2](part) for at, part in parts if part]
                )


def _read(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    rule = rule_of().get(name)
    found = rule_equation(rule) if rule else None
    if found:
        app.env.note_dependency(str(found.file))
    text = "\n".join(["", *lines, ""])
    if what in ("attribute", "data", "property"):  # all of it is such a section
        text = f"\n: {text[1:]}"
    lines[:] = ready(text, found and found.latex).splitlines()[1:]


def setup(app: Sphinx) -> None:
    """Register the reading, which comes before napoleon's, and what is read of it."""
    app.add_transform(Words)
    app.connect("autodoc-process-docstring", _read, priority=400)
