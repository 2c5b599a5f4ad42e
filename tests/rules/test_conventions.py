"""Who computes what: every convention in use can be reached by argument.

Each right-hand side below is the formula of the one named, written out on its own.
"""

from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent import rules

LR, EPS = 0.1, 0.01
GRADIENTS = [3.0, -1.0, 0.5, 0.0, 2.0]


def steps(rule: rules.Rule, *first: Any, **hyperparameters: Any) -> list[float]:
    """The steps of `rule` along `GRADIENTS`, from its own state or a given one."""
    taken, state = [], first
    for gradient in GRADIENTS:
        step, *state = rule(gradient, *state, **hyperparameters)
        taken.append(step)
    return taken


def close(numbers: list[float]) -> Any:
    return pytest.approx(numbers, rel=1e-14, abs=1e-16)


# AdaGrad: epsilon outside the root or inside it, and where the sum starts.


@pytest.mark.parametrize(
    ("who", "eps_in_sqrt", "start"),
    [
        ("notebook 002", False, 0.0),
        ("notebook 003", True, 0.0),
        ("torch", False, 0.0),
        ("optax", True, 0.1),
    ],
)
def test_adagrad(who: str, eps_in_sqrt: bool, start: float) -> None:
    expected, s = [], start
    for g in GRADIENTS:
        s += g * g
        expected.append(LR * g / (sqrt(s + EPS) if eps_in_sqrt else sqrt(s) + EPS))
    state = rules.AdagradState(sum=start)
    assert close(expected) == steps(
        rules.adagrad, state, lr=LR, eps=EPS, eps_in_sqrt=eps_in_sqrt
    )


def test_the_two_adagrads_differ() -> None:
    outside = steps(rules.adagrad, lr=LR, eps=EPS)
    inside = steps(rules.adagrad, lr=LR, eps=EPS, eps_in_sqrt=True)
    assert outside[0] == pytest.approx(LR * 3 / 3.01)
    assert inside[0] == pytest.approx(LR * 3 / sqrt(9.01))


# RMSProp: the same choice.


@pytest.mark.parametrize(("who", "inside"), [("torch", False), ("notebook 003", True)])
def test_rmsprop(who: str, inside: bool) -> None:
    expected, s = [], 0.0
    for g in GRADIENTS:
        s = 0.9 * s + 0.1 * g * g
        expected.append(LR * g / (sqrt(s + EPS) if inside else sqrt(s) + EPS))
    assert close(expected) == steps(
        rules.rmsprop, lr=LR, alpha=0.9, eps=EPS, eps_in_sqrt=inside
    )


# Momentum: the rate in the velocity or outside, a sum or a mean.


def test_momentum_of_notebook_002_and_torch_keeps_the_rate_outside() -> None:
    expected, v = [], 0.0
    for g in GRADIENTS:
        v = 0.5 * v + g
        expected.append(LR * v)
    assert steps(rules.momentum, lr=LR, momentum=0.5) == close(expected)


def test_momentum_of_notebook_003_takes_the_rate_into_the_velocity() -> None:
    expected, v = [], 0.0
    for g in GRADIENTS:
        v = 0.5 * v + LR * g
        expected.append(v)
    assert close(expected) == steps(
        rules.momentum, lr=LR, momentum=0.5, lr_in_velocity=True
    )


def test_momentum_as_a_mean_from_zero() -> None:
    expected, v = [], 0.0
    for g in GRADIENTS:
        v = 0.9 * v + 0.1 * g
        expected.append(LR * v)
    start = rules.MomentumState(0.0)
    assert close(expected) == steps(
        rules.momentum, start, lr=LR, momentum=0.9, dampening=0.9
    )


@pytest.mark.parametrize("rule", [rules.momentum, rules.nesterov])
def test_a_constant_rate_may_stand_inside_or_outside(rule: rules.Rule) -> None:
    inside = steps(rule, lr=LR, lr_in_velocity=True)
    assert inside == close(steps(rule, lr=LR, lr_in_velocity=False))


