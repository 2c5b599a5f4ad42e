"""The directives `rule-body` and `source-of`: the package's code, from its files."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookweb.repository import Repository

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gradient_ascent"
Definition = ast.FunctionDef | ast.ClassDef
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Excerpt:
    """Code, and the file it stands in."""

    path: Path
    code: str

    @property
    def file(self) -> str:
        """The file, as it is named from the project's folder."""
        return self.path.relative_to(ROOT).as_posix()


def body(name: str) -> Excerpt:
    """Return what a function of `gradient_ascent.rules` does, without its head.

    Raises:
        ValueError: there is no such function.
    """
    for path in sorted((PACKAGE / "rules").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found = _named(name, ast.parse(text))
        if isinstance(found, ast.FunctionDef):
            last = _docstring(found)[-1:]  # of the head, if there is one
            start = last[0] + 1 if last else found.body[0].lineno
            return Excerpt(path, _lines(text, start, found))
    raise ValueError(f"gradient_ascent.rules has no function {name!r}")


def definition(dotted: str) -> Excerpt:
    """Return a function or class, without its docstrings of more than one line.

    Args:
        dotted: where it stands: gradient_ascent.minitorch.tensor.Tensor.backward.

    Raises:
        ValueError: nothing of that name stands there.
    """
    package, *names = dotted.split(".")
    for count in range(1, len(names)):
        path = PACKAGE.joinpath(*names[:count]).with_suffix(".py")
        if package == PACKAGE.name and path.is_file():
            text = path.read_text(encoding="utf-8")
            found: Definition | ast.Module | None = ast.parse(text)
            for name in names[count:]:
                found = found and _named(name, found)
            if isinstance(found, Definition):
                above = [each.lineno for each in found.decorator_list]
                return Excerpt(path, _lines(text, min([found.lineno, *above]), found))
    raise ValueError(f"there is no {dotted!r}")


def _named(name: str, where: Definition | ast.Module) -> Definition | None:
    definitions = (each for each in where.body if isinstance(each, Definition))
    return next((each for each in definitions if each.name == name), None)


def _docstring(found: Definition) -> range:
    """The lines of a docstring, counted from 1; none where it has none."""
    if ast.get_docstring(found) is None:
        return range(0)
    first = found.body[0]
    return range(first.lineno, (first.end_lineno or first.lineno) + 1)


def _lines(text: str, start: int, found: Definition) -> str:
    lines = dict(enumerate(text.splitlines(), 1))
    kept = set(range(start, (found.end_lineno or start) + 1))
    for each in ast.walk(found):
        if isinstance(each, Definition) and len(docstring := _docstring(each)) > 1:
            kept -= {*docstring}
            if not lines[docstring.stop].strip():
                kept -= {docstring.stop}
    return dedent("\n".join(lines[n] for n in sorted(kept)))


class Source(SphinxDirective):
    """``{rule-body} adam``, ``{source-of} gradient_ascent.optim.adam.Adam``."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return the code, and below it the name of its file."""
        find = body if self.name == "rule-body" else definition
        try:
            found = find(self.arguments[0])
        except ValueError as error:
            place = self.get_location()
            _logger.warning("%s: %s", self.name, error, location=place)
            return []
        self.env.note_dependency(str(found.path))
        code = nodes.literal_block(found.code, found.code, language="python")
        self.set_source_info(code)
        repository: Repository | None = self.config.book_repository
        name: nodes.Element = nodes.literal(found.file, found.file)
        if repository:
            name = nodes.reference("", "", name, refuri=repository.file(found.file))
        caption = nodes.paragraph("", "", name, classes=["source-file"])
        return [nodes.container("", code, caption, classes=["source"])]


def setup(app: Sphinx) -> None:
    """Register both directives."""
    app.add_directive("rule-body", Source)
    app.add_directive("source-of", Source)
