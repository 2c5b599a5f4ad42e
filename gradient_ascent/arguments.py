"""What values an argument may take, and the error when it takes another.

The interval stands in the annotation: `lr: NonNegative = 1e-3`, `momentum:
Fraction = 0.9`.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from functools import wraps
from numbers import Real
from typing import (
    Annotated,
    Any,
    NamedTuple,
    ParamSpec,
    TypeVar,
    get_args,
    get_type_hints,
)

from gradient_ascent.ops import Number

P = ParamSpec("P")
R = TypeVar("R")


class Interval(NamedTuple):
    """The real numbers from `low` to `high`, with each end that is not open."""

    low: float
    high: float = math.inf
    open_low: bool = False
    open_high: bool = True

    def __contains__(self, x: object) -> bool:
        """Whether the number `x` lies in the interval; nan lies in none."""
        number = float(x)  # type: ignore[arg-type]
        above = self.low < number if self.open_low else self.low <= number
        below = number < self.high if self.open_high else number <= self.high
        return above and below

    def __str__(self) -> str:
        low, high = "[("[self.open_low], "])"[self.open_high]
        return f"{low}{self.low:g}, {self.high:g}{high}"


NonNegative = Annotated[Number, Interval(0)]
Positive = Annotated[Number, Interval(0, open_low=True)]
Fraction = Annotated[Number, Interval(0, 1)]
"""A share in [0, 1): momentum, or the decay rate of a moving average."""
Factor = Annotated[Number, Interval(0, 1, open_low=True, open_high=False)]
"""A factor in (0, 1] that shrinks what it multiplies, or leaves it."""


def check(function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Check named `arguments` against the annotations of `function`.

    Raises:
        TypeError: an argument that `function` does not have, or one that is not
            the real number or the bool it should be.
        ValueError: a number outside the interval its annotation allows.
    """
    parameters = inspect.signature(function).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    hints = get_type_hints(function, include_extras=True)
    owner = function.__qualname__.removesuffix(".__init__")
    for name, value in arguments.items():
        if name not in parameters:
            if takes_any:
                continue
            known = ", ".join(parameters)
            raise TypeError(
                f"{owner} takes no argument {name!r}; it takes {known}"
            )
        if value is None and parameters[name].default is None:
            continue
        hint = hints.get(name)
        got = f"{value!r} ({type(value).__name__})"
        if bool in (hint, *get_args(hint)) and not isinstance(value, bool):
            raise TypeError(f"{owner}: {name} must be True or False, got {got}")
        for interval in _intervals(hint):
            if isinstance(value, bool) or not isinstance(value, Real):
                raise TypeError(
                    f"{owner}: {name} must be a real number, got {got}"
                )
            if value not in interval:
                allowed = f"must lie in {interval}"
                raise ValueError(f"{owner}: {name} {allowed}, got {value!r}")


def _intervals(hint: Any) -> list[Interval]:
    """An annotation's intervals, or in `Fraction | None` its members'."""
    members = (hint, *get_args(hint))
    return [
        note for each in members for note in getattr(each, "__metadata__", ())
    ]


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Check the arguments of every call to `function` before it runs."""
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        check(function, signature.bind(*args, **kwargs).arguments)
        return function(*args, **kwargs)

    return call


def check_whole(owner: str, name: str, number: object, *, least: int) -> None:
    """Check that an argument of `owner` is an int, and not below `least`."""
    if isinstance(number, bool) or not isinstance(number, int):
        got = f"{number!r} ({type(number).__name__})"
        raise TypeError(f"{owner}: {name} must be an int, got {got}")
    if number < least:
        raise ValueError(
            f"{owner}: {name} must be {least} or more, got {number}"
        )
