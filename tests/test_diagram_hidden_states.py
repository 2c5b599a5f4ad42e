"""The diagram of two hidden states: its chances and its likelihood are the model's."""

from __future__ import annotations

import math

import pytest
import torch

from gradient_ascent.diagrams import hidden_states, kinds
from gradient_ascent.diagrams.hidden_states import (
    BOTTOM,
    COUNTS,
    log_likelihood,
    ratios,
    smoothed,
)
from gradient_ascent.objectives import HiddenMarkov, poisson

MODEL = HiddenMarkov(torch.tensor(COUNTS), poisson)
PLACES = [(12.0, 30.0, 0.7), (15.0, 26.0, 0.95), (40.0, 5.0, 0.5), (19.0, 19.0, 0.99)]


@pytest.mark.parametrize("place", PLACES)
def test_it_is_the_hidden_markov_model(place: tuple[float, float, float]) -> None:
    first, second, stay = place
    odds = math.log((1 - stay) / stay)
    theta = {
        "moves": torch.tensor([[odds], [odds]], dtype=torch.float64),
        "log_mean": torch.tensor([first, second], dtype=torch.float64).log(),
    }
    assert log_likelihood(*place) == pytest.approx(float(MODEL(theta)), abs=1e-7)
    ours = torch.tensor(smoothed(ratios(first, second), stay), dtype=torch.float64)
    torch.testing.assert_close(ours, MODEL.smooth(theta).states[:, 1])


def test_what_is_drawn_is_what_was_computed() -> None:
    drawing = hidden_states(first=15.0, second=26.0, stay=0.9)
    (chance,) = drawing.layers["chance"]
    assert isinstance(chance, kinds.Curve)
    chances = smoothed(ratios(15.0, 26.0), 0.9)
    assert [at[1] for at in chance.points if at] == chances
    curve, handle = drawing.layers["height"]
    assert isinstance(curve, kinds.Curve)
    assert all(
        y == log_likelihood(15.0, 26.0, x) for x, y in filter(None, curve.points)
    )
    assert isinstance(handle, kinds.Handle)
    assert handle.at == (0.9, log_likelihood(15.0, 26.0, 0.9))
    middle = drawing.layers["counts"][2]
    assert isinstance(middle, kinds.Curve)
    assert [at[1] for at in middle.points if at] == [15 + 11 * p for p in chances]
    low = hidden_states(first=5.0, second=5.0, stay=0.5).layers["height"][1]
    assert isinstance(low, kinds.Handle)
    assert low.at == (0.5, BOTTOM)
