"""Bad input gets an error that names the argument, what came, and what is allowed."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
import torch

from gradient_ascent import rules
from gradient_ascent.arguments import (
    Arguments,
    Factor,
    Interval,
    NonNegative,
    Positive,
    Share,
    check,
    checked,
)


@checked
def ascend(
    gradient: Any,
    lr: NonNegative = 1e-3,
    momentum: Share = 0.9,
    bound: Positive = 1.0,
    decay: Factor | None = None,
) -> float:
    """A function with one argument of each kind."""
    return float(lr)


@pytest.mark.parametrize(
    ("argument", "inside"),
    [
        ("lr", [0, 1, 1e300]),
        ("momentum", [0, 0.999999]),
        ("bound", [5e-324, 3]),
        ("decay", [1e-9, 1, None]),
    ],
)
def test_what_lies_inside_passes(argument: str, inside: list[float | None]) -> None:
    for value in inside:
        assert ascend(None, **{argument: value}) >= 0


@pytest.mark.parametrize(
    ("argument", "value", "interval"),
    [
        ("lr", -1, "[0, inf)"),
        ("lr", math.nan, "[0, inf)"),
        ("lr", math.inf, "[0, inf)"),
        ("momentum", 1, "[0, 1)"),
        ("momentum", -0.1, "[0, 1)"),
        ("bound", 0, "(0, inf)"),
        ("decay", 0, "(0, 1]"),
        ("decay", 1.1, "(0, 1]"),
    ],
)
def test_what_lies_outside_does_not(argument: str, value: float, interval: str) -> None:
    with pytest.raises(ValueError) as caught:
        ascend(None, **{argument: value})
    assert str(caught.value).endswith(
        f"ascend: {argument} must lie in {interval}, got {value!r}"
    )


@pytest.mark.parametrize("value", ["0.1", None, [0.1], 1j, True])
def test_what_is_no_real_number_does_not_pass(value: Any) -> None:
    with pytest.raises(TypeError) as caught:
        ascend(None, lr=value)
    got = f"got {value!r} ({type(value).__name__})"
    assert str(caught.value) == f"ascend: lr must be a real number, {got}"


def test_none_passes_only_where_it_is_the_default() -> None:
    ascend(None, decay=None)
    with pytest.raises(TypeError, match="momentum must be a real number, got None"):
        ascend(None, momentum=None)


def test_arguments_are_checked_however_they_are_passed() -> None:
    with pytest.raises(ValueError, match="lr must lie in"):
        ascend(None, -1)


def test_any_real_number_will_do() -> None:
    assert ascend(None, lr=Fraction(1, 4)) == 0.25


def test_an_argument_without_an_interval_is_left_alone() -> None:
    check(ascend, {"gradient": "anything"})


def test_an_unknown_argument_is_named_beside_the_known_ones() -> None:
    with pytest.raises(TypeError) as caught:
        check(ascend, {"learning_rate": 0.1})
    assert "no argument 'learning_rate'" in str(caught.value)
    assert "gradient, lr, momentum, bound, decay" in str(caught.value)


def test_an_interval_prints_as_in_a_textbook() -> None:
    assert str(Interval(0)) == "[0, inf)"
    assert str(Interval(-1, 2.5, open_low=True, open_high=False)) == "(-1, 2.5]"


def test_the_ends_of_an_interval() -> None:
    closed, opened = Interval(0, 1, open_high=False), Interval(0, 1, open_low=True)
    assert 0 in closed and 1 in closed
    assert 0 not in opened and 1 not in opened
    assert math.nan not in closed


def test_a_flag_must_be_a_bool() -> None:
    with pytest.raises(TypeError, match="adam: bias_correction must be True or False"):
        check(rules.adam, {"bias_correction": "no"})


def test_a_function_that_takes_any_argument_takes_any() -> None:
    def rule(gradient: float, state: None = None, **others: float) -> None: ...

    check(rule, {"anything": 3})


class Symbol:
    """A number of a kind of its own: all that a rule needs, and no order."""

    def __rsub__(self, other: float) -> "Symbol":
        return self


@pytest.mark.parametrize("value", [Symbol(), np.ones(2), torch.ones(()), sympy.pi])
def test_a_number_of_another_kind_passes_where_it_may(value: Any) -> None:
    arguments = Arguments(rules.adam)
    arguments.check({"lr": value}, any_kind=True)
    with pytest.raises(TypeError, match="lr must be a real number"):
        arguments.check({"lr": value})


@pytest.mark.parametrize("value", [np.float32(-1), sympy.Integer(-1), Fraction(-1)])
def test_a_real_number_of_another_library_must_lie_inside(value: Any) -> None:
    with pytest.raises(ValueError, match=r"lr must lie in \[0, inf\), got"):
        Arguments(rules.adam).check({"lr": value}, any_kind=True)
