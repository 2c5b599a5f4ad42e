"""Names of the package, and of others, lead to where they are told of.

In a chapter `optim.Adam` links to the API, `Adam` if a cell of the page imports it or
no other name, torch's among them, ends so. Types in the API lead to torch and Python
as well: `elsewhere.txt` has their addresses, so that a build needs no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.python import ObjectEntry
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from bookweb.api_names import PACKAGE, PAGES

ELSEWHERE = Path(__file__).with_name("elsewhere.txt")
NOWHERE = "-"  # told of nowhere
_LEFT_OUT = (
    nodes.FixedTextElement,
    nodes.reference,
    nodes.title,
    addnodes.desc_signature,
)
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_CLASS = re.compile(r"[A-Z]\w*[a-z]\w*")
_IMPORT = re.compile(rf"^from {PACKAGE}([\w.]*) import ([\w ,]+)$", re.MULTILINE)
_OUTSIDE = re.compile(r"(?:torch|numpy|scipy|matplotlib)\.\w")
_logger = logging.getLogger(__name__)


@cache
def elsewhere() -> dict[str, str]:
    """Return where other projects tell of their names."""
    lines = ELSEWHERE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return dict(pairs)


class Links(SphinxPostTransform):
    """Links what is written as code and is a name that the API has."""

    default_priority = 50

    def run(self, **kwargs: Any) -> None:
        """Link each name once in a section; in the API, wherever it stands."""
        self.objects: dict[str, ObjectEntry] = self.env.domaindata["py"]["objects"]
        in_api = self.env.docname.startswith(PAGES)
        imports = {} if in_api else dict(_imports(self.document))
        linked: set[tuple[int, str]] = set()
        for literal in list(self.document.findall(nodes.literal)):
            above = list(_above(literal))
            text = literal.astext()
            if any(isinstance(each, _LEFT_OUT) for each in above):
                continue
            if "xref" in literal["classes"] or not _NAME.fullmatch(text):
                continue
            if in_api:
                name = self.in_scope(text, above)
            else:
                name = self.in_chapter(imports.get(text, text))
            section = next((id(x) for x in above if isinstance(x, nodes.section)), 0)
            if name and (in_api or (section, name) not in linked):
                linked.add((section, name))
                literal.parent.replace(literal, self.link(name, literal.deepcopy()))

    def in_chapter(self, text: str) -> str | None:
        """Return the name in full that a chapter means, if it is sure."""
        for name in (text, f"{PACKAGE}.{text}"):
            if "." in text and name in self.objects:
                return name
        theirs = any(name.endswith(f".{text}") for name in elsewhere())
        return self.only(text) if _CLASS.fullmatch(text) and not theirs else None

    def only(self, text: str) -> str | None:
        """Return the one class that ends so, or the one that the package exports."""
        if (short := f"{PACKAGE}.{text}") in self.objects:
            return short
        areas = {
            name
            for name, entry in self.objects.items()
            if name.endswith(f".{text}") and not entry.aliased and name.count(".") == 2
        }
        return areas.pop() if len(areas) == 1 else None

    def in_scope(self, text: str, above: list[nodes.Element]) -> str | None:
        """Return the name in full that a docstring means; objects if it is unknown."""
        area = f"{PACKAGE}.{self.env.docname.rpartition('/')[2]}"
        described = [each for each in above if isinstance(each, addnodes.desc)]
        if any(text in _own(each) for each in described):
            return None
        signatures = (next(x.findall(addnodes.desc_signature)) for x in described)
        owners = [f"{area}.{each['fullname']}" for each in signatures]
        for owner in [*owners, area]:
            if (name := f"{owner}.{text}") in self.objects:
                return None if name in owners[:1] else name
        for name in (text, f"{PACKAGE}.{text}") if "." in text else ():
            if name in self.objects:
                return name
        if text in elsewhere():
            return text
        if _CLASS.fullmatch(text) and (only := self.only(text)):
            return only
        if _OUTSIDE.match(text) or _CLASS.fullmatch(text):
            _logger.warning("api: nothing tells of %r", text, location=above[0])
        return None

    def link(self, name: str, shown: nodes.Node) -> nodes.Element:
        """Return a link to what is told of a name."""
        if name in self.objects:
            entry = self.objects[name]
            return make_refnode(
                self.app.builder, self.env.docname, entry.docname, entry.node_id,
                shown, name,
            )  # fmt: skip
        return _outward(name, shown)


def _outward(name: str, shown: nodes.Node) -> nodes.Element:
    address = elsewhere()[name]
    if address == NOWHERE:
        return cast(nodes.Element, shown)
    return nodes.reference("", "", shown, refuri=address, internal=False)


def _above(part: nodes.Element) -> Iterator[nodes.Element]:
    while part.parent is not None:
        part = part.parent
        yield part


def _own(described: addnodes.desc) -> set[str]:
    """Return the arguments and attributes of what is described, and its own name."""
    kinds = (addnodes.desc_sig_name, addnodes.literal_strong)
    return {
        each.astext().lstrip("*") for kind in kinds for each in described.findall(kind)
    }


def _imports(page: nodes.document) -> Iterator[tuple[str, str]]:
    """Go through what the cells of a page import, each with its name in full."""
    for cell in page.findall(nodes.literal_block):
        for home, names in _IMPORT.findall(cell.astext()):
            for name in names.split(","):
                first, _, other = name.strip().partition(" as ")
                yield other or first, f"{PACKAGE}{home}.{first}"


def _resolve(
    app: Sphinx, env: BuildEnvironment, wanted: Any, shown: nodes.TextElement
) -> nodes.Element | None:
    """Lead a type of another project there, and one that has a name to this."""
    name = wanted["reftarget"]
    if entry := env.domaindata["py"]["objects"].get(name):
        page, place = entry.docname, entry.node_id
        return make_refnode(app.builder, env.docname, page, place, shown, name)
    if wanted["refdomain"] == "py" and name in elsewhere():
        return _outward(name, shown)
    return None


def setup(app: Sphinx) -> None:
    """Register the links."""
    app.add_post_transform(Links)
    app.connect("missing-reference", _resolve)
