"""The rate rises in a line over the warmup, then shrinks by a factor at each step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent.rules import rate_factor


def factors(steps: int, lr_decay: float | None, warmup: int) -> list[float]:
    """The same schedule, kept up step by step."""
    factor, kept = 1.0, []
    for step in range(1, steps + 1):
        if step < warmup:
            kept.append(step / warmup)
        else:
            kept.append(factor)
            factor *= 1 if lr_decay is None else lr_decay
    return kept


@given(
    steps=st.integers(1, 60),
    lr_decay=st.none() | st.floats(0.5, 1),
    warmup=st.integers(0, 30),
)
def test_the_closed_form_is_the_loop(
    steps: int, lr_decay: float | None, warmup: int
) -> None:
    closed = [
        rate_factor(t, lr_decay=lr_decay, warmup_steps=warmup)
        for t in range(1, steps + 1)
    ]
    assert closed == pytest.approx(factors(steps, lr_decay, warmup), rel=1e-12)


def test_a_warmup_of_four_steps_then_halving() -> None:
    rates = [rate_factor(t, lr_decay=0.5, warmup_steps=4) for t in range(1, 8)]
    assert rates == [0.25, 0.5, 0.75, 1, 0.5, 0.25, 0.125]


def test_without_warmup_the_first_step_has_the_full_rate() -> None:
    assert [rate_factor(t, lr_decay=0.5) for t in (1, 2, 3)] == [1, 0.5, 0.25]


def test_a_warmup_of_one_step_is_none() -> None:
    assert rate_factor(1, warmup_steps=1) == rate_factor(1, warmup_steps=0) == 1


def test_without_a_schedule_the_rate_stays() -> None:
    assert {rate_factor(t) for t in range(1, 100)} == {1}
