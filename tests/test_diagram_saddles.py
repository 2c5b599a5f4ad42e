"""The diagram of saddles: its line is the theory's, its marks are the rules' runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_ascent import rules, run
from gradient_ascent.diagrams import kinds, saddles
from gradient_ascent.diagrams.saddles import distances, factor, part, predicted
from gradient_ascent.landscapes import saddle


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("product", [0.02, 0.2, 1.0, 2.0])
def test_the_factor_outward_is_that_of_a_long_run(product: float, share: float) -> None:
    """And what does not grow dies away: at the start it is the rest."""
    visited = distances(
        rules.momentum, 1e-9, 4000, product, 1e6, lr=1.0, momentum=share
    )
    times = factor(product, share)
    assert np.isclose(visited[-1] / visited[-2], times)
    grown = part(product, share) * 1e-9 * times ** np.arange(len(visited))
    left = np.array(visited) - grown
    assert np.all(left > -1e-6 * np.array(visited))
    assert np.all(left < 1e-9 + 1e-6 * np.array(visited))
    line = predicted(1e-9, product, share)
    count = next(t for t, y in enumerate(visited) if y >= 1)
    assert line - 1 <= count <= np.ceil(line + 1e-9)


def test_the_diagram_of_saddles_has_the_runs_of_the_rules() -> None:
    """Counts, the path on the saddle, and the distances from step to step."""
    for lr, share, exponent in ((0.1, 0.0, -4.0), (0.05, 0.8, -2.0), (0.9, 0.3, -6.0)):
        layers = saddles(lr=lr, momentum=share, exponent=exponent).layers
        _, ours, adams, _ = layers["time"]
        drawn: list[tuple[Any, str, dict[str, Any]]] = [
            (ours, "momentum", {"momentum": share}),
            (adams, "adam", {}),
        ]
        for curve, rule, more in drawn:
            assert isinstance(curve, kinds.Curve)
            for power, count in (at for at in curve.points if at):
                trace = run(
                    rule, saddle, (0, 10**power), lr=lr, steps=300,
                    tolerance=0.0, **more,
                )  # fmt: skip
                out = [abs(y) >= 1 for _, y in trace.positions]
                assert out.index(True) == count
        (path_drawn,), (_, away) = layers["plane"], layers["path"]
        assert isinstance(path_drawn, kinds.Curve)
        assert isinstance(away, kinds.Curve)
        trace = run(
            "momentum", saddle, (-1.5, 10**exponent), lr=lr, momentum=share,
            steps=len(away.points) - 1, tolerance=0.0,
        )  # fmt: skip
        visited = np.array(trace.positions)
        places = np.array([at for at in path_drawn.points if at])
        assert np.allclose(places, visited[: len(places)], rtol=1e-9)
        assert np.allclose(
            np.array(away.points)[:, 1], np.log10(visited[:, 1]), atol=1e-6
        )
