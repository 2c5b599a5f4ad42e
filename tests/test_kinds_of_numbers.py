"""Every operation on every kind of number, as it is on floats."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
import torch

from gradient_ascent import minitorch, ops
from gradient_ascent.optim.tensor_list import TensorList

VALUES = [0.25, 2.0]
CALLS: dict[str, Callable[[Any], Any]] = {
    "sqrt": ops.sqrt,
    "exp": ops.exp,
    "log": ops.log,
    "sin": ops.sin,
    "cos": ops.cos,
    "sign": ops.sign,
    "square": ops.square,
    "clip": lambda x: ops.clip(x, 0.5, 1.5),
    "clip from below": lambda x: ops.clip(x, 0.5),
    "maximum": lambda x: ops.maximum(x, 0.5),
    "maximum, the other way round": lambda x: ops.maximum(0.5, x),
    "power": lambda x: ops.power(x, 3),
    "power, the other way round": lambda x: ops.power(3.0, x),
}
Kind = tuple[Callable[[float], Any], Callable[[Any], float]]
KINDS: dict[str, Kind] = {
    "Fraction": (Fraction, float),
    "Mini-Torch": (minitorch.Tensor, lambda x: x.value),
    "torch": (lambda x: torch.tensor([x], dtype=torch.float64), torch.Tensor.item),
    "TensorList": (
        lambda x: TensorList([torch.tensor([x], dtype=torch.float64)]),
        lambda many: many.tensors[0].item(),
    ),
    "NumPy, an array": (lambda x: np.array([x]), lambda x: x[0]),
    "NumPy, one number": (np.float64, float),
    "SymPy, a number": (sympy.Rational, float),
}


def test_no_operation_is_left_out() -> None:
    told = {name.partition(" ")[0].strip(",") for name in CALLS}
    assert {each.__name__ for each in ops.GENERIC} < told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("value", VALUES)
def test_it_is_what_it_is_on_floats(name: str, kind: str, value: float) -> None:
    make, read = KINDS[kind]
    got = read(CALLS[name](make(value)))
    assert math.isclose(got, CALLS[name](value), rel_tol=1e-14)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("value", VALUES)
def test_a_symbol_stands_for_any_number(name: str, value: float) -> None:
    x = sympy.Symbol("x", real=True)
    got = CALLS[name](x).subs(x, value)
    assert math.isclose(got, CALLS[name](value), rel_tol=1e-14)


def test_a_symbol_stays_a_symbol() -> None:
    x = sympy.Symbol("x", real=True)
    assert ops.sqrt(x) == sympy.sqrt(x)
    assert ops.clip(x, -1, 2) == sympy.Min(sympy.Max(x, -1), 2)
    assert ops.clip(x, -1) == sympy.Max(x, -1)


def test_arrays_are_taken_element_by_element() -> None:
    x = np.array([-2.0, 0.5, 3.0])
    assert ops.clip(x, -1, 1).tolist() == [-1, 0.5, 1]
    assert ops.maximum(0.0, x).tolist() == [0, 0.5, 3]


def test_a_function_of_a_script_is_not_taken_for_an_operation() -> None:
    """Or `from math import sqrt` beside a class would be its square root."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec("from math import sqrt\nclass Interval: pass", namespace)
    with pytest.raises(TypeError, match="sqrt of a Interval"):
        ops.sqrt(namespace["Interval"]())
