"""A tensor's values, its slopes one operation at a time, and how gradients add up."""

import gc
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from gradient_ascent import rules
from gradient_ascent.minitorch import Tensor
from tests.rules.switches import own

Function = Callable[[Tensor], Tensor]


def slope(function: Function, at: float) -> float:
    x = Tensor(at)
    function(x).backward()
    return x.grad


KNOWN: list[tuple[str, Function, float, float, float]] = [
    # what, the function, x, its value there, its slope there
    ("x + 2", lambda x: x + 2, 3, 5, 1),
    ("2 + x", lambda x: 2 + x, 3, 5, 1),
    ("x - 2", lambda x: x - 2, 3, 1, 1),
    ("2 - x", lambda x: 2 - x, 3, -1, -1),
    ("-x", lambda x: -x, 3, -3, -1),
    ("2 x", lambda x: 2 * x, 3, 6, 2),
    ("x 2", lambda x: x * 2, 3, 6, 2),
    ("x / 2", lambda x: x / 2, 3, 1.5, 0.5),
    ("2 / x", lambda x: 2 / x, 4, 0.5, -1 / 8),
    ("x²", lambda x: x**2, 3, 9, 6),
    ("x⁻¹", lambda x: x**-1, 2, 0.5, -1 / 4),
    ("2ˣ", lambda x: 2**x, 3, 8, 8 * math.log(2)),
    ("xˣ", lambda x: x**x, 2, 4, 4 * (math.log(2) + 1)),
    ("exp", lambda x: x.exp(), 0, 1, 1),
    ("log", lambda x: x.log(), 4, math.log(4), 1 / 4),
    ("sin", lambda x: x.sin(), 0, 0, 1),
    ("cos", lambda x: x.cos(), math.pi / 2, math.cos(math.pi / 2), -1),
    ("sqrt", lambda x: x.sqrt(), 9, 3, 1 / 6),
    ("tanh", lambda x: x.tanh(), 0, 0, 1),
    ("relu, off", lambda x: x.relu(), -2, 0, 0),
    ("relu, on", lambda x: x.relu(), 2, 2, 1),
    ("x x", lambda x: x * x, 3, 9, 6),
    ("x + x", lambda x: x + x, 3, 6, 2),
    ("x - x", lambda x: x - x, 3, 0, 0),
    ("x / x", lambda x: x / x, 3, 1, 0),
]


@pytest.mark.parametrize(
    ("function", "x", "value", "derivative"),
    [known[1:] for known in KNOWN],
    ids=[known[0] for known in KNOWN],
)
def test_known_derivatives(
    function: Function, x: float, value: float, derivative: float
) -> None:
    assert function(Tensor(x)).value == pytest.approx(value, rel=1e-15)
    assert slope(function, x) == pytest.approx(derivative, rel=1e-15)


def test_the_notebooks_example() -> None:
    # f = 0.1 x1² + 2 x2² at (-5, -2): 0.2 * -5 = -1 and 4 * -2 = -8
    x1, x2 = Tensor(-5.0), Tensor(-2.0)
    (0.1 * x1**2 + 2 * x2**2).backward()
    assert (x1.grad, x2.grad) == (-1, -8)


def test_at_the_edges_slopes_are_torchs() -> None:
    assert slope(lambda x: x.relu(), 0.0) == 0
    assert slope(lambda x: x**0, 0.0) == 0
    assert slope(lambda x: x**1, 0.0) == 1
    assert slope(lambda x: x.sqrt(), 0.0) == math.inf
    assert slope(lambda x: x.log(), 0.0) == math.inf
    assert math.isnan(slope(lambda x: x.sqrt(), -1.0))
    assert math.isnan((Tensor(-1.0) ** 0.5).value)
    assert (Tensor(10.0) ** 400).value == math.inf


@pytest.mark.parametrize(
    ("power", "value", "derivative"), [(3, -8, 12), (-2, 0.25, 0.25)]
)
def test_a_negative_number_has_whole_powers(
    power: int, value: float, derivative: float
) -> None:
    assert (Tensor(-2.0) ** power).value == value
    assert slope(lambda x: x**power, -2.0) == derivative


def test_a_new_tensor_has_gradient_zero() -> None:
    assert Tensor(3).grad == 0.0
    assert isinstance(Tensor(3).value, float)


