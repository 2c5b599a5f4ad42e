"""What a rule says of a step is what it computes."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gradient_ascent import lab, ops, run
from gradient_ascent.rules import RULES, momentum, rmsprop, uphill
from gradient_ascent.told import Told, equations, text

PYTHON = {
    " − ": "-", "−": "-", " × ": "*", "^": "**", "²": "**2", "√": "ops.sqrt",
    "sign": "ops.sign", "clip": "ops.clip",
}  # fmt: skip


def value(tokens: list[Any], places: dict[str, dict[str, float]]) -> float:
    """Evaluate an equation's right side."""
    words = [
        PYTHON.get(token, token)
        if isinstance(token, str)
        else f"({places[token[0]][token[1]]!r})"
        for token in tokens
    ]
    return float(eval("".join(words), {"ops": ops, "max": max}))


SWITCHED = {
    "plain": {"lr": 0.3},
    "momentum": {"dampening": 0.5, "lr_in_velocity": True},
    "rmsprop": {"centered": True, "momentum": 0.5},
    "adam": {"bias_correction": False},
    "gradient_ascent": {
        "nesterov": True, "clip_value": 0.5, "lr_decay": 0.9, "warmup_steps": 3,
    },
    "legacy": {"nesterov": True, "lr_decay": 0.9, "warmup_steps": 3},
}  # fmt: skip
CASES = [(name, {}) for name in RULES] + list(SWITCHED.items())


@pytest.mark.parametrize(("name", "given"), CASES)
@pytest.mark.parametrize("maximize", [True, False])
def test_the_equations_give_the_run(
    name: str, given: dict[str, Any], maximize: bool
) -> None:
    """Each field and each step of a run, from the numbers that a page shows."""
    spec = {"landscape": "bowl", "steps": 8, "maximize": maximize}
    spec["runs"] = [{"rule": name, "hyperparameters": given}]
    (shown,) = lab.results(spec)["runs"]
    usual = {each.name: each.default for each in RULES[name].hyperparameters}
    places: dict[str, dict[str, float]] = {"given": usual | given}
    for t in range(8):
        lines = shown["equations"][min(t, 1)]
        for x, (here, there) in enumerate(zip(*shown["positions"][t : t + 2])):
            held = {field: (v[t][x], v[t + 1][x]) for field, v in shown["held"].items()}
            places["before"] = {field: before for field, (before, _) in held.items()}
            places["after"] = {field: after for field, (_, after) in held.items()}
            places["seen"] = {"gradient": shown["uphill"][t][x], "parameter": here}
            got = {line["name"]: value(line["tokens"], places) for line in lines}
            assert got.pop("parameter") == pytest.approx(
                there - here, rel=1e-12, abs=1e-14
            )
            assert got == pytest.approx({k: held[k][1] for k in got}, rel=1e-13)
            changed = {k for k, (before, after) in held.items() if before != after}
            assert changed <= set(got)


def test_the_words() -> None:
    first = equations(momentum, {}, momentum.start)
    later = equations(momentum, {}, type(momentum.start)(2.0))
    assert [text(line) for line in first + later] == [
        "momentum_buffer = gradient",
        "parameter += lr × gradient",
        "momentum_buffer = momentum × momentum_buffer + gradient",
        "parameter += lr × momentum_buffer",
    ]
    centered = equations(rmsprop, {"centered": True}, type(rmsprop.start)(0.0, 0.0))
    assert text(centered[-1]) == (
        "parameter += lr × (gradient / (√(max(square_avg − grad_avg², 0)) + eps))"
    )


def test_what_a_number_leaves_unsaid() -> None:
    x, y = Told("x"), Told("y")
    said = {
        "x": [x + 0, 0 + x, x - 0, 1 * x, x * 1, x / 1],
        "−x": [0 - x],
        "2 − x": [2 - x],
        "x × (y × x)": [x * (y * x)],
        "x − (y + 1)": [x - (y + 1)],
        "(x + y)²": [ops.square(x + y)],
        "0.5^x": [0.5**x],
        "max(x, 1)": [ops.maximum(x, 1), ops.maximum(1, x)],
        "clip(x, −1, 1)": [ops.clip(x, -1, 1)],
    }
    for words, numbers in said.items():
        for number in numbers:
            line = {"name": "z", "sign": "=", "tokens": list(_tokens(number))}
            assert text(line) == f"z = {words}"
    assert (x * 0, 0 * x, 0 / x) == (0, 0, 0)


def _tokens(number: Told) -> Any:
    from gradient_ascent.told import _tokens as tokens

    return tokens(number, {})


def test_a_trace_keeps_what_the_rule_saw_and_held() -> None:
    trace = run("momentum", "bowl", steps=5, lr=0.1)
    velocity = [0.0, 0.0]
    for t, states in enumerate(trace.states):
        for x, state in enumerate(states):
            velocity[x] = 0.9 * velocity[x] + uphill(
                trace.gradients[t][x], maximize=trace.maximize
            )
            assert state.momentum_buffer == velocity[x]
    assert len(trace.states) == len(trace) == len(trace.gradients) - 1
    assert trace.gradient_norm == [math.hypot(*g) for g in trace.gradients]
