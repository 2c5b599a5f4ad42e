"""The few operations whose meaning depends on the kind of number.

A rule or a landscape is written for *any* number: a Python float, a Mini-Torch
tensor, a torch tensor, a SymPy expression. `+ - * / **` already mean the right
thing for each of them. The functions here do the same for what Python's
operators leave out. On floats they follow IEEE 754 as torch does: a point
outside the domain gives `nan`, an overflow gives `inf`, nothing raises. Any
other number brings a method of the same name, as tensors do, or comes from a
library with such a function, as NumPy's and SymPy's do, or is registered (a
Fraction, whose roots are no fractions, counts as a float):

    ops.sqrt.register(Interval, root_of_an_interval)
"""

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import singledispatch, wraps
from typing import Any, Protocol, Self, TypeVar, cast, overload

from gradient_ascent import elementary


class Number(Protocol):
    """A float, or anything with its arithmetic."""

    def __neg__(self) -> Self: ...
    def __add__(self, other: Any, /) -> "Number": ...
    def __radd__(self, other: Any, /) -> "Number": ...
    def __sub__(self, other: Any, /) -> "Number": ...
    def __rsub__(self, other: Any, /) -> "Number": ...
    def __mul__(self, other: Any, /) -> "Number": ...
    def __rmul__(self, other: Any, /) -> "Number": ...
    def __truediv__(self, other: Any, /) -> "Number": ...
    def __rtruediv__(self, other: Any, /) -> "Number": ...
    def __pow__(self, other: Any, /) -> "Number": ...
    def __rpow__(self, other: Any, /) -> "Number": ...


N = TypeVar("N", bound=Number)


class Operation(Protocol):
    """An operation on numbers of every kind; of floats it makes a float."""

    @overload
    def __call__(self, x: float, /, *args: float) -> float: ...
    @overload
    def __call__(self, x: Number, /, *args: Any) -> Number: ...
    def register(self, kind: type, function: Callable[..., Any], /) -> Any:
        """Say what the operation is on numbers of a kind."""


def _generic(on_floats: Callable[..., float]) -> Operation:
    """Make `on_floats` the float case; others use what they bring for it."""
    name = on_floats.__name__

    @singledispatch
    @wraps(on_floats)
    def operation(x: Any, *args: Any) -> Any:
        # Registered, it would bring a check that torch.compile cannot follow.
        if isinstance(x, Fraction):
            return on_floats(float(x), *args)
        if hasattr(x, name):
            return getattr(x, name)(*args)
        return _brought(type(x), name)(x, *args)

    operation.register(float, on_floats)
    operation.register(int, on_floats)
    return cast(Operation, operation)


def _brought(kind: type, name: str) -> Callable[..., Any]:
    """Return the function of that name in the package that a number comes from.

    Raises:
        TypeError: There is none.
    """
    library: Any = sys.modules[kind.__module__.partition(".")[0]]
    if hasattr(library, "__path__"):  # a script's own functions mean anything
        if hasattr(library, name):
            function: Callable[..., Any] = getattr(library, name)
            return function
        if name == "clip" and hasattr(library, "Max"):  # SymPy's
            return lambda x, lower, upper=math.inf: library.Min(
                library.Max(x, lower), upper
            )
    raise TypeError(
        f"{name} of a {kind.__name__}: it has no such method; "
        f"say what it is by ops.{name}.register({kind.__name__}, ...)"
    )


@_generic
def sqrt(x: float) -> float:
    """Square root; nan below zero."""
    return math.sqrt(x) if x >= 0 else math.nan


exp = _generic(elementary.exp)


@_generic
def log(x: float) -> float:
    """Natural logarithm; -inf at zero, nan below."""
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


sin = _generic(elementary.sin)
cos = _generic(elementary.cos)


@_generic
def sign(x: float) -> float:
    """-1, 0 or 1, as `x` is below, at or above zero; nan at nan (torch: 0)."""
    return float(bool(x > 0) - bool(x < 0)) if x == x else x


@_generic
def clip(x: float, lower: float, upper: float = math.inf) -> float:
    """The number in [lower, upper] nearest to `x`; nan if one of them is."""
    if math.isnan(x) or math.isnan(lower) or math.isnan(upper):
        return math.nan
    return min(max(x, lower), upper)


@overload
def square(x: float) -> float: ...
@overload
def square(x: Number) -> Number: ...
def square(x: Any) -> Any:
    """The number `x` times itself."""
    return x * x


_FLOATS = (int, float)  # `int | float` would be made anew at each call


@overload
def power(x: float, n: float) -> float: ...
@overload
def power(x: Number, n: Number) -> Number: ...
def power(x: Any, n: Any) -> Any:
    """The number `x` to the power `n`."""
    floats = isinstance(x, _FLOATS) and isinstance(n, _FLOATS)
    return elementary.power(x, n) if floats else x**n


@overload
def maximum(x: float, y: float) -> float: ...
@overload
def maximum(x: Number, y: Number) -> Number: ...
def maximum(x: Any, y: Any) -> Any:
    """The larger of two numbers: one clipped from below at the other."""
    if isinstance(x, _FLOATS):
        x, y = y, x  # where the other is of another kind, it knows how
    return clip(x, y)


GENERIC = (sqrt, exp, log, sin, cos, sign, clip)
"""The operations that ask what kind of number they are given."""
