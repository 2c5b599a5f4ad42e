"""Draw the house from its imports: `python -m tools.house`, in CONTRIBUTING.md.

Each file or folder of the package is a room, and so are the chapters, the exercises and
the Sphinx extension. An arrow leads to what a room needs as it is imported; one that
other arrows imply is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import gradient_ascent
from tools.environment import ROOT

PACKAGE = "gradient_ascent"
DOCUMENT = ROOT / "CONTRIBUTING.md"
BLOCK = re.compile(r"```mermaid\n.*?```", re.DOTALL)
OPTIONS = r"(?:---\n.*?\n---\n|(?::[^\n]*\n)*)"
CELL = re.compile(rf"^```\{{code-cell\}}[^\n]*\n{OPTIONS}(.*?)^```", re.M | re.S)
FLOORS = {
    "book": "the book",
    "torch": "needs torch",
    "matplotlib": "needs matplotlib",
    "python": "needs Python alone",
}
BOOK = {"chapters": "*.md", "exercises": "*.py", "web/bookweb": "*.py"}
LOBBY = ("__init__", "main")  # which lead to every room, and to one

Rooms = dict[str, set[str]]
"""What each room imports: other rooms, and packages."""


def main() -> None:
    """Write the picture where it is shown."""
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(BLOCK.sub(lambda _: picture(), text), "utf-8")


def picture() -> str:
    """Return the house as one of Mermaid's diagrams, from the roof down."""
    needs = rooms()
    sorter = TopologicalSorter({room: sorted(needs[room]) for room in sorted(needs)})
    order = [room for room in sorter.static_order() if room in needs][::-1]
    lines = ["flowchart TD"]
    for floor, title in FLOORS.items():
        here = [room for room in order if floor_of(room, needs) == floor]
        named = [f'    {mark(x)}["{x}"]' if mark(x) != x else f"    {x}" for x in here]
        lines += [f'  subgraph on_{floor}["{title}"]', *named, "  end"]
    for room in order:
        implied = set().union(*(above(each, needs) for each in needs[room]))
        direct = sorted((needs[room] - implied) & set(needs))
        lines += [f"  {mark(room)} --> {mark(each)}" for each in direct]
    return "\n".join(["```mermaid", *lines, "```"])


def rooms() -> Rooms:
    """Read what each part of the package and of the book imports."""
    found: Rooms = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        room = path.relative_to(ROOT / PACKAGE).parts[0].removesuffix(".py")
        if room not in LOBBY:
            found.setdefault(room, set()).update(imports(code(path)))
    for folder, files in BOOK.items():
        texts = map(code, sorted((ROOT / folder).rglob(files)))
        found[f"{folder}/"] = {each for text in texts for each in imports(text)}
    return {room: needs - {room} for room, needs in found.items()}


def code(path: Path) -> str:
    """Return a file's Python: of a chapter, its cells."""
    text = path.read_text("utf-8")
    return "\n".join(CELL.findall(text)) if path.suffix == ".md" else text


def imports(text: str) -> Iterator[str]:
    """Yield the rooms and packages that are imported where some code is."""
    for statement in ast.parse(text).body:
        match statement:
            case ast.Import(names):
                yield from (room(each.name) for each in names)
            case ast.ImportFrom(str(module), names, 0):
                yield from (room(f"{module}.{each.name}") for each in names)


def room(dotted: str) -> str:
    """Return the room of the package that a name stands in, or its own package."""
    package, _, rest = dotted.partition(".")
    name = rest.partition(".")[0]
    if package != PACKAGE or not name:
        return package
    return gradient_ascent._HOME.get(name, name)


def above(room: str, needs: Rooms) -> set[str]:
    """Return what a room needs through others as well."""
    direct = needs.get(room, set())
    return direct.union(*(above(each, needs) for each in direct))


def floor_of(room: str, needs: Rooms) -> str:
    """Say on which floor a room is."""
    if room.endswith("/"):
        return "book"
    wanted: Iterable[str] = above(room, needs)
    return next((each for each in ("torch", "matplotlib") if each in wanted), "python")


def mark(room: str) -> str:
    """Return the name that Mermaid knows a room by."""
    return re.sub(r"\W", "_", room)


if __name__ == "__main__":
    main()
