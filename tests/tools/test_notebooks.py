"""Where notebooks run, and what is said of one that fails."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from bookweb.notebook_cells import BESIDES, EXTRAS, FIRST
from packaging.requirements import Requirement

from tests.book.chapters import book
from tests.tools.conftest import ROOT
from tools import notebooks

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


distributions = cache(packages_distributions)  # it looks into every package


def packages(modules: set[str]) -> set[str]:
    """What has to be installed for these modules, as pip calls it."""
    of = distributions()
    return {of[each][0].lower() for each in modules - {"gradient_ascent"}}


def taken_by_chapters() -> set[str]:
    cells = [cell.body for chapter in book() for cell in chapter.cells]
    return packages(set().union(*map(imported, cells))) - NOT_RUN_THERE


def taken_by_the_package() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return {Requirement(x).name for each in EXTRAS.split(",") for x in extras[each]}


def test_the_first_cell_looks_for_what_the_chapters_import_and_installs_it() -> None:
    sought = packages(set(re.findall(r'"(\w+)"', FIRST)))
    installed = taken_by_the_package() | {*BESIDES}
    assert taken_by_chapters() - {*BROUGHT} <= sought <= installed


def test_binder_has_what_the_chapters_and_the_package_import() -> None:
    files = ROOT / ".binder"
    lines = (files / "requirements.txt").read_text().splitlines()
    listed = {Requirement(x).name for x in lines if not x.startswith(("#", "--"))}
    listed |= set(re.findall(r" (torch)$", (files / "postBuild").read_text(), re.M))
    needed = taken_by_chapters() | taken_by_the_package()
    assert {BROUGHT.get(each, each) for each in needed} <= listed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "why", "seconds"),
    [
        ("1 + 1", "", 300),
        ("assert 1 == 2, 'so it is'", "AssertionError: so it is", 300),
        ("while True: pass", "CellTimeoutError: A cell timed out", 1),
    ],
)
def test_a_notebook_that_fails_says_why(
    code: str, why: str, seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebooks, "SECONDS", seconds)
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": code}
    notebook = {
        "cells": [cell | {"outputs": [], "execution_count": None}],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    file = tmp_path / "small.ipynb"
    file.write_text(json.dumps(notebook))
    said = notebooks.execute(file, Path(sys.executable).parent)
    assert why in said and bool(said) is bool(why)
    assert json.loads(file.read_text()) == notebook  # it was a copy that ran
