"""The faults of the seed package's optimizer, each shown."""

import math
from typing import Any

import pytest
import torch

from gradient_ascent.rules import (
    LegacyState,
    gradient_ascent,
    legacy,
    plain,
    rate_factor,
)
from gradient_ascent.trace import run


def steps_on_a_constant_gradient(count: int, **hyperparameters: Any) -> list[float]:
    """The steps on the gradient 1, in units of the rate."""
    taken, state = [], LegacyState()
    for _ in range(count):
        step, state = legacy(1.0, state, lr=1.0, **hyperparameters)
        taken.append(step)
    return taken


def test_the_first_step_is_thirty_one_rates_long() -> None:
    # v = g and s = g²/1000, so the step is √1000 rates, whatever the gradient
    assert steps_on_a_constant_gradient(1) == pytest.approx([math.sqrt(1000)], rel=1e-6)
    assert gradient_ascent(1.0, lr=1.0)[0] == pytest.approx(1)


def test_steps_grow_to_sixty_five_rates_then_settle_at_ten() -> None:
    steps = steps_on_a_constant_gradient(10_000)
    closed = [
        10 * (1 - 0.9**t) / math.sqrt(1 - 0.999**t) for t in range(1, len(steps) + 1)
    ]
    assert steps == pytest.approx(closed, rel=1e-5)
    assert max(steps) == pytest.approx(65.7, abs=0.05)
    assert steps.index(max(steps)) < 20
    assert steps[-1] == pytest.approx(10, rel=1e-3)


def velocity_after(steps: int, momentum: float) -> float:
    state = LegacyState()
    for _ in range(steps):
        _, state = legacy(1.0, state, momentum=momentum, nesterov=True)
    velocity: float = state.momentum_buffer
    return velocity


@pytest.mark.parametrize("momentum", [0.5, 0.6, 0.9])
def test_nesterov_diverges_from_a_momentum_of_one_half_on(momentum: float) -> None:
    # v = 2 μ v + g: a sum without end at μ = 1/2, a geometric one above it
    assert velocity_after(400, momentum) >= 1.99 * velocity_after(200, momentum)


def test_nesterov_holds_below_one_half() -> None:
    # the limit of v = 0.98 v + 1
    assert velocity_after(2000, 0.49) == pytest.approx(1 / (1 - 0.98), rel=1e-9)


def own_example(dtype: torch.dtype, *, nesterov: bool) -> tuple[int, float]:
    """The seed README's example: a line is to take 2 to 3, by way of -(error)².

    Returns how many of its 1000 steps were taken before the output was not finite, and
    the output.
    """
    theta = [torch.tensor(0.5, dtype=dtype), torch.tensor(-0.3, dtype=dtype)]
    states = [LegacyState(), LegacyState()]
    for step in range(1001):
        output = 2 * theta[0] + theta[1]
        if step == 1000 or not output.isfinite():
            break
        gradient = -2 * (output - 3)
        for i, slope in enumerate((2 * gradient, gradient)):
            move, states[i] = legacy(slope, states[i], lr=0.01, nesterov=nesterov)
            theta[i] = theta[i] + move
    return step, output.item()


def test_its_own_example_arrives_without_nesterov() -> None:
    steps, output = own_example(torch.float32, nesterov=False)
    assert steps == 1000
    assert output == pytest.approx(3, rel=1e-6)


def test_its_own_example_goes_nan_with_nesterov() -> None:
    # The velocity grows as 1.8^t, past the largest float32 (3.4e38) at t = 151 if it
    # starts from 1: here from a gradient of 9.2 and 4.6, a few steps sooner.
    steps, output = own_example(torch.float32, nesterov=True)
    assert 140 < steps <= 151
    assert math.isnan(output)


def test_more_digits_do_not_save_its_own_example() -> None:
    _, output = own_example(torch.float64, nesterov=True)
    assert abs(output - 3) > 100


def test_with_clip_value_nothing_moves() -> None:
    state = LegacyState()
    for _ in range(10):
        step, state = legacy(5.0, state, clip_value=1.0)
        assert step == 0
    assert state == LegacyState()
    assert gradient_ascent(5.0, clip_value=1.0)[0] > 0


def test_decay_runs_during_the_warmup() -> None:
    # The rate is to rise to 1 over ten steps; it reaches 0.9⁹ of it, some 39 %.
    state = LegacyState()
    for _ in range(10):
        arrived = state.lr_factor
        _, state = legacy(1.0, state, lr_decay=0.9, warmup_steps=10)
    assert arrived == pytest.approx(0.9**9)
    assert rate_factor(10, lr_decay=0.9, warmup_steps=10) == 1


def test_decay_runs_once_for_every_parameter() -> None:
    states = [LegacyState(), LegacyState(), LegacyState()]
    factor: float = 1
    for _ in range(5):
        for i, state in enumerate(states):
            _, states[i] = legacy(1.0, state._replace(lr_factor=factor), lr_decay=0.9)
            factor = states[i].lr_factor
    assert factor == pytest.approx(0.9**15)  # five steps were to make it 0.9⁵


def test_parameters_of_one_step_move_at_different_rates() -> None:
    first, state = legacy(1.0, lr_decay=0.5)
    second, _ = legacy(1.0, LegacyState(lr_factor=state.lr_factor), lr_decay=0.5)
    assert second == first / 2


def test_a_negative_rate_is_accepted() -> None:
    assert legacy(1.0, lr=-1.0)[0] < 0
    assert run("legacy", "parabola", steps=3, lr=-1.0).ended == "steps"
    with pytest.raises(ValueError, match=r"lr must lie in \[0, inf\), got -1"):
        run("gradient_ascent", "parabola", lr=-1.0)


def test_its_scale_cannot_be_switched_off() -> None:
    # A gradient ten times as steep is a step of the same length, unlike plain ascent's.
    assert legacy(10.0)[0] == pytest.approx(legacy(1.0)[0])
    assert plain(10.0)[0] == pytest.approx(10 * plain(1.0)[0])
    with pytest.raises(TypeError, match="takes no argument 'adaptive'"):
        run("legacy", "parabola", adaptive=False)
