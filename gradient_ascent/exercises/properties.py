"""What must hold of a reader's code, and what to say where it does not."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradient_ascent.minitorch import Tensor

Point = Sequence[float]
MakeOptimizer = Callable[..., Any]
"""From parameters and hyperparameters it makes an object with `step`."""
PureRule = Callable[..., Any]
"""From a gradient, a state and hyperparameters it gives a step and a state."""
RuleState = float | tuple[float, ...]
"""What a rule remembers: one number, or several."""

_PLACES = 12  # decimals that count: what is smaller is rounding


@dataclass(frozen=True)
class Property:
    """One thing that must hold.

    Attributes:
        what: what is compared, such as "the parameter after one step".
        got: what the reader's code gave: a number, a sequence of them, or
            another value.
        expected: what is right.
        mistakes: what each well-known mistake gives instead, by the sentence
            that helps.
    """

    what: str
    got: Any
    expected: Any
    mistakes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether `got` is what was expected, up to rounding."""
        return agree(self.got, self.expected)

    def complaint(self) -> str:
        """What is wrong, with the numbers, and what may have gone wrong."""
        numbers = f"got {shown(self.got)}, expected {shown(self.expected)}"
        told = f"{self.what}: {numbers}."
        if self.got is None:
            return (
                f"{told} Is it still to be written, or is a `return` missing?"
            )
        for sentence, wrong in self.mistakes.items():
            if agree(self.got, wrong):
                return f"{told} {sentence}"
        return told


def agree(got: Any, expected: Any) -> bool:
    """Whether two values are equal, numbers up to rounding, item by item."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if isinstance(expected, int | float) and isinstance(got, int | float):
        return math.isclose(got, expected, rel_tol=1e-9, abs_tol=10**-_PLACES)
    if isinstance(expected, list | tuple) and isinstance(got, list | tuple):
        return len(got) == len(expected) and all(map(agree, got, expected))
    return bool(got == expected)


def shown(value: Any) -> str:
    """A value in short: floats up to rounding, of a long list the ends."""
    if isinstance(value, float):
        return f"{round(value, _PLACES) + 0.0:.10g}"  # -0.0 + 0.0 is 0.0
    if isinstance(value, list | tuple):
        ends = value if len(value) <= 6 else [*value[:3], ..., *value[-2:]]
        items = ", ".join(
            "..." if each is ... else shown(each) for each in ends
        )
        return f"[{items}]" if isinstance(value, list) else f"({items})"
    return repr(value)


def same_steps(
    theirs: MakeOptimizer,
    ours: MakeOptimizer,
    mistakes: Mapping[str, MakeOptimizer],
    **hyperparameters: float,
) -> Iterator[Property]:
    """The reader's optimizer must make the steps that ours makes.

    Args:
        theirs: the reader's class.
        ours: what it must agree with.
        mistakes: optimizers that make well-known mistakes, by the sentence that
            helps.
        **hyperparameters: given to each of them.
    """
    unmoved = "The parameter has not moved: `step` is still to be written."
    mistakes = {unmoved: _Stays, **mistakes}

    def property_of(what: str, run: Callable[[MakeOptimizer], Any]) -> Property:
        wrong = {sentence: run(make) for sentence, make in mistakes.items()}
        return Property(what, run(theirs), run(ours), wrong)

    def fed(*gradients: Point) -> Callable[[MakeOptimizer], Any]:
        return lambda make: feed(make, gradients, **hyperparameters)

    given = ", ".join(
        f"{name}={value:g}" for name, value in hyperparameters.items()
    )
    yield property_of(f"One step with gradient 2 from 1 ({given})", fed([2.0]))
    yield property_of(
        f"Three steps with gradients 2, -1, 0.5 from 1 ({given})",
        fed([2.0], [-1.0], [0.5]),
    )
    yield property_of(
        f"Two steps with gradients (2, -3), (1, 4) from (1, 1) ({given})",
        fed([2.0, -3.0], [1.0, 4.0]),
    )
    yield property_of(
        f"Twenty steps on 0.1 x1**2 + 2 x2**2 from (-5, -2) ({given})",
        lambda make: descend(make, **hyperparameters),
    )


def same_rule(
    theirs: PureRule,
    ours: PureRule,
    start: RuleState,
    mistakes: Mapping[str, PureRule],
    **hyperparameters: float,
) -> Iterator[Property]:
    """The reader's rule must give the steps, and the state, that ours gives.

    Args:
        theirs: the reader's function.
        ours: what it must agree with.
        start: the state before the first step.
        mistakes: rules that make well-known mistakes, by the sentence that
            helps.
        **hyperparameters: given to each of them.
    """
    given = ", ".join(
        f"{name}={value:g}" for name, value in hyperparameters.items()
    )

    def property_of(what: str, run: Callable[[PureRule], Any]) -> Property:
        wrong = {sentence: run(rule) for sentence, rule in mistakes.items()}
        return Property(f"{what} ({given})", run(theirs), run(ours), wrong)

    def fed(*gradients: float) -> Callable[[PureRule], Any]:
        return lambda rule: steps_of(rule, start, gradients, **hyperparameters)

    def kept(rule: PureRule) -> Any:
        return _pair(rule(2.0, start, **hyperparameters))[1]

    yield property_of("The step for the gradient 2", fed(2.0))
    yield property_of("The steps for 2, -1, 0.5", fed(2.0, -1.0, 0.5))
    yield property_of("The state after the gradient 2", kept)
    yield property_of(
        "Twenty steps on gradients that turn",
        fed(*(math.cos(t) for t in range(20))),
    )


def steps_of(
    rule: PureRule,
    state: RuleState,
    gradients: Sequence[float],
    **hyperparameters: float,
) -> list[float] | float | None:
    """The steps a rule gives for these gradients; None if it gives nothing."""
    steps = []
    for gradient in gradients:
        given_back = rule(gradient, state, **hyperparameters)
        if given_back is None:
            return None
        step, state = _pair(given_back)
        steps.append(step)
    return steps if len(steps) > 1 else steps[0]


def _pair(given_back: Any) -> tuple[Any, Any]:
    if isinstance(given_back, tuple) and len(given_back) == 2:
        return given_back
    raise TypeError(
        "a rule returns two things: "
        f"expected (step, state), got {shown(given_back)}"
    )


def feed(
    make: MakeOptimizer, gradients: Sequence[Point], **hyperparameters: float
) -> float | tuple[float, ...]:
    """Where an optimizer fed these gradients leaves parameters from 1."""
    params = [Tensor(1.0) for _ in gradients[0]]
    optimizer = make(params, **hyperparameters)
    for gradient in gradients:
        for param, slope in zip(params, gradient, strict=True):
            param.grad = slope
        optimizer.step()
    values = tuple(param.value for param in params)
    return values if len(values) > 1 else values[0]


def descend(make: MakeOptimizer, **hyperparameters: float) -> tuple[float, ...]:
    """Where twenty steps on the bowl lead from (-5, -2)."""
    params = [Tensor(-5.0), Tensor(-2.0)]
    optimizer = make(params, **hyperparameters)
    for _ in range(20):
        for param, curvature in zip(params, (0.2, 4.0), strict=True):
            param.grad = curvature * param.value
        optimizer.step()
    return tuple(param.value for param in params)


class _Stays:
    """An optimizer that takes no step."""

    def __init__(
        self, params: Sequence[Tensor], **hyperparameters: float
    ) -> None:
        pass

    def step(self) -> None:
        """Do nothing."""
