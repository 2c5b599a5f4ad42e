"""The diagram of mini-batches: its errors, its floor, its run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gradient_ascent import rules
from gradient_ascent.diagrams import kinds, stochastic
from gradient_ascent.diagrams.stochastic import (
    LARGEST,
    SETTLED,
    START,
    STEPS,
    errors,
    floor,
    mean_square,
    path,
    sums,
)


def test_a_batchs_error_is_the_mean_of_its_own_data() -> None:
    """Each datum is in one batch, and they are drawn to the same bits everywhere."""
    data = np.diff(sums())
    assert len(data) == STEPS * LARGEST
    assert sums()[1] == math.sqrt(12) * (0.6229016948897019 - 0.5)  # Random(5)'s first
    assert abs(data.mean()) < 4 / len(data) ** 0.5
    assert data.var() == pytest.approx(1, abs=0.02)
    for size in (1, 3, 10, LARGEST):
        batches = data[: STEPS * size].reshape(STEPS, size)
        assert np.allclose(errors(size), batches.mean(axis=1))
        measured = mean_square(errors(size))
        assert measured == pytest.approx(1 / size, rel=0.1)


def test_the_path_is_the_rules_run() -> None:
    for lr, size in ((0.02, 1), (0.5, 4), (1.6, 64)):
        at, seen = START, path(lr, size)
        for error, found in zip(errors(size), seen[1:]):
            at = at + rules.plain(-at + error, lr=lr)[0]
            assert at == pytest.approx(found, abs=1e-12)
        assert len(seen) == STEPS + 1


def test_the_floor_is_what_a_step_leaves_alone() -> None:
    """And what the run measures, where it is long enough to be measured."""
    for lr in (0.02, 0.3, 1.0, 1.6):
        for size in (1, 7, 64):
            m = floor(lr, size)
            assert (1 - lr) ** 2 * m + lr**2 / size == pytest.approx(m)
            if lr >= 0.3:
                found = mean_square(path(lr, size)[SETTLED:])
                assert found == pytest.approx(m, rel=0.2)


def test_what_is_drawn_is_what_was_computed() -> None:
    drawing = stochastic(lr=0.3, batch=16.0)
    mark, curve, square, handle = (
        *drawing.layers["variance"],
        *drawing.layers["floor"],
    )
    assert isinstance(mark, kinds.Curve)
    assert mark.points == [
        (4, round(math.log2(mean_square(errors(16))), 9)),
    ]
    assert isinstance(curve, kinds.Curve)
    assert all(y == math.sqrt(floor(lr, 16)) for lr, y in filter(None, curve.points))
    assert isinstance(handle, kinds.Handle)
    assert handle.at == (0.3, math.sqrt(floor(0.3, 16)))
    assert isinstance(square, kinds.Curve)
    for at in square.points:
        assert at
        assert at[1] == math.sqrt(mean_square(path(at[0], 16)[SETTLED:]))
        assert at[1] == pytest.approx(math.sqrt(floor(at[0], 16)), rel=0.1)
    run = math.sqrt(mean_square(path(0.3, 16)[SETTLED:]))
    assert f"{run:.3f} by the run" in drawing.said
    line = drawing.layers["path"][-1]
    assert isinstance(line, kinds.Curve)
    assert [at[1] for at in line.points if at] == path(0.3, 16)[: len(line.points)]


def test_a_batch_is_a_whole_number_of_data() -> None:
    assert stochastic(batch=3.2).said == stochastic(batch=3.0).said
