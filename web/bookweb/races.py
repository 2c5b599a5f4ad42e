"""The races of the first page: rules on the same hills, from each of many starts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from bookweb.hills import View
from gradient_ascent import Landscape, Trace, landscapes, run
from gradient_ascent.landscapes import Point

# The hills of `peaks`, and to their left a plain, with room for words.
VIEW = View(landscapes.peaks, left=-8.6, right=4.9, top=2.75, size=(2000, 770))
APART = 0.4  # from one start to the next
STARTS = (-3.6, 3.6), (-3.1, 2.9)  # no farther out, where the ground is level
NEAR = 0.05  # a summit: a rule may still circle it
NO_STEP = 0.004  # and gradient: a pixel or two are left to go, so the run ends
RANKS = ("the highest", "the second-highest", "the third-highest", "the lowest")
Pixels = list[tuple[int, int]]


def traces(start: Sequence[float], steps: int, runs: dict[str, Any]) -> list[Trace]:
    """Run the rules from one start, as long as a picture shows them move."""
    return [
        run(rule, VIEW.landscape, start, steps=steps, tolerance=NO_STEP, **how)
        for rule, how in runs.items()
    ]


def pixels(trace: Trace) -> Pixels:
    """Return where in the picture a run was, step by step."""
    return [
        (round(across), round(down))
        for across, down in (VIEW.place(x, y) for x, y in trace.positions)
    ]


def summits(landscape: Landscape) -> list[Point]:
    """Return the tops of a landscape, the highest first."""
    x, y = (np.linspace(low, high, 81) for low, high in landscape.domain)
    z = np.asarray(landscape.function(*np.meshgrid(x, y)))
    around = [
        z[1 + i : z.shape[0] - 1 + i, 1 + j : z.shape[1] - 1 + j]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if i or j
    ]
    tops = np.argwhere((z[1:-1, 1:-1] > around).all(axis=0)) + 1
    exact = (run("plain", landscape, (x[j], y[i]), lr=0.1, steps=1000) for i, j in tops)
    return sorted((each.positions[-1] for each in exact), key=lambda p: -landscape(*p))


def said(runs: Sequence[Trace], tops: Sequence[Point]) -> str:
    """Say which rules have come to which summit.

    Raises:
        ValueError: one has come to none.
    """
    came: dict[int, list[str]] = {}
    for each in runs:
        far = [math.dist(each.positions[-1], top) for top in tops]
        if min(far) > NEAR:
            where = f"no summit from {each.positions[0]}"
            raise ValueError(f"{each.rule} comes to {where}: more steps?")
        came.setdefault(far.index(min(far)), []).append(each.rule)
    first, *others = sorted(came)
    if not others:
        return f"All reach {RANKS[first]} summit."
    verb = "reaches" if len(came[first]) == 1 else "reach"
    rest = "; ".join(f"{_listed(came[each])} {RANKS[each]}" for each in others)
    return f"{_listed(came[first])} {verb} {RANKS[first]} summit; {rest}."


def _listed(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def starts(first: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the coordinates of all starts, each an even distance from the first."""

    def through(at: float, low: float, high: float) -> list[float]:
        least, most = math.ceil((low - at) / APART), math.floor((high - at) / APART)
        return [round(at + APART * i, 6) for i in range(least, most + 1)]

    x, y = (through(at, *ends) for at, ends in zip(first, STARTS, strict=True))
    return x, y


def races(start: Sequence[float], steps: int, runs: dict[str, Any]) -> dict[str, Any]:
    """Run from every start; return what the page draws, row by row from the south.

    A run is its first place, and then by how many pixels each step moves on.
    """
    x, y = starts(start)
    tops = summits(VIEW.landscape)
    sentences: dict[str, int] = {}
    found = []
    for north in y:
        for east in x:
            each = traces((east, north), steps, runs)
            which = sentences.setdefault(said(each, tops), len(sentences))
            moves = [list(_moves(pixels(trace))) for trace in each]
            found.append({"said": which, "runs": moves})
    return {"x": x, "y": y, "said": list(sentences), "races": found}


def _moves(places: Pixels) -> Iterator[int]:
    yield from places[0]
    for (across, down), (next_across, next_down) in pairwise(places):
        yield from (next_across - across, next_down - down)
