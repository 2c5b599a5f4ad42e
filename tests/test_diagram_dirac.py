"""The diagram of the game of two numbers: the package's own games, and its roots."""

import math

import numpy as np
import pytest
import torch

from gradient_ascent.diagrams import dirac, kinds
from gradient_ascent.diagrams.dirac import FORMS, METHODS, arrows, factor, field, play
from gradient_ascent.games import MinMax
from gradient_ascent.objectives import Adversarial
from gradient_ascent.optim import SGD

F64 = torch.float64


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", METHODS)
def test_the_run_is_that_of_the_packages_game(method: str, form: str) -> None:
    for start, lr, penalty in (((1.0, 0.0), 0.2, 0.0), ((-1.5, 1.2), 0.7, 0.6)):
        theta, psi = (torch.tensor([x], dtype=F64, requires_grad=True) for x in start)
        payoffs = Adversarial(
            lambda z, theta=theta: z + theta,  # type: ignore[misc]
            lambda x, psi=psi: (x * psi).sum(-1),  # type: ignore[misc]
            form, penalty,  # type: ignore[arg-type]
        )  # fmt: skip
        game = MinMax([SGD([theta], lr=lr), SGD([psi], lr=lr)], method)  # type: ignore[arg-type]
        zero, visited = torch.zeros(1, 1, dtype=F64), [start]
        for _ in range(30):
            game.step(lambda payoffs=payoffs, zero=zero: payoffs(zero, zero))  # type: ignore[misc]
            visited.append((theta.item(), psi.item()))
        ours = play(method, start, lr, form, penalty, 30)
        assert np.allclose(ours, visited, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_the_factor_is_that_of_a_run_near_the_rest_point(method: str) -> None:
    """In the mean of many steps, for a fast turn averages out."""
    for lr in (0.1, 0.5, 1.0):
        for penalty in (0.0, 0.4, 1.0, 1.7):
            start = (1e-20, 0.7e-20)
            visited = play(method, start, lr, penalty=penalty, steps=600)
            away = np.array([math.hypot(*z) for z in visited])
            linear = np.log(away[away < 1e-3])
            steps = np.arange(len(linear))
            late = steps > steps[-1] / 3
            slope = np.polyfit(steps[late], linear[late], 1)[0]
            # where both roots are one the distance has a factor t as well
            twice = penalty == 1 or (method == "optimistic" and lr == 1)
            room = 0.006 if twice else 5e-4
            assert math.log(factor(method, lr, penalty)) == pytest.approx(
                slope, abs=room
            )


def test_arrows_point_along_the_field() -> None:
    for form in FORMS:
        strokes = arrows(form, 0.3)
        tails, tips = strokes[::6], strokes[1::6]
        assert len(tails) == 80  # not at the rest point
        for tail, tip in zip(tails, tips):
            assert tail
            assert tip
            up = field((tail[0], tail[1]), form, 0.3)
            u, v = tip[0] - tail[0], tip[1] - tail[1]
            assert u * up[0] + v * up[1] == pytest.approx(
                math.hypot(u, v) * math.hypot(*up)
            )
            assert math.hypot(u, v) <= 0.3 + 1e-12


def test_what_is_said_is_what_is_drawn() -> None:
    drawing = dirac(theta=1.0, psi=0.5, method=3, lr=0.4)
    said, seen = drawing.layers["distance"]
    assert isinstance(said, kinds.Curve)
    assert isinstance(seen, kinds.Curve)
    assert said.points[0] == seen.points[0]
    assert drawing.said.startswith("Extragradient play, minimax: after 100 steps")
