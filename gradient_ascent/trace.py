"""Run a rule on a landscape, and keep what the run leaves behind."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import signature
from numbers import Real
from types import FunctionType
from typing import Any, Literal, TypeVar, cast

from gradient_ascent.arguments import (
    Arguments,
    NonNegative,
    Positive,
    check_whole,
    checked,
    meant,
)
from gradient_ascent.landscapes import LANDSCAPES, Landscape, Point
from gradient_ascent.rules import RULES, Rule, UpdateRule, uphill
from gradient_ascent.rules.declaration import takes_parameter

T = TypeVar("T")

Ending = Literal["steps", "converged", "diverged", "not finite"]
"""What ends a run: see `Trace`."""


@dataclass
class Trace:
    """What a run leaves behind.

    Entry 0 of `positions`, `objective`, `gradients` and `gradient_norm` belongs
    to the start, entry t to the point after step t.

    Attributes:
        rule: the rule's name.
        landscape: the landscape it ran on.
        maximize: whether it climbed.
        hyperparameters: those given to the rule.
        positions: the points visited, each a tuple of coordinates.
        objective: the landscape's height at each of them.
        gradients: the landscape's gradient at each of them.
        gradient_norm: the Euclidean length of it.
        moves: each step, as the rule gave it; one entry fewer.
        step_size: the Euclidean length of each step.
        states: the state that each step leaves, one for each coordinate.
        ended: "steps" (all were taken), "converged" (gradient and step within
            the tolerance), "diverged" (left the landscape far behind) or "not
            finite" (the next point is inf or nan, and is left out).
    """

    rule: str
    landscape: Landscape
    maximize: bool
    hyperparameters: dict[str, Any]
    positions: list[Point] = field(default_factory=list)
    objective: list[float] = field(default_factory=list)
    gradients: list[Point] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    moves: list[Point] = field(default_factory=list)
    step_size: list[float] = field(default_factory=list)
    states: list[list[Any]] = field(default_factory=list)
    ended: Ending = "steps"

    def __len__(self) -> int:
        """How many steps were taken."""
        return len(self.step_size)

    def _visit(
        self,
        position: Point,
        height: float,
        gradient: Point,
        moves: Point | None,
        states: list[Any],
    ) -> None:
        if not all(map(math.isfinite, (*position, height, *gradient))):
            raise ArithmeticError
        self.positions.append(position)
        self.objective.append(height)
        self.gradients.append(gradient)
        self.gradient_norm.append(math.hypot(*gradient))
        if moves is not None:
            self.moves.append(moves)
            self.step_size.append(math.hypot(*moves))
            self.states.append(states)

    def _verdict(self, tolerance: float, bound: float) -> Ending:
        last_step = self.step_size[-1] if self.step_size else 0.0
        if max(self.gradient_norm[-1], last_step) <= tolerance:
            return "converged"
        for x, (low, high) in zip(
            self.positions[-1], self.landscape.domain, strict=True
        ):
            if abs(x - (low + high) / 2) > bound * (high - low) / 2:
                return "diverged"
        return "steps"

    def __str__(self) -> str:
        how = "after all its steps" if self.ended == "steps" else self.ended
        point = ", ".join(f"{x:.6g}" for x in self.positions[-1])
        return (
            f"{self.rule} on {self.landscape.name}: {how} at step {len(self)}, "
            f"objective {self.objective[-1]:.6g} at ({point})"
        )


@checked
def run(
    rule: str | Rule,
    landscape: str | Landscape,
    start: float | Sequence[float] | None = None,
    *,
    steps: int = 100,
    maximize: bool | None = None,
    tolerance: NonNegative = 1e-10,
    bound: Positive = 1e3,
    **hyperparameters: Any,
) -> Trace:
    """Run `rule` on `landscape` and return the trace.

    Args:
        rule: an update rule, or its name in `rules.RULES`. It runs on each
            coordinate with a state of its own.
        landscape: a landscape, or its name in `landscapes.LANDSCAPES`.
        start: the first point, a number, several or an array of them; the
            landscape's own by default.
        steps: how many steps to take at most.
        maximize: climb (True) or descend (False); by default towards the
            landscape's known optima.
        tolerance: converged when neither the gradient nor the last step is
            longer than this.
        bound: diverged when a coordinate is farther from the domain's middle
            than this many half-widths.
        **hyperparameters: passed on to the rule.

    Raises:
        TypeError: an argument of the wrong kind, or one that the rule does not
            take.
        ValueError: an unknown name, or a number outside its interval.
    """
    rule = _named("rule", rule, RULES, (FunctionType, UpdateRule))
    landscape = _named("landscape", landscape, LANDSCAPES, (Landscape,))
    _check_hyperparameters(rule, hyperparameters)
    check_whole("run", "steps", steps, least=0)
    climb = landscape.maximize if maximize is None else maximize
    trace = Trace(rule.__name__, landscape, climb, hyperparameters)
    take_step: Callable[..., Any] = (
        rule.function if isinstance(rule, UpdateRule) else rule
    )
    with_parameter = takes_parameter(rule)
    position, moves = _point(start, landscape), None
    states: list[Any] = []  # before the first step the rule has its own start
    try:
        while True:
            height, gradient = landscape.value_and_gradient(position)
            trace._visit(position, height, gradient, moves, states)
            trace.ended = trace._verdict(tolerance, bound)
            if trace.ended != "steps" or len(trace) == steps:
                return trace
            uphills = [uphill(slope, maximize=climb) for slope in gradient]
            held: list[tuple[Any, ...]] = [(s,) for s in states]
            held = held or [()] * len(position)
            updates = [
                take_step(
                    g, *s, **hyperparameters,
                    **{"parameter": x} if with_parameter else {},
                )
                for x, g, s in zip(position, uphills, held)
            ]  # fmt: skip
            moves = tuple(move for move, _ in updates)
            states = [state for _, state in updates]
            position = tuple(x + move for x, move in zip(position, moves))
    except (
        ArithmeticError
    ):  # raised by _visit, or by a float operation that overflows
        if not trace.positions:
            at = f"run: {landscape.name} is not finite at start {position}"
            raise ValueError(at) from None
        trace.ended = "not finite"
        return trace


def _check_hyperparameters(rule: Rule, given: Mapping[str, Any]) -> None:
    arguments = Arguments(rule)
    of_rule = [x for x in arguments if x not in ("gradient", "state")]
    known = [*of_rule, *signature(run).parameters]
    for name in given:
        if name not in arguments and not arguments.takes_any:
            raise TypeError(
                f"{rule.__name__} takes no argument {name!r}, nor does run; "
                f"it takes {', '.join(arguments)}{meant(name, known)}"
            )
    arguments.check(given)


def _named(
    argument: str, given: Any, known: Mapping[str, T], kinds: tuple[type, ...]
) -> T:
    if isinstance(given, kinds):
        return cast(T, given)
    if not isinstance(given, str):
        kind = kinds[0].__name__
        takes = f"{argument} must be a {kind} or the name of a known one"
        raise TypeError(f"run: {takes}, got {given!r}")
    if given not in known:
        names = ", ".join(known)
        raise ValueError(
            f"run: {argument} must be one of {names}; got {given!r}"
            f"{meant(given, known)}"
        )
    return known[given]


def _point(
    start: float | Sequence[float] | None, landscape: Landscape
) -> Point:
    if start is None:
        start = landscape.start
    numbers = start.tolist() if hasattr(start, "tolist") else start  # an array
    point = numbers if isinstance(numbers, Sequence) else (numbers,)
    if not all(isinstance(x, Real) for x in point):
        raise TypeError(
            f"run: start must hold real numbers only, got {start!r}"
        )
    if len(point) != landscape.dimension:
        takes = f"start must have {landscape.dimension} coordinate(s)"
        raise ValueError(f"run: {takes} on {landscape.name}, got {start!r}")
    return tuple(map(float, point))
