"""Games: each way of playing does what its formula says, on any rule."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.optim import SGD, Optimizer

from gradient_ascent.constraints import Box, constrain
from gradient_ascent.games import Method, MinMax, Payoff
from gradient_ascent.optim import OPTIMIZERS
from tests.bilinear import (
    METHODS,
    PLAIN,
    Bilinear,
    every_method,
    every_rule,
    field,
)


@every_method
def test_the_formula_on_plain_rules(method: Method) -> None:
    eta, z = 0.1, np.array([1.0, 1.0])
    last = np.zeros(2)
    bilinear = Bilinear(method, **PLAIN)
    for _ in range(20):
        now = field(z)
        if method == "simultaneous":
            z = z + eta * now
        elif method == "alternating":
            x = z[0] - eta * z[1]
            z = np.array([x, z[1] + eta * x])
        elif method == "extragradient":
            z = z + eta * field(z + eta * now)
        else:
            z, last = z + eta * (2 * now - last), now
        bilinear.play(1)
        assert np.allclose(bilinear.z, z, rtol=0, atol=1e-14)


def test_after_1000_steps_on_xy() -> None:
    """As the eigenvalues of each method's step say, for rate 0.1."""
    eta, start = 0.1, 2**0.5
    end = {m: Bilinear(m, **PLAIN).play(1000).distance for m in METHODS}
    drift = (1 + eta**2) ** 500
    assert end["simultaneous"] == pytest.approx(start * drift)
    assert end["simultaneous"] > 100
    shrink = (1 - eta**2 + eta**4) ** 500
    assert end["extragradient"] == pytest.approx(start * shrink)
    assert end["extragradient"] < 0.01
    shrink = ((1 + (1 - 4 * eta**2) ** 0.5) / 2) ** 500
    assert end["optimistic"] == pytest.approx(start * shrink, rel=0.1)
    assert end["optimistic"] < 0.01


def test_alternating_players_stay_on_an_ellipse() -> None:
    eta = 0.1
    bilinear = Bilinear("alternating", **PLAIN)
    for _ in range(1000):
        x, y = bilinear.play(1).z
        assert x**2 + y**2 - eta * x * y == pytest.approx(2 - eta)


@every_rule
def test_extragradient_goes_back_but_its_rule_forgets_nothing(rule: Any) -> None:
    played, twin = (Bilinear("extragradient", rule, **PLAIN) for _ in range(2))
    for _ in range(7):
        here = twin.z
        twin.move()
        gradients = twin.y.detach().clone(), twin.x.detach().clone()
        twin.stand(*here)
        twin.move(*gradients)
        played.play(1)
        assert played.z == twin.z
    assert_equal_states(played.optimizer, twin.optimizer)


@every_rule
def test_optimistic_is_twice_this_step_less_the_last(rule: Any) -> None:
    played, twin = (Bilinear("optimistic", rule, **PLAIN) for _ in range(2))
    walk, last = np.array(twin.z), np.zeros(2)
    for _ in range(7):
        here = np.array(twin.z)
        gradients = twin.y.detach().clone(), twin.x.detach().clone()
        twin.stand(*walk)
        twin.move(*gradients)
        step, walk = np.array(twin.z) - walk, np.array(twin.z)
        twin.stand(*(here + 2 * step - last))
        last = step
        assert np.allclose(played.play(1).z, twin.z, rtol=0, atol=1e-14)


def test_extra_adam_by_hand() -> None:
    """A step from (1, 1): both look-ahead steps are eta, for m/sqrt(v) is 1 then."""
    eta, b, c = 0.1, 0.5, 0.9
    adam = Bilinear("extragradient", OPTIMIZERS["adam"], lr=eta, betas=(b, c), eps=0)
    x, y = (
        (b + g) / (1 + b) / ((c + g**2) / (1 + c)) ** 0.5 for g in (1 + eta, 1 - eta)
    )
    assert adam.play(1).z == pytest.approx((1 - eta * x, 1 + eta * y), abs=1e-15)


def test_optimistic_adam_by_hand() -> None:
    """Twice the first step is (-2 eta, 2 eta); half of it is then taken back."""
    eta, b, c = 0.1, 0.5, 0.9
    adam = Bilinear("optimistic", OPTIMIZERS["adam"], lr=eta, betas=(b, c), eps=0)
    assert adam.play(1).z == pytest.approx((1 - 2 * eta, 1 + 2 * eta), abs=1e-15)
    x, y = (
        (b + g) / (1 + b) / ((c + g**2) / (1 + c)) ** 0.5
        for g in (1 + 2 * eta, 1 - 2 * eta)
    )
    end = 1 - eta - 2 * eta * x, 1 + eta + 2 * eta * y
    assert adam.play(1).z == pytest.approx(end, abs=1e-15)