def test_a_tensor_prints_its_value_and_gradient() -> None:
    assert repr(Tensor(3)) == "Tensor(3.0, grad=0.0)"


def test_a_shared_subexpression_counts_each_path_once() -> None:
    # y = x², z = y y = x⁴, slope 4 x³ = 32; a walk along paths would visit x four times
    x = Tensor(2.0)
    y = x * x
    (y * y).backward()
    assert x.grad == 32
    assert y.grad == 8


def test_many_paths_are_walked_once() -> None:
    # Doubling sixty times makes 2⁶⁰ paths through 61 nodes.
    x = Tensor(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2**60


def test_gradients_accumulate_as_in_pytorch() -> None:
    x = Tensor(3.0)
    for calls in (1, 2, 3):
        (x * x).backward()
        assert x.grad == 6 * calls


def test_a_second_backward_through_the_same_graph_adds_the_same_again() -> None:
    x = Tensor(2.0)
    y = x * x
    z = y * x  # x³, slope 12; along y the slope is x = 2
    z.backward()
    z.backward()
    assert (x.grad, y.grad, z.grad) == (24, 4, 2)


def test_two_results_that_share_a_part_do_not_contaminate_each_other() -> None:
    x = Tensor(2.0)
    y = x * x
    (y * 10).backward()  # 10 x², slope 40: and leaves y.grad at 10
    (y + x).backward()  # x² + x, slope 5: must not see that 10
    assert x.grad == 45
    assert y.grad == 11


def test_backward_from_the_middle_leaves_what_comes_after_alone() -> None:
    x = Tensor(2.0)
    y = x * x
    z = y * 3
    y.backward()
    assert (x.grad, y.grad, z.grad) == (4, 1, 0)


def test_a_long_chain_needs_no_recursion() -> None:
    x = Tensor(1.0)
    y = x
    for _ in range(100_000):
        y = y + 1e-5
    y.backward()
    assert x.grad == 1
    assert y.value == pytest.approx(2)
    del y
    gc.collect()  # freeing a deep graph must not recurse either
    assert x.grad == 1


@pytest.mark.parametrize("value", ["3", None, 1j, [1.0]])
def test_a_value_must_be_a_real_number(value: Any) -> None:
    with pytest.raises(TypeError) as caught:
        Tensor(value)
    got = f"got {value!r} ({type(value).__name__})"
    assert str(caught.value) == f"Tensor: value must be a real number, {got}"


@pytest.mark.parametrize("value", [3, True, Fraction(1, 2)])
def test_any_real_number_becomes_a_float(value: Any) -> None:
    assert Tensor(value).value == float(value)
    assert isinstance(Tensor(value).value, float)


OPERATORS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / b,
    lambda a, b: a**b,
]


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operand_must_be_a_real_number(operator: Callable[[Any, Any], Any]) -> None:
    for operands in [(Tensor(1.0), "2"), ("2", Tensor(1.0)), (Tensor(1.0), None)]:
        with pytest.raises(TypeError):
            operator(*operands)


def test_division_by_zero_is_an_error_as_on_floats() -> None:
    with pytest.raises(ZeroDivisionError):
        Tensor(1.0) / Tensor(0.0)


@pytest.mark.parametrize(("x", "value", "slopes"), [
    (-2.0, -1.0, (0.0, 1.0, 0.0)),
    (0.5, 0.5, (1.0, 0.0, 0.0)),
    (7.0, 3.0, (0.0, 0.0, 1.0)),
])  # fmt: skip
def test_clip_follows_whichever_number_it_returns(
    x: float, value: float, slopes: tuple[float, ...]
) -> None:
    number, low, high = Tensor(x), Tensor(-1.0), Tensor(3.0)
    clipped = number.clip(low, high)
    clipped.backward()
    assert clipped.value == value
    assert (number.grad, low.grad, high.grad) == slopes


def test_every_rule_runs_on_tensors_and_is_differentiable() -> None:
    for name, rule in rules.RULES.items():
        gradient = Tensor(0.3)
        first, state = rule(gradient, **own(rule))
        second, _ = rule(gradient * 2, state, **own(rule))
        (first + second).backward()
        assert math.isfinite(gradient.grad), name
