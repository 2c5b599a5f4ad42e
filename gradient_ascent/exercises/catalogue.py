"""Where the exercises are, and how a file becomes what the reader gets.

A file holds, in this order: a docstring, whose first line is the title and
whose rest is the statement; the solution; a line `# check`, and below it
`CHAPTER`, `KIND`, `LEVEL`, `HINT` and the function `check`. What stands between
`# solution: begin` and `# solution: end` is left out of the reader's stub.
"""

import ast
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from gradient_ascent.exercises.properties import Property

_INSTALLED = Path(__file__).resolve().parent / "files"
_BESIDE = Path(__file__).resolve().parents[2] / "exercises"

KINDS = ("predict", "compute", "prove", "what-if")
LEVELS = (1, 2, 3)  # minutes; pencil and paper; half an hour, or a program
_CHECK = "\n# check\n"
_REGION = re.compile(
    r"^([ ]*)# solution: begin\n(.*?)^[ ]*# solution: end\n",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        name: its file's name without the ending.
        title: what it is called.
        chapter: the page of the book it belongs to, below chapters/.
        kind: what is to be done, one of `KINDS`.
        level: how hard it is, one of `LEVELS`.
        hint: a sentence or two that help, and do not solve it.
        statement: what is asked, as Markdown.
        solution: the code that solves it.
        stub: the same with the solution left out, which the reader completes.
        properties: the check: given the names that the reader's code defines,
            it yields what must hold of them.
    """

    name: str
    title: str
    chapter: str
    kind: str
    level: int
    hint: str
    statement: str
    solution: str
    stub: str
    properties: Callable[[Any], Iterable[Property]]

    @property
    def version(self) -> str:
        """A mark that changes with the stub."""
        return hashlib.sha256(self.stub.encode()).hexdigest()[:12]

    @property
    def file(self) -> str:
        """What a reader gets who works in a file: statement and stub."""
        return f'"""{self.title}.\n\n{self.statement}\n"""\n\n{self.stub}'


def folder() -> Path:
    """The folder of exercises: in a wheel's package, or beside the source's.

    Raises:
        FileNotFoundError: it is in neither place.
    """
    for place in (_INSTALLED, _BESIDE):
        if (place / "momentum.py").is_file():
            return place
    raise FileNotFoundError(
        "the exercises are not here: they come with the book's own folder, and "
        f"with its wheel (looked in {_INSTALLED} and {_BESIDE})"
    )


def names() -> list[str]:
    """The names of all exercises."""
    return sorted(file.stem for file in folder().glob("*.py"))


@cache
def load(name: str) -> Exercise:
    """Read one exercise.

    Raises:
        ValueError: there is no exercise of that name.
        SyntaxError: its file is not written as this module's docstring says.
    """
    if name not in names():
        close = get_close_matches(name, names(), n=1)
        hint = (
            f"did you mean {close[0]}?"
            if close
            else f"known: {', '.join(names())}"
        )
        raise ValueError(f"there is no exercise {name!r}; {hint}")
    path = folder() / f"{name}.py"
    source = path.read_text(encoding="utf-8")
    if source.count(_CHECK) != 1:
        raise SyntaxError(f"{path.name} must have one line '# check'")
    before, _, _ = source.partition(_CHECK)
    title, _, statement = (
        ast.get_docstring(ast.parse(before)) or ""
    ).partition("\n")
    marked = _without_docstring(before)
    if not _REGION.search(marked):
        raise SyntaxError(f"{path.name} must mark its solution: begin, end")
    namespace: dict[str, Any] = {"__name__": f"exercises.{name}"}
    exec(compile(source, str(path), "exec"), namespace)
    _sort(path.name, namespace)
    return Exercise(
        name=name,
        title=title.rstrip("."),
        chapter=namespace["CHAPTER"],
        kind=namespace["KIND"],
        level=namespace["LEVEL"],
        hint=namespace["HINT"],
        statement=statement.strip(),
        solution=_REGION.sub(lambda region: region[2], marked),
        stub=_REGION.sub(_to_do, marked),
        properties=namespace["check"],
    )


def _sort(file: str, namespace: dict[str, Any]) -> None:
    """Refuse a kind or a level that no exercise has."""
    for name, known in (("KIND", KINDS), ("LEVEL", LEVELS)):
        if (got := namespace[name]) not in known:
            these = ", ".join(map(str, known))
            raise SyntaxError(f"{file}: {name} is {got!r}, not one of {these}")


def _without_docstring(source: str) -> str:
    docstring = ast.parse(source).body[0]
    assert docstring.end_lineno is not None
    lines = source.splitlines(keepends=True)[docstring.end_lineno :]
    return "".join(lines).strip() + "\n"


def _to_do(region: re.Match[str]) -> str:
    count = sum(bool(line.strip()) for line in region[2].splitlines())
    size = "a line" if count == 1 else f"{count} lines"
    return f"{region[1]}...  # TODO: {size} will do\n"
