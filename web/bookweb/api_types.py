"""Types as a reader knows them: without what only the package's checks read.

`Annotated[float, Interval(...)]` is a float, and what is written as `Constraints` is
not spelt out.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import stringify_annotation

from bookweb.api_names import every_name

# What is imported for type checkers alone.
_LATER = {"Axes": "~matplotlib.axes.Axes"}
# What a type is called where it is told of, if it is defined elsewhere.
_HOMES = {
    "matplotlib.axes._axes.Axes": "matplotlib.axes.Axes",
    "torch._C.Generator": "torch.Generator",
    "torch.nn.modules.module.Module": "torch.nn.Module",
    "torch.optim.optimizer.Optimizer": "torch.optim.Optimizer",
}
_ATTRIBUTE = re.compile(r":vartype (\w+):")


def spelled(annotation: Any, area: str) -> str:
    """Return a type as it is shown: `~` stands before a name of which only the end is.

    Args:
        annotation: The type, without what is annotated.
        area: Where it stands, whose names for types are known.
    """
    if isinstance(annotation, str):
        text = re.sub(r"\w+", lambda it: _LATER.get(it[0], it[0]), annotation)
    else:
        text = stringify_annotation(annotation, "smart")
    for long, short in (*_names(area), *_HOMES.items()):
        text = text.replace(long, short)
    linked, literal, rest = text.partition("Literal[")  # past it Sphinx links nothing
    return linked + literal + alone(rest)


def alone(text: str) -> str:
    """Return a type with the ends of names alone."""
    return re.sub(r"~(?:\w+\.)+", "", text)


@cache
def _names(area: str) -> list[tuple[str, str]]:
    """Return what the package has names for, each with its name.

    Others may spell the same type and not mean it: of a type in which there is none of
    the package's own, the name is known in its area alone.
    """
    from torch.optim.optimizer import ParamsT

    found = [(stringify_annotation(ParamsT, "smart"), "~collections.abc.Iterable")]
    for each in every_name().values():
        if each.kind == "data" and typing.get_origin(each.value):
            long = stringify_annotation(each.value, "smart")
            if each.area == area or "~gradient_ascent." in long:
                found.append((long, f"~{each.full}"))
    return found


def _record(app: Sphinx, what: str, name: str, thing: Any, *_: Any) -> None:
    """Spell anew what autodoc has recorded of a signature."""
    known = app.env.temp_data.get("annotations", {}).get(name, {})
    if hasattr(thing, "register"):  # it is annotated for floats, and takes all kinds
        known.clear()
    hints = dict(_hints(thing)) if known else {}
    area = app.env.docname.rpartition("/")[2]
    for each in known:
        known[each] = spelled(hints.get(each, known[each]), area)


def _signature(
    app: Sphinx, what: str, name: str, thing: Any, *given: Any
) -> tuple[str, str] | None:
    """Spell anew the defaults of a signature that are no numbers, flags or words."""
    _, said, returns = given
    return (readable(thing, said), returns) if said else None


def readable(thing: Any, said: str) -> str:
    """Return a signature with defaults that Python reads; of a protocol, nothing."""
    if getattr(thing, "_is_protocol", False):
        return ""
    for each in inspect.signature(thing).parameters.values():
        if hasattr(each.default, "_fields"):  # Sphinx shows no name of a NamedTuple
            kind = type(each.default)
            usual = f"{kind.__name__}()" if each.default == kind() else each.default
            shown = f"{each.name}={tuple(each.default)!r}"
            said = said.replace(shown, f"{each.name}={usual!s}")
    for field in fields(thing) if is_dataclass(thing) else ():
        if field.default_factory is not MISSING:
            said = said.replace("<factory>", repr(field.default_factory()), 1)
    return re.sub(r"<function (\w+)>", r"\1", said)


def _attributes(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Spell anew the types of attributes, as napoleon has written them."""
    hints = dict(_hints(thing)) if what == "class" else {}
    area = app.env.docname.rpartition("/")[2]
    for at, line in enumerate(lines):
        if (found := _ATTRIBUTE.match(line)) and found[1] in hints:
            lines[at] = f":vartype {found[1]}: {spelled(hints[found[1]], area)}"


def _hints(thing: Any) -> Iterator[tuple[str, Any]]:
    """Go through the types of what a signature has, less their annotations."""
    places = (
        [thing, thing.__init__] if inspect.isclass(thing) else [inspect.unwrap(thing)]
    )
    for place in places:
        try:
            yield from typing.get_type_hints(place).items()
        except NameError:  # imported for type checkers alone
            continue


def setup(app: Sphinx) -> None:
    """Register the spelling, which comes after autodoc's own."""
    app.connect("autodoc-process-signature", _record, priority=600)
    app.connect("autodoc-process-signature", _signature, priority=700)
    app.connect("autodoc-process-docstring", _attributes, priority=600)
