"""On floats the operations follow IEEE 754, as torch does; others bring their own."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent import ops

floats = st.floats(allow_nan=True, allow_infinity=True)
ONE_NUMBER = ["sqrt", "exp", "log", "sin", "cos", "sign"]
EDGES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 710.0, -746.0, 5e-324]


def same(ours: float, torchs: float) -> bool:
    """Equal to a few units in the last place, nan and infinity included."""
    both_nan = math.isnan(ours) and math.isnan(torchs)
    return both_nan or math.isclose(ours, torchs, rel_tol=1e-14)


def as_torch(name: str, *arguments: float) -> float:
    x, *others = (torch.tensor(a, dtype=torch.float64) for a in arguments)
    result: float = getattr(torch, name)(x, *others).item()
    return result


@pytest.mark.parametrize("name", ONE_NUMBER[:-1])
@pytest.mark.parametrize("x", EDGES)
def test_the_edges_are_torchs(name: str, x: float) -> None:
    ours, torchs = getattr(ops, name)(x), as_torch(name, x)
    assert same(ours, torchs), f"{name}({x}): {ours} here, {torchs} in torch"


@pytest.mark.parametrize("x", EDGES[1:])
def test_the_sign_is_torchs(x: float) -> None:
    assert ops.sign(x) == as_torch("sign", x)


def test_the_sign_of_nan_is_nan_though_torch_says_zero() -> None:
    assert math.isnan(ops.sign(math.nan))
    assert as_torch("sign", math.nan) == 0


@pytest.mark.parametrize("name", ["sqrt", "exp", "log"])
@given(x=floats)
def test_every_float_is_torchs(name: str, x: float) -> None:
    assert same(getattr(ops, name)(x), as_torch(name, x))


@pytest.mark.parametrize("name", ["sin", "cos"])
@given(x=st.floats(-1e6, 1e6))
def test_waves_are_torchs(name: str, x: float) -> None:
    assert abs(getattr(ops, name)(x) - as_torch(name, x)) <= 1e-15


@given(x=floats, y=floats)
def test_the_larger_of_two_is_torchs(x: float, y: float) -> None:
    assert same(ops.maximum(x, y), as_torch("maximum", x, y))


@given(x=floats, lower=floats, upper=floats)
def test_clip_is_torchs(x: float, lower: float, upper: float) -> None:
    assert same(ops.clip(x, lower, upper), as_torch("clip", x, lower, upper))


BASES = [*EDGES, 0.5, -0.5, 2.0, -2.0, 1e200, -1e200, 1e160, 1e-200, -1e-200]
EXPONENTS = [
    *(0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 400.0, 2.0**20 + 1, 2.0**53, 1e300, math.inf),
    *(-0.0, -0.5, -1, -2, -2.5, -3.0, -400, -(2.0**20) - 1, -1e300, -math.inf),
    math.nan,
]


def same_power(x: float, n: float) -> None:
    """Assert that it is torch's, the sign of zero included."""
    ours, torchs = ops.power(x, n), as_torch("pow", x, n)
    # Squaring may round once a factor; below the normal numbers digits are few.
    relative = max(1e-14, abs(n) * 2**-52) if abs(n) <= 2**20 else 1e-14
    close = math.isclose(ours, torchs, rel_tol=relative, abs_tol=1e-322)
    both_nan = math.isnan(ours) and math.isnan(torchs)
    signs = math.copysign(1, ours) == math.copysign(1, torchs)
    assert both_nan or (close and signs), f"{x}**{n}: {ours} here, {torchs} in torch"


@pytest.mark.parametrize("n", EXPONENTS)
@pytest.mark.parametrize("x", BASES)
def test_the_edges_of_a_power_are_torchs(x: float, n: float) -> None:
    same_power(x, n)


@given(x=floats, n=floats | st.integers(-400, 400).map(float))
def test_every_power_is_torchs(x: float, n: float) -> None:
    same_power(x, n)


@given(x=st.floats(-3, 3), n=st.floats(-50, 50) | st.integers(-50, 50).map(float))
def test_powers_of_small_numbers_are_torchs(x: float, n: float) -> None:
    same_power(x, n)


def test_clip_without_an_upper_end_bounds_from_below_only() -> None:
    assert ops.clip(-3.0, 0) == 0
    assert ops.clip(math.inf, 0) == math.inf


@pytest.mark.parametrize(
    ("operation", "x", "value"),
    [
        (ops.sqrt, 4, 2),
        (ops.exp, 0, 1),
        (ops.log, 1, 0),
        (ops.sin, 0, 0),
        (ops.cos, 0, 1),
        (ops.sign, -7, -1),
        (ops.sign, True, 1),
    ],
)
def test_an_int_is_a_float(
    operation: Callable[[int], float], x: int, value: int
) -> None:
    assert operation(x) == value
    assert isinstance(operation(x), float)


@pytest.mark.parametrize("name", ONE_NUMBER)
def test_a_torch_tensor_brings_its_own(name: str) -> None:
    x = torch.tensor([0.25, 2.0], dtype=torch.float64)
    assert torch.equal(getattr(ops, name)(x), getattr(torch, name)(x))


def test_torch_tensors_are_clipped_element_by_element() -> None:
    x = torch.tensor([-2.0, 0.5, 3.0])
    assert ops.clip(x, -1.0, 1.0).tolist() == [-1, 0.5, 1]
    assert ops.maximum(x, 1.0).tolist() == [1, 1, 3]
    assert ops.maximum(x, torch.tensor([0.0, 1.0, 2.0])).tolist() == [0, 1, 3]


def test_a_number_can_be_registered() -> None:
    class Interval:
        """A number that has no `sqrt` of its own."""

    def root(x: Interval) -> Any:
        return "the root of an interval"

    with pytest.raises(TypeError, match=r"^sqrt of a Interval: .*ops\.sqrt\.register"):
        ops.sqrt(Interval())
    ops.sqrt.register(Interval, root)
    assert ops.sqrt(Interval()) == "the root of an interval"


def test_the_operations_say_what_they_are() -> None:
    for name in [*ONE_NUMBER, "clip", "maximum"]:
        operation = getattr(ops, name)
        assert operation.__name__ == name
        assert operation.__doc__
