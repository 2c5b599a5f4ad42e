"""A rule writes its own kernel: it is run on numbers that note what is done.

What is the same for every element (1 - β^t, a schedule, a bias correction) is
worked out by Python meanwhile, and enters the program as constant c0, c1, ...
So the text stays the same from step to step, whatever the rates are, and is
compiled once. Where Python may not look, because a number is a tensor on a GPU,
its lines are written too, apart from those of the elements.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from torch import Tensor

from gradient_ascent.optim.engines import Slot, StepOptions, ascend

PARAMETER, GRADIENT, STEP = "p", "g", "step"

K = TypeVar("K")
_log = logging.getLogger(__name__)


class KernelError(Exception):
    """There is no kernel: no compiler, or not for this program."""


def no_kernel(why: str) -> KernelError:
    """Say, once, why torch's own kernels take over; return the error."""
    _tell(f"torch's own kernels move what ours cannot: {why}")
    return KernelError(why)


@cache
def _tell(sentence: str) -> None:
    _log.info(sentence)


def found(kept: dict[str, Any], text: str, make: Callable[[str], K]) -> K:
    """What was made of a text; what has failed is not tried again.

    Raises:
        KernelError: It cannot be made here.
    """
    if text not in kept:
        try:
            kept[text] = make(text)
        except Exception as error:  # whatever a compiler or a disk can do
            kept[text] = no_kernel(str(error))
    if isinstance(kept[text], KernelError):
        raise kept[text]
    made: K = kept[text]
    return made


class Part(NamedTuple):
    """Lines, and the values of the constants c0, c1, ... in them.

    Attributes:
        lines: pairs of a name and the expression that it stands for.
        constants: as they are at this step.
    """

    lines: list[tuple[str, str]]
    constants: list[float]

    def operand(self, number: Any) -> str:
        """What a number is called: an element's name, or a new constant's."""
        if isinstance(number, Element):
            return number.name
        self.constants.append(float(number))
        return f"c{len(self.constants) - 1}"


class Program:
    """What a rule has written.

    Attributes:
        body: what is done to each element.
        stores: what goes back to memory, by the names of what lies there.
        head: what is done once for each tensor, with numbers that are unseen.
        passed: names in the head that the body, or `stores`, takes from it.
        unseen: those numbers, by name.
        rounding: the key by which a state in bfloat16 is rounded by chance;
            None for to the nearest.
    """

    def __init__(self) -> None:
        self.body, self.head = Part([], []), Part([], [])
        self.stores: dict[str, str] = {}
        self.passed: list[str] = []
        self.unseen: dict[str, Tensor] = {}
        self.rounding: int | None = None

    def emit(self, form: str, *numbers: Any) -> Element:
        """Write a line; return the number that it makes."""
        shared = all(x.shared for x in numbers if isinstance(x, Element))
        part = self.head if shared else self.body
        name = f"t{len(self.body.lines) + len(self.head.lines)}"
        part.lines.append((name, form.format(*map(part.operand, numbers))))
        if not shared:
            self.take(numbers)
        return Element(self, name, shared)

    def take(self, numbers: Iterable[Any]) -> None:
        """Note which of them the head passes on."""
        for x in numbers:
            shared = isinstance(x, Element) and x.shared
            if shared and x.name not in self.passed:
                self.passed.append(x.name)

    def given(self, name: str, value: Any) -> Any:
        """A number as it is; an unseen one as an element of that name."""
        if not isinstance(value, Tensor):
            return value
        self.unseen[name] = value
        return Element(self, name, shared=True)


def _binary(form: str) -> Callable[[Element, Any], Element]:
    return lambda self, other: self.program.emit(form, self, other)


def _unary(form: str) -> Callable[[Element], Element]:
    return lambda self: self.program.emit(form, self)


class Element:
    """One element of a tensor, as a program sees it: a name.

    Attributes:
        shared: whether it is the same for all elements of a tensor.
    """

    __slots__ = ("name", "program", "shared")

    def __init__(
        self, program: Program, name: str, shared: bool = False
    ) -> None:
        self.program, self.name, self.shared = program, name, shared

    def __bool__(self) -> bool:
        raise TypeError("a rule may not ask what the value of a number is")

    __neg__ = _unary("-{0}")
    __add__ = __radd__ = _binary("{0} + {1}")
    __sub__, __rsub__ = _binary("{0} - {1}"), _binary("{1} - {0}")
    __mul__ = __rmul__ = _binary("{0} * {1}")
    __truediv__ = _binary("DIV({0}, {1})")
    __rtruediv__ = _binary("DIV({1}, {0})")
    __pow__ = _binary("POW({0}, {1})")
    __rpow__ = _binary("POW({1}, {0})")
    sqrt, exp, log = (
        _unary("SQRT({0})"),
        _unary("EXP({0})"),
        _unary("LOG({0})"),
    )
    sin, cos, sign = (
        _unary("SIN({0})"),
        _unary("COS({0})"),
        _unary("SIGN({0})"),
    )
    _at_least, _at_most = (
        _binary("MAX({0}, {1})"),
        _binary("MIN({0}, {1})"),
    )

    def clip(self, lower: Any, upper: Any = math.inf) -> Element:
        """The number in [lower, upper] nearest to this."""
        clipped = self._at_least(lower)
        unbounded = isinstance(upper, float) and upper == math.inf
        return clipped if unbounded else clipped._at_most(upper)


def write(options: StepOptions, fields: Sequence[str]) -> Program:
    """Take the step on Elements, as `engines.ascend` takes it on tensors.

    Args:
        options: its tensors, if it has any, are those that are unseen.
        fields: names of the state tensors.
    """
    program = Program()
    p, g, *kept = (
        Element(program, name) for name in (PARAMETER, GRADIENT, *fields)
    )
    given = options.hyperparameters.items()
    options = options._replace(
        steps=program.given(STEP, options.steps),
        hyperparameters={k: program.given(k, v) for k, v in given},
    )
    step, new = ascend(options, Slot(p, g, dict(zip(fields, kept))))
    after = {PARAMETER: p - step, **new}
    program.take(after.values())
    program.rounding = options.rounding
    program.stores = {k: program.body.operand(x) for k, x in after.items()}
    return program
