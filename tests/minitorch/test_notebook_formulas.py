"""Each optimizer is the notebook's formula, to the letter, on the notebook's function.

The formulas below are written out once more, with nothing of the package in them.
"""

from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest

from gradient_ascent import minitorch
from gradient_ascent.landscapes import bowl
from gradient_ascent.minitorch import Tensor

STEPS = 50
START = (-5.0, -2.0)
Point = tuple[float, float]


def gradient_descent(eta: float) -> Any:
    g = yield 0.0
    while True:
        g = yield eta * g


def momentum(eta: float, gamma: float) -> Any:
    v = 0.0
    g = yield 0.0
    while True:
        v = gamma * v + eta * g
        g = yield v


def nesterov(eta: float, gamma: float) -> Any:
    v = 0.0
    g = yield 0.0
    while True:
        v = gamma * v + eta * g
        g = yield gamma * v + eta * g


def adagrad(eta: float, eps: float) -> Any:
    s = 0.0
    g = yield 0.0
    while True:
        s = s + g**2
        g = yield eta / sqrt(s + eps) * g


def rmsprop(eta: float, gamma: float, eps: float) -> Any:
    s = 0.0
    g = yield 0.0
    while True:
        s = gamma * s + (1 - gamma) * g**2
        g = yield eta / sqrt(s + eps) * g


def adam(eta: float, beta1: float, beta2: float, eps: float) -> Any:
    m = v = 0.0
    t = 0
    g = yield 0.0
    while True:
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        g = yield eta / (sqrt(v_hat) + eps) * m_hat


def amsgrad(eta: float, beta1: float, beta2: float, eps: float) -> Any:
    m = v = v_max = 0.0
    g = yield 0.0
    while True:
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        v_max = max(v_max, v)
        g = yield eta / (sqrt(v_max) + eps) * m


CASES: list[tuple[str, Callable[..., Any], dict[str, float]]] = [
    ("GradientDescent", gradient_descent, {"eta": 0.4}),
    ("GradientDescent", gradient_descent, {"eta": 0.6}),
    ("Momentum", momentum, {"eta": 0.4, "gamma": 0.5}),
    ("Momentum", momentum, {"eta": 0.6, "gamma": 0.5}),
    ("Momentum", momentum, {"eta": 0.05, "gamma": 0.9}),
    ("Nesterov", nesterov, {"eta": 0.05, "gamma": 0.9}),
    ("Adagrad", adagrad, {"eta": 0.4, "eps": 1e-6}),
    ("Adagrad", adagrad, {"eta": 2, "eps": 1e-6}),
    ("RMSProp", rmsprop, {"eta": 0.4, "gamma": 0.9, "eps": 1e-6}),
    ("Adam", adam, {"eta": 0.8, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6}),
    ("Adam", adam, {"eta": 1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6}),
    ("AMSGrad", amsgrad, {"eta": 1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-6}),
]
"""The notebook's runs."""


def by_formula(formula: Callable[..., Any], **arguments: float) -> list[Point]:
    x1, x2 = START
    updates = formula(**arguments), formula(**arguments)
    for update in updates:
        next(update)
    path = []
    for _ in range(STEPS):
        x1 -= updates[0].send(0.2 * x1)
        x2 -= updates[1].send(4 * x2)
        path.append((x1, x2))
    return path


def by_minitorch(name: str, **arguments: float) -> list[Point]:
    x1, x2 = map(Tensor, START)
    optimizer = getattr(minitorch, name)([x1, x2], maximize=False, **arguments)
    path = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        bowl(x1, x2).backward()
        optimizer.step()
        path.append((x1.value, x2.value))
    return path


@pytest.mark.parametrize(("name", "formula", "arguments"), CASES)
def test_formula(
    name: str, formula: Callable[..., Any], arguments: dict[str, float]
) -> None:
    ours = by_minitorch(name, **arguments)
    for here, there in zip(ours, by_formula(formula, **arguments), strict=True):
        assert here == pytest.approx(there, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", sorted({name for name, _, _ in CASES}))
def test_the_defaults_are_one_of_the_notebooks_runs(name: str) -> None:
    runs = [by_minitorch(each, **given) for each, _, given in CASES if each == name]
    assert by_minitorch(name) in runs


def test_descent_at_six_tenths_diverges_as_the_notebook_says() -> None:
    # along x2 each step multiplies by 1 - 4 * 0.6 = -1.4
    path = by_minitorch("GradientDescent", eta=0.6)
    assert path[-1][1] == pytest.approx(-2 * 1.4**STEPS, rel=1e-12)
