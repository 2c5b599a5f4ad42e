"""How values are compared and shown."""

import math

import pytest

from gradient_ascent.exercises import Property
from gradient_ascent.exercises.properties import agree, shown


@pytest.mark.parametrize(
    ("got", "expected", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        (1, 1.0, True),
        (0.3001, 0.3, False),
        (math.nan, 0.3, False),
        ([1.0, 2.0], (1, 2), True),
        ([1.0], [1.0, 2.0], False),
        (None, 0.0, False),
        ("0.3", 0.3, False),
        (True, 1.0, False),
        (True, True, True),
        ([(1.0, 2.0)], [(1.0, 2.0)], True),
    ],
)
def test_numbers_agree_up_to_rounding(
    got: object, expected: object, same: bool
) -> None:
    assert agree(got, expected) is same


def test_values_are_shown_short() -> None:
    assert shown(0.1 + 0.2) == "0.3"
    assert shown((1.0, [2.5])) == "(1, [2.5])"
    assert shown([float(i) for i in range(9)]) == "[0, 1, 2, ..., 7, 8]"
    assert shown(None) == "None"


@pytest.mark.parametrize(
    ("value", "short"),
    [
        (-5.551115123e-17, "0"),
        (0.1 + 0.2 - 0.3, "0"),
        (-0.0, "0"),
        (1e-9, "1e-09"),
        (-1 / 3, "-0.3333333333"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_rounding_is_not_shown(value: float, short: str) -> None:
    """What a human computes: what counts as equal to 0 is shown as 0."""
    assert shown(value) == short
    assert agree(value, 0.0) is (short == "0")


def test_a_complaint_has_the_numbers_and_the_help() -> None:
    wrong = Property("The step", -1.0, 1.0, {"Flipped.": -1.0, "Else.": 2.0})
    assert not wrong.holds
    assert wrong.complaint() == "The step: got -1, expected 1. Flipped."
    assert (
        Property("It", 5.0, 1.0, {"F.": -1.0}).complaint() == "It: got 5, expected 1."
    )
    assert "`return` missing" in Property("It", None, 1.0).complaint()
