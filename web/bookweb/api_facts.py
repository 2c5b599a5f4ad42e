"""What the API says beside a docstring: what a step costs, the chapter, the file."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from bookweb.api_landscapes import declared
from bookweb.api_names import every_name, rule_of
from bookweb.repository import Repository
from bookweb.sources import ROOT
from gradient_ascent.landscapes import Landscape

_FLOAT32 = 4  # bytes
_HISTORY = (  # of LBFGS, which keeps what it is told to
    "keeps up to 2 × `history_size` + 2 numbers beside each of the parameters. An "
    "iteration reads that history twice."
)


def _add(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Add to a public name what else is known of it, a line each."""
    if name in every_name():
        lines += ["", *box(facts(name, thing, app.config.book_repository)), ""]


def box(found: Iterable[tuple[str, str]]) -> list[str]:
    """Return the reStructuredText of facts: of which kind each is, and what it is."""
    said = (f"   - **{fact}:** {told}" for fact, told in found)
    return [".. container:: api-facts", "", *said]


def facts(
    name: str, thing: Any, repository: Repository | None
) -> Iterator[tuple[str, str]]:
    """Go through what is known of a public name: of which kind, and what it is."""
    from gradient_ascent.optim import OPTIMIZERS, SteepestAscent
    from gradient_ascent.rules import RULES

    if inspect.isclass(thing) and thing in (*OPTIMIZERS.values(), SteepestAscent):
        yield "Cost", cost(thing)
    if isinstance(thing, Landscape):
        yield from declared(thing)
    if rule := rule_of().get(name):
        yield "Derived in", f":doc:`/chapters/{RULES[rule].declaration.chapter}`"
    known = every_name()[name]
    told = import_module(known.home) if known.kind == "data" else inspect.unwrap(thing)
    file = Path(inspect.getsourcefile(told) or "")
    path = file.relative_to(ROOT).as_posix()
    linked = repository and f"`{path} <{repository.file(path)}>`__"
    yield "Code", linked or f"``{path}``"


def cost(kind: Any) -> str:
    """Say what an optimizer keeps and what a step of it moves, with its defaults."""
    import torch

    from gradient_ascent import optim, speed
    from gradient_ascent.optim.optimizer import RuleOptimizer

    x = torch.zeros(10_000, requires_grad=True)  # what is done once hardly counts
    if kind is optim.LBFGS:
        return _HISTORY
    if not issubclass(kind, RuleOptimizer):
        x.grad = torch.ones_like(x)
        with speed.Ops() as counted:
            kind([x], lr=1).step()
        moved = round(counted.bytes / x.nbytes)
        return f"keeps nothing. A step {_moves(moved)}."
    optimizer = kind([x])
    fields = optimizer.fields(optimizer.param_groups[0])
    names = ", ".join(f"`{field}`" for field in fields)
    kept = f"{_counted(len(fields), 'number')} beside each of the parameters ({names})"
    kept = f"{kept}, {_FLOAT32 * len(fields)} bytes in float32" if fields else "nothing"
    return (
        f"with its defaults it keeps {kept}. "
        f"A step {_moves(speed.numbers_moved(optimizer))}, "
        f"and does {_counted(speed.operations(optimizer), 'operation')}."
    )


def _moves(numbers: int) -> str:
    each = f"{_counted(numbers, 'number')} for each of the parameters"
    return f"reads and writes {each}, {_FLOAT32 * numbers} bytes in float32"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _put_last(
    app: Sphinx, domain: str, kind: str, content: addnodes.desc_content
) -> None:
    """Put what autodoc adds of its own, as a type that is returned, before it."""
    for told in content.children:
        if "api-facts" in getattr(told, "attributes", {}).get("classes", ()):
            after = content[content.index(told) :]
            for each in (x for x in after if isinstance(x, nodes.field_list)):
                content.remove(each)
                content.insert(content.index(told), each)


def setup(app: Sphinx) -> None:
    """Register the adding, which comes after napoleon has read the docstring."""
    app.connect("autodoc-process-docstring", _add, priority=600)
    app.connect("object-description-transform", _put_last, priority=600)
