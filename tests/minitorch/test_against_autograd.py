"""Mini-Torch's gradients are torch's, on expressions nobody thought of."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_ascent.minitorch import Tensor

TOLERANCE = 1e-11

# Every operation and its reflected form. Both kinds of tensor understand them. Roots,
# logarithms and quotients are kept off the edge of their domain by a square plus one,
# and arguments of fast-growing functions within [-1, 1].
UNARY: dict[str, Callable[[Any], Any]] = {
    "-a": lambda a: -a,
    "2 + a": lambda a: 2 + a,
    "a + 2": lambda a: a + 2,
    "3 - a": lambda a: 3 - a,
    "a - 3": lambda a: a - 3,
    "0.7 * a": lambda a: 0.7 * a,
    "a * -1.3": lambda a: a * -1.3,
    "a / 4": lambda a: a / 4,
    "5 / (1 + a²)": lambda a: 5 / (1 + a**2),
    "sin(a)³": lambda a: a.sin() ** 3,
    "(1 + a²)^-0.5": lambda a: (1 + a**2) ** -0.5,
    "1.5^tanh(a)": lambda a: 1.5 ** a.tanh(),
    "exp(sin(a))": lambda a: a.sin().exp(),
    "log(1 + a²)": lambda a: (1 + a * a).log(),
    "sin(a)": lambda a: a.sin(),
    "cos(a)": lambda a: a.cos(),
    "√(1 + a²)": lambda a: (1 + a * a).sqrt(),
    "tanh(a)": lambda a: a.tanh(),
    "relu, on": lambda a: (a.sin() + 1.5).relu(),
    "relu, off": lambda a: (a.sin() - 1.5).relu(),
    "relu(a) - relu(-a)": lambda a: a.relu() - (-a).relu(),
    "a + a": lambda a: a + a,
    "a sin(a)": lambda a: a * a.sin(),
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / (1 + b²)": lambda a, b: a / (1 + b * b),
    "(1 + a²)^tanh(b)": lambda a, b: (1 + a * a) ** b.tanh(),
}

Expression = Any
"""The index of a variable, or an operation's name with its operands."""

expressions: st.SearchStrategy[Expression] = st.recursive(
    st.integers(0, 2),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(sorted(UNARY)), inner),
        st.tuples(st.sampled_from(sorted(BINARY)), inner, inner),
    ),
    max_leaves=12,
)
points = st.tuples(*[st.floats(-2, 2).filter(lambda x: abs(x) > 1e-3)] * 3)


def evaluate(expression: Expression, variables: list[Any]) -> Any:
    """Compute an expression; equal parts are computed once, and so are shared."""
    known: dict[Expression, Any] = {}

    def value(part: Expression) -> Any:
        if isinstance(part, int):
            return variables[part]
        if part not in known:
            name, *operands = part
            operation = {**UNARY, **BINARY}[name]
            known[part] = operation(*map(value, operands))
        return known[part]

    return value(expression)


def ours(expression: Expression, point: tuple[float, ...]) -> list[float]:
    """The value and the gradient, by Mini-Torch."""
    variables = [Tensor(x) for x in point]
    result = evaluate(expression, variables)
    result.backward()
    return [result.value, *(x.grad for x in variables)]


def torchs(expression: Expression, point: tuple[float, ...]) -> list[float]:
    """The value and the gradient, by torch."""
    variables = [
        torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point
    ]
    result = evaluate(expression, variables)
    result.backward()
    return [
        result.item(),
        *(0.0 if x.grad is None else x.grad.item() for x in variables),
    ]


@settings(max_examples=300)
@given(expression=expressions, point=points)
def test_random_expressions(expression: Expression, point: tuple[float, ...]) -> None:
    expected = torchs(expression, point)
    scale = max(1.0, *map(abs, expected))
    assert ours(expression, point) == pytest.approx(
        expected, rel=TOLERANCE, abs=TOLERANCE * scale
    )


@pytest.mark.parametrize("name", UNARY)
@given(point=points)
@settings(max_examples=20)
def test_each_operation_of_one_number(name: str, point: tuple[float, ...]) -> None:
    assert ours((name, 0), point) == pytest.approx(
        torchs((name, 0), point), rel=1e-13, abs=1e-14
    )


@pytest.mark.parametrize("name", BINARY)
@given(point=points)
@settings(max_examples=20)
def test_each_operation_of_two(name: str, point: tuple[float, ...]) -> None:
    for operands in [(0, 1), (1, 0), (2, 2)]:
        expression = (name, *operands)
        assert ours(expression, point) == pytest.approx(
            torchs(expression, point), rel=1e-13, abs=1e-14
        )


@settings(max_examples=50)
@given(expression=expressions, point=points)
def test_gradients_add_up_over_calls_as_torchs_do(
    expression: Expression, point: tuple[float, ...]
) -> None:
    once = ours(expression, point)[1:]
    variables = [Tensor(x) for x in point]
    result = evaluate(expression, variables)
    result.backward()
    result.backward()
    assert [x.grad for x in variables] == [2 * grad for grad in once]


EDGES = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 1e200, 1e-200, -1e-200, math.inf, -math.inf]


@pytest.mark.parametrize("exponent", [*EDGES, 0.5, -0.5, 2.5, 3.0, -3.0, math.nan])
@pytest.mark.parametrize("base", [*EDGES, math.nan])
def test_a_power_at_its_edges_is_torchs(base: float, exponent: float) -> None:
    """Value and both slopes, also where they are infinite or undefined."""
    a, n = Tensor(base), Tensor(exponent)
    by_number = Tensor(base)
    power = a**n
    power.backward()
    (by_number**exponent).backward()
    x, y = (
        torch.tensor(v, dtype=torch.float64, requires_grad=True)
        for v in (base, exponent)
    )
    wanted = x**y
    wanted.backward()
    assert x.grad is not None and y.grad is not None
    pairs = [(power.value, wanted.item()), (a.grad, x.grad.item())]
    pairs += [(n.grad, y.grad.item()), (by_number.grad, x.grad.item())]
    ours, torchs = zip(*pairs)
    assert ours == pytest.approx(torchs, rel=1e-12, nan_ok=True)


def test_a_root_as_a_power_is_infinitely_steep_at_zero() -> None:
    x = Tensor(0.0)
    root = x**0.5
    root.backward()
    assert (root.value, x.grad) == (0.0, math.inf)
