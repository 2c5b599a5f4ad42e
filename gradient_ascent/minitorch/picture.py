"""Draws the graph of an expression: parents below, results above."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from gradient_ascent.minitorch.expression import Graph, read, shown

WIDTH, HEIGHT = 150.0, 64.0  # of a box
ACROSS, UP = 22.0, 40.0  # between boxes
BEND = 26.0  # room for an arrow that passes by a row of boxes
ASIDE = 16.0  # between two arrows that share an end
SWEEPS = 12

Slot = tuple[int, int]
"""A place in a row: a node's number and 0, or an arrow's and the row."""


def drawn(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Draw for the page: `{"expression": text, "values": {name: value}}`.

    What is found in a step has its number as `data-from`; a box and an arrow
    have those of the steps that are about them, `data-up` and `data-down`.

    Returns:
        The `svg`, what is `said` of each step, and the `values` of the
        variables.

    Raises:
        TypeError, ValueError: an expression or values that `read` refuses.
    """
    graph = read(spec["expression"], spec["values"])
    return {
        "svg": _svg(graph),
        "said": [step.said for step in graph.steps()],
        "values": {
            node.name: node.tensor.value
            for node in graph.nodes
            if not node.made
        },
    }


def rows(graph: Graph) -> tuple[list[list[Slot]], list[list[Slot]]]:
    """Where each node stands, and by which slots each arrow goes to its end.

    Returns:
        The rows from the lowest, each from the left, and for each arrow its
        slots from the parent on.
    """
    row = [0] * len(graph.nodes)
    for parent, child, _ in graph.arrows:  # parents come first
        row[child] = max(row[child], row[parent] + 1)
    ways = [
        [
            (parent, 0),
            *((-1 - i, at) for at in range(row[parent] + 1, row[child])),
            (child, 0),
        ]
        for i, (parent, child, _) in enumerate(graph.arrows)
    ]
    found: list[list[Slot]] = [[] for _ in range(max(row) + 1)]
    for i, at in enumerate(row):
        found[at].append((i, 0))
    for way in ways:
        for slot in way[1:-1]:
            found[slot[1]].append(slot)
    return found, ways


def places(
    found: list[list[Slot]], ways: Sequence[Sequence[Slot]]
) -> dict[Slot, float]:
    """Where across each slot's middle is: near those that it is joined to."""
    joined: dict[Slot, list[Slot]] = {slot: [] for row in found for slot in row}
    for way in ways:
        for below, above in pairwise(way):
            joined[below].append(above)
            joined[above].append(below)
    x = {slot: float(i) for row in found for i, slot in enumerate(row)}
    for row in found:
        _spread(row, x)
    for _ in range(SWEEPS):
        for row in [*found, *reversed(found)]:
            for slot in row:
                near = [x[each] for each in joined[slot]]
                x[slot] = sum(near) / len(near) if near else x[slot]
            row.sort(key=x.__getitem__)
            _spread(row, x)
    least = min(x[slot] - _room(slot) for slot in x)
    return {slot: at - least for slot, at in x.items()}


def _spread(row: Sequence[Slot], x: dict[Slot, float]) -> None:
    """Move what is too close apart, as little as a row at once can."""
    wished = [x[slot] for slot in row]
    for left, right in pairwise(row):
        gap = _room(left) + _room(right) + ACROSS
        x[right] = max(x[right], x[left] + gap)
    moved = sum(x[slot] - was for slot, was in zip(row, wished)) / len(row)
    for slot in row:
        x[slot] -= moved


def _room(slot: Slot) -> float:
    """Half of what a slot needs."""
    return WIDTH / 2 if slot[0] >= 0 else BEND / 2


