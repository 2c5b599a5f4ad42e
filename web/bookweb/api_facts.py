"""What the API says of a rule and of an optimizer beyond their docstrings.

The equation is that of the chapter, where it is proved; what a step costs is counted.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from bookweb.api_names import every_name, rule_of
from bookweb.proofs import rule_equation
from bookweb.repository import Repository
from bookweb.sources import ROOT

_MATHS = re.compile(r"^\.\. math::(.*\n(?:(?: .*)?\n)*)", re.MULTILINE)
_FLOAT32 = 4  # bytes
# Code, indented below a line of text that is not.
_CODE = re.compile(
    r"(?<=\n)(?P<above>(?!\.\. )\S.*(?<!::))\n\n(?P<code>(?:    .*\n|\n)+)"
)
# What it comes from, with lines that hang.
_SOURCE = re.compile(r"^Source: .*\n(?: +\S.*\n)+", re.MULTILINE)
# The first line of a section that has no type before a colon, as napoleon thinks.
_UNTYPED = re.compile(r"^((?:Returns|Yields):\n +)(?=\S)", re.MULTILINE)


def _paint(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Make each formula one that is aligned, and a rule's that of its chapter."""
    text = "\n".join(["", *lines, ""])
    text = _CODE.sub(r"\g<above>\n\n.. code-block:: python\n\n\g<code>", text)
    text = _SOURCE.sub(lambda found: re.sub(r"\n +", "\n", found[0]), text)
    text = _UNTYPED.sub(r"\1: ", text)
    if what in ("attribute", "data", "property"):
        text = f"\n: {text[1:]}"
    rule = rule_of().get(name)

    def block(found: re.Match[str]) -> str:
        nonlocal rule
        latex = inspect.cleandoc(found[1]).strip()
        if rule and (chapter := rule_equation(rule)):
            app.env.note_dependency(str(chapter.file))
            latex, rule = chapter.latex, None  # the first formula is the rule
        if re.search(r"&|\\\\", latex) and r"\begin" not in latex:
            latex = f"\\begin{{aligned}}\n{latex}\n\\end{{aligned}}"
        shown = latex.replace("\n", "\n    ")
        return f".. math::\n    :nowrap:\n\n    {shown}\n\n"

    lines[:] = _MATHS.sub(block, text).splitlines()[1:]


def _add(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Add to a public name what else is known of it, a line each."""
    if name not in every_name():
        return
    facts = dict(_costs(thing)) if what == "class" else {}
    if rule := rule_of().get(name):
        from gradient_ascent.rules import RULES

        chapter = RULES[rule].declaration.chapter
        if chapter:
            facts["Derived in"] = f":doc:`/chapters/{chapter}`"
    facts["Code"] = _file(thing, app.config.book_repository)
    said = [f"   - **{fact}:** {told}" for fact, told in facts.items()]
    lines += ["", ".. container:: api-facts", "", *said, ""]


def _file(thing: Any, repository: Repository | None) -> str:
    """Name the file that something stands in, linked where this leads somewhere."""
    path = Path(inspect.getsourcefile(inspect.unwrap(thing)) or "")
    file = path.relative_to(ROOT).as_posix()
    return f"`{file} <{repository.file(file)}>`__" if repository else f"``{file}``"


def _costs(kind: Any) -> Iterator[tuple[str, str]]:
    """Say what an optimizer keeps, and what a step of it costs, as it is by default."""
    import torch

    from gradient_ascent import speed
    from gradient_ascent.optim.optimizer import RuleOptimizer

    if not issubclass(kind, RuleOptimizer):
        return  # what it does depends on what it is given
    optimizer = kind([torch.zeros(1, requires_grad=True)])
    fields = optimizer.fields(optimizer.param_groups[0])
    kept, moved = len(fields), speed.numbers_moved(optimizer)
    names = f" ({', '.join(f'`{field}`' for field in fields)})" if fields else ""
    yield (
        "Memory",
        (
            f"{_counted(kept, 'number')} beside each of the parameters{names}, "
            f"{kept * _FLOAT32} bytes in float32"
        ),
    )
    yield (
        "A step",
        (
            f"reads and writes {_counted(moved, 'number')} for each of the parameters, "
            f"{speed.bytes_moved(optimizer)} bytes in float32, "
            f"and does {_counted(speed.operations(optimizer), 'operation')}"
        ),
    )


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'s' * (count != 1)}"


def setup(app: Sphinx) -> None:
    """Register what comes before napoleon reads a docstring, and what comes after."""
    app.connect("autodoc-process-docstring", _paint, priority=400)
    app.connect("autodoc-process-docstring", _add, priority=600)
