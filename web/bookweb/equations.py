r"""Prove a displayed equation equal to the code.

The LaTeX of a rule's equation, taken from the text that shows it, becomes a list of
assignments such as `v_t = \mu v_{t-1} + g_t`. They are run for several steps on SymPy
symbols, and so is the rule; parameters and state must agree after each. Before that
they are run on numbers, for more steps: a rule may begin with steps of another kind,
and what is wrong is found sooner. A schedule ends with an assignment to the learning
rate `\eta_t`, and is compared at a symbolic step.
"""

from __future__ import annotations

import inspect
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sympy
from sympy.parsing.latex import parse_latex

from bookweb.assets import NOTATION
from gradient_ascent import rules
from gradient_ascent.rules.declaration import takes_parameter

STEPS = 3
STEPS_ON_NUMBERS = 10
# What sympy's grammar knows no name for is parsed as a function of a letter, which no
# symbol of the book has.
_FUNCTIONS = {
    r"\max": ("F", sympy.Max),
    r"\min": ("H", sympy.Min),
    r"\operatorname{sign}": ("K", sympy.sign),
}

Equations = list[tuple[str, sympy.Expr]]
"""Pairs (symbol, expression), in the order in which they are to be evaluated."""


def parse(latex: str) -> Equations:
    """Parse the lines `symbol_t = expression` of a displayed equation."""
    latex = re.sub(r"\\(begin|end)\{\w+\}|&", "", latex)
    lines = [line.strip(" \n.,") for line in re.split(r"\\\\|,?\s*\\qquad", latex)]
    pairs = [line.split("=") for line in lines if line]
    return [(_symbol(left), _expression(right)) for left, right in pairs]


def _normal(latex: str) -> str:
    r"""What sympy's grammar lacks: `\hat m` becomes M, `\max` a function F.

    The functions are told from symbols by the parenthesis after them.
    """
    assert not re.search(r"(?<![\\a-z{])[A-Z]", latex), f"a capital symbol: {latex}"
    latex = re.sub(r"\\hat\s*\{?\s*([a-z])\s*\}?", lambda m: m[1].upper(), latex)
    latex = re.sub(r"\\(,|left|right)(?![a-z])", " ", latex)
    # A symbol before a parenthesis is a factor, not the name of a function.
    symbol = r"((?<![a-z\\])[a-z]|\\[a-z]+)(_\w|_\{[^}]*\})?(\^\w)?\s*\("
    for name, (letter, _) in _FUNCTIONS.items():
        latex = latex.replace(name, letter)
    return re.sub(symbol, lambda m: m[0][:-1] + r"\cdot (", latex)


def _expression(latex: str) -> sympy.Expr:
    parsed = parse_latex(_normal(latex), strict=True)
    for letter, function in _FUNCTIONS.values():
        parsed = parsed.replace(sympy.Function(letter), function)
    # As a rule writes it: with its own Abs, sympy is lost within a maximum.
    return parsed.replace(sympy.Abs, lambda x: sympy.sign(x) * x)


def _symbol(latex: str) -> str:
    name, _, index = str(_expression(latex)).partition("_{t")
    assert index == "}", f"the left side must be a symbol at step t, got {latex!r}"
    return name


def _names_in_code() -> dict[str, list[str]]:
    """The notation chapter's table, the book's only one: {"eta": ["lr"], ...}."""
    notation = NOTATION.read_text(encoding="utf-8")
    rows = re.findall(r"^\|\s*\$(.+?)\$\s*\|.*\|(.*)\|\s*$", notation, re.M)
    names: dict[str, list[str]] = {}
    for symbol, code in rows:
        key = str(_expression(symbol))
        names.setdefault(key, []).extend(re.findall(r"`(\w+)`", code))
    return names


NAMES = _names_in_code()


class Step(NamedTuple):
    """What the equations say of a step, by symbol, and what the rule does in it."""

    said: dict[str, sympy.Expr]
    theta: sympy.Expr
    state: Any


