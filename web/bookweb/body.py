"""A live figure's directive: its body, written as YAML, and what it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective


def read(
    text: str, needed: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, Any]:
    """Read a body; raises as `mapping`, and yaml.YAMLError where it is no YAML."""
    return mapping("the body", yaml.safe_load(text), needed, optional)


def mapping(
    what: str, given: Any, needed: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what is given, if it is a mapping with these keys.

    Raises:
        TypeError: it is no mapping.
        ValueError: a key missing or unknown.
    """
    if not isinstance(given, dict):
        raise TypeError(f"{what} must be a YAML mapping, got {given!r}")
    if missing := [key for key in needed if key not in given]:
        raise ValueError(f"{what} lacks {', '.join(missing)}")
    if unknown := sorted(map(str, set(given) - {*needed, *optional})):
        takes = ", ".join((*needed, *optional))
        raise ValueError(f"{what} takes {takes}; got {', '.join(unknown)}")
    return given


def figure(
    directive: SphinxDirective, made: Node, caption: str, *classes: str
) -> list[Node]:
    """Return what a directive has made, with its caption, under its label."""
    words, messages = directive.parse_inline(caption)
    whole = nodes.figure(
        "", made, nodes.caption("", "", *words), classes=["live", *classes]
    )
    directive.set_source_info(whole)
    directive.options["name"] = directive.arguments[0]  # to which numref refers
    directive.add_name(whole)
    return [whole, *messages]
