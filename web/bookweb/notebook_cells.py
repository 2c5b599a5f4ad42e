"""What a chapter's notebook runs: its own cells, and what the page has instead of one.

Each cell runs wherever the package is, harms no name of the chapter, and says at once
what it is for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bookweb.pip_line import requirement
from bookweb.repository import Repository
from gradient_ascent import lab
from gradient_ascent.exercises import load

EXTRAS = "torch,plots,benchmarks"
BESIDES = ("gymnasium", "hmmlearn", "sympy")  # what chapters import beyond the extras
FOLDED = {"claim", "hide-cell", "hide-input", "remove-cell", "remove-input"}
# It takes numbers to the page, which stand in the notebook's text; myst_nb is large.
GLUE = "from myst_nb import glue"
# A part may be missing: the package installs without torch and matplotlib as well.
FIRST = """\
from importlib.util import find_spec

if not all(map(find_spec, (
    "gradient_ascent", "gradient_ascent.rules",  # and no other package of that name
    "gymnasium", "hmmlearn", "joblib", "matplotlib", "sklearn", "sympy", "torch",
))):
    {install}
%load_ext gradient_ascent.exercises.magic"""
NO_GLUE = "glue = lambda *_, **__: None  # it takes a number into the book's text"


@dataclass(frozen=True)
class Code:
    """A code cell."""

    source: str
    tags: list[str] = field(default_factory=list)

    @property
    def folded(self) -> bool:
        """Whether the page folds it away, or leaves it out."""
        return not FOLDED.isdisjoint(self.tags)


def first(repository: Repository | None) -> Code:
    """Return the cell that installs what is missing, and only where it is."""
    besides = " ".join(BESIDES)
    if repository:
        what = f'"{requirement(EXTRAS, repository)}" {besides}'
        return Code(FIRST.format(install=f"%pip install --quiet {what}"))
    said = f"in the folder of the book: pip install '.[{EXTRAS}]' {besides}"
    return Code(FIRST.format(install=f'raise ImportError("{said}")'))


def own(cell: Mapping[str, Any]) -> Code:
    """Return a cell of the chapter's."""
    source = str(cell["source"]).replace(GLUE, NO_GLUE)
    return Code(source, list(cell["metadata"].get("tags", [])))


def shown(code: str, file: str) -> Code:
    """Return code of the package to be read: to run it defines what nobody calls."""
    return Code(f"def _shown():  # {file}\n{textwrap.indent(code, '    ')}")


def runs(about: Mapping[str, Any], figure: str) -> Code:
    """Return a lab's "Copy as Python", its traces named like its figure."""
    name = figure.replace("-", "_")
    code = lab.snippet(about["spec"]).replace("traces = [", f"{name} = [")
    calls, _, _ = code.partition("for trace in")
    return Code(f'{calls}print(*{name}, sep="\\n")')


def exercise(name: str) -> Code:
    """Return an exercise's stub; to run the cell checks what stands in it."""
    stub = load(name).stub.strip("\n")
    return Code(f"%%check {name}\n{stub}")