def side_by_side(
    equations: Equations, rule: rules.Rule, on_numbers: bool = False, **flags: bool
) -> Iterator[Step]:
    """Run `equations` and `rule` on symbols.

    Args:
        equations: what the text says.
        rule: what the package does.
        on_numbers: run them on a number for each symbol instead, and longer.
        **flags: the rule's conventions that the equations are written in.
    """
    steps, value = (STEPS_ON_NUMBERS, _number) if on_numbers else (STEPS, lambda x: x)
    named = _arguments(equations, rule)
    arguments = {name: value(symbol) for name, symbol in named.items()}
    constants = {sympy.Symbol(str(each)): value(each) for each in named.values()}
    equations = [(left, right.subs(constants)) for left, right in equations]
    state = inspect.signature(rule).parameters["state"].default
    theta = value(sympy.Symbol("theta_0", real=True))
    said: dict[str, sympy.Expr] = {"theta": theta}
    for t in range(1, steps + 1):
        gradient = value(sympy.Symbol(f"g_{t}", real=True))
        said = _evaluate(equations, said, gradient, t)
        if takes_parameter(rule):
            arguments["parameter"] = theta
        step, state = rule(gradient, state, **arguments, **flags)
        theta = theta + step
        yield Step(said, theta, state)


def prove(equations: Equations, rule: rules.Rule, **flags: bool) -> None:
    """Run `equations` and `rule` side by side; AssertionError where they differ."""
    for on_numbers in (True, False):
        steps = side_by_side(equations, rule, on_numbers, **flags)
        for t, (said, theta, state) in enumerate(steps, start=1):
            _same(said["theta"], theta, f"the parameter after step {t}")
            fields = set(getattr(state, "_fields", ()))
            for symbol, value in said.items():
                for name in set(NAMES.get(symbol, ())) & fields:
                    _same(value, getattr(state, name), f"{name} after step {t}")


def prove_schedule(equations: Equations, factor: Callable[..., Any]) -> None:
    """Hold `eta_t = eta ...` against a factor on the learning rate.

    The step is a symbol, and so is each argument: of zero too, where it counts steps.
    """
    known: dict[sympy.Symbol, sympy.Expr] = {}
    for left, right in equations:
        known[sympy.Symbol(f"{left}_{{t}}")] = right.subs(known)
    assert left == "eta", f"a schedule ends with the learning rate, not with {left}"
    said = right.subs(known) / sympy.Symbol("eta")
    values = {s: sympy.Symbol(str(s), nonnegative=True) for s in said.free_symbols}
    step = sympy.Symbol("t", positive=True)
    values[sympy.Symbol("t")] = step
    named = _arguments([(left, said)], factor)
    given = {name: values[sympy.Symbol(str(s))] for name, s in named.items()}
    _same(said.subs(values), factor(step, **given), "the factor at step t")


def _arguments(equations: Equations, rule: Callable[..., Any]) -> dict[str, sympy.Expr]:
    """Map each argument of `rule` to the symbol that the equations use for it."""
    used = {str(s) for _, right in equations for s in right.free_symbols}
    arguments: dict[str, sympy.Expr] = {}
    for symbol in used - {"t"}:
        if "_{t" not in symbol:
            taken = set(NAMES.get(symbol, ())) & set(inspect.signature(rule).parameters)
            assert len(taken) == 1, f"{symbol} names no one argument of {rule.__name__}"
            arguments[taken.pop()] = _constant(symbol)
    return arguments


def _evaluate(
    equations: Equations, before: dict[str, sympy.Expr], gradient: sympy.Symbol, t: int
) -> dict[str, sympy.Expr]:
    """What the equations say of step `t`, given what they said before it."""
    said = {"g": gradient}
    for left, right in equations:
        values = {}
        for symbol in right.free_symbols:
            name, _, index = str(symbol).partition("_{t")
            if name == "t":
                values[symbol] = sympy.Integer(t)
            elif index == "}":
                assert name in said, f"{symbol} is used before it is computed"
                values[symbol] = said[name]
            elif index == " - 1}":
                values[symbol] = before.get(name, sympy.Integer(0))  # state starts at 0
                assert t == 1 or name in before, f"{symbol} is never computed"
            else:
                values[symbol] = _constant(str(symbol))
        said[left] = right.subs(values, simultaneous=True)
    return said


def _constant(symbol: str) -> sympy.Symbol:
    return sympy.Symbol(symbol, positive=True)


def _number(symbol: sympy.Symbol) -> sympy.Float:
    """Return a number of many digits, of its own: a large share, where it is one."""
    return sympy.Float(0.9 + zlib.crc32(str(symbol).encode()) % 997 / 1e4, 30)


def _same(said: sympy.Expr, done: sympy.Expr, what: str) -> None:
    difference = sympy.simplify(said - done)
    if isinstance(difference, sympy.Float) and abs(difference) < 1e-20:
        return  # it is rounding
    assert difference == 0, f"{what}: text less code is {difference}"
