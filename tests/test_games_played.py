"""Games as they are really played: own optimizers, copies, logs, sets."""

import pickle
from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import PolynomialLR, StepLR

from gradient_ascent import GradientAscent
from gradient_ascent.constraints import Ball, Box, Simplex, constrain
from gradient_ascent.games import Method, MinMax
from gradient_ascent.optim import Adam
from tests.bilinear import PLAIN, Bilinear, Duel, every_method, every_rule
from tools.games import RULES


@every_rule
@every_method
def test_two_optimizers_play_as_one_with_two_groups(rule: Any, method: Method) -> None:
    duel = Duel(method, rule, rule, **PLAIN)
    one = Bilinear(method, rule, own=0.5, **PLAIN)
    for _ in range(10):
        assert duel.play(1).z == one.play(1).z


@every_method
@pytest.mark.parametrize("upper", RULES)
def test_any_two_rules_can_meet(upper: str, method: Method) -> None:
    """Each as if it were alone with what the other does."""
    for lower in RULES:
        duel = Duel(method, RULES[lower], RULES[upper], lr=0.01)
        start = duel.z
        assert duel.play(5).z != start and duel.distance < 2


@every_method
def test_different_rules_find_the_saddle(method: Method) -> None:
    """With Adam's rate falling, as in `tools.games`."""
    duel = Duel(method, Adam, SGD, lr=0.05)
    falls = PolynomialLR(duel.players[0], 1000, power=2)
    for _ in range(1000):
        duel.play(1)
        falls.step()
    assert duel.distance < 1e-3


def test_a_player_may_have_groups_and_an_optimizer_no_direction() -> None:
    a, b = (torch.ones(1, requires_grad=True) for _ in range(2))
    c = torch.ones(2, 2, requires_grad=True)
    groups = [{"params": [a]}, {"params": [b], "lr": 0.2}]
    descends = Descent([c], {"lr": 0.1})
    game = MinMax([SGD(groups, lr=0.1), descends], "simultaneous")
    game.step(lambda: (a.sum() + b.sum(), c.sum()))
    assert (a.item(), b.item()) == pytest.approx((0.9, 0.8))
    assert torch.allclose(c, torch.full((2, 2), 0.9))


class Descent(Optimizer):
    """Knows no `maximize`."""

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter -= group["lr"] * parameter.grad


@every_rule
@every_method
@pytest.mark.parametrize("cut", [1, 4])
def test_a_duel_resumes(rule: Any, method: Method, cut: int) -> None:
    whole = Duel(method, rule, rule, **PLAIN).play(8)
    first = Duel(method, rule, rule, **PLAIN).play(cut)
    second = Duel(method, rule, rule, **PLAIN)
    second.stand(*first.z)
    for one, two in zip(first.players, second.players):
        two.load_state_dict(one.state_dict())
    second.game.load_state_dict(first.game.state_dict())
    assert second.play(8 - cut).z == whole.z
    assert second.game.steps == 8


