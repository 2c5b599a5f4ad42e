"""How often a cell checks what it asserts is counted, and nothing else changes."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from gradient_ascent.comparison import sweep
from tools import checks

CELLS = [
    ("assert True", 1),
    ("for i in range(5):\n    assert i < 5", 5),
    ("assert all(i < 5 for i in range(5))", 1),
    ("assert 1\nassert 2, 'words'", 2),
    ("if False:\n    assert True", 0),
    ("sweep(lambda x: x > 0, x=(1, 2, 3))", 3),
    ("many = sweep(lambda x, y: x < y, x=(1, 2), y=(3, 4)) + 1\nassert many == 5", 5),
    ("def each(x):\n    assert x\n    return x\n\neach(1), each(2)", 2),
    ("assert sweep(lambda x: x, x=[1]) == 1", 2),
    ("x = 1", 0),
]


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_cells", [])


def run(cell: str, names: dict[str, Any]) -> None:
    """Run a cell as a kernel does that counts."""
    tree = ast.fix_missing_locations(checks.Counted().visit(ast.parse(cell)))
    exec(compile(tree, "<cell>", "exec"), names)


def test_each_cell_has_its_count() -> None:
    names: dict[str, Any] = {"sweep": sweep}
    for cell, _ in CELLS:
        run(cell, names)
    assert checks.counted() == [count for _, count in CELLS]
    assert set(names) == {"sweep", "__builtins__", "many", "each", "x"} | {"i"}


def test_an_assertion_counts_where_it_stands() -> None:
    names: dict[str, Any] = {}
    run("def each(x):\n    assert x", names)
    run("each(1)\nassert True", names)
    assert checks.counted() == [1, 1]


def test_what_fails_is_still_told_by_its_line() -> None:
    with pytest.raises(AssertionError, match="words") as failed:
        run("x = 1\n\nassert x > 1, 'words'", {})
    assert failed.traceback[-1].lineno == 2  # counted from 0
    assert checks.counted() == [1]


@pytest.mark.parametrize(
    ("code", "count"),
    [("assert x\nsweep(f, x=y)", 2), ("assert sweep(f)", 2), ("x.sweep(f); all(x)", 0)],
)
def test_what_asserts_something(code: str, count: int) -> None:
    assert sum(map(checks.asserts, ast.walk(ast.parse(code)))) == count
