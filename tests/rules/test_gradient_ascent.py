"""GradientAscent: what it is with each of its options off, and with each on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent import rules
from gradient_ascent.ops import clip

gradient_lists = st.lists(st.floats(-100, 100), min_size=1, max_size=30)


def steps(gradients: list[float], **hyperparameters: Any) -> list[float]:
    taken, state = [], rules.GradientAscentState()
    for gradient in gradients:
        step, state = rules.gradient_ascent(gradient, state, **hyperparameters)
        taken.append(step)
    return taken


def close(numbers: list[float]) -> Any:
    return pytest.approx(numbers, rel=1e-12, abs=1e-15)


@given(gradients=gradient_lists, bias_correction=st.booleans())
def test_with_its_options_off_it_is_adam(
    gradients: list[float], bias_correction: bool
) -> None:
    adams, state = [], rules.AdamState()
    for gradient in gradients:
        step, state = rules.adam(
            gradient, state, lr=0.01, bias_correction=bias_correction
        )
        adams.append(step)
    assert steps(gradients, bias_correction=bias_correction) == adams  # to the last bit


@given(gradients=gradient_lists)
def test_without_the_scale_it_steps_by_a_weighted_mean(gradients: list[float]) -> None:
    means = []
    for t in range(1, len(gradients) + 1):
        weights = [0.9**age for age in reversed(range(t))]
        weighted = sum(w * g for w, g in zip(weights, gradients))
        means.append(0.5 * weighted / sum(weights))
    assert steps(gradients, lr=0.5, adaptive=False) == pytest.approx(
        means, rel=1e-9, abs=1e-9
    )


@given(gradients=gradient_lists)
def test_without_momentum_nor_scale_it_is_plain_ascent(gradients: list[float]) -> None:
    expected = [0.5 * gradient for gradient in gradients]
    assert expected == close(steps(gradients, lr=0.5, momentum=0.0, adaptive=False))


@given(
    gradient=st.floats(0.01, 100),
    momentum=st.floats(0, 0.99),
    nesterov=st.booleans(),
    count=st.integers(1, 50),
)
def test_its_weights_sum_to_one(
    gradient: float, momentum: float, nesterov: bool, count: int
) -> None:
    # On a constant gradient a mean is that gradient, from the first step on.
    taken = steps(
        [gradient] * count, lr=0.5, momentum=momentum, nesterov=nesterov, adaptive=False
    )
    assert taken == pytest.approx([0.5 * gradient] * count, rel=1e-12)


@pytest.mark.parametrize("nesterov", [False, True])
def test_a_constant_gradient_moves_it_by_the_rate(nesterov: bool) -> None:
    taken = steps([7.0] * 50, lr=0.5, nesterov=nesterov, eps=0)
    assert taken == pytest.approx([0.5] * 50, rel=1e-12)


@given(gradients=gradient_lists)
def test_nesterov_is_the_velocity_one_step_on_with_the_same_gradient(
    gradients: list[float],
) -> None:
    state = rules.GradientAscentState()
    for gradient in gradients:
        ahead, _ = rules.gradient_ascent(gradient, state, nesterov=True, adaptive=False)
        _, state = rules.gradient_ascent(gradient, state, adaptive=False)
        repeated, _ = rules.gradient_ascent(gradient, state, adaptive=False)
        assert ahead == pytest.approx(repeated, rel=1e-12, abs=1e-15)


@given(gradients=gradient_lists, bound=st.floats(0.1, 10), nesterov=st.booleans())
def test_clipping_comes_before_everything_else(
    gradients: list[float], bound: float, nesterov: bool
) -> None:
    clipped = [clip(gradient, -bound, bound) for gradient in gradients]
    assert steps(gradients, clip_value=bound, nesterov=nesterov) == steps(
        clipped, nesterov=nesterov
    )


@given(
    gradients=gradient_lists,
    lr_decay=st.none() | st.floats(0.5, 1),
    warmup=st.integers(0, 20),
)
def test_a_schedule_multiplies_the_steps(
    gradients: list[float], lr_decay: float | None, warmup: int
) -> None:
    constant = steps(gradients)
    expected = [
        rules.rate_factor(t, lr_decay=lr_decay, warmup_steps=warmup) * step
        for t, step in enumerate(constant, start=1)
    ]
    assert expected == close(steps(gradients, lr_decay=lr_decay, warmup_steps=warmup))
