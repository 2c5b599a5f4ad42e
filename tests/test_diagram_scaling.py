"""The diagram of workers: its model of a step, and where that is shortest."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from gradient_ascent.diagrams import scaling
from gradient_ascent.diagrams.scaling import MOST, Cost, efficiency, planned, ten

COSTS = [
    Cost(*values)
    for values in 10 ** np.random.default_rng(3).uniform(
        [-3, -5, -7, 3, 7], [4, 0, -3, 11, 12], (200, 5)
    )
]  # fmt: skip


def test_the_ring_by_hand() -> None:
    """Four workers, 800 bytes: six messages of 200 bytes, at 100 bytes a second."""
    cost = Cost(compute=8, update=1, latency=0.5, size=800, bandwidth=100)
    assert cost.sharing(4) == 6 * (0.5 + 2)
    assert cost.step(4) == 2 + 1 + 15
    assert cost.grown(4) == 8 + 1 + 15
    assert cost.step(1) == cost.grown(1) == 9


def test_the_best_number_of_workers_is_the_best() -> None:
    """Among all whole numbers it is a neighbour, and the slope there is zero."""
    few = 0
    for cost in COSTS:
        best = cost.best()
        if best == 1:
            few += 1
            assert all(cost.step(n) >= cost.step(1) for n in (1.5, 2, 10, 1e4))
            continue
        near = min(cost.step(math.floor(best)), cost.step(math.ceil(best)))
        for n in np.unique(np.geomspace(1, 50 * best, 500).round()):
            assert cost.step(n) >= near * (1 - 1e-12)
        assert cost.step(best) <= near * (1 + 1e-12)
        terms = cost.compute / best**2 + cost.latency
        h = 1e-4 * best
        slope = (cost.step(best + h) - cost.step(best - h)) / (2 * h)
        assert abs(slope) < 1e-6 * terms + 1e-9 * cost.step(best) / h
    assert 10 < few < 190  # both kinds are among them


def test_what_is_drawn_is_the_model() -> None:
    drawing = scaling(doublings=5.0, size=100.0, bandwidth=1.0)
    cost = planned(1e8, 1e9)
    *_, whole, ring, handle = drawing.layers["time"]
    assert whole.points[4 * 7] == (7, ten(cost.step(128)))  # type: ignore[union-attr]
    assert handle.at == (5.0, ten(cost.step(32)))  # type: ignore[union-attr]
    at = ring.points[0]  # type: ignore[union-attr]
    assert at and at[0] == pytest.approx(math.log2(cost.best()))
    line = drawing.layers["efficiency"][0].points  # type: ignore[union-attr]
    assert line[0] == (0, 1) and all(a[1] >= b[1] for a, b in pairwise(line))
    assert line[4 * MOST] == (MOST, efficiency(cost, 2**MOST))


def test_whole_workers() -> None:
    assert scaling(doublings=3.2).said == scaling(doublings=3.0).said
