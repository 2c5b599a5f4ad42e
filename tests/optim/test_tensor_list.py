"""A TensorList is a number: what a tensor gives, it gives for each of its tensors."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent import ops
from gradient_ascent.optim.tensor_list import TensorList
from tests.optim.cases import normal

SHAPES = [(2, 3), (), (4,), (0,)]
SEEDS = st.integers(0, 10**6)
SCALARS = st.floats(-10, 10).filter(lambda x: abs(x) > 1e-3)


def tensors(seed: int) -> list[Tensor]:
    return [normal(seed + i, shape) for i, shape in enumerate(SHAPES)]


def assert_each(result: Any, expected: list[Tensor]) -> None:
    assert isinstance(result, TensorList)
    for one, other in zip(result, expected, strict=True):
        assert torch.equal(one.nan_to_num(9), other.nan_to_num(9))


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "clip": lambda a, b: ops.clip(a, b),
    "maximum": lambda a, b: ops.maximum(a, b),
}


@pytest.mark.parametrize("operation", ["+", "-", "*", "/"])
@given(seed=SEEDS)
def test_with_a_list(operation: str, seed: int) -> None:
    a, b, apply = tensors(seed), tensors(seed + 10), BINARY[operation]
    both = apply(TensorList(a), TensorList(b))
    assert_each(both, [apply(x, y) for x, y in zip(a, b)])


@given(seed=SEEDS)
def test_clip_at_a_list(seed: int) -> None:
    a, b = tensors(seed), tensors(seed + 10)
    larger = ops.maximum(TensorList(a), TensorList(b))
    assert_each(larger, [torch.maximum(x, y) for x, y in zip(a, b)])


@pytest.mark.parametrize("operation", BINARY)
@given(seed=SEEDS, scalar=SCALARS)
def test_with_a_number(operation: str, seed: int, scalar: float) -> None:
    a, apply = tensors(seed), BINARY[operation]
    assert_each(apply(TensorList(a), scalar), [apply(x, scalar) for x in a])


@pytest.mark.parametrize("operation", ["+", "-", "*", "/"])
@given(seed=SEEDS, scalar=SCALARS)
def test_with_a_number_on_the_left(operation: str, seed: int, scalar: float) -> None:
    a, apply = tensors(seed), BINARY[operation]
    assert_each(apply(scalar, TensorList(a)), [apply(scalar, x) for x in a])


@pytest.mark.parametrize("operation", ["+", "-", "*", "/"])
@given(seed=SEEDS, scalar=SCALARS)
def test_with_a_tensor_that_is_one_number(
    operation: str, seed: int, scalar: float
) -> None:
    a, apply = tensors(seed), BINARY[operation]
    number = torch.tensor(scalar, dtype=torch.float64)
    assert_each(apply(TensorList(a), number), [apply(x, scalar) for x in a])


@given(seed=SEEDS, base=st.floats(0.1, 2), limit=st.floats(0.01, 3))
def test_what_else_a_rule_asks_of_a_number(
    seed: int, base: float, limit: float
) -> None:
    a = tensors(seed)
    numbers = TensorList(a)
    assert_each(-numbers, [-x for x in a])
    assert_each(ops.sqrt(numbers), [x.sqrt() for x in a])
    assert_each(ops.square(numbers), [x * x for x in a])
    assert_each(ops.power(base, numbers), [base**x for x in a])
    assert_each(ops.clip(numbers, -limit, limit), [x.clip(-limit, limit) for x in a])
    assert_each(ops.clip(numbers, 0, math.inf), [x.clip(0) for x in a])


@given(seed=SEEDS)
def test_in_place(seed: int) -> None:
    a, b = tensors(seed), tensors(seed + 10)
    numbers = TensorList([x.clone() for x in a])
    places = [x.data_ptr() for x in numbers]
    numbers.sub_(TensorList(b))
    assert_each(numbers, [x - y for x, y in zip(a, b)])
    numbers.copy_(TensorList(b))
    assert_each(numbers, b)
    assert [x.data_ptr() for x in numbers] == places


@given(seed=SEEDS)
def test_arithmetic_leaves_the_operands_alone(seed: int) -> None:
    a, b = TensorList(tensors(seed)), TensorList(tensors(seed + 10))
    for apply in BINARY.values():
        apply(a, b)
    assert_each(a, tensors(seed))
    assert_each(b, tensors(seed + 10))


def test_lists_of_different_lengths_do_not_mix() -> None:
    with pytest.raises(RuntimeError, match="same number"):
        TensorList(tensors(0)) + TensorList(tensors(0)[:2])
