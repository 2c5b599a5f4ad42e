"""The search along a line meets Wolfe's conditions, in as few trials as it can."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent.maximization.line_search import Trial, search

Line = tuple[Callable[[float], float], Callable[[float], float]]

LINES: dict[str, Line] = {
    "parabola": (lambda a: 4 * a - a**2, lambda a: 4 - 2 * a),
    "exponential": (
        lambda a: a - math.expm1(a) / 9 if a < 700 else -math.inf,
        lambda a: 1 - math.exp(a) / 9 if a < 700 else math.nan,
    ),
    "quartic": (lambda a: 2 * a - a**4, lambda a: 2 - 4 * a**3),
    "waves": (lambda a: math.sin(a) + a / 50, lambda a: math.cos(a) + 1 / 50),
    "root": (lambda a: (a + 1) ** 0.5 - a / 9, lambda a: 0.5 / (a + 1) ** 0.5 - 1 / 9),
}  # fmt: skip


def trials(line: Line, first: float, rounding: float = 0) -> tuple[Trial, Trial, int]:
    """The start, what was found, and how many trials it took."""
    f, slope = line
    seen = 0

    def look(a: float) -> Trial:
        nonlocal seen
        seen += 1
        return Trial(a, f(a), slope(a))

    start = Trial(0, f(0), slope(0))
    return start, search(look, start, first, rounding), seen


@given(line=st.sampled_from(sorted(LINES)), power=st.floats(-8, 8))
def test_it_meets_wolfes_conditions(line: str, power: float) -> None:
    start, found, seen = trials(LINES[line], 10**power)
    assert found.height >= start.height + 1e-4 * found.at * start.slope
    assert found.slope <= 0.5 * start.slope
    assert seen <= 20


@pytest.mark.parametrize("first", [0.01, 1.0, 100.0])
def test_the_top_of_a_parabola_takes_two_trials(first: float) -> None:
    _, _, seen = trials(LINES["parabola"], first)
    assert seen <= 3
    if first == 1:
        assert seen == 1, "it is level enough there"


@pytest.mark.parametrize("beyond", [math.nan, -math.inf, math.inf])
def test_it_stays_where_f_is_finite(beyond: float) -> None:
    def f(a: float) -> float:
        return a - a**2 / 9 if a < 1 else beyond

    start, found, _ = trials((f, lambda a: 1 - 2 * a / 9), 1e3)
    assert 0 < found.at < 1 and found.height > start.height


def test_where_nothing_is_higher_it_stays() -> None:
    """The slope lies: f falls."""
    start, found, seen = trials((lambda a: -a, lambda a: 1.0), 1.0)
    assert found is start and seen <= 22


def test_a_line_without_end_is_left_high_up() -> None:
    _, found, seen = trials((lambda a: a, lambda a: 1.0), 1.0)
    assert found.height > 1e50 and seen == 60


def test_rounding_leaves_the_verdict_to_the_slope() -> None:
    """An offset swallows what f gains; its slope does not err."""
    offset = 1e16

    def f(a: float) -> float:
        return offset + (0.4 * a - a**2 / 10)

    line = f, lambda a: 0.4 - a / 5
    _, found, _ = trials(line, 1.0, rounding=4 * 2.0**-52 * offset)
    assert abs(found.slope) <= 0.2
