"""Mini-Torch's optimizers: the notebook's names and defaults, direction, errors."""

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from gradient_ascent import minitorch
from gradient_ascent.minitorch import Tensor

NOTEBOOK: dict[str, dict[str, float]] = {
    "GradientDescent": {"eta": 0.4},
    "Momentum": {"eta": 0.4, "gamma": 0.5},
    "Nesterov": {"eta": 0.05, "gamma": 0.9},
    "Adagrad": {"eta": 0.4, "eps": 1e-6},
    "RMSProp": {"eta": 0.4, "gamma": 0.9, "eps": 1e-6},
    "Adam": {"eta": 0.8, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6},
    "AMSGrad": {"eta": 1.0, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6},
}
ASCENTS_OPTIONS: dict[str, list[Any]] = {
    "nesterov": [False, True],
    "clip_value": [None, 0.5],
    "lr_decay": [None, 0.9],
    "warmup_steps": [0, 5],
    "adaptive": [True, False],
    "bias_correction": [True, False],
}
EVERY_OPTION: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in NOTEBOOK),
    *(
        ("GradientAscent", dict(zip(ASCENTS_OPTIONS, values)))
        for values in product(*ASCENTS_OPTIONS.values())
    ),
]
names = pytest.mark.parametrize("name", [*NOTEBOOK, "GradientAscent"])


def make(name: str, *parameters: Tensor, **options: Any) -> minitorch.Optimizer:
    optimizer: minitorch.Optimizer = getattr(minitorch, name)(parameters, **options)
    return optimizer


def f(x1: Any, x2: Any) -> Any:
    """A function with a bend, neither even nor odd."""
    return (x1 - 1) ** 2 * 0.1 + 2 * x2**2 + (x1 * x2).sin()


def path(
    name: str, function: Callable[..., Tensor], steps: int = 30, **options: Any
) -> list[tuple[float, float]]:
    x1, x2 = Tensor(-2.0), Tensor(0.5)
    optimizer = make(name, x1, x2, **options)
    visited = []
    for _ in range(steps):
        optimizer.zero_grad()
        function(x1, x2).backward()
        optimizer.step()
        visited.append((x1.value, x2.value))
    return visited


@pytest.mark.parametrize("name", NOTEBOOK)
def test_arguments_are_the_notebooks_with_its_defaults(name: str) -> None:
    parameters = inspect.signature(getattr(minitorch, name)).parameters
    given = {
        argument: parameter.default
        for argument, parameter in parameters.items()
        if argument not in ("params", "maximize")
    }
    assert given == NOTEBOOK[name]
    assert next(iter(parameters)) == "params"


@names
def test_it_climbs_unless_told_otherwise(name: str) -> None:
    parameters = inspect.signature(getattr(minitorch, name)).parameters
    assert parameters["maximize"].default is True
    x = Tensor(1.0)
    optimizer = make(name, x, eta=0.01)
    (3 * x).backward()
    optimizer.step()
    assert x.value > 1


@pytest.mark.parametrize(("name", "options"), EVERY_OPTION)
def test_maximizing_f_is_minimizing_minus_f_to_the_last_bit(
    name: str, options: dict[str, Any]
) -> None:
    up = path(name, lambda x1, x2: -f(x1, x2), eta=0.05, maximize=True, **options)
    down = path(name, f, eta=0.05, maximize=False, **options)
    assert up == down


@names
def test_the_gradient_is_not_changed_by_a_step(name: str) -> None:
    x = Tensor(1.0)
    optimizer = make(name, x, maximize=False)
    (3 * x).backward()
    optimizer.step()
    assert x.grad == 3


@names
def test_zero_grad_clears_and_without_it_gradients_add_up(name: str) -> None:
    x, y = Tensor(1.0), Tensor(2.0)
    optimizer = make(name, x, y)
    (x * y).backward()
    (x * y).backward()
    assert (x.grad, y.grad) == (4, 2)
    optimizer.zero_grad()
    assert (x.grad, y.grad) == (0, 0)


@names
def test_a_new_rate_takes_effect_at_the_next_step(name: str) -> None:
    x = Tensor(1.0)
    optimizer: Any = make(name, x)
    (3 * x).backward()
    optimizer.step()
    if name in ("Momentum", "Nesterov"):
        optimizer.gamma = 0.0  # the velocity holds what earlier rates put there
    optimizer.eta = 0.0
    here = x.value
    optimizer.step()
    assert x.value == here


@names
def test_each_parameter_has_a_memory_of_its_own(name: str) -> None:
    alone, beside, other = Tensor(1.0), Tensor(1.0), Tensor(5.0)
    one, two = make(name, alone), make(name, other, beside)
    for _ in range(5):
        for optimizer, result in [(one, alone**2), (two, beside**2 + other**4)]:
            optimizer.zero_grad()
            result.backward()
            optimizer.step()
    assert alone.value == beside.value


def test_parameters_may_come_from_a_generator() -> None:
    optimizer = minitorch.Adam(Tensor(x) for x in (1.0, 2.0))
    assert [x.value for x in optimizer.params] == [1, 2]


@names
@pytest.mark.parametrize(
    ("argument", "value", "error", "says"),
    [
        ("eta", -1, ValueError, "eta must lie in [0, inf), got -1"),
        ("eta", "0.1", TypeError, "eta must be a real number, got '0.1' (str)"),
        ("gamma", 1, ValueError, "gamma must lie in [0, 1), got 1"),
        ("beta", 1.5, ValueError, "beta must lie in [0, 1), got 1.5"),
        ("beta1", -0.1, ValueError, "beta1 must lie in [0, 1), got -0.1"),
        ("beta2", 1, ValueError, "beta2 must lie in [0, 1), got 1"),
        ("eps", -1e-9, ValueError, "eps must lie in [0, inf), got -1e-09"),
        ("clip_value", 0, ValueError, "clip_value must lie in (0, inf), got 0"),
        ("lr_decay", 1.1, ValueError, "lr_decay must lie in (0, 1], got 1.1"),
        ("warmup_steps", -1, ValueError, "warmup_steps must lie in [0, inf), got -1"),
    ],
)
def test_a_bad_argument(
    name: str, argument: str, value: Any, error: type[Exception], says: str
) -> None:
    if argument in inspect.signature(getattr(minitorch, name)).parameters:
        with pytest.raises(error) as caught:
            make(name, Tensor(1.0), **{argument: value})
        assert str(caught.value) == f"{name}: {says}"
    else:
        with pytest.raises(TypeError, match=argument):
            make(name, Tensor(1.0), **{argument: value})


@names
def test_bad_parameters(name: str) -> None:
    with pytest.raises(ValueError, match="params must hold a Tensor or more, got none"):
        make(name)
    with pytest.raises(TypeError, match=r"params must be Tensors, got 1\.0"):
        make(name, 1.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="params must be an iterable of Tensors"):
        getattr(minitorch, name)(Tensor(1.0))


def test_the_base_class_leaves_the_rule_to_its_subclasses() -> None:
    with pytest.raises(NotImplementedError):
        minitorch.Optimizer([Tensor(1.0)])
