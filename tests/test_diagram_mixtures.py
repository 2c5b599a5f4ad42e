"""The diagram of a mixture: its heights, and that its steps are EM's."""

import math

import numpy as np
import pytest
import torch

from gradient_ascent.diagrams import mixtures
from gradient_ascent.diagrams.kinds import Curve
from gradient_ascent.diagrams.mixtures import (
    DATA,
    FLOOR,
    GONE,
    WIDE,
    em_step,
    height,
    path,
    shares,
)
from gradient_ascent.objectives import GaussianMixture

PLACES = np.random.default_rng(5).uniform((-3, 0.05), (3, 1.5), (40, 2)).tolist()


@pytest.mark.parametrize("count", [0.0, 0.7])
def test_its_height_is_the_log_likelihood(count: float) -> None:
    f = GaussianMixture([[x] for x in DATA], count, FLOOR)
    fixed = -count * (math.log(WIDE) + (FLOOR / WIDE) ** 2 / 2)
    for mean, scale in PLACES:
        theta = f.point([0.5, 0.5], [[0.0], [mean]], [[WIDE**2], [scale**2]])
        whole = height(mean, scale, count) + fixed
        assert abs(float(f(theta)) - whole) < 1e-9
        theirs = f.responsibilities(theta)[:, 1]
        torch.testing.assert_close(theirs, torch.tensor(shares(mean, scale)).to(theirs))
        after, squared = em_step(mean, scale, count), f.em_step(theta)
        assert abs(after[0] - float(squared["means"][1])) < 1e-9
        assert abs(after[1] - float(squared["log_scales"][1].exp())) < 1e-9


@pytest.mark.parametrize("count", [0.0, 0.5])
def test_its_way_leads_up(count: float) -> None:
    for mean, scale in PLACES:
        way = path(mean, scale, count)
        heights = [height(*at, count) for at in way if at[1] > 1e-9]
        assert min(np.diff(heights), default=0) > -1e-9
        if count:
            assert way[-1][1] > FLOOR * (count / (len(DATA) + count)) ** 0.5 * 0.99


def test_what_is_drawn() -> None:
    drawing = mixtures(mean=-1.2, scale=0.25, count=0.0)
    way, _ = drawing.layers["map"]
    assert isinstance(way, Curve) and way.points == path(-1.2, 0.25, 0.0)
    assert path(-1.2, 0.25, 0.0)[-1][1] <= GONE
    assert "onto the point −1.300" in drawing.said
    assert "the mean 1.426" in mixtures(mean=1.0, scale=0.8, count=0.0).said
