"""Quasi-random points: against SciPy's, digit by digit, and part by part."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gradient_ascent.quasi_random import PRIMES, halton, radical_inverse


@pytest.mark.parametrize("base", [2, 3, 10, 19])
def test_the_digits_are_mirrored(base: int) -> None:
    for index in (0, 1, base - 1, base, 7 * base**3 + 5, 123456789):
        digits, rest = [], index
        while rest:
            rest, digit = divmod(rest, base)
            digits.append(digit)
        exact = sum(
            (Fraction(digit, base**k) for k, digit in enumerate(digits, 1)), Fraction(0)
        )
        assert radical_inverse(index, base) == float(exact)


@pytest.mark.parametrize("dimension", range(1, len(PRIMES) + 1))
def test_they_are_halton_s_points(dimension: int) -> None:
    qmc = pytest.importorskip("scipy.stats.qmc")
    theirs = qmc.Halton(dimension, scramble=False).random(200)[1:]  # from zero on
    assert np.allclose(halton(199, dimension), theirs, rtol=0, atol=1e-15)


def test_each_part_gets_its_share() -> None:
    """Of b to the k points in a row, one lies in each of so many equal parts."""
    for base, k, first in ((2, 5, 0), (3, 3, 11), (5, 2, 1000)):
        parts = {
            int(base**k * Fraction(radical_inverse(i, base)).limit_denominator(10**9))
            for i in range(first, first + base**k)
        }
        assert parts == set(range(base**k))


def test_more_points_begin_with_the_same() -> None:
    assert halton(5, 3) == halton(50, 3)[:5] and halton(0, 2) == []
    assert len({x for point in halton(300, 4) for x in point}) == 1200


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: radical_inverse(-1, 2), ValueError, "index must be 0 or more, got -1"),
        (lambda: radical_inverse(1, 1), ValueError, "base must be 2 or more, got 1"),
        (lambda: radical_inverse(1.5, 2), TypeError, "index must be an int, got 1.5"),  # type: ignore[arg-type]
        (lambda: halton(3, 0), ValueError, "dimension must be 1 or more, got 0"),
        (lambda: halton(3, 9), ValueError, "dimension must be at most 8, got 9"),
        (lambda: halton(-3, 2), ValueError, "count must be 0 or more, got -3"),
    ],
)
def test_what_has_no_points_is_refused(
    call: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        call()
