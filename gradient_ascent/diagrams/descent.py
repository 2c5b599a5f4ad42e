"""A rule on a parabola: the run that many diagrams draw."""

from collections.abc import Callable
from typing import Any

from gradient_ascent.rules import UpdateRule


def descent(
    rule: UpdateRule[..., Any], curvature: float, steps: int, **settings: float
) -> list[float]:
    """The rule's distances from the optimum, from 1."""
    step: Callable[..., Any] = rule.function
    state, visited = rule.start, [1.0]
    for _ in range(steps):
        move, state = step(-curvature * visited[-1], state, **settings)
        visited.append(visited[-1] + move)
    return visited
