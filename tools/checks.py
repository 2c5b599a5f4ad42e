"""Count, in a chapter's kernel, how often its cells check what they assert.

An `assert` counts whenever it is reached, and a `sweep` for each case that it holds in.
An `assert` of `all(...)` counts once: the number says over how many settings, at least,
a chapter's claims were tried.
"""

from __future__ import annotations

import ast
from typing import Any

_cells: list[int] = []  # of each cell that has run, in order


def asserts(node: ast.AST) -> bool:
    """Whether this part of a cell asserts something: an `assert`, or a `sweep`."""
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "sweep"
    )


class Counted(ast.NodeTransformer):
    """Lets a cell count its checks; it leaves no name."""

    def visit_Module(self, cell: ast.Module) -> ast.AST:
        """Begin with a cell."""
        _cells.append(0)
        return self.generic_visit(cell)

    def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
        """Count one whenever the assertion is reached."""
        count = ast.Expr(_added(ast.Constant(1)))
        self.generic_visit(node)
        return [ast.copy_location(count, node), node]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Count the cases of a sweep, which it returns."""
        self.generic_visit(node)
        return ast.copy_location(_added(node), node) if asserts(node) else node


def _added(count: ast.expr) -> ast.Call:
    name = f"__import__({__name__!r}, fromlist=['add']).add"
    where = ast.Constant(len(_cells) - 1)
    return ast.Call(ast.parse(name, mode="eval").body, [where, count], [])


def add(cell: int, count: int) -> int:
    """Add to what a cell has checked, and hand the number on."""
    _cells[cell] += count
    return count


def record(shell: Any) -> None:
    """Count, from now on, what the cells of this kernel check."""
    shell.ast_transformers.append(Counted())


def counted() -> list[int]:
    """Return how many checks each cell has made, in the order in which they ran."""
    return _cells
