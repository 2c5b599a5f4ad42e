"""Read the chapters: their front matter, fences (directives and cells) and prose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

ROOT = Path(__file__).resolve().parents[2]
NO_PROSE = (
    "code-cell", "math", "bibliography", "rule-body", "source-of", "trace-lab", "race",
    "diagram", "expression",
)  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)


@dataclass(frozen=True)
class Fence:
    """A directive or code cell: ```{name} argument, options, body."""

    name: str
    argument: str
    body: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def tags(self) -> list[str]:
        """A code cell's tags."""
        return self.options.get("tags", [])


@dataclass(frozen=True)
class Chapter:
    """One file of the book."""

    path: Path

    @property
    def name(self) -> str:
        """Its path below chapters/, without the ending."""
        return self.path.relative_to(ROOT / "chapters").with_suffix("").as_posix()

    @cached_property
    def tokens(self) -> list[Token]:
        """The chapter as Markdown tokens."""
        return _MARKDOWN.parse(self.path.read_text(encoding="utf-8"))

    @cached_property
    def front_matter(self) -> dict[str, Any]:
        """The YAML header."""
        headers = [t.content for t in self.tokens if t.type == "front_matter"]
        return yaml.safe_load(headers[0]) if headers else {}

    @cached_property
    def fences(self) -> list[Fence]:
        """Every directive and cell, those inside others included, in reading order."""
        return list(_fences(self.tokens))

    @property
    def cells(self) -> list[Fence]:
        """The code cells."""
        return [fence for fence in self.fences if fence.name == "code-cell"]

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Level and text of each heading."""
        pairs = zip(self.tokens, self.tokens[1:])
        opened = [(a, text) for a, text in pairs if a.type == "heading_open"]
        return [(int(a.tag[1]), text.content) for a, text in opened]

    @cached_property
    def prose(self) -> list[str]:
        """Each run of text, also inside directives; cells, code and maths left out."""
        return list(_prose(self.tokens))


def book() -> list[Chapter]:
    """The chapters of _toc.yml, less the reference pages, made otherwise."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [toc["root"]]
    for part in toc["parts"]:
        files += [chapter["file"] for chapter in part["chapters"]]
    names = [name for name in files if not name.startswith("chapters/reference/")]
    return [Chapter(ROOT / f"{name}.md") for name in names]


def sources(folder: Path) -> list[Path]:
    """The Markdown files under a folder, less the copies that Jupyter keeps of them."""
    files = sorted(folder.rglob("*.md"))
    return [file for file in files if ".ipynb_checkpoints" not in file.parts]


def _fences(tokens: list[Token]) -> Iterator[Fence]:
    for token in tokens:
        match = re.match(r"\{([\w:.-]+)\}\s*(.*)", token.info or "")
        if token.type == "fence" and match:
            options, body = _options(token.content)
            yield Fence(match[1], match[2].strip(), body, options)
            if match[1] not in ("code-cell", "math"):
                yield from _fences(_MARKDOWN.parse(body))


def _options(content: str) -> tuple[dict[str, Any], str]:
    """Split a directive into its options (YAML block or :key: lines) and its body."""
    if content.startswith("---\n"):
        header, _, body = content[4:].partition("\n---\n")
        return yaml.safe_load(header) or {}, body
    lines, options = content.splitlines(), {}
    while lines and (match := re.match(r":([\w-]+):\s*(.*)", lines[0])):
        options[match[1]] = _value(match[2])
        lines.pop(0)
    return options, "\n".join(lines)


def _value(text: str) -> Any:
    """A directive's option: flow-style YAML such as [claim], or text as it stands."""
    return yaml.safe_load(text) if text[:1] in ("[", "{") else text


def _prose(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield token.content
        elif token.type == "fence" and token.info.startswith("{"):
            name = token.info[1:].partition("}")[0]
            if name not in NO_PROSE:
                yield from _prose(_MARKDOWN.parse(_options(token.content)[1]))
