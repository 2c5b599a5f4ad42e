"""What a step must read and write, and the loop that does it."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from gradient_ascent.optim import c_kernel
from gradient_ascent.optim.launch import DTYPES
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group
from gradient_ascent.optim.program import (
    GRADIENT,
    PARAMETER,
    Program,
    write,
)


def numbers_moved(optimizer: RuleOptimizer) -> int:
    """How many numbers a step reads and writes for an element.

    The parameter and each state tensor move both ways, the gradient one way.

    Args:
        optimizer: of its first group is told.
    """
    fields = optimizer.fields(optimizer.param_groups[0])
    return 3 + 2 * len(fields)


def bytes_moved(optimizer: RuleOptimizer) -> int:
    """How many bytes a step must read and write for all parameters together.

    A state tensor has the type that it is kept in; before the first step, the
    parameter's.
    """
    total = 0
    for group in optimizer.param_groups:
        fields = optimizer.fields(group)
        for p in group["params"]:
            state: Any = optimizer.state.get(p, {})
            kept = [state.get(name, p) for name in fields]
            both = sum(x.element_size() for x in (p, *kept))
            total += p.numel() * (2 * both + p.element_size())
    return total


def kernel_text(optimizer: RuleOptimizer) -> str:
    """The loop in C that the rule of the first group has written.

    Without the macros above it, and without the counts of steps below it.
    """
    text = c_kernel.source(*_written(optimizer))
    return text[text.index("/* Each chunk") : text.index(c_kernel.COUNTS)]


def operations(optimizer: RuleOptimizer) -> int:
    """How many operations that loop does for an element: one each line.

    A root is one, and so is a sign that is turned.
    """
    program, _ = _written(optimizer)
    return len(program.body.lines)


def _written(optimizer: RuleOptimizer) -> tuple[Program, dict[str, str]]:
    """The rule of the first group, written down after its first step."""
    group: Group = optimizer.param_groups[0]
    fields = optimizer.fields(group)
    program = write(optimizer.step_options(group, False, 1), fields)
    p: Tensor = group["params"][0]
    state: Any = optimizer.state.get(p, {})
    kinds = {name: DTYPES[state.get(name, p).dtype] for name in fields}
    own = DTYPES[p.dtype]
    return program, {PARAMETER: own, GRADIENT: own, **kinds}
