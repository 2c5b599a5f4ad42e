"""The diagram of three searches: its scores are runs, its trials what it says."""

from __future__ import annotations

import math

import pytest

from gradient_ascent import run
from gradient_ascent.diagrams.kinds import Curve
from gradient_ascent.diagrams.trials import (
    BEST,
    NAMES,
    STEPS,
    WORST,
    digits,
    moved,
    search,
    trials,
    unit_points,
)
from gradient_ascent.landscapes import bowl


@pytest.mark.parametrize("lr", [-3.0, -1.2, 0.3, 1.4])
@pytest.mark.parametrize("eps", [-8.0, -2.5, 0.0])
def test_a_score_is_that_of_the_run(lr: float, eps: float) -> None:
    trace = run("adam", "bowl", lr=10**lr, eps=10**eps, steps=STEPS)
    heights = [bowl(*place) for place in trace.positions]
    taken = math.log10(heights[0] / heights[-1])
    assert digits(lr, eps) == pytest.approx(min(max(taken, WORST), BEST), abs=1e-6)


@pytest.mark.parametrize("side", [2, 5])
def test_all_have_as_many_trials_and_the_grid_fewer_learning_rates(side: int) -> None:
    for kind in NAMES:
        tried = trials(kind, side, -2.8, -7.6)
        assert len(tried) == side**2
        rates = {lr for lr, _, _ in tried}
        assert len(rates) == (side if kind == "grid" else side**2)
        assert all(-3 <= lr <= 2 and -8 <= eps <= 0 for lr, eps, _ in tried)


def test_moving_by_a_whole_turn_moves_nothing() -> None:
    for part in (0.0, 0.3, 0.99):
        assert moved(part, -3, 2, -3) == pytest.approx(-3 + 5 * part)
        assert -3 <= moved(part, -3, 2, 1.7) < 2
    for points in unit_points(4).values():
        assert all(0 <= x < 1 for point in points for x in point)


def test_what_is_said_is_what_is_drawn() -> None:
    drawing = search(side=3)
    for kind in NAMES:
        below = drawing.layers[f"{kind}_below"][0]
        assert isinstance(below, Curve)
        best = max(point[1] for point in below.points if point)
        assert f" {best:.2f}" in drawing.said
    assert "9 trials" in drawing.said and "3 learning rates" in drawing.said
