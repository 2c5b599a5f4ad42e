"""Every example in a docstring gives what it says."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import gradient_ascent

MODULES = [m.name for m in walk_packages(gradient_ascent.__path__, "gradient_ascent.")]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    failed, _ = doctest.testmod(import_module(name), raise_on_error=False)
    assert failed == 0


def test_there_are_examples_to_run() -> None:
    for name, count in (
        ("minitorch.tensor", 3),
        ("main", 10),
        ("optim.gradient_ascent", 10),
    ):
        module = import_module(f"gradient_ascent.{name}")
        found = doctest.DocTestFinder().find(module)
        assert sum(len(each.examples) for each in found) >= count