@pytest.mark.parametrize("name", ["adam", "amsgrad"])
@pytest.mark.parametrize("method", ["extragradient", "optimistic"])
def test_adam_against_the_published_algorithms(name: str, method: Method) -> None:
    """Line by line as in Gidel et al. (2019), 4, and Daskalakis et al. (2018), 1."""
    eta, beta1, beta2, eps = 0.1, 0.8, 0.95, 1e-3
    m, v, largest, t = np.zeros(2), np.zeros(2), np.zeros(2), 0

    def direction(gradient: Any) -> Any:
        nonlocal m, v, largest, t
        t += 1
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient**2
        largest = np.maximum(largest, v) if name == "amsgrad" else v
        scale = np.sqrt(largest / (1 - beta2**t)) + eps
        return m / (1 - beta1**t) / scale

    z, last = np.array([1.0, 1.0]), np.zeros(2)
    betas = (beta1, beta2)
    played = Bilinear(method, OPTIMIZERS[name], lr=eta, betas=betas, eps=eps)
    for _ in range(30):
        if method == "extragradient":
            midpoint = z + eta * direction(field(z))
            z = z + eta * direction(field(midpoint))
        else:
            now = direction(field(z))
            z = z + 2 * eta * now - eta * last
            last = now
        assert np.allclose(played.play(1).z, z, rtol=0, atol=1e-12)


@every_rule
def test_alternating_players_see_the_moves_before_theirs(rule: Any) -> None:
    played, twin = (Bilinear("alternating", rule, **PLAIN) for _ in range(2))
    for _ in range(7):
        twin.x.grad, twin.y.grad = twin.y.detach().clone(), None
        twin.optimizer.step()
        twin.x.grad, twin.y.grad = None, twin.x.detach().clone()
        twin.optimizer.step()
        played.play(1)
        assert played.z == twin.z


@every_rule
@every_method
def test_a_game_and_its_negative_are_played_alike(rule: Any, method: Method) -> None:
    played, twin = (Bilinear(method, rule, **PLAIN) for _ in range(2))
    for group in twin.optimizer.param_groups:
        group["maximize"] = not group["maximize"]
    for _ in range(10):
        played.play(1)
        twin.game.step(lambda: -twin.payoff())
        assert played.z == twin.z


@every_rule
@every_method
@pytest.mark.parametrize("cut", [0, 1, 4])
def test_a_checkpoint_resumes(rule: Any, method: Method, cut: int) -> None:
    whole = Bilinear(method, rule, **PLAIN).play(8)
    first = Bilinear(method, rule, **PLAIN).play(cut)
    second = Bilinear(method, rule, start=first.z, **PLAIN)
    second.optimizer.load_state_dict(first.optimizer.state_dict())
    second.game.load_state_dict(first.game.state_dict())
    assert second.play(8 - cut).z == whole.z


@every_method
def test_the_value_is_the_one_before_the_step(method: Method) -> None:
    bilinear = Bilinear(method, start=(2.0, 3.0), **PLAIN)
    value = bilinear.game.step(bilinear.payoff)
    assert isinstance(value, Tensor)
    assert value.item() == 6.0 and not value.requires_grad


@every_method
def test_a_payoff_for_each_player(method: Method) -> None:
    """Both descend: x on x · y, y on its negative. That is the same game."""
    one, two = (Bilinear(method, **PLAIN) for _ in range(2))
    two.optimizer.param_groups[1]["maximize"] = False

    def payoffs() -> Payoff:
        return two.payoff(), -two.payoff()

    for _ in range(10):
        one.play(1)
        values = two.game.step(payoffs)
        assert one.z == two.z
    assert isinstance(values, tuple) and values[0] == -values[1]


@every_method
def test_three_players_of_different_shapes_and_rates(method: Method) -> None:
    a, b, c = (torch.ones(n, requires_grad=True) for n in (1, 2, 3))
    sides = [
        {"params": [a]},
        {"params": [b], "lr": 0.2},
        {"params": [c], "maximize": False, "lr": 0.05},
    ]
    game = MinMax(SGD(sides, lr=0.1, maximize=True), method)

    def payoff() -> Tensor:
        climbs = (a - 2).square().sum() + b.square().sum()
        return c.square().sum() + c.sum() * b.sum() - climbs

    for _ in range(200):
        game.step(payoff)
    assert torch.allclose(a, torch.tensor([2.0]))
    assert max(b.abs().max(), c.abs().max()) < 1e-6


