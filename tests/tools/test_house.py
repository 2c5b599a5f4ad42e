"""The picture of the house is that of its imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tools.conftest import ROOT
from tools import house


def test_the_picture_in_contributing_is_that_of_the_imports() -> None:
    """And two runs draw the same, whatever the order of sets."""
    (shown,) = house.BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert shown == house.picture(), "run .venv/bin/python -m tools.house"
    script = "from tools import house; print(house.picture())"
    command = [sys.executable, "-c", script]
    for seed in "12":
        done = subprocess.run(
            command, cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True
        )
        assert done.stdout.decode("utf-8") == shown + "\n", done.stderr


def test_what_needs_python_alone_does_not_lean_on_what_needs_more() -> None:
    needs = house.rooms()
    for room in needs:
        if house.floor_of(room, needs) == "python":
            below = house.above(room, needs) & set(needs)
            assert {house.floor_of(each, needs) for each in below} <= {"python"}
            assert house.above(room, needs) - set(needs) <= sys.stdlib_module_names
    assert house.floor_of("rules", needs) == "python"
    assert house.floor_of("optim", needs) == house.floor_of("games", needs) == "torch"


def test_what_is_implied_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = {"a/": {"b", "c"}, "b": {"c", "torch"}, "c": {"math"}}
    monkeypatch.setattr(house, "rooms", lambda: needs)
    arrows = [line.strip() for line in house.picture().splitlines() if "-->" in line]
    assert arrows == ["a_ --> b", "b --> c"]


def test_imports_of_every_form_are_read() -> None:
    text = """
import math, torch.nn
from gradient_ascent import plots, run
from gradient_ascent.optim.lion import Lion
from .beside import x
def later():
    import sympy
"""
    assert list(house.imports(text)) == ["math", "torch", "plots", "trace", "optim"]
