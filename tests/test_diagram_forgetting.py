"""The game that Adam forgets: what the diagram says of a round is what the rules do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_ascent import rules
from gradient_ascent.diagrams import forgetting, kinds
from gradient_ascent.diagrams.forgetting import (
    averages,
    moved,
    moved_by_amsgrad,
    play,
    threshold,
    verdict,
)

GAMES = [(1.3, 0.3), (2.5, 0.0), (2.5, 0.7), (3.0, 0.1), (3.0, 0.6), (8.0, 0.9)]


@pytest.mark.parametrize(("large", "beta2"), GAMES)
def test_a_round_goes_as_far_as_the_rules_go(large: float, beta2: float) -> None:
    """With steps so small that no wall is met, in the tenth part of the run."""
    for rule, said in (
        (rules.adam, moved(large, beta2)),
        (rules.amsgrad, moved_by_amsgrad(large, beta2)),
    ):
        visited, roots = play(rule, large, beta2, 1e-4, 1200)
        assert max(map(abs, visited)) < 1
        assert (visited[1200] - visited[1080]) / 40e-4 == pytest.approx(said, abs=1e-6)
        largest = averages(large, beta2)
        if rule is rules.adam:
            assert np.square(roots[-3:]) == pytest.approx(largest, rel=1e-6)
        else:
            assert roots == sorted(roots)
            assert roots[-1] ** 2 == pytest.approx(max(largest), rel=1e-6)


@pytest.mark.parametrize("period", [3, 4, 10, 101])
def test_below_the_threshold_adam_goes_up_and_above_it_down(period: int) -> None:
    for large in (period - 0.9, period + 0.5, 3.0 * period):
        border = threshold(large, period)
        shares = [0, 0.3 * border, 0.99 * border, border + 0.01 * (1 - border)]
        assert [moved(large, share, period) > 0 for share in shares] == [
            True, True, True, False,
        ]  # fmt: skip
    assert threshold(period - 1.5, period) == 1


def test_the_pictures_are_the_runs() -> None:
    drawing = forgetting(large=4.0, beta2=0.2, lr=0.05)
    both: list[Any] = [rules.adam, rules.amsgrad]
    for which, rule in enumerate(both):
        visited, roots = play(rule, 4.0, 0.2, 0.05)
        path, scale = drawing.layers["path"][which], drawing.layers["scale"][which]
        assert isinstance(path, kinds.Curve)
        assert isinstance(scale, kinds.Curve)
        assert [at[1] for at in path.points if at] == visited
        assert [at[1] for at in scale.points if at] == roots[:30]
        assert max(map(abs, visited)) == 1


@pytest.mark.parametrize(
    ("large", "beta2", "said"),
    [
        (3.0, 0.1, "Adam goes to +1, the wrong end"),
        (3.0, 0.9, "Adam goes to −1, the right end"),
        (1.5, 0.9, "Adam goes to +1, the right end"),
        (2.0, 0.5, "Adam goes to +1"),
    ],
)
def test_the_verdict_is_where_adam_ends(large: float, beta2: float, said: str) -> None:
    assert verdict(large, beta2) == said
    visited, _ = play(rules.adam, large, beta2, 0.05, 1500)
    last = visited[-3:]  # a round, which one of the ends begins or closes
    assert (1 in last) == ("+1" in said)
    assert (-1 in last) == ("−1" in said)
