"""The maxima that several runs reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gradient_ascent.maximization.flat import flatten
from gradient_ascent.maximization.points import read

if TYPE_CHECKING:
    from gradient_ascent.maximization.result import Result

_APART = 1e-3
"""How far apart two maxima are at least, in units of the reach of a run."""


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


def summits(runs: tuple[Result, ...]) -> tuple[Summit, ...]:
    """The maxima, the highest first; runs without success reached none."""
    arrived = [i for i, run in enumerate(runs) if run.success]
    arrived.sort(key=lambda i: -runs[i].value)
    points = {i: flatten(read(runs[i].x)[1]) for i in arrived}
    found: list[list[int]] = []
    for i in arrived:
        start = flatten(read(runs[i].start)[1])
        reach = points[i].norm() + (points[i] - start).norm()
        for group in found:
            if (points[i] - points[group[0]]).norm() <= _APART * reach:
                group.append(i)
                break
        else:
            found.append([i])
    return tuple(
        Summit(runs[g[0]].x, runs[g[0]].value, tuple(sorted(g))) for g in found
    )