def _svg(graph: Graph) -> str:
    found, ways = rows(graph)
    x = places(found, ways)
    top = len(found) - 1
    y = {
        slot: (top - i) * (HEIGHT + UP) + HEIGHT / 2
        for i, row in enumerate(found)
        for slot in row
    }
    steps = list(enumerate(graph.steps(), start=1))
    up = {step.node: i for i, step in steps if step.up}
    down = {step.node: i for i, step in steps if not step.up}
    parts = _arrows(graph, ways, x, y, up, down)
    for i, node in enumerate(graph.nodes):
        lines = [
            ("formula", f"{node} = {node.made}" if node.made else str(node), 0),
            ("value", shown(node.tensor.value), up.get(i, 0)),
            ("slope", f"slope {shown(node.tensor.grad)}", down[i]),
        ]
        left, above = x[i, 0] - WIDTH / 2, y[i, 0] - HEIGHT / 2
        parts.append(
            f'<g class="graph-node" data-up="{up.get(i, 0)}" '
            f'data-down="{down[i]}">'
            f'<rect x="{left:.1f}" y="{above:.1f}" width="{WIDTH:.0f}" '
            f'height="{HEIGHT:.0f}" rx="4"/>'
        )
        parts += [
            f'<text class="graph-{kind}" data-from="{since}" x="{x[i, 0]:.1f}" '
            f'y="{above + 19 * (k + 1):.1f}">{escape(text)}</text>'
            for k, (kind, text, since) in enumerate(lines)
        ]
        parts.append("</g>")
    width = max(x[slot] + _room(slot) for slot in x)
    height = len(found) * (HEIGHT + UP) - UP
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="graph" role="img" '
        f'viewBox="-2 -2 {width + 4:.0f} {height + 4:.0f}" '
        f'width="{width + 4:.0f}" height="{height + 4:.0f}">'
        f"{''.join(parts)}</svg>"
    )


def _arrows(
    graph: Graph,
    ways: Sequence[Sequence[Slot]],
    x: Mapping[Slot, float],
    y: Mapping[Slot, float],
    up: Mapping[int, int],
    down: Mapping[int, int],
) -> list[str]:
    """Each arrow, with the slope along it beside its lower half."""
    leave = _aside([way[0] for way in ways], [x[way[1]] for way in ways])
    arrive = _aside([way[-1] for way in ways], [x[way[-2]] for way in ways])
    parts = []
    for i, (way, (parent, child, slope)) in enumerate(zip(ways, graph.arrows)):
        points = [
            (x[slot], y[slot] + side * HEIGHT / 2)  # straight past its row
            for slot in way
            for side in (1, -1)
        ][1:-1]
        points[0] = points[0][0] + leave[i], points[0][1]
        points[-1] = points[-1][0] + arrive[i], points[-1][1]
        line = "L".join(
            f"{across:.1f} {height:.1f}" for across, height in points
        )
        (x0, y0), (x1, y1) = points[:2]
        # Beside the line, however slanted, on the side that it leans from.
        side = 1 if (x0 - x1 or leave[i] + arrive[i]) > 0 else -1
        away = 5 + 5 * abs((x1 - x0) / (y1 - y0))
        at = (x0 + x1) / 2 + side * away, (y0 + y1) / 2 + 4
        parts.append(
            f'<g class="graph-arrow" data-up="{up[child]}" '
            f'data-down="{down[parent]}">'
            f'<path d="M{line}"/>{_head(*points[-2:])}'
            f'<text data-from="{up[child]}" x="{at[0]:.1f}" y="{at[1]:.1f}" '
            f'text-anchor="{"start" if side > 0 else "end"}">'
            f"{shown(slope)}</text></g>"
        )
    return parts


def _aside(ends: Sequence[Slot], toward: Sequence[float]) -> list[float]:
    """How far from its box's middle each arrow ends, to hide no other."""
    aside = [0.0] * len(ends)
    for end in set(ends):
        here = sorted(
            (i for i, x in enumerate(ends) if x == end), key=lambda i: toward[i]
        )
        for k, i in enumerate(here):
            aside[i] = ASIDE * (k - (len(here) - 1) / 2)
    return aside


def _head(before: tuple[float, float], tip: tuple[float, float]) -> str:
    """The head of an arrow."""
    across, down = tip[0] - before[0], tip[1] - before[1]
    length = (across * across + down * down) ** 0.5
    u, v = 7 * across / length, 7 * down / length
    corners = [
        tip,
        (tip[0] - u - v / 2, tip[1] - v + u / 2),
        (tip[0] - u + v / 2, tip[1] - v - u / 2),
    ]
    return f'<path d="M{"L".join(f"{a:.1f} {b:.1f}" for a, b in corners)}Z"/>'
