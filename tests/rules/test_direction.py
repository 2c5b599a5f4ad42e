"""Which way is up, and what weight decay does on the way there."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent import rules

finite = st.floats(-1e6, 1e6)


@given(gradient=finite)
def test_uphill_is_the_gradient_or_its_negative(gradient: float) -> None:
    assert rules.uphill(gradient) == gradient
    assert rules.uphill(gradient, maximize=True) == gradient
    assert rules.uphill(gradient, maximize=False) == -gradient


def test_the_gradient_itself_is_not_changed() -> None:
    gradient = torch.tensor([1.0, -2.0])
    rules.uphill(gradient, maximize=False)
    assert gradient.tolist() == [1, -2]


@given(parameter=finite.filter(lambda x: abs(x) > 1e-9), decay=st.floats(0.01, 0.99))
@pytest.mark.parametrize("maximize", [False, True])
def test_weight_decay_shrinks_in_both_directions(
    parameter: float, decay: float, maximize: bool
) -> None:
    flat = rules.uphill(0.0, maximize=maximize)
    penalized = rules.decayed(flat, parameter, weight_decay=decay)
    step, _ = rules.plain(penalized, lr=1.0)
    assert abs(parameter + step) < abs(parameter)


def test_weight_decay_is_the_gradient_of_a_penalty() -> None:
    # f(θ) = 3θ - (λ/2) θ² at θ = 4, λ = 1/2: 3 - 1/2 * 4 = 1
    assert rules.decayed(3.0, 4.0, weight_decay=0.5) == 1


@pytest.mark.parametrize("name", rules.RULES)
@given(gradients=st.lists(finite, min_size=1, max_size=5))
def test_every_rule_is_odd(name: str, gradients: list[float]) -> None:
    rule = rules.RULES[name]
    up: tuple[object, ...] = ()
    down: tuple[object, ...] = ()
    for gradient in gradients:
        step, *up_state = rule(gradient, *up, lr=0.1)
        mirrored, *down_state = rule(-gradient, *down, lr=0.1)
        assert mirrored == -step  # to the last bit: negating a float is exact
        up, down = tuple(up_state), tuple(down_state)
