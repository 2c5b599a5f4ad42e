"""The directive `api`: an area of the package, made from its docstrings.

Autodoc reads them, and napoleon their sections. Signatures stand without types, which
stand beside each argument instead.
"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from textwrap import indent
from typing import Any, cast, get_origin

from docutils import nodes
from docutils.nodes import Node
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains.python import PythonDomain
from sphinx.domains.python._object import PyObject
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import stringify_annotation

from bookweb.api_docstrings import ready
from bookweb.api_facts import box, facts
from bookweb.api_landscapes import formula
from bookweb.api_names import (
    AREAS,
    PACKAGE,
    PAGES,
    Public,
    public,
    rule_of,
    shorthands,
)
from bookweb.api_types import alone
from bookweb.repository import Repository
from gradient_ascent.landscapes import Landscape

CONFIG = {
    "add_module_names": False,
    "autodoc_member_order": "bysource",
    "autodoc_typehints": "description",
    "autodoc_typehints_description_target": "documented_params",
    "autodoc_typehints_format": "short",
    "copybutton_prompt_is_regexp": True,
    "copybutton_prompt_text": r">>> |\.\.\. ",
    "default_role": "literal",  # in docstrings; Markdown has no roles without a name
    "napoleon_numpy_docstring": False,
    "napoleon_use_ivar": True,
    "toc_object_entries_show_parents": "hide",
}
_ORDER = ("function", "class", "exception", "data", "module")
_RST = "```{{eval-rst}}\n{}\n```"
_LONG = 70  # a value of more letters is told in words
_MATHS = re.compile(r":math:`([^`]*)`")


class Api(SphinxDirective):
    """``{api} optim``: all that `gradient_ascent.optim` exports.

    Without an area: a table of all areas.
    """

    optional_arguments = 1

    def run(self) -> list[Node]:
        """Return what the docstrings say, read as they are written."""
        if not self.arguments:
            pages = [(f"[](/{PAGES}/{area}.md)", _doc(area)) for area in AREAS]
            module = self.markdown(_RST.format(f".. py:module:: {PACKAGE}"))
            return [*module, self.listed(pages)]
        (area,) = self.arguments
        names = sorted(public(area), key=_rank)
        items = [(f"`{each.name}`", said_of(each)) for each in names]
        told = (entry(each, self.config.book_repository) for each in names)
        text = "\n\n".join([f".. py:module:: {PACKAGE}.{area}", *told])
        entries = self.markdown(_RST.format(text))
        self.note_shorthands(names)
        for each in entries:
            _say_once(each)
        return [*self.markdown(_doc(area)), self.listed(items), *entries]

    def markdown(self, text: str) -> list[Node]:
        """Read Markdown."""
        box = nodes.container()
        source, line = self.get_source_info()
        lines = StringList(text.splitlines(), f"{source}:{line}")
        self.state.nested_parse(lines, self.content_offset, box)
        return box.children

    def listed(self, items: list[tuple[str, str]]) -> Node:
        """Return a list of names, each with the first line of what is said of it."""
        lines = [f"- {name} {_summary(said)}" for name, said in items]
        return nodes.container(
            "", *self.markdown("\n".join(lines)), classes=["api-names"]
        )

    def note_shorthands(self, names: list[Public]) -> None:
        """Have `gradient_ascent.Result` lead where its area has it."""
        domain = cast(PythonDomain, self.env.get_domain("py"))
        here = {each.full: each.kind for each in names}
        for name, full in shorthands().items():
            if full in here:
                domain.note_object(f"{PACKAGE}.{name}", here[full], full, aliased=True)


def _say_once(entry: Node) -> None:
    """Leave out the signatures that are alike without their types."""
    said = set()
    for signature in list(entry.findall(addnodes.desc_signature)):
        text = signature.astext()
        if (signature.parent, text) in said:
            signature.parent.remove(signature)
        said.add((signature.parent, text))


def entry(each: Public, repository: Repository | None) -> str:
    """Return the reStructuredText of a public name."""
    if each.kind not in ("data", "module"):
        members = "" if each.kind == "function" else "\n   :members:"
        return f".. auto{each.kind}:: {each.full}{members}"
    told = said_of(each)
    if isinstance(each.value, Landscape):
        told += f"\n\n.. math:: {formula(each.value)}\n"
    if each.kind == "data":
        told += "\n\n" + "\n".join(box(facts(each.full, each.value, repository)))
    option = f"\n   :value: {value}" if (value := shown(each.value)) else ""
    return f".. py:data:: {each.name}{option}\n\n{indent(ready(told, None), '   ')}"


def shown(value: Any) -> str:
    """Return a constant, or what a name of a type stands for; nothing if long."""
    if get_origin(value):
        return alone(stringify_annotation(value, "smart"))
    plain = isinstance(value, str | float | tuple)
    return text if plain and len(text := repr(value)) < _LONG else ""


def said_of(each: Public) -> str:
    """Return what is said of a name; of a constant it stands below it."""
    if each.kind == "module":
        return f"`{each.value.__name__}`, as it is."
    if each.kind != "data":
        return inspect.getdoc(each.value) or ""
    function = getattr(each.value, "function", None)
    found = ModuleAnalyzer.for_module(each.home).find_attr_docs()
    lines = found.get(("", each.name), [])
    return inspect.cleandoc("\n".join(lines) or inspect.getdoc(function) or "")


def _doc(area: str) -> str:
    return inspect.getdoc(import_module(f"{PACKAGE}.{area}")) or ""


def _summary(said: str) -> str:
    """Return the first paragraph, as Markdown."""
    return _MATHS.sub(r"$\1$", " ".join(said.partition("\n\n")[0].split()))


def _rank(each: Public) -> tuple[int, int]:
    """Return where a name stands: rules come first, as the book has them."""
    ruled = [*rule_of()]
    place = ruled.index(each.full) if each.full in ruled else len(ruled)
    return place, _ORDER.index(each.kind)


def _set(app: Sphinx, config: Config) -> None:
    for name, value in CONFIG.items():
        setattr(config, name, value)


def _skip(
    app: Sphinx, what: str, name: str, member: Any, skipped: bool, options: Any
) -> bool | None:
    """Leave out the fields of a class, which its own docstring explains.

    They are described as a NamedTuple's, or are things of another name. And leave out
    what a rule's optimizer is made of: it is used as torch's are.
    """
    from gradient_ascent import optim
    from gradient_ascent.optim.optimizer import RuleOptimizer

    told = inspect.getdoc(member) or ""
    owner, _, own = getattr(member, "__qualname__", "").rpartition(".")
    kind = RuleOptimizer if owner == "RuleOptimizer" else getattr(optim, owner, object)
    in_optim = app.env.docname == f"{PAGES}/optim"
    inner = in_optim and issubclass(kind, RuleOptimizer) and hasattr(RuleOptimizer, own)
    field = told.startswith("Alias for field number")
    field = field or getattr(member, "__name__", name) != name
    return True if inner or field else None


def setup(app: Sphinx) -> None:
    """Register the directive and what it needs of Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.add_directive("api", Api)
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"
    app.add_css_file("api.css", priority=910)
    app.connect("config-inited", _set)
    app.connect("autodoc-skip-member", _skip)
