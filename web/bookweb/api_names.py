"""The public names of the package, and the page of the API that has each.

A name is public where its area exports it: in `__all__`, as `import x as x`, or as what
a module without imports of that kind defines and documents.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import gradient_ascent

PACKAGE = gradient_ascent.__name__
PAGES = "chapters/reference/api"  # each page of the folder is named as its area is
AREAS = (
    "optim", "maximization", "constraints", "proximal", "games", "objectives", "rules",
    "ops", "minitorch", "landscapes", "trace", "comparison", "plots", "benchmarks",
)  # fmt: skip


class Public(NamedTuple):
    """A public name.

    Attributes:
        area: what exports it.
        name: as it is exported.
        home: the module that defines it.
        value: what it is.
    """

    area: str
    name: str
    home: str
    value: Any

    @property
    def full(self) -> str:
        """The name with package and area."""
        return f"{PACKAGE}.{self.area}.{self.name}"

    @property
    def kind(self) -> str:
        """What Sphinx calls it: class, exception, function, data or module."""
        if inspect.isclass(self.value):
            error = issubclass(self.value, BaseException)
            return "exception" if error else "class"
        if inspect.ismodule(self.value):
            return "module"
        is_code = hasattr(self.value, "__wrapped__") or inspect.isroutine(self.value)
        return "function" if is_code else "data"


@cache
def public(area: str) -> tuple[Public, ...]:
    """Return what an area exports, in the order of its file."""
    module = import_module(f"{PACKAGE}.{area}")
    file = Path(str(module.__file__))
    homes = dict(_exported(ast.parse(file.read_text("utf-8")), module.__name__))
    listed = getattr(module, "__all__", None)
    if listed is None:
        listed = [name for name in homes if not name.startswith("_")]
        listed = [x for x in listed if not isinstance(getattr(module, x), TypeVar)]
    return tuple(
        Public(area, name, homes[name], getattr(module, name)) for name in listed
    )


def _exported(tree: ast.Module, module: str) -> Iterator[tuple[str, str]]:
    """Go through the names of a file, each with the module that defines it."""
    lists = any(
        isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__all__"
        for each in tree.body
    )
    for each in tree.body:
        match each:
            case ast.ImportFrom(module=home, names=names):
                home = f"{module}.{home}" if each.level else str(home)
                for name in names:
                    if lists or name.name == name.asname:
                        yield name.asname or name.name, home
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, module
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, module
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name, module


@cache
def every_name() -> dict[str, Public]:
    """Return each public name by its name in full."""
    return {each.full: each for area in AREAS for each in public(area)}


@cache
def shorthands() -> dict[str, str]:
    """Return what the package itself exports of its areas: maximize, optim.Adam, ..."""
    return {
        name: f"{PACKAGE}.{home}.{name}" for name, home in gradient_ascent._HOME.items()
    }


@cache
def rule_of() -> dict[str, str]:
    """Return the rule that a name in full stands for: of a rule, of an optimizer."""
    from gradient_ascent.optim import OPTIMIZERS
    from gradient_ascent.rules import RULES

    names = {f"{PACKAGE}.rules.{name}": name for name in RULES}
    for name, kind in OPTIMIZERS.items():
        if name in RULES:
            names[f"{PACKAGE}.optim.{kind.__name__}"] = name
    return names