def test_a_frozen_player_and_a_parameter_nobody_uses_stay() -> None:
    for method in METHODS:
        bilinear = Bilinear(method, **PLAIN)
        unused = torch.ones(1, requires_grad=True)
        bilinear.optimizer.param_groups[1]["params"].append(unused)
        bilinear.x.requires_grad_(False)
        bilinear.game.step(lambda b=bilinear: (b.payoff(), b.payoff()))
        step = 0.2 if method == "optimistic" else 0.1
        assert bilinear.z == pytest.approx((1.0, 1 + step)) and unused.item() == 1.0


def test_the_midpoint_is_projected_too() -> None:
    bilinear = Bilinear("extragradient", start=(0.0, 1.0), lr=1.0)
    constrain(bilinear.optimizer, Box(0, 1))
    seen = []

    def payoff() -> Tensor:
        seen.append(bilinear.z)
        return bilinear.payoff()

    bilinear.game.step(payoff)
    assert seen == [(0.0, 1.0), (0.0, 1.0)]


def test_an_error_at_the_midpoint_leaves_everything_as_it_was() -> None:
    bilinear = Bilinear("extragradient", OPTIMIZERS["adam"], **PLAIN).play(3)
    z, before = bilinear.z, deepcopy(bilinear.optimizer.state_dict())
    calls = []

    def payoff() -> Tensor:
        calls.append(bilinear.z)
        if len(calls) == 2:
            raise ArithmeticError
        return bilinear.payoff()

    with pytest.raises(ArithmeticError):
        bilinear.game.step(payoff)
    assert calls[1] != z and bilinear.z == z
    assert str(bilinear.optimizer.state_dict()) == str(before)


def test_the_tensors_of_the_state_stay_the_same_objects() -> None:
    bilinear = Bilinear("extragradient", OPTIMIZERS["adam"], **PLAIN).play(1)
    before = bilinear.optimizer.state[bilinear.x]["exp_avg"]
    bilinear.play(2)
    assert bilinear.optimizer.state[bilinear.x]["exp_avg"] is before


def test_no_grad_around_a_step_does_no_harm() -> None:
    with torch.no_grad():
        assert Bilinear("extragradient", **PLAIN).play(1).distance < 2**0.5


def test_bad_input_is_named() -> None:
    bilinear = Bilinear("simultaneous", **PLAIN)
    with pytest.raises(TypeError, match="optimizer must be torch's, got 3"):
        MinMax(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"method must be one of simultaneous, .* 'x'"):
        MinMax(bilinear.optimizer, "x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"group for each of two .* got 1"):
        MinMax(SGD([bilinear.x]))
    sides = [{"params": [bilinear.x]}, {"params": [bilinear.y]}]
    blind = Optimizer(sides, {"lr": 0.1})
    with pytest.raises(TypeError, match=r"must take maximize, .* Optimizer does not"):
        MinMax(blind)
    for returned, error, says in (
        (1.0, TypeError, "one scalar, or one for each of 2 players, got 1.0"),
        ((bilinear.x,), ValueError, "one for each of 2 players"),
        ((bilinear.x, 1.0), TypeError, "must return real scalars, got 1.0"),
        (torch.ones(2, requires_grad=True), TypeError, "must return real scalars"),
        (torch.tensor(1.0), TypeError, "got one without a graph"),
    ):
        with pytest.raises(error, match=says):
            bilinear.game.step(lambda returned=returned: returned)
    with pytest.raises(ValueError, match=r"as many parameters, 2, got 1"):
        bilinear.game.load_state_dict({"steps": 1, "leads": [None]})


def assert_equal_states(one: Optimizer, two: Optimizer) -> None:
    pairs = zip(one.state.values(), two.state.values(), strict=True)
    for a, b in pairs:
        assert a.keys() == b.keys()
        assert all(torch.equal(a[name], b[name]) for name in a)


def test_a_scheduler_may_be_there_already() -> None:
    x, y = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    players = [{"params": [x], "maximize": False}, {"params": [y], "maximize": True}]
    optimizer = torch.optim.SGD(players, lr=0.1)
    torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
    MinMax(optimizer).step(lambda: (x * y).sum())
    assert x < 1 < y + x
