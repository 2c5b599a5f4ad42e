"""Where notebooks run, and what is said of one that fails."""

from __future__ import annotations

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.book.chapters import book
from tests.tools.conftest import ROOT
from tools.notebooks import execute

BROUGHT = {"ipython": "jupyterlab", "numpy": "torch", "scipy": "scikit-learn"}
NOT_RUN_THERE = {"myst-nb"}  # `glue`, which the notebooks leave out


def imported(code: str) -> set[str]:
    """The modules that code imports, by their first names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).partition(".")[0])
    return names - sys.stdlib_module_names


def test_binder_has_what_the_chapters_import() -> None:
    files = ROOT / ".binder"
    lines = (files / "requirements.txt").read_text().splitlines()
    listed = {Requirement(x).name for x in lines if not x.startswith(("#", "--"))}
    listed |= set(re.findall(r" (torch)$", (files / "postBuild").read_text(), re.M))
    cells = [cell.body for chapter in book() for cell in chapter.cells]
    modules = set().union(*map(imported, cells)) - {"gradient_ascent"}
    of = packages_distributions()
    needed = {of[module][0].lower() for module in modules} - NOT_RUN_THERE
    assert {BROUGHT.get(each, each) for each in needed} <= listed


@pytest.mark.slow
@pytest.mark.parametrize("code", ["1 + 1", "assert 1 == 2, 'so it is'"])
def test_a_notebook_that_fails_says_why(code: str, tmp_path: Path) -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": code}
    notebook = {
        "cells": [cell | {"outputs": [], "execution_count": None}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    file = tmp_path / "small.ipynb"
    file.write_text(json.dumps(notebook))
    said = execute(file, Path(sys.executable).parent)
    assert ("AssertionError: so it is" in said) is ("assert" in code)
    assert bool(said) is ("assert" in code)
    assert json.loads(file.read_text()) == notebook  # it was a copy that ran
