"""Objective functions with known optima, written for any kind of number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from inspect import Parameter, signature
from math import e, pi
from numbers import Real
from pickle import PicklingError
from pkgutil import resolve_name
from types import FunctionType
from typing import Any, Self, TypeAlias

from gradient_ascent.minitorch import Tensor
from gradient_ascent.ops import N, Number, cos, exp, sqrt

Point: TypeAlias = tuple[float, ...]
"""A number for each coordinate."""


@dataclass(frozen=True)
class Landscape:
    """A function of one or more coordinates, and what is known of it.

    Call it with one number a coordinate: floats, Mini-Torch or torch tensors,
    or any kind that `ops` knows (NumPy arrays once `plots` is imported).

    It is pickled, as a function is, by the name that it or its function has in
    a module.

    Attributes:
        function: the function itself; its docstring says where it comes from.
            It may take more than the coordinates, if by default.
        domain: for each coordinate the interval (low, high) on which it is
            usually studied.
        optima: its global maxima if `maximize`, else its global minima; empty
            where it has none.
        start: where a run begins unless told otherwise.
        maximize: whether its known optima are maxima. A run goes that way
            unless told otherwise.
        saddles: the saddle points that it is studied for.
    """

    function: Callable[..., Any]
    domain: tuple[tuple[float, float], ...]
    start: Point
    optima: tuple[Point, ...] = ()
    maximize: bool = False
    saddles: tuple[Point, ...] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The names of its coordinates; those of `*x` are x1, x2, ..."""
        names: list[str] = []
        for name, parameter in signature(self.function).parameters.items():
            if parameter.kind is Parameter.VAR_POSITIONAL:
                left = self.dimension - len(names)
                names += [f"{name}{i + 1}" for i in range(left)]
            else:
                names.append(name)
        return tuple(names[: self.dimension])

    @property
    def dimension(self) -> int:
        """How many coordinates it takes."""
        return len(self.domain)

    def __call__(self, *coordinates: N) -> N:
        """The height at a point."""
        height: N = self.function(*coordinates)
        return height

    def value_and_gradient(
        self, position: Sequence[float]
    ) -> tuple[float, Point]:
        """The height at a point and the gradient there, by Mini-Torch.

        Raises:
            TypeError: the function returns no number.
            ValueError: `position` has not one number for each coordinate.
        """
        if len(position) != self.dimension:
            takes = f"position must have {self.dimension} coordinate(s)"
            raise ValueError(
                f"{self.name}: {takes}, got {len(position)}: {position!r}"
            )
        coordinates = [Tensor(x) for x in position]
        height = self.function(*coordinates)
        if isinstance(height, Real):  # it depends on none of them
            height = Tensor(float(height))
        if not isinstance(height, Tensor):
            got = f"{height!r} ({type(height).__name__})"
            raise TypeError(f"{self.name} must return a number, got {got}")
        height.backward()
        return height.value, tuple(x.grad for x in coordinates)

    def gradient(self, position: Sequence[float]) -> Point:
        """The gradient at a point; raises as `value_and_gradient`."""
        return self.value_and_gradient(position)[1]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Nothing in it can change."""
        return self

    def __copy__(self) -> Self:
        """Nothing in it can change."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """By name, or in parts where that is its function's.

        Raises:
            PicklingError: no name leads to either.
        """
        function = self.function
        if isinstance(function, FunctionType):
            place = f"{function.__module__}:{function.__qualname__}"
            try:
                found = resolve_name(place)
            except (AttributeError, ImportError, ValueError):
                found = None
            if found is self:
                return resolve_name, (place,)
            if found is not function:
                raise PicklingError(
                    f"landscape {self.name} cannot be pickled: no name leads "
                    f"to its function ({place}); define it by `def` outside "
                    "of other functions, each by a name of its own"
                )
        return Landscape, tuple(getattr(self, f.name) for f in fields(self))


def landscape(
    *,
    domain: Sequence[tuple[float, float]],
    start: Point,
    minima: Sequence[Point] = (),
    maxima: Sequence[Point] = (),
    saddles: Sequence[Point] = (),
) -> Callable[[Callable[..., Number]], Landscape]:
    """Turn a function into a `Landscape`.

    Raises:
        ValueError: both minima and maxima are given; a run has one direction.
    """
    if minima and maxima:
        raise ValueError("landscape: give minima or maxima, not both")

    def wrap(function: Callable[..., Number]) -> Landscape:
        return Landscape(
            function=function,
            domain=tuple(domain),
            start=start,
            optima=tuple(maxima or minima),
            maximize=bool(maxima),
            saddles=tuple(saddles),
        )

    return wrap


@landscape(domain=[(-12, 12)], start=(10,), minima=[(0,)])
def parabola(p: Number) -> Number:
    """p²: one coordinate, one curvature."""
    return p**2


@landscape(domain=[(-2, 2), (-12, 12)], start=(1.5, 10), minima=[(0, 0)])
def ravine(p0: Number, p1: Number) -> Number:
    """50 p₀² + p₁²: fifty times as sensitive to one coordinate."""
    return 50 * p0**2 + p1**2


@landscape(domain=[(-6, 6), (-3, 3)], start=(-5, -2), minima=[(0, 0)])
def bowl(x1: Number, x2: Number) -> Number:
    """0.1 x₁² + 2 x₂²: a bowl twenty times as steep one way as the other."""
    return 0.1 * x1**2 + 2 * x2**2


@landscape(domain=[(-2, 2), (-2, 2)], start=(-1.5, 0.001), saddles=[(0, 0)])
def saddle(x: Number, y: Number) -> Number:
    """x² - y²: flat at the origin, no extremum; unbounded both ways."""
    return x**2 - y**2


@landscape(domain=[(-2, 2), (-1, 3)], start=(-1.2, 1), minima=[(1, 1)])
def rosenbrock(x: Number, y: Number) -> Number:
    """A curved valley, steep across, nearly flat along (Rosenbrock, 1960)."""
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


@landscape(
    domain=[(-5, 5), (-5, 5)],
    start=(-0.5, -1),
    minima=[
        (3, 2),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    ],
)
def himmelblau(x: Number, y: Number) -> Number:
    """Four minima, all of height zero (Himmelblau, 1972)."""
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


@landscape(
    domain=[(-5.12, 5.12), (-5.12, 5.12)], start=(2.2, -1.6), minima=[(0, 0)]
)
def rastrigin(x: Number, y: Number) -> Number:
    """A bowl with a dimple near every pair of integers (Rastrigin, 1974)."""
    return 20 + x**2 - 10 * cos(2 * pi * x) + y**2 - 10 * cos(2 * pi * y)


@landscape(domain=[(-4.5, 4.5), (-4.5, 4.5)], start=(1, 1.5), minima=[(3, 0.5)])
def beale(x: Number, y: Number) -> Number:
    """Sharp walls around a flat bottom (Beale, 1958)."""
    return (
        (1.5 - x + x * y) ** 2
        + (2.25 - x + x * y**2) ** 2
        + (2.625 - x + x * y**3) ** 2
    )


@landscape(domain=[(-5, 5), (-5, 5)], start=(2.7, -1.8), minima=[(0, 0)])
def ackley(x: Number, y: Number) -> Number:
    """A funnel in a rippled plain, a cone at its bottom (Ackley, 1987)."""
    funnel = -20 * exp(-0.2 * sqrt((x**2 + y**2) / 2))
    ripples = -exp((cos(2 * pi * x) + cos(2 * pi * y)) / 2)
    return funnel + ripples + 20 + e


HILLS = (
    (1.0, (1.6, 1.2), 1.5),
    (0.7, (-1.6, 1.8), 1.0),
    (0.85, (-1.9, -1.5), 1.3),
    (0.6, (1.3, -1.9), 0.9),
)
"""Of `peaks`: the height of each hill alone, its middle, and its width."""


@landscape(
    domain=[(-4, 4), (-4, 4)],
    start=(-0.3, 1.1),
    maxima=[(1.5999089638718637, 1.1999502360104836)],
)
def peaks(x: Number, y: Number) -> Number:
    """Four Gaussian hills on a plain; one of their summits is the highest."""
    return sum(
        height * exp(-((x - a) ** 2 + (y - b) ** 2) / width)
        for height, (a, b), width in HILLS
    )


LANDSCAPES: dict[str, Landscape] = {
    each.name: each
    for each in (
        parabola, ravine, bowl, saddle, rosenbrock,
        himmelblau, rastrigin, beale, ackley, peaks,
    )
}  # fmt: skip
"""Every landscape, by its name."""
