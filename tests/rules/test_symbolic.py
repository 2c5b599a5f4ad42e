"""Every rule runs on symbols: none looks at the value of a number."""

from typing import Any

import pytest
import sympy

from gradient_ascent import rules
from gradient_ascent.rules.declaration import Hyperparameter

from .switches import Rule, choices, numbers, own

G1, G2, THETA = sympy.symbols("g1 g2 theta", real=True)


def symbol(hyperparameter: Hyperparameter) -> sympy.Symbol:
    return sympy.Symbol(hyperparameter.name, positive=True)


CASES = [
    pytest.param(rule, chosen, id="-".join([name, *map(str, chosen.values())]))
    for name, rule in rules.RULES.items()
    for chosen in choices(rule.hyperparameters, on=symbol)
]


@pytest.mark.parametrize(("rule", "chosen"), CASES)
def test_symbols_and_floats_agree(rule: Rule, chosen: dict[str, Any]) -> None:
    """With a symbol for each number, and every choice of the rest."""
    symbols = {
        each.name: symbol(each) for each in numbers(rule.hyperparameters)
    } | chosen
    values = {
        each: 0.1 * position
        for position, each in enumerate(symbols.values(), start=1)
        if isinstance(each, sympy.Symbol)
    }
    floats = {
        name: values[given] if isinstance(given, sympy.Symbol) else given
        for name, given in symbols.items()
    }
    _, on_floats = rule(1.5, **own(rule, 3.0), **floats)
    expected, _ = rule(-0.5, on_floats, **own(rule, 3.0), **floats)
    _, on_symbols = rule(G1, **own(rule, THETA), **symbols)
    step, _ = rule(G2, on_symbols, **own(rule, THETA), **symbols)
    actual = sympy.sympify(step).subs({**values, G1: 1.5, G2: -0.5, THETA: 3.0})
    assert float(actual) == pytest.approx(expected, rel=1e-12)


def test_the_step_of_momentum_as_an_equation() -> None:
    lr, mu = sympy.symbols("eta mu", positive=True)
    _, state = rules.momentum(G1, lr=lr, momentum=mu)
    step, _ = rules.momentum(G2, state, lr=lr, momentum=mu)
    assert sympy.expand(step - lr * (mu * G1 + G2)) == 0


def test_uphill_and_decayed_on_symbols() -> None:
    decay = sympy.Symbol("lambda", real=True)
    assert rules.uphill(G1, maximize=False) == -G1
    assert rules.decayed(G1, THETA, weight_decay=decay) == G1 - decay * THETA
