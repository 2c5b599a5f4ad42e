"""A bandit, a pole on a cart, and the gradients that episodes give."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import gymnasium
import numpy as np
import pytest
import torch
from scipy.optimize import approx_fprime, minimize
from torch import Tensor

from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import (
    Bandit,
    CartPole,
    Episodes,
    advantage,
    play,
    reward_to_go,
    surrogate,
    whole_return,
)
from gradient_ascent.objectives.policy import draw

F64 = torch.float64
REWARDS = torch.tensor([1.0, 0.7, 0.0, -2.0], dtype=F64)
THETAS = torch.randn(50, 4, dtype=F64, generator=torch.Generator().manual_seed(0))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# The bandit.


@pytest.mark.parametrize("entropy", [0.0, 0.3, -0.2])
def test_the_gradient_is_autograds_and_that_of_finite_differences(
    entropy: float,
) -> None:
    f = Bandit(REWARDS, entropy)
    theta = THETAS.clone().requires_grad_()
    f(theta).sum().backward()
    torch.testing.assert_close(f.gradient(THETAS), theta.grad)
    at = THETAS[0].numpy()
    slopes = approx_fprime(at, lambda x: f(torch.tensor(x)).item(), 1e-7)
    assert np.allclose(slopes, f.gradient(THETAS[0]), atol=1e-5)


@pytest.mark.parametrize("entropy", [0.0, 0.3])
def test_the_natural_gradient_is_that_of_the_pseudoinverse(entropy: float) -> None:
    f = Bandit(REWARDS, entropy)
    for theta in THETAS[:10]:
        pi = f.policy(theta)
        fisher = torch.diag(pi) - torch.outer(pi, pi)
        natural = torch.linalg.pinv(fisher) @ f.gradient(theta)
        torch.testing.assert_close(f.natural_gradient(theta), natural)


def test_the_variance_is_that_of_all_arms_and_of_samples() -> None:
    f = Bandit(REWARDS)
    theta, b = THETAS[1], 0.4
    pi = f.policy(theta)
    each = (REWARDS - b)[:, None] * f.scores(theta)
    mean = (pi[:, None] * each).sum(0)
    torch.testing.assert_close(mean, f.gradient(theta))
    spread = (pi[:, None] * (each - mean) ** 2).sum()
    torch.testing.assert_close(f.variance(theta, b), spread)
    pulls = torch.multinomial(pi, 200_000, replacement=True, generator=seeded())
    assert each[pulls].var(0).sum().item() == pytest.approx(spread.item(), rel=0.02)


@pytest.mark.parametrize("entropy", [0.0, 0.3])
def test_no_baseline_has_less_variance_than_the_best(entropy: float) -> None:
    f = Bandit(REWARDS, entropy)
    best = f.best_baseline(THETAS)
    for off in (-1.0, -0.01, 0.01, 1.0):
        assert (f.variance(THETAS, best + off) > f.variance(THETAS, best)).all()
    found = minimize(lambda b: f.variance(THETAS[2], float(b[0])).item(), [0.0])
    assert found.x[0] == pytest.approx(best[2].item(), abs=1e-4)


def test_with_entropy_the_maximum_is_the_softmax_of_the_rewards() -> None:
    f = Bandit(REWARDS, 0.5)
    result = maximize(f, torch.zeros(4, dtype=F64))
    best = (REWARDS / 0.5).softmax(0)
    torch.testing.assert_close(f.policy(result.x), best, atol=1e-4, rtol=0)
    top = 0.5 * torch.logsumexp(REWARDS / 0.5, 0).item()
    assert result.value == pytest.approx(top, abs=1e-7)


def test_one_arm_has_nothing_to_learn() -> None:
    f = Bandit(torch.tensor([3.0]))
    theta = torch.tensor([0.5])
    assert f(theta) == 3
    assert f.gradient(theta).tolist() == f.natural_gradient(theta).tolist() == [0]
    assert f.variance(theta) == 0
    assert f.best_baseline(theta) == 3


def test_a_policy_that_is_certain_has_a_finite_baseline() -> None:
    f = Bandit(torch.tensor([1.0, 0.0]), 0.1)
    assert f.best_baseline(torch.tensor([200.0, -200.0])).isfinite()


@pytest.mark.parametrize(
    ("rewards", "entropy", "error", "said"),
    [
        ([1.0], 0.0, TypeError, "rewards must be a tensor of real numbers, got list"),
        (torch.tensor([1, 0]), 0.0, TypeError, "real numbers, got torch.int64"),
        (torch.ones(2, 2), 0.0, ValueError, r"shape \(k,\), .* got shape \(2, 2\)"),
        (torch.ones(0), 0.0, ValueError, r"one or more, got shape \(0,\)"),
        (torch.tensor([torch.nan]), 0.0, ValueError, "must be finite numbers"),
        (torch.ones(2), "much", TypeError, "entropy must be a real number, got 'much'"),
        (torch.ones(2), torch.inf, ValueError, "entropy must be finite, got inf"),
    ],
)
def test_what_is_no_bandit(
    rewards: Any, entropy: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        Bandit(rewards, entropy)


@pytest.mark.parametrize("theta", [torch.zeros(3), torch.zeros(4, 3), 1.0])
def test_a_theta_of_another_shape_is_refused(theta: Any) -> None:
    with pytest.raises(ValueError, match=r"theta must be a tensor of shape \(..., 4\)"):
        Bandit(REWARDS)(theta)


# The pole on its cart.


def test_the_cart_is_gymnasiums_step_by_step() -> None:
    """Till every pole has fallen; by chance, and by a policy that balances."""
    cart, count = CartPole(), 40
    draws = np.random.default_rng(0)
    worlds = [gymnasium.make("CartPole-v1") for _ in range(count)]
    first = [world.reset(seed=i) for i, world in enumerate(worlds)]
    state = torch.tensor(np.array([world.unwrapped.state for world in worlds]))
    assert np.array_equal(cart.seen(state), [seen for seen, _ in first])
    assert state.abs().max() <= 0.05
    running, longest = np.ones(count, dtype=bool), 0
    for t in range(1, 501):
        balance = (state @ torch.tensor([0.1, 1.0, 10.0, 2.0], dtype=F64) > 0).numpy()
        action = np.where(np.arange(count) % 2, balance, draws.integers(0, 2, count))
        state, reward, over = cart.step(state, torch.tensor(action))
        for i in np.flatnonzero(running):
            seen, paid, fell, cut, _ = worlds[i].step(int(action[i]))
            theirs = worlds[i].unwrapped.state
            assert np.allclose(state[i], theirs, rtol=1e-13, atol=1e-13)
            state[i] = torch.tensor(theirs)
            assert np.array_equal(cart.seen(state[i]), seen)
            assert (reward[i].item(), over[i].item()) == (paid, fell)
            assert cut == (t == cart.limit)
            longest = t
            running[i] = not (fell or cut)
    assert longest == 500 and not running.any()


def test_shapes_that_do_not_fit_the_cart() -> None:
    with pytest.raises(ValueError, match=r"got \(2, 4\) and \(3,\)"):
        CartPole().step(torch.zeros(2, 4), torch.zeros(3, dtype=torch.long))


# Episodes, on a game so small that all of them can be gone through.


class Doors:
    """Behind door 1 the game goes on, three times at most; it pays 1, 2, 4."""

    limit = 3

    def start(self, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
        return torch.ones(*shape, 1, dtype=F64)

    def seen(self, state: Tensor) -> Tensor:
        return state

    def step(self, state: Tensor, action: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        reward = state[..., 0] * (1 + 0.5 * action)
        return 2 * state, reward, action == 0


THETA = torch.tensor([0.3, -0.2], dtype=F64)


def chooses(theta: Tensor) -> Any:
    """Logits that depend on the time, which the game's state tells."""

    def logits(seen: Tensor) -> Tensor:
        z = theta[0] + theta[1] * seen[..., 0]
        return torch.stack([torch.zeros_like(z), z], -1)

    return logits


