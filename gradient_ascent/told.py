"""Numbers that tell how they came about, and a rule's equations in them.

A rule runs on any kind of number. On these it says what it computes, as what a
page shows beside the numbers of one step:

    >>> from gradient_ascent.rules import momentum
    >>> for line in equations(momentum, {"lr": 0.1}, momentum.start):
    ...     print(text(line))
    momentum_buffer = gradient
    parameter += lr × gradient
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from gradient_ascent.rules import UpdateRule

Token: TypeAlias = str | tuple[str, str]
"""A sign, spaced, or a constant; or where a value is from and its name there:
"given" a hyperparameter, "before" or "after" the step a field of the state,
"seen" the gradient or the parameter."""
Equation: TypeAlias = dict[str, Any]
"""A "name", the "sign" "=" or "+=", and "tokens"."""

SUM, PRODUCT, POWER, ATOM = range(1, 5)  # what binds tighter is larger


class Told:
    """A number known by what was done to get it.

    Args:
        parts: signs, constants, places of values; and operands, each with how
            tightly it must bind to stand without parentheses.
        binds: how tightly the operation that came last holds its operands.
    """

    def __init__(self, *parts: Any, binds: int = ATOM) -> None:
        self.parts, self.binds = parts, binds

    def __neg__(self) -> "Told":
        return Told("−", (PRODUCT, self), binds=SUM)

    def __add__(self, other: Any) -> "Told":
        if _is(other, 0):
            return self
        return Told((SUM, self), " + ", (PRODUCT, _number(other)), binds=SUM)

    def __radd__(self, other: Any) -> "Told":
        return self if _is(other, 0) else _number(other) + self

    def __sub__(self, other: Any) -> "Told":
        if _is(other, 0):
            return self
        return Told((SUM, self), " − ", (PRODUCT, _number(other)), binds=SUM)

    def __rsub__(self, other: Any) -> "Told":
        return -self if _is(other, 0) else _number(other) - self

    def __mul__(self, other: Any) -> Any:
        if other is self:
            return Told((ATOM, self), "²", binds=POWER)
        if _is(other, 0) or _is(other, 1):
            return self if other else 0
        right = POWER, _number(other)
        return Told((PRODUCT, self), " × ", right, binds=PRODUCT)

    def __rmul__(self, other: Any) -> Any:
        if _is(other, 0) or _is(other, 1):
            return self if other else 0
        return _number(other) * self

    def __truediv__(self, other: Any) -> "Told":
        if _is(other, 1):
            return self
        right = POWER, _number(other)
        return Told((PRODUCT, self), " / ", right, binds=PRODUCT)

    def __rtruediv__(self, other: Any) -> Any:
        return 0 if _is(other, 0) else _number(other) / self

    def __pow__(self, other: Any) -> "Told":
        return Told((ATOM, self), "^", (ATOM, _number(other)), binds=POWER)

    def __rpow__(self, other: Any) -> "Told":
        return _number(other) ** self

    def sqrt(self) -> "Told":
        """A root of it."""
        return Told("√", (ATOM, self), binds=POWER)

    def sign(self) -> "Told":
        """Its sign."""
        return Told("sign", "(", (SUM, self), ")", binds=POWER)

    def clip(self, lower: Any, upper: Any = math.inf) -> "Told":
        """The nearest number to it in an interval."""
        held = "(", (SUM, self), ", ", (SUM, _number(lower))
        if _is(upper, math.inf):
            return Told("max", *held, ")", binds=POWER)
        return Told(
            "clip", *held, ", ", (SUM, _number(upper)), ")", binds=POWER
        )


def equations(
    rule: UpdateRule[..., Any], hyperparameters: Mapping[str, Any], state: Any
) -> list[Equation]:
    """What a rule computes: its new state, field by field, and its step.

    Args:
        rule: the rule.
        hyperparameters: those given to it; the others are at their defaults.
        state: the state that it starts the step from: a field that is None
            there has no value to name.
    """
    usual = {each.name: each.default for each in rule.hyperparameters}
    given = {
        name: value if _is_plain(value) else Told(("given", name))
        for name, value in (usual | dict(hyperparameters)).items()
    }
    if rule.takes_parameter:
        given["parameter"] = Told(("seen", "parameter"))
    before = {
        name: value if value is None else Told(("before", name))
        for name, value in state._asdict().items()
    }
    gradient = Told(("seen", "gradient"))
    step, after = rule.function(gradient, type(state)(**before), **given)
    named = {id(gradient): ("seen", "gradient")}
    lines = []
    for name, value in after._asdict().items():
        if value is not None and value is not before[name]:
            lines.append(_line(name, "=", value, named))
            named.setdefault(id(value), ("after", name))
    return [*lines, _line("parameter", "+=", step, named)]


def text(equation: Equation) -> str:
    """An equation in names: "momentum_buffer = momentum × ..."."""
    words = (x if isinstance(x, str) else x[1] for x in equation["tokens"])
    return f"{equation['name']} {equation['sign']} {''.join(words)}"


def _line(
    name: str, sign: str, number: Any, named: Mapping[int, Token]
) -> Equation:
    tokens = list(_tokens(_number(number), named))
    return {"name": name, "sign": sign, "tokens": tokens}


def _tokens(number: Told, named: Mapping[int, Token]) -> Iterator[Token]:
    """What a number is made of; what has a name already is called by it."""
    for part in number.parts:
        if not isinstance(part, tuple) or isinstance(part[0], str):
            yield part
            continue
        needed, operand = part
        if id(operand) in named:
            yield named[id(operand)]
        elif operand.binds < needed:
            yield "("
            yield from _tokens(operand, named)
            yield ")"
        else:
            yield from _tokens(operand, named)


def _number(operand: Any) -> Told:
    if isinstance(operand, Told):
        return operand
    return Told(f"{operand:g}".replace("-", "−"))


def _is(operand: Any, value: float) -> bool:
    return not isinstance(operand, Told) and operand == value


def _is_plain(value: Any) -> bool:
    """Whether a value is a switch, or a number that leaves nothing to say."""
    return value is None or isinstance(value, bool) or value in (0, 1)
