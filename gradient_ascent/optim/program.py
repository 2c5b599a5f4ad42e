"""A rule writes its own kernel: it is run on numbers that note what is done.

What is the same for every element (1 - β^t, a schedule, a bias correction) is
worked out by Python meanwhile, and enters the program as constant c0, c1, ...
So the text stays the same from step to step, whatever the rates are, and is
compiled once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradient_ascent.optim.engines import Slot, StepOptions, ascend

PARAMETER, GRADIENT = "p", "g"


class Program:
    """The lines that a rule has written, and the constants that it has met.

    Attributes:
        lines: pairs of a name and the expression that it stands for.
        constants: the values of c0, c1, ... at this step.
        stores: what goes back to memory, by the names of what lies there.
    """

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.constants: list[float] = []
        self.stores: dict[str, str] = {}

    def emit(self, expression: str) -> Element:
        """Write a line; return the number that it makes."""
        name = f"t{len(self.lines)}"
        self.lines.append((name, expression))
        return Element(self, name)

    def operand(self, number: Any) -> str:
        """What a number is called: an element's name, or a new constant's."""
        if isinstance(number, Element):
            return number.name
        self.constants.append(float(number))
        return f"c{len(self.constants) - 1}"


def _binary(form: str) -> Callable[[Element, Any], Element]:
    def operation(self: Element, other: Any) -> Element:
        other = self.program.operand(other)
        return self.program.emit(form.format(self=self.name, other=other))

    return operation


def _unary(form: str) -> Callable[[Element], Element]:
    return lambda self: self.program.emit(form.format(self=self.name))


class Element:
    """One element of a tensor, as a program sees it: a name."""

    __slots__ = ("name", "program")

    def __init__(self, program: Program, name: str) -> None:
        self.program, self.name = program, name

    def __bool__(self) -> bool:
        raise TypeError("a rule may not ask what the value of a number is")

    __neg__ = _unary("-{self}")
    __add__ = __radd__ = _binary("{self} + {other}")
    __sub__, __rsub__ = _binary("{self} - {other}"), _binary("{other} - {self}")
    __mul__ = __rmul__ = _binary("{self} * {other}")
    __truediv__ = _binary("{self} / {other}")
    __rtruediv__ = _binary("{other} / {self}")
    __pow__ = _binary("POW({self}, {other})")
    __rpow__ = _binary("POW({other}, {self})")
    sqrt, exp, log = (
        _unary("SQRT({self})"),
        _unary("EXP({self})"),
        _unary("LOG({self})"),
    )
    sin, cos, sign = (
        _unary("SIN({self})"),
        _unary("COS({self})"),
        _unary("SIGN({self})"),
    )
    _at_least, _at_most = (
        _binary("MAX({self}, {other})"),
        _binary("MIN({self}, {other})"),
    )

    def clip(self, lower: Any, upper: Any = math.inf) -> Element:
        """The number in [lower, upper] nearest to this."""
        clipped = self._at_least(lower)
        unbounded = isinstance(upper, float) and upper == math.inf
        return clipped if unbounded else clipped._at_most(upper)


def write(options: StepOptions, fields: Sequence[str]) -> Program:
    """Take the step on Elements, as `engines.ascend` takes it on tensors."""
    program = Program()
    p, g, *kept = (
        Element(program, name) for name in (PARAMETER, GRADIENT, *fields)
    )
    step, new = ascend(options, Slot(p, g, dict(zip(fields, kept))))
    after = {PARAMETER: p - step, **new}
    program.stores = {k: program.operand(each) for k, each in after.items()}
    return program