def every_game(theta: Tensor) -> tuple[Episodes, Tensor]:
    """The four games there are, and how likely each is."""
    actions = torch.tensor([[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])
    running = torch.tensor([[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 1, 1]]).bool()
    seen = torch.tensor([1.0, 2.0, 4.0], dtype=F64)[:, None].expand(3, 4)[..., None]
    rewards = (seen[..., 0] * (1 + 0.5 * actions)).where(running, 0.0)
    cut = torch.tensor([False, False, False, True])
    logs = chooses(theta)(seen).log_softmax(-1).gather(-1, actions[..., None])
    chance = logs[..., 0].where(running, 0.0).sum(0).exp()
    return Episodes(seen, actions, rewards, running, cut), chance


def exact() -> tuple[float, Tensor]:
    """The expected return, and its gradient by autograd."""
    theta = THETA.clone().requires_grad_()
    games, chance = every_game(theta)
    mean = (chance * games.returns).sum()
    (gradient,) = torch.autograd.grad(mean, theta)
    return mean.item(), gradient


def some(games: Episodes, which: list[int]) -> Episodes:
    parts = {n: x[..., which] for n, x in vars(games).items() if n != "seen"}
    return Episodes(seen=games.seen[:, which], **parts)


def estimate(games: Episodes, weigh: Any) -> Tensor:
    theta = THETA.clone().requires_grad_()
    value = surrogate(chooses(theta), games, weigh(games))
    (gradient,) = torch.autograd.grad(value.sum(), theta)
    return gradient


@pytest.mark.parametrize("weigh", [whole_return, reward_to_go, advantage])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_over_all_games_the_mean_of_the_estimates_is_the_gradient(
    weigh: Any, count: int
) -> None:
    games, chance = every_game(THETA)
    assert chance.sum().item() == pytest.approx(1)
    mean = sum(
        chance[list(which)].prod() * estimate(some(games, list(which)), weigh)
        for which in product(range(4), repeat=count)
    )
    torch.testing.assert_close(mean, exact()[1])


def test_played_games_are_those_with_their_chances() -> None:
    played = play(Doors(), chooses(THETA), (20_000,), seeded())
    games, chance = every_game(THETA)
    assert played.lengths.unique().tolist() == [1, 2, 3]
    assert played.returns.mean().item() == pytest.approx(exact()[0], rel=0.02)
    assert played.truncated.double().mean().item() == pytest.approx(
        chance[-1].item(), abs=0.02
    )
    assert (played.lengths[played.truncated] == 3).all()
    assert set(played.returns.tolist()) == set(games.returns.tolist())


def test_what_comes_after_an_end_does_not_count() -> None:
    """However long the others are, and whatever stands in their rows."""
    games, _ = every_game(THETA)
    for i, length in enumerate((1, 2, 3, 3)):
        alone = some(games, [i])
        short = Episodes(
            *(x[:length] for n, x in vars(alone).items() if n != "truncated"),
            truncated=alone.truncated,
        )
        rubbish = replace(
            alone,
            seen=alone.seen.where(alone.running[..., None], 1e6),
            actions=alone.actions.where(alone.running, 1),
        )
        for weigh in (whole_return, reward_to_go, advantage):
            for other in (short, rubbish):
                torch.testing.assert_close(
                    estimate(other, weigh), estimate(alone, weigh)
                )


def test_a_game_of_one_step_is_a_bandit() -> None:
    class OneStep(Doors):
        limit = 1

    games = play(OneStep(), chooses(THETA), (5,), seeded())
    assert games.lengths.tolist() == [1] * 5
    assert games.truncated.tolist() == games.actions[0].bool().tolist()
    assert torch.equal(whole_return(games), reward_to_go(games))


def test_rewards_to_go_and_what_the_others_got() -> None:
    games, _ = every_game(THETA)
    assert games.returns.tolist() == [1, 3.5, 8.5, 10.5]
    to_go = [[1, 3.5, 8.5, 10.5], [0, 2, 7, 9], [0, 0, 4, 6]]
    assert reward_to_go(games).tolist() == to_go
    above = advantage(games)
    assert above[0].tolist() == pytest.approx(
        [1 - 22.5 / 3, 3.5 - 20 / 3, 8.5 - 5, 5.5 + 2 / 3]
    )
    assert above[1, 1:].tolist() == [2 - 8, 7 - 5.5, 9 - 4.5]
    assert above[2, 2:].tolist() == [-2, 2]


def test_a_pole_that_is_never_let_fall_is_cut_off_at_the_limit() -> None:
    def balance(seen: Tensor) -> Tensor:
        z = 100 * (seen @ torch.tensor([0.1, 1.0, 10.0, 2.0]))
        return torch.stack([-z, z], -1)

    kept = play(CartPole(), balance, (3, 2), seeded())
    assert kept.truncated.all() and (kept.returns == 500).all()
    fallen = play(
        CartPole(), lambda seen: torch.zeros(*seen.shape[:-1], 2), (9,), seeded()
    )
    assert not fallen.truncated.any()
    assert torch.equal(fallen.returns, fallen.lengths.double())
    short = play(
        CartPole(7), lambda seen: torch.zeros(*seen.shape[:-1], 2), (9,), seeded()
    )
    assert short.truncated.all() and (short.lengths == 7).all()


def test_actions_are_drawn_as_their_logits_say() -> None:
    logits = torch.tensor([0.0, 1.0, -1.0]).expand(90_000, 3)
    drawn = draw(logits, seeded())
    share = torch.bincount(drawn, minlength=3) / 90_000
    torch.testing.assert_close(share, logits[0].softmax(0), atol=0.01, rtol=0)
    assert draw(torch.zeros(4, 1), seeded()).tolist() == [0] * 4


def test_shapes_that_do_not_fit_are_told() -> None:
    games, _ = every_game(THETA)
    with pytest.raises(ValueError, match=r"rewards \(2, 4\)"):
        replace(games, rewards=games.rewards[:2])
    with pytest.raises(ValueError, match=r"truncated \(3,\)"):
        replace(games, truncated=games.truncated[:3])
    with pytest.raises(ValueError, match=r"shape \(3, 4\) of the actions, got \(4,\)"):
        surrogate(chooses(THETA), games, games.returns)
