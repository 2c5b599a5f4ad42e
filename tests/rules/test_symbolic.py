"""Every rule runs on symbols: none looks at the value of a number."""

from itertools import product
from typing import Any

import pytest
import sympy

from gradient_ascent import rules

G1, G2 = sympy.symbols("g1 g2", real=True)

FLAGS: dict[str, dict[str, list[Any]]] = {
    "plain": {},
    "momentum": {"lr_in_velocity": [False, True]},
    "nesterov": {"lr_in_velocity": [False, True]},
    "adagrad": {"eps_in_sqrt": [False, True]},
    "rmsprop": {
        "momentum": [None, sympy.Symbol("mu")],
        "centered": [False, True],
        "eps_in_sqrt": [False, True],
    },
    "adam": {"bias_correction": [False, True]},
    "amsgrad": {
        "bias_correction": [False, True],
        "correct_before_max": [False, True],
    },
    "gradient_ascent": {
        "nesterov": [False, True],
        "clip_value": [None, sympy.Symbol("c", positive=True)],
        "lr_decay": [None, sympy.Symbol("gamma", positive=True)],
        "warmup_steps": [0, sympy.Symbol("W", positive=True)],
        "adaptive": [False, True],
        "bias_correction": [False, True],
    },
    "legacy": {
        "nesterov": [False, True],
        "clip_value": [None, sympy.Symbol("c", positive=True)],
        "lr_decay": [None, sympy.Symbol("gamma", positive=True)],
        "warmup_steps": [0, sympy.Symbol("W", positive=True)],
    },
}
"""Each flag that is a bool or may be None, and each number that turns something on."""

NUMBERS = {
    "lr", "momentum", "dampening", "lr_decay", "eps", "alpha", "beta", "beta1", "beta2"
}  # fmt: skip

CASES = [
    (name, dict(zip(flags, values)))
    for name, flags in FLAGS.items()
    for values in product(*flags.values())
]


def symbols_for(name: str, flags: dict[str, Any]) -> dict[str, sympy.Symbol]:
    """A positive symbol for each numeric hyperparameter that `flags` leaves open."""
    code = rules.RULES[name].__code__
    taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    names = (set(taken) & NUMBERS) - set(flags)
    return {each: sympy.Symbol(each, positive=True) for each in names}


@pytest.mark.parametrize(("name", "flags"), CASES)
def test_two_steps_on_symbols(name: str, flags: dict[str, Any]) -> None:
    rule, hyperparameters = rules.RULES[name], symbols_for(name, flags) | flags
    _, state = rule(G1, **hyperparameters)
    step, _ = rule(G2, state, **hyperparameters)
    stays = name == "legacy" and flags["clip_value"] is not None
    assert sympy.sympify(step).has(G2) is not stays


def test_every_rule_is_covered() -> None:
    assert set(FLAGS) == set(rules.RULES)


@pytest.mark.parametrize(("name", "flags"), CASES)
def test_symbols_and_floats_agree(name: str, flags: dict[str, Any]) -> None:
    rule, hyperparameters = rules.RULES[name], symbols_for(name, flags) | flags
    values = {
        symbol: 0.1 * position
        for position, symbol in enumerate(hyperparameters.values(), start=1)
        if isinstance(symbol, sympy.Symbol)
    }
    numbers = {
        argument: values.get(given, given) if given is not None else None
        for argument, given in hyperparameters.items()
    }
    _, on_floats = rule(1.5, **numbers)
    expected, _ = rule(-0.5, on_floats, **numbers)
    _, on_symbols = rule(G1, **hyperparameters)
    step, _ = rule(G2, on_symbols, **hyperparameters)
    actual = sympy.sympify(step).subs({**values, G1: 1.5, G2: -0.5})
    assert float(actual) == pytest.approx(expected, rel=1e-12)


def test_the_step_of_momentum_as_an_equation() -> None:
    lr, mu = sympy.symbols("eta mu", positive=True)
    _, state = rules.momentum(G1, lr=lr, momentum=mu)
    step, _ = rules.momentum(G2, state, lr=lr, momentum=mu)
    assert sympy.expand(step - lr * (mu * G1 + G2)) == 0


def test_uphill_and_decayed_on_symbols() -> None:
    theta, decay = sympy.symbols("theta lambda", real=True)
    assert rules.uphill(G1, maximize=False) == -G1
    assert rules.decayed(G1, theta, weight_decay=decay) == G1 - decay * theta
