"""The diagram of the steepest step: no step of length one climbs more."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gradient_ascent.diagrams import kinds
from gradient_ascent.diagrams.steepest import ball, best, rise, steepest, support
from gradient_ascent.optim.steepest import steepest as optimizers

GRADIENTS = np.random.default_rng(7).uniform(-2, 2, (200, 2)).tolist()


def exponent(shape: int) -> float:
    return 100 / shape if shape else np.inf


def test_the_steepest_step_is_that_of_the_optimizer() -> None:
    for g in GRADIENTS:
        kept = torch.tensor(g, dtype=torch.float64)
        for shape, theirs in ((0, optimizers(kept, "linf")), (50, optimizers(kept))):
            (step,) = best(*g, shape)
            assert step == pytest.approx(theirs.tolist(), abs=1e-12)
        one = [0.0, 0.0]
        one[np.argmax(np.abs(g))] = float(np.sign(max(g, key=abs)))
        assert best(*g, 100) == [tuple(one)]


@pytest.mark.parametrize("shape", [0, 1, 20, 50, 83, 99, 100])
def test_no_step_of_length_1_climbs_more(shape: int) -> None:
    """The rise is the dual norm; the dashed line touches the ball and is level."""
    q = exponent(shape)
    p = exponent(100 - shape)
    around = np.array(ball(shape))
    assert np.linalg.norm(around, q, axis=1) == pytest.approx(1, abs=1e-12)
    for g in GRADIENTS:
        (step,) = best(*g, shape)
        assert np.linalg.norm(step, q) == pytest.approx(1, abs=1e-11)
        assert rise(*g, shape) == pytest.approx(np.linalg.norm(g, p), rel=1e-11)
        assert np.max(around @ g) <= rise(*g, shape) + 1e-11
        line = support((g[0], g[1]), step)
        heights = np.array(line) @ g
        assert heights == pytest.approx(rise(*g, shape), abs=1e-9)


@pytest.mark.parametrize(
    ("g", "shape", "ends", "words"),
    [
        ((0.0, 0.0), 50, [], "no step climbs"),
        ((1.0, -1.0), 100, [(1, 0), (0, -1)], "all from (1.000, 0.000) to"),
        ((-2.0, 0.0), 0, [(-1, 1), (-1, -1)], "climb most: by 2.000"),
        ((0.0, 0.5), 0, [(1, 1), (-1, 1)], "all from (1.000, 1.000)"),
        ((1.0, -1.0), 0, [(1, -1)], "(1.000, −1.000) climbs most: by 2.000"),
        ((0.0, -0.5), 100, [(0, -1)], "(0.000, −1.000) climbs most: by 0.500"),
        ((2.0, 0.0), 1, [(1, 0)], "(1.000, 0.000) climbs most: by 2.000"),
    ],
)
def test_where_a_whole_side_climbs_alike_its_ends_are_drawn(
    g: tuple[float, float], shape: int, ends: list[tuple[int, int]], words: str
) -> None:
    assert best(*g, shape) == ends
    assert {rise(*g, shape)} >= {g[0] * u + g[1] * v for u, v in ends}
    drawing = steepest(g1=g[0], g2=g[1], shape=shape)
    assert words in drawing.said
    drawn = [each for each in drawing.layers["plane"] if isinstance(each, kinds.Curve)]
    assert (drawn[-1].points == ends) == bool(ends)
