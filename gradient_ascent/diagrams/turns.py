"""Two players, a number each: four ways of taking turns uphill."""

from cmath import sqrt
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from gradient_ascent import rules

METHODS = ("simultaneous", "alternating", "extragradient", "optimistic")
Place: TypeAlias = tuple[float, float]


def take_turns(
    method: str,
    start: Place,
    field: Callable[[Place], Place],
    lr: float,
    steps: int,
) -> list[Place]:
    """Where both stand after each step; `field` has the slope of each."""
    rule: Callable[..., Any] = rules.plain.function

    def move(z: Place) -> Place:
        first, second = field(z)
        return rule(first, lr=lr)[0], rule(second, lr=lr)[0]

    visited, z, last = [start], start, (0.0, 0.0)
    for _ in range(steps):
        step = move(z)
        if method == "alternating":
            step = step[0], move((z[0] + step[0], z[1]))[1]
        elif method == "extragradient":
            step = move(_moved(z, step))
        elif method == "optimistic":
            last, step = step, _moved(_moved(step, step), last, -1.0)
        z = _moved(z, step)
        visited.append(z)
    return visited


def _moved(z: Place, step: Place, times: float = 1.0) -> Place:
    return z[0] + times * step[0], z[1] + times * step[1]


def until(visited: Sequence[Place], far: float) -> list[Place]:
    """The places up to the first that lies beyond."""
    for t, place in enumerate(visited):
        if max(map(abs, place)) > far:
            return list(visited[: t + 1])
    return list(visited)


def roots(total: complex, product: complex) -> list[complex]:
    """Two numbers with this sum and this product."""
    root = sqrt(total * total - 4 * product)
    return [(total + root) / 2, (total - root) / 2]