@every_method
@pytest.mark.parametrize("copy", [deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_plays_on(method: Method, copy: Any) -> None:
    played = Duel(method, Adam, GradientAscent, lr=0.05).play(3)
    twin: Duel = copy(played)
    z = played.z
    twin.play(4)
    assert played.z == z
    assert played.play(4).z == twin.z


@every_method
def test_rates_follow_their_schedulers(method: Method) -> None:
    duel = Duel(method, Adam, SGD, lr=0.1)
    schedules = [StepLR(each, 2, gamma=0.0) for each in duel.players]
    for _ in range(2):
        duel.play(1)
        for schedule in schedules:
            schedule.step()
    z = duel.z
    away = duel.play(1).z
    # What the rate has stopped is the rule; "optimistic" still takes back a step.
    assert (away == z) == (method != "optimistic")
    assert duel.play(1).z == away


@every_method
def test_the_metrics_are_those_of_a_whole_step(method: Method) -> None:
    heard: list[tuple[int, dict[str, float]]] = []
    bilinear = Bilinear(method, GradientAscent, lr=0.1, logging_interval=2)
    assert isinstance(bilinear.optimizer, GradientAscent)
    bilinear.optimizer.log_to(lambda step, metrics: heard.append((step, metrics)))
    for number in (1, 2, 3, 4):
        x, y = bilinear.z
        a, b = bilinear.play(1).z
        assert [step for step, _ in heard] == [2, 4][: number // 2]
        if number % 2 == 0:
            metrics = heard[-1][1]
            assert metrics["objective"] == pytest.approx(x * y)
            moved = ((a - x) ** 2 + (b - y) ** 2) ** 0.5
            assert metrics["update_norm"] == pytest.approx(moved)
            assert metrics["rate/0"] == 0.1
    again = Bilinear(method, GradientAscent, lr=0.1, logging_interval=1)
    again.game.load_state_dict(bilinear.game.state_dict())
    assert isinstance(again.optimizer, GradientAscent)
    again.optimizer.log_to(lambda step, _: heard.append((step, {})))
    again.play(1)
    assert heard[-1][0] == 5


def test_afterwards_the_optimizer_reports_for_itself() -> None:
    bilinear = Bilinear("extragradient", GradientAscent, logging_interval=1)
    assert isinstance(bilinear.optimizer, GradientAscent)
    steps: list[int] = []
    with pytest.raises(ZeroDivisionError):
        bilinear.game.step(lambda: torch.tensor(1 / 0))
    bilinear.optimizer.log_to(lambda step, _: steps.append(step))
    bilinear.move()
    assert steps == [1]


@every_method
def test_a_closure_may_call_backward(method: Method) -> None:
    one, two = (Bilinear(method, Adam, **PLAIN) for _ in range(2))

    def closure() -> Tensor:
        two.optimizer.zero_grad()
        parts = [two.payoff() / 4 for _ in range(4)]  # as in micro-batches
        for part in parts:
            part.backward()  # type: ignore[no-untyped-call]
        return torch.stack(parts).sum().detach()

    for _ in range(5):
        two.game.step(closure)
        assert two.z == pytest.approx(one.play(1).z, abs=1e-12)


@every_method
def test_gradients_of_others_are_left_alone(method: Method) -> None:
    bilinear, other = Bilinear(method, **PLAIN), torch.ones(1, requires_grad=True)
    bilinear.game.step(lambda: bilinear.payoff() * other.sum())
    assert other.grad is None
    x, y = bilinear.x.grad, bilinear.y.grad
    assert x is not None and y is not None  # of alternating players, too


@every_method
def test_players_stay_in_their_sets(method: Method) -> None:
    """Wherever the closure is called; and they find the saddle at an edge."""
    duel = Duel(method, Adam, SGD, lr=0.1)
    constrain(duel.players[0], Box(0.25, 2.0))
    constrain(duel.players[1], Ball(0.5))
    seen: list[tuple[float, float]] = []

    def payoff() -> Tensor:
        seen.append(duel.z)
        return duel.payoff()

    for _ in range(500):
        duel.game.step(payoff)
    assert all(0.25 <= x <= 2 and abs(y) <= 0.5 for x, y in [*seen, duel.z])
    # x pays x²/2 + x y - y²/2 there, and y would be x.
    assert duel.z == pytest.approx((0.25, 0.25), abs=1e-3)


@every_method
def test_rock_paper_scissors_is_played_on_simplices(method: Method) -> None:
    """A third of each is right; the two that do not look ahead turn around it."""
    wins = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]], dtype=torch.float64)
    x, y = (
        torch.tensor(p, dtype=torch.float64, requires_grad=True)
        for p in ([0.6, 0.3, 0.1], [0.2, 0.3, 0.5])
    )
    sides = [{"params": [x], "maximize": False}, {"params": [y]}]
    optimizer = SGD(sides, lr=0.2, maximize=True)
    constrain(optimizer, Simplex())
    game = MinMax(optimizer, method)
    for _ in range(400):
        game.step(lambda: x @ wins @ y)
    away = float((torch.cat([x, y]) - 1 / 3).detach().norm())
    assert (away < 1e-3) == (method in ("extragradient", "optimistic"))


@every_method
@pytest.mark.parametrize("rule", ["plain", "adam", "rmsprop"])
def test_complex_players_play_as_pairs(rule: str, method: Method) -> None:
    """With (x, y) = Re(x̄ y) a complex player is two real ones, as torch's rules see."""
    z = torch.tensor([1 + 0.5j], dtype=torch.complex128)
    w = torch.tensor([-0.5 + 2j], dtype=torch.complex128)
    pairs = [torch.view_as_real(x.clone()).requires_grad_() for x in (z, w)]
    whole = [x.clone().requires_grad_() for x in (z, w)]

    def game(players: list[Tensor]) -> MinMax:
        sides = [{"params": [players[0]], "maximize": False}, {"params": [players[1]]}]
        return MinMax(RULES[rule](sides, lr=0.1), method)  # type: ignore[arg-type]

    one, two = game(pairs), game(whole)
    for _ in range(6):
        one.step(lambda: (pairs[0] * pairs[1]).sum())
        two.step(lambda: (whole[0].conj() * whole[1]).real.sum())
    for pair, x in zip(pairs, whole):
        assert torch.allclose(pair, torch.view_as_real(x), rtol=0, atol=1e-12)
