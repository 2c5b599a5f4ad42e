"""torch's own runs beside a lab's, by the classes that its rules declare."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bookweb import minus
from gradient_ascent.rules import RULES
from gradient_ascent.trace import Trace


def beside(traces: Sequence[Trace]) -> tuple[list[dict[str, Any]], str]:
    """Take the steps of a lab's runs again by torch.

    Returns:
        `positions` and `objective` of each run; and in words, how far a point of theirs
        is from ours after as many steps, at most.

    Raises:
        TypeError: torch's class lacks a hyperparameter of a run.
        ValueError: torch has no class that takes a rule's steps.
    """
    theirs = [_run(trace) for trace in traces]
    apart = max(
        math.dist(*points)
        for ours, other in zip(traces, theirs)
        for points in zip(ours.positions, other["positions"])
    )
    return theirs, minus.signed(f"torch.optim, at most {apart:.2g} away")


def _run(ours: Trace) -> dict[str, Any]:
    import torch  # here, as it takes seconds and few labs need it

    rule = RULES[ours.rule]
    theirs = rule.declaration.torch
    if theirs is None:
        raise ValueError(f"torch: torch.optim has no class that is {ours.rule}")
    kind = getattr(torch.optim, theirs.name)
    options = {**rule.options_of(kind, ours.hyperparameters), **theirs.options}
    point = [
        torch.tensor(x, dtype=torch.float64, requires_grad=True)
        for x in ours.positions[0]
    ]
    optimizer = kind(point, maximize=ours.maximize, **options)
    positions, objective = [], []
    for _ in ours.positions:
        optimizer.zero_grad()
        height = ours.landscape(*point)
        torch.autograd.backward(height)
        positions.append([x.item() for x in point])
        objective.append(height.item())
        optimizer.step()
    return {"positions": positions, "objective": objective}
