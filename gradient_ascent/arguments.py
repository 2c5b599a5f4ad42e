"""What values an argument may take, and the error when it takes another.

The interval stands in the annotation: `lr: NonNegative = 1e-3`, `momentum:
Share = 0.9`.
"""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import wraps
from numbers import Integral, Real
from typing import (
    Annotated,
    Any,
    NamedTuple,
    ParamSpec,
    TypeVar,
    get_args,
    get_type_hints,
)

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


NON_NEGATIVE = Interval(0)
POSITIVE = Interval(0, open_low=True)
SHARE = Interval(0, 1)
"""Momentum, or the decay rate of a moving average."""
FACTOR = Interval(0, 1, open_low=True, open_high=False)
"""What shrinks a number, or leaves it."""

NonNegative = Annotated[float, NON_NEGATIVE]
Positive = Annotated[float, POSITIVE]
Share = Annotated[float, SHARE]
Factor = Annotated[float, FACTOR]


class Argument(NamedTuple):
    """What a signature says of one argument.

    Attributes:
        default: what stands for it; `inspect.Parameter.empty` if nothing does.
        is_flag: whether it must be True or False.
        interval: where it must lie, if that is said.
        notes: all that its annotation carries, from others too.
    """

    default: Any
    is_flag: bool
    interval: Interval | None
    notes: tuple[Any, ...]

    def check(
        self, owner: str, name: str, value: Any, *, any_kind: bool = False
    ) -> None:
        """Raise the error of `owner` unless the argument may be `value`.

        With `any_kind` a number may be of any kind (see `has_arithmetic`), and
        only a real one must lie in its interval.
        """
        if value is None and self.default is None:
            return
        if self.is_flag:
            right, kind = isinstance(value, bool), "True or False"
        elif self.interval is None or (any_kind and has_arithmetic(value)):
            return
        else:
            right = isinstance(value, Real) and not isinstance(value, bool)
            kind = "a real number"
        if not right:
            got = f"{value!r} ({type(value).__name__})"
            raise TypeError(f"{owner}: {name} must be {kind}, got {got}")
        if self.interval is not None and value not in self.interval:
            allowed = f"must lie in {self.interval}"
            raise ValueError(f"{owner}: {name} {allowed}, got {value!r}")


class Arguments(dict[str, Argument]):
    """What the signature of a function says of its arguments, by their names.

    It is read once, and then checks any number of calls.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        hints = get_type_hints(function, include_extras=True)
        parameters = inspect.signature(function).parameters
        for name, parameter in parameters.items():
            hint = hints.get(name)
            noted = notes(hint)
            within = [note for note in noted if isinstance(note, Interval)]
            self[name] = Argument(
                parameter.default, bool in (hint, *get_args(hint)),
                within[0] if within else None, noted,
            )  # fmt: skip
        kinds = [p.kind for p in parameters.values()]
        self.takes_any = inspect.Parameter.VAR_KEYWORD in kinds
        self.owner = function.__qualname__.removesuffix(".__init__")

    def check(
        self, given: Mapping[str, Any], *, any_kind: bool = False
    ) -> None:
        """Check named arguments, as `check` and `Argument.check` do."""
        for name, value in given.items():
            if name in self:
                self[name].check(self.owner, name, value, any_kind=any_kind)
            elif not self.takes_any:
                raise TypeError(
                    f"{self.owner} takes no argument {name!r}; "
                    f"it takes {', '.join(self)}{meant(name, self)}"
                )


def check(function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Check named `arguments` against the annotations of `function`.

    Raises:
        TypeError: an argument that `function` does not have, or one that is not
            the real number or the bool it should be.
        ValueError: a number outside the interval its annotation allows.
    """
    Arguments(function).check(arguments)


def meant(name: str, known: Iterable[str]) -> str:
    """A question whether another name was meant; empty if none is close."""
    names = [*known]
    if name == "learning_rate" and "lr" in names:  # as others call it
        return "; did you mean lr?"
    close = get_close_matches(name.lower(), names, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def has_arithmetic(value: object) -> bool:
    """Whether a value is a number of a kind of its own: a tensor, a symbol.

    Where it lies cannot be asked.
    """
    if type(value).__module__ == "builtins" or isinstance(value, Real):
        return False
    return hasattr(value, "__rsub__")


def notes(hint: Any) -> tuple[Any, ...]:
    """What stands beside the type in `Annotated`, or in `Fraction | None`."""
    return tuple(
        note
        for each in (hint, *get_args(hint))
        for note in getattr(each, "__metadata__", ())
    )


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Check the arguments of every call to `function` before it runs."""
    signature = inspect.signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        check(function, signature.bind(*args, **kwargs).arguments)
        return function(*args, **kwargs)

    return call


def check_whole(owner: str, name: str, number: object, *, least: int) -> None:
    """Check that an argument of `owner` is whole, and not below `least`."""
    if isinstance(number, bool) or not isinstance(number, Integral):
        got = f"{number!r} ({type(number).__name__})"
        raise TypeError(f"{owner}: {name} must be an int, got {got}")
    if int(number) < least:
        raise ValueError(
            f"{owner}: {name} must be {least} or more, got {number}"
        )
