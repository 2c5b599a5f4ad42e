"""The diagram of a club's cut: its run is projected ascent, its ends eigenvalues."""

import networkx
import numpy as np
import pytest
import torch

from gradient_ascent.constraints import Hyperplane, Sphere, constrain
from gradient_ascent.diagrams import spectral_cut
from gradient_ascent.diagrams.cut import (
    FACTION,
    LEAST,
    MEMBERS,
    MOST,
    SIDE,
    STARTS,
    TIES,
    balanced,
    cut,
    pull,
    strayed,
    tension,
    walk,
)
from gradient_ascent.diagrams.kinds import Curve, Handle
from gradient_ascent.objectives import Rayleigh
from gradient_ascent.optim import Momentum


def laplacian() -> np.ndarray:
    club = networkx.karate_club_graph()
    return networkx.laplacian_matrix(club, weight=None).toarray().astype(float)


def test_tension_and_pull_are_the_laplacians() -> None:
    x = np.random.default_rng(0).normal(size=MEMBERS)
    assert np.allclose(pull(x.tolist()), laplacian() @ x)
    assert tension(x.tolist()) == pytest.approx(x @ laplacian() @ x)
    values = np.linalg.eigvalsh(laplacian())
    assert values[1] == pytest.approx(LEAST, abs=1e-8)
    assert values[-1] == pytest.approx(MOST, abs=1e-8)


def test_the_balanced_point_is_the_nearest() -> None:
    x = torch.randn(MEMBERS, dtype=torch.float64)
    nearest = Sphere().project(Hyperplane(1.0).project(x))
    assert balanced(x.tolist()) == pytest.approx(nearest.tolist())


@pytest.mark.parametrize("lr", [0.01, 0.05, 0.08])
def test_the_walk_is_projected_ascent(lr: float) -> None:
    visited = walk(lr, 3, steps=20)
    x = torch.tensor(visited[0], dtype=torch.float64).requires_grad_()
    f = Rayleigh(-torch.tensor(laplacian()))
    climber = Momentum([x], lr=lr, momentum=0)
    constrain(climber, [Hyperplane(1.0), Sphere()])
    for place in visited[1:]:
        climber.zero_grad()
        f(x).backward()
        climber.step()
        assert place == pytest.approx(x.tolist(), abs=1e-9)


def test_it_ends_at_the_least_tension_or_beyond_the_wall_at_the_greatest() -> None:
    wall = 1 / (LEAST + MOST)
    for start in range(1, STARTS + 1):
        assert sum(walk(0.05, start, 0)[0]) == pytest.approx(0, abs=1e-12)
        near = tension(walk(0.95 * wall, start)[-1])
        assert near == pytest.approx(LEAST, abs=1e-3)
        assert tension(walk(1.1 * wall, start)[-1]) == pytest.approx(MOST, abs=1e-3)


def test_who_strays_and_what_is_cut() -> None:
    apart = [-1.0 if i in FACTION else 1.0 for i in range(1, MEMBERS + 1)]
    assert strayed(apart) == strayed([-x for x in apart]) == []
    crossing = cut(apart)
    assert all((a in FACTION) != (b in FACTION) for a, b in crossing)
    assert 4 * len(crossing) == tension(apart)
    apart[8] = 1.0
    assert strayed(apart) == [9]


@pytest.mark.parametrize("lr", [0.04, 0.08])
@pytest.mark.parametrize("t", [0, 7, 200])
def test_it_draws_the_walk(t: int, lr: float) -> None:
    layers, x = spectral_cut(t=t, lr=lr, start=2).layers, walk(lr, 2)[t]
    within, across, his, others = layers["club"]
    assert all(isinstance(each, Curve) for each in layers["club"])
    drawn = [sum(point is None for point in each.points) for each in (within, across)]
    assert drawn == [len(TIES) - len(cut(x)), len(cut(x))]
    sign = -1 if x[0] > 0 else 1
    shown = [min(max(sign * x[i - 1], -SIDE), SIDE) for i in FACTION]
    assert [point[0] for point in his.points] == shown
    assert len(his.points) + len(others.points) == MEMBERS
    curve, handle = layers["tension"]
    assert isinstance(handle, Handle) and handle.at == curve.points[t]
    assert 10 ** handle.at[1] == pytest.approx(tension(x), rel=1e-5)
