"""The maxima that several runs reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gradient_ascent.maximization.flat import flatten
from gradient_ascent.maximization.points import read

if TYPE_CHECKING:
    from gradient_ascent.maximization.result import Result

_APART = 1e-3
"""Two maxima that are farther apart, in units of the reach of a run, are two;
of two that are not, f tells."""

_BETWEEN = (0.5, 0.29, 0.79)
"""Where f is asked, in shares of the way; no two of the same wave."""

Look = Callable[[Tensor], float]


@dataclass(frozen=True)
class Summit:
    """A maximum, and the runs that reached it.

    Attributes:
        x: where it is, in the form of x0, by the highest of these runs.
        value: the objective there.
        runs: their places in `Result.runs`.
    """

    x: Any
    value: float
    runs: tuple[int, ...]


def summits(runs: tuple[Result, ...], look: Look | None) -> tuple[Summit, ...]:
    """The maxima, the highest first; runs without success reached none.

    Args:
        runs: all.
        look: f at a vector; without it distance alone tells maxima apart.
    """
    arrived = [i for i, run in enumerate(runs) if run.success]
    arrived.sort(key=lambda i: -runs[i].value)
    points = {i: flatten(read(runs[i].x)[1]).detach() for i in arrived}
    found: list[list[int]] = []
    for i in arrived:
        start = flatten(read(runs[i].start)[1])
        reach = points[i].norm() + (points[i] - start).norm()
        for group in found:
            top = points[group[0]]
            close = bool((points[i] - top).norm() <= _APART * reach)
            if close and not (look and _dips(look, points[i], top)):
                group.append(i)
                break
        else:
            found.append([i])
    return tuple(
        Summit(runs[g[0]].x, runs[g[0]].value, tuple(sorted(g))) for g in found
    )


def _dips(look: Look, a: Tensor, b: Tensor) -> bool:
    """Whether f is lower between two points than at both, beyond rounding.

    What rounding does is seen beside them, where it moves a coordinate by a few
    of its last digits. Where only those differ, nothing is between.
    """
    eps = torch.finfo(a.dtype).eps
    if (a - b).norm() <= eps**0.5 * a.norm():
        return False
    heights = [look(a), look(b)]
    beside = [look(x * (1 + 4 * eps)) for x in (a, b)]
    shaken = [abs(x - y) for x, y in zip(heights, beside, strict=True)]
    error = 8 * max(shaken) + 8 * eps * max(map(abs, heights))
    least = min(heights) - error
    return any(look(a + share * (b - a)) < least for share in _BETWEEN)
