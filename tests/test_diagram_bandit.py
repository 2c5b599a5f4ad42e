"""The diagram of three arms: its paths and arrows are those of the objective."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gradient_ascent import optim
from gradient_ascent.diagrams import kinds
from gradient_ascent.diagrams.bandit import (
    LR,
    REWARDS,
    STEPS,
    arrows,
    bandit,
    gradient,
    natural,
    path,
)
from gradient_ascent.objectives import Bandit

R = torch.tensor(REWARDS, dtype=torch.float64)
STARTS = [(-2.0, 2.5), (0.0, 0.0), (4.0, -3.0), (-5.0, -5.0)]


@pytest.mark.parametrize("beta", [0.0, 0.3, -0.4])
def test_the_paths_are_runs_on_the_objective(beta: float) -> None:
    f = Bandit(R, beta)
    for start in STARTS:
        theta = torch.tensor([*start, 0.0], dtype=torch.float64)
        climber = optim.Momentum([theta.requires_grad_()], lr=LR, momentum=0)
        drawn = np.array(path(gradient, *start, beta))
        for ours in drawn[: STEPS + 1 : 40]:
            assert ours == pytest.approx(theta.detach().numpy(), abs=1e-9)
            for _ in range(40):
                climber.zero_grad()
                f(theta).backward()
                climber.step()
        theta = torch.tensor([*start, 0.0], dtype=torch.float64)
        for ours in np.array(path(natural, *start, beta))[:50]:
            assert ours == pytest.approx(theta.numpy(), rel=1e-9, abs=1e-9)
            theta = theta + LR * f.natural_gradient(theta)


def test_the_arrows_point_where_the_gradient_moves_the_probabilities() -> None:
    drawn = [each for each in arrows() if each]
    tails, tips = np.array(drawn[::5]), np.array(drawn[1::5])
    moved = []
    for x, y in tails:
        pi = torch.tensor([x, y, 1 - x - y], dtype=torch.float64)
        small = 1e-6 * Bandit(R).gradient(pi.log())
        moved.append((((pi.log() + small).softmax(0) - pi)[:2] / 1e-6).tolist())
    ratio = (tips - tails) / np.array(moved)
    assert np.allclose(ratio, ratio.flat[0], rtol=1e-4)
    assert np.linalg.norm(tips - tails, axis=1).max() == pytest.approx(0.085)


def test_all_that_is_drawn_is_one_run() -> None:
    drawing = bandit(theta1=-1.0, theta2=1.0, beta=0.2)
    f = Bandit(R)
    plain = torch.tensor(path(gradient, -1.0, 1.0, 0.2), dtype=torch.float64)
    *_, chance, _ = drawing.layers["simplex"]
    *_, rewards = drawing.layers["reward"]
    assert isinstance(chance, kinds.Curve) and isinstance(rewards, kinds.Curve)
    assert np.allclose(chance.points, plain.softmax(1)[:, :2])
    assert np.allclose([y for _, y in rewards.points], f(plain))
    end = plain[-1].softmax(0)[0].item()
    assert f"probability {end:.3f} by the gradient" in drawing.said
