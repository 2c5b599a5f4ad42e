"""Our own elementary functions: close to the true values, and right at the edges."""

import math
import sys

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent import elementary

ANGLES = st.floats(-(2.0**20), 2.0**20)


def ulps(got: float, true: mpmath.mpf) -> float:
    """The error in units in the last place of the true value."""
    return float(abs(mpmath.mpf(got) - true) / mpmath.mpf(math.ulp(float(true))))


@given(st.floats(-708, 709))
def test_exp_is_within_two_ulps(x: float) -> None:
    with mpmath.workdps(40):
        assert ulps(elementary.exp(x), mpmath.exp(x)) <= 2


@pytest.mark.parametrize("name", ["sin", "cos"])
@given(x=ANGLES)
def test_sine_and_cosine_are_within_two_ulps(name: str, x: float) -> None:
    with mpmath.workdps(60):
        assert ulps(getattr(elementary, name)(x), getattr(mpmath, name)(x)) <= 2


@pytest.mark.parametrize("quarters", range(-9, 10))
def test_sine_and_cosine_are_close_where_they_cross_zero(quarters: int) -> None:
    x = quarters * math.pi / 2
    crossing = elementary.cos if quarters % 2 else elementary.sin
    with mpmath.workdps(60):
        true = mpmath.cos(x) if quarters % 2 else mpmath.sin(x)
        assert ulps(crossing(x), true) <= 2


@given(st.floats(-3, 3), st.integers(0, 12))
def test_a_whole_power_is_repeated_multiplication(x: float, n: int) -> None:
    assert elementary.power(x, n) == pytest.approx(math.prod([x] * n), rel=1e-14)


@given(x=st.floats(0.5, 2), n=st.integers(-1000, 1000))
def test_a_whole_power_loses_a_unit_a_factor(x: float, n: int) -> None:
    with mpmath.workdps(400):
        assert ulps(elementary.power(x, n), mpmath.mpf(x) ** n) <= abs(n) + 1


@pytest.mark.parametrize(("x", "y"), [(1 + 1e-10, 1e12), (1 - 1e-12, 2.0**40)])
def test_a_large_whole_power_loses_none(x: float, y: float) -> None:
    with mpmath.workdps(40):
        assert ulps(elementary.power(x, y), mpmath.mpf(x) ** int(y)) <= 2


def test_edges() -> None:
    assert elementary.exp(0.0) == 1
    assert 1.797e308 < elementary.exp(math.log(sys.float_info.max)) < math.inf
    assert elementary.exp(709.8) == elementary.exp(1e4) == math.inf
    assert elementary.exp(-1e4) == 0
    assert math.isnan(elementary.exp(math.nan))
    assert math.isnan(elementary.sin(math.inf))
    assert math.isnan(elementary.cos(-math.inf))
    assert math.copysign(1, elementary.sin(-0.0)) == -1
    assert elementary.sin(1e300) == math.sin(1e300)
    assert elementary.power(2.0, -2) == 0.25
    assert elementary.power(4.0, 0.5) == 2
    assert math.isnan(elementary.power(-4.0, 0.5))
