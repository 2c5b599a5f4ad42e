"""The formulas of each source, written out on their own, as descent.

Those of the two notebooks are copied from their text, letter by letter; Keras's from
`keras/src/optimizers` of version 3.15.1. Each takes the downhill gradient.
"""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

Descent = Callable[[Sequence[float], float, Mapping[str, float]], list[float]]


def momentum_notebook(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    velocity, visited = 0.0, []
    for gradient in downhill:
        velocity = h["momentum"] * velocity + gradient
        p = p - h["lr"] * velocity
        visited.append(p)
    return visited


def adagrad_notebook(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    g_squared, visited = 0.0, []
    for gradient in downhill:
        g_squared += gradient**2
        adapted = h["lr"] / (sqrt(g_squared) + h["eps"])
        p = p - adapted * gradient
        visited.append(p)
    return visited


def adam_notebook(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    m = v = 0.0
    visited = []
    for i, gradient in enumerate(downhill):
        m = h["beta1"] * m + (1 - h["beta1"]) * gradient
        m_hat = m / (1 - h["beta1"] ** (i + 1))
        v = h["beta2"] * v + (1 - h["beta2"]) * gradient**2
        v_hat = v / (1 - h["beta2"] ** (i + 1))
        p = p - h["lr"] * (m_hat / (sqrt(v_hat) + h["eps"]))
        visited.append(p)
    return visited


def momentum_course(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    v, visited = 0.0, []
    for gradient in downhill:
        v = h["momentum"] * v + h["lr"] * gradient
        p = p - v
        visited.append(p)
    return visited


def nesterov_course(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    v, visited = 0.0, []
    for gradient in downhill:
        v = h["momentum"] * v + h["lr"] * gradient
        p = p - h["momentum"] * v - h["lr"] * gradient
        visited.append(p)
    return visited


def adagrad_course(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    s, visited = 0.0, []
    for gradient in downhill:
        s = s + gradient**2
        p = p - h["lr"] / sqrt(s + h["eps"]) * gradient
        visited.append(p)
    return visited


def rmsprop_course(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    s, visited = 0.0, []
    for gradient in downhill:
        s = h["alpha"] * s + (1 - h["alpha"]) * gradient**2
        p = p - h["lr"] / sqrt(s + h["eps"]) * gradient
        visited.append(p)
    return visited


def amsgrad_course(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    m = v = v_hat = 0.0
    visited = []
    for gradient in downhill:
        m = h["beta1"] * m + (1 - h["beta1"]) * gradient
        v = h["beta2"] * v + (1 - h["beta2"]) * gradient**2
        v_hat = max(v_hat, v)
        p = p - h["lr"] / (sqrt(v_hat) + h["eps"]) * m
        visited.append(p)
    return visited


def sgd_keras(
    downhill: Sequence[float], p: float, h: Mapping[str, float], nesterov: bool = False
) -> list[float]:
    m, visited = 0.0, []
    for gradient in downhill:
        p = p - p * h["weight_decay"] * h["lr"]
        m = m * h["momentum"] - gradient * h["lr"]
        p = p + (m * h["momentum"] - gradient * h["lr"] if nesterov else m)
        visited.append(p)
    return visited


def nesterov_keras(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    return sgd_keras(downhill, p, h, nesterov=True)


def adagrad_keras(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    accumulator, visited = h["start"], []
    for gradient in downhill:
        p = p - p * h["weight_decay"] * h["lr"]
        accumulator += gradient**2
        p = p - h["lr"] * gradient / sqrt(accumulator + h["eps"])
        visited.append(p)
    return visited


def rmsprop_keras(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    velocity = momentum = 0.0
    visited = []
    for gradient in downhill:
        p = p - p * h["weight_decay"] * h["lr"]
        velocity = h["alpha"] * velocity + (1 - h["alpha"]) * gradient**2
        increment = h["lr"] * gradient / sqrt(velocity + h["eps"])
        momentum = h["momentum"] * momentum + increment
        p = p - momentum
        visited.append(p)
    return visited


def adam_keras(
    downhill: Sequence[float], p: float, h: Mapping[str, float], amsgrad: bool = False
) -> list[float]:
    m = v = v_hat = 0.0
    visited = []
    for iterations, gradient in enumerate(downhill):
        p = p - p * h["weight_decay"] * h["lr"]
        beta_1_power = h["beta1"] ** (iterations + 1)
        beta_2_power = h["beta2"] ** (iterations + 1)
        alpha = h["lr"] * sqrt(1 - beta_2_power) / (1 - beta_1_power)
        m += (gradient - m) * (1 - h["beta1"])
        v += (gradient**2 - v) * (1 - h["beta2"])
        v_hat = max(v_hat, v) if amsgrad else v
        p = p - m * alpha / (sqrt(v_hat) + h["eps"])
        visited.append(p)
    return visited


def amsgrad_keras(
    downhill: Sequence[float], p: float, h: Mapping[str, float]
) -> list[float]:
    return adam_keras(downhill, p, h, amsgrad=True)


REFERENCES: Mapping[tuple[str, str], Descent] = {
    ("notebook", "momentum"): momentum_notebook,
    ("notebook", "adagrad"): adagrad_notebook,
    ("notebook", "adam"): adam_notebook,
    ("course", "momentum"): momentum_course,
    ("course", "nesterov"): nesterov_course,
    ("course", "adagrad"): adagrad_course,
    ("course", "rmsprop"): rmsprop_course,
    ("course", "adam"): adam_notebook,
    ("course", "amsgrad"): amsgrad_course,
    ("Keras", "momentum"): sgd_keras,
    ("Keras", "nesterov"): nesterov_keras,
    ("Keras", "adagrad"): adagrad_keras,
    ("Keras", "rmsprop"): rmsprop_keras,
    ("Keras", "adam"): adam_keras,
    ("Keras", "amsgrad"): amsgrad_keras,
    ("Keras", "adamw"): adam_keras,
}
