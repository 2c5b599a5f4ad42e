"""Which way is up, and what weight decay does on the way there."""

from typing import Any, NamedTuple, get_type_hints

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_ascent import rules
from gradient_ascent.arguments import notes
from gradient_ascent.ops import Number

from .switches import Rule, every_choice, own

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


# Oddness: where every gradient points the other way, so does every step.


def odd_fields(state: Any) -> list[str]:
    hints = get_type_hints(type(state), include_extras=True)
    return [name for name, hint in hints.items() if "odd" in notes(hint)]


def mirrored(state: Any) -> Any:
    """The state in which each field that is `Odd` is negated."""
    values = {name: getattr(state, name) for name in odd_fields(state)}
    turned = {name: -x for name, x in values.items() if x is not None}
    return state._replace(**turned) if turned else state


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, and not a number in the same places."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (one != one and other != other)


def assert_odd(rule: rules.Rule, gradient: float, state: Any, **chosen: Any) -> Any:
    """Compare both sides to the last bit, as negating is exact; return the state."""
    here = own(rule, gradient / 3 + 1)
    there = {name: -x for name, x in here.items()}
    step, after = rule(gradient, state, **here, **chosen)
    opposite, other_side = rule(-gradient, mirrored(state), **there, **chosen)
    assert same(opposite, -step)
    assert same(other_side, mirrored(after))
    return after


@every_choice
@settings(max_examples=20)
@given(gradients=st.lists(finite, min_size=1, max_size=5))
def test_every_rule_is_odd_from_its_start(
    rule: Rule, chosen: dict[str, Any], gradients: list[float]
) -> None:
    state = rule.start
    for gradient in gradients:
        state = assert_odd(rule, gradient, state, **chosen)


@every_choice
@settings(max_examples=20)
@given(data=st.data(), gradient=finite)
def test_every_rule_is_odd_from_any_state(
    rule: Rule, chosen: dict[str, Any], data: st.DataObject, gradient: float
) -> None:
    state = rule.start
    for name in getattr(state, "_fields", ()):
        values = finite if name in odd_fields(state) else st.integers(0, 1000)
        state = state._replace(**{name: data.draw(values)})
    assert_odd(rule, gradient, state, **chosen)


class Side(NamedTuple):
    """A memory that takes the gradient's side, and does not say so."""

    side: Number = 0


@pytest.mark.parametrize(
    "rule",
    [
        lambda gradient, state: (abs(gradient), state),
        lambda gradient, state: (gradient, Side(gradient)),
        lambda gradient, state: (gradient + state.side, state),
        lambda gradient, state, *, parameter: (gradient + parameter**2, state),
    ],
)
def test_what_is_not_odd_is_found(rule: rules.Rule) -> None:
    with pytest.raises(AssertionError):
        assert_odd(rule, 2.0, Side(1.0))