@pytest.mark.parametrize("rule", [rules.momentum, rules.nesterov])
def test_a_changing_rate_tells_inside_from_outside(rule: rules.Rule) -> None:
    # Rate 1, then 0, from v = 0 on g = 1: outside, nothing moves in the second step;
    # inside, the velocity goes on with what the first rate put there.
    zero = rules.MomentumState(0.0)
    for inside, moved in [(False, False), (True, True)]:
        _, state = rule(1.0, zero, lr=1.0, lr_in_velocity=inside)
        step, _ = rule(1.0, state, lr=0.0, lr_in_velocity=inside)
        assert (step != 0) is moved


# Nesterov: the look-ahead form or the one that needs the gradient at the parameter.


def slope(theta: float) -> float:
    """Of -θ⁴/4 - θ²/2: uphill is towards zero, and not in proportion."""
    return -(theta**3) - theta


@pytest.mark.parametrize("inside", [False, True])
@given(start=st.floats(-2, 2), share=st.floats(0, 0.95))
def test_the_two_forms_of_nesterov_are_one_method(
    inside: bool, start: float, share: float
) -> None:
    how: Any = {"lr": 0.05, "momentum": share, "lr_in_velocity": inside}
    parameter, theta = start, start
    state = ahead_state = rules.MomentumState(0.0)
    for _ in range(100):
        ahead = theta + rules.lookahead(ahead_state, **how)
        assert parameter == pytest.approx(ahead, abs=1e-12)  # the change of variables
        step, ahead_state = rules.momentum(slope(ahead), ahead_state, **how)
        theta += step
        step, state = rules.nesterov(slope(parameter), state, **how)
        parameter += step


# AMSGrad: with bias correction or without, before the maximum or after.


@pytest.mark.parametrize(
    ("who", "convention"),
    [
        ("notebook 003", {"bias_correction": False}),
        ("torch", {}),
        ("optax", {"correct_before_max": True}),
    ],
)
def test_amsgrad(who: str, convention: dict[str, bool]) -> None:
    expected, m, v, u = [], 0.0, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.99**t)
        if who == "notebook 003":
            u = max(u, v)
            expected.append(LR * m / (sqrt(u) + EPS))
        elif who == "torch":
            u = max(u, v)
            expected.append(LR * m_hat / (sqrt(u / (1 - 0.99**t)) + EPS))
        else:
            u = max(u, v_hat)
            expected.append(LR * m_hat / (sqrt(u) + EPS))
    assert close(expected) == steps(
        rules.amsgrad, lr=LR, beta1=0.9, beta2=0.99, eps=EPS, **convention
    )


def test_the_three_amsgrads_differ() -> None:
    variants = [{"bias_correction": False}, {}, {"correct_before_max": True}]
    last = {steps(rules.amsgrad, lr=LR, **variant)[-1] for variant in variants}
    assert len(last) == 3


@given(gradients=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20))
def test_amsgrads_maximum_never_shrinks(gradients: list[float]) -> None:
    state = rules.AMSGradState()
    for gradient in gradients:
        _, after = rules.amsgrad(gradient, state)
        assert after.max_exp_avg_sq >= state.max_exp_avg_sq
        assert after.max_exp_avg_sq >= after.exp_avg_sq
        state = after


# Adam: epsilon does not matter where gradients are large, nor does their size.


@given(scale=st.floats(1e-3, 1e3))
def test_adam_does_not_see_the_gradients_unit(scale: float) -> None:
    small, big = rules.AdamState(), rules.AdamState()
    for gradient in GRADIENTS:
        step, small = rules.adam(gradient, small, eps=0)
        scaled, big = rules.adam(scale * gradient, big, eps=0)
        assert scaled == pytest.approx(step, rel=1e-12, abs=1e-18)


@given(gradient=st.floats(1e-3, 1e3))
def test_adams_first_step_is_the_rate(gradient: float) -> None:
    assert rules.adam(gradient, lr=0.5, eps=0)[0] == pytest.approx(0.5, rel=1e-13)
