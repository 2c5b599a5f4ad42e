"""The diagram of games: its paths are those of `MinMax`, to rounding."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gradient_ascent.diagrams import game, kinds
from gradient_ascent.diagrams.game import METHODS, factor, played
from gradient_ascent.games import Method, MinMax
from gradient_ascent.optim import Momentum


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("lr", "pull"), [(0.3, 0.0), (0.5, 0.2), (0.1, 0.9)])
def test_the_paths_are_those_of_minmax(method: Method, lr: float, pull: float) -> None:
    x, y = (torch.tensor([z], dtype=torch.float64, requires_grad=True) for z in (1, -2))
    sides = [{"params": [x], "maximize": False}, {"params": [y], "maximize": True}]
    match = MinMax(Momentum(sides, lr=lr, momentum=0), method)
    places = [(1.0, -2.0)]
    for _ in range(60):
        match.step(lambda: (x * y + pull * (x**2 - y**2) / 2).sum())
        places.append((x.item(), y.item()))
    np.testing.assert_allclose(played(method, (1, -2), lr, pull), places, atol=1e-13)


def test_what_is_drawn() -> None:
    """Distances as powers of ten, paths until they leave, the factors in words."""
    drawn = game(x=1.0, y=0.0, lr=0.3, pull=0.0)
    lines, spirals = drawn.layers["distance"], drawn.layers["plane"][:-1]
    for method, line, spiral in zip(METHODS, lines, spirals, strict=True):
        assert isinstance(line, kinds.Curve) and isinstance(spiral, kinds.Curve)
        path = np.array(played(method, (1.0, 0.0), 0.3, 0.0))
        powers = np.log10(np.hypot(*path.T))
        np.testing.assert_allclose(np.array(line.points)[:, 1], powers, atol=1e-6)
        shown = np.array(spiral.points)
        np.testing.assert_array_equal(shown, path[: len(shown)])
        assert (abs(shown[:-1]) <= 2).all()
        assert f"{method} {factor(method, 0.3, 0.0):.3f}" in drawn.said
