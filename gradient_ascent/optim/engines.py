"""The engines: one rule, run on the kind of number that suits the machine.

- reference: a tensor at a time. Autograd can differentiate through it.
- foreach: a `TensorList`, all tensors at once, one operation at a time.
- compiled: the whole rule in one pass over memory.

The last two take large tensors as they are, and small ones packed into one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch._utils import (
    _flatten_dense_tensors,
    _unflatten_dense_tensors,
)

from gradient_ascent import ops
from gradient_ascent.optim.tensor_list import TensorList
from gradient_ascent.rules import Rule, decayed, uphill

PACKED = 2**16
"""Tensors with fewer elements than this share one flat tensor."""

PIECE = 2**20
"""So many elements, and what a rule computes of them, stay in a CPU's cache."""


class Slot(NamedTuple):
    """A parameter to move, and what is its own; complex as pairs of reals.

    Attributes:
        parameter: what moves.
        gradient: its gradient, as autograd left it.
        kept: the state tensors of its shape, by their names in the state.
        step: the count of its steps, if the optimizer keeps one.
    """

    parameter: Any
    gradient: Any
    kept: dict[str, Any]
    step: Tensor | None = None

    def tensors(self) -> list[Tensor]:
        """All of the parameter's shape; a step changes all but the last."""
        return [self.parameter, *self.kept.values(), self.gradient]

    def is_flat(self) -> bool:
        """Whether element i of each tensor lies i places after the first."""
        return all(map(Tensor.is_contiguous, self.tensors()))


def columns_of(slots: Sequence[Slot]) -> list[list[Tensor]]:
    """The slots' tensors as torch's kernels take them: one list for each."""
    rows = [(s.parameter, s.gradient, *s.kept.values()) for s in slots]
    return [list(column) for column in zip(*rows)]


def steps_of(slots: Sequence[Slot]) -> list[Tensor]:
    """The slots' step counts, on the device of their parameters."""
    steps = [slot.step for slot in slots if slot.step is not None]
    return [step.to(s.parameter.device) for step, s in zip(steps, slots)]


def rounded_alike(
    gradients: list[Tensor], maximize: bool
) -> tuple[list[Tensor], bool]:
    """What to tell a kernel that rounds up and down apart on a GPU.

    Args:
        gradients: of one device.
        maximize: the way to go.

    Returns:
        Gradients and a way that lead to the same place.
    """
    if maximize or not gradients[0].is_cuda:
        return gradients, maximize
    return list(torch._foreach_neg(gradients)), True


class Move(NamedTuple):
    """What the slots that move together have in common.

    Attributes:
        rule: the update rule.
        start: its state before the first step.
        maximize: whether to climb.
        hyperparameters: what the rule is called with.
        weight_decay: λ of the penalty (λ/2) |θ|²; None for no penalty.
        shrink: a factor on the parameter before the step; None for none.
        steps: how many steps they have taken: one number, or a tensor each.
        fresh: whether their state is still the first.
    """

    rule: Rule
    start: Any
    maximize: bool
    hyperparameters: dict[str, Any]
    weight_decay: Any = None
    shrink: Any = None
    steps: Any = 0
    fresh: bool = False


def ascend(move: Move, slot: Slot) -> dict[str, Any]:
    """Take the step, on any kind of tensor; return the new state tensors."""
    # torch's state, and so ours, averages the gradient of what is to shrink.
    # Rules are odd, so they take that gradient too: the step is subtracted.
    gradient = uphill(slot.gradient, maximize=not move.maximize)
    if move.weight_decay is not None:
        gradient = decayed(
            gradient, slot.parameter, weight_decay=-move.weight_decay
        )
    # A state that starts as None takes its first gradient in a way of its own.
    state = {
        name: None
        if move.fresh and getattr(move.start, name) is None
        else value
        for name, value in slot.kept.items()
    }
    if "step" in move.start._fields:
        state["step"] = move.steps
    step, new = move.rule(
        gradient, move.start._replace(**state), **move.hyperparameters
    )
    if move.shrink is not None:
        slot.parameter.mul_(move.shrink)
    slot.parameter.sub_(step)
    return {name: getattr(new, name) for name in slot.kept}


def in_place(move: Move, slot: Slot) -> None:
    """Take the step and write the new state where the old one was."""
    seen = slot
    if torch.is_grad_enabled():  # autograd needs the old state as it was
        seen = slot._replace(kept={k: v.clone() for k, v in slot.kept.items()})
    for name, value in ascend(move, seen).items():
        slot.kept[name].copy_(value)


def foreach(move: Move, slots: Sequence[Slot]) -> None:
    """Take the step of all slots at once."""
    own_steps = isinstance(move.steps, TensorList)
    with nullcontext(slots) if own_steps else packed(slots) as few:
        if not few:
            return
        apart = not own_steps and slots[0].parameter.is_cpu
        for batch in pieces(few) if apart else [few]:
            columns = zip(*(slot.tensors() for slot in batch))
            parameter, *kept, gradient = map(TensorList, columns)
            in_place(
                move, Slot(parameter, gradient, dict(zip(slots[0].kept, kept)))
            )


def pieces(slots: Sequence[Slot]) -> Iterator[Sequence[Slot]]:
    """Cut large tensors into pieces whose temporaries stay in a CPU's cache."""
    for slot in slots:
        columns = (torch.split(x.view(-1), PIECE) for x in slot.tensors())
        for parameter, *kept, gradient in zip(*columns):
            yield [Slot(parameter, gradient, dict(zip(slot.kept, kept)))]


def compiled(move: Move, slots: Sequence[Slot]) -> None:
    """Take the step in one pass over memory.

    A list of tensors is never unrolled into a kernel, which would take minutes
    to compile: the kernel runs once for each large tensor, and once for the
    small ones.
    """
    with packed(slots) as few:
        for slot in few:
            _run(move, slot)


@contextmanager
def packed(slots: Sequence[Slot]) -> Iterator[Sequence[Slot]]:
    """Put all small tensors, or not contiguous, into one flat slot.

    What the `with` block has made of it goes back to the tensors.
    """
    few: list[Slot] = []
    small: list[Slot] = []
    for slot in slots:
        large = slot.parameter.numel() >= PACKED and slot.is_flat()
        (few if large else small).append(slot)
    columns = [list(column) for column in zip(*(s.tensors() for s in small))]
    if not columns or not any(x.numel() for x in columns[0]):
        yield few
        return
    flat = [_flatten_dense_tensors(x) for x in columns]  # type: ignore[no-untyped-call]
    parameter, *kept, gradient = flat
    names = small[0].kept
    yield [*few, Slot(parameter, gradient, dict(zip(names, kept)))]
    for column, whole in zip(columns[:-1], flat):
        parts = _unflatten_dense_tensors(whole, column)  # type: ignore[no-untyped-call]
        torch._foreach_copy_(column, parts)


def _run(move: Move, slot: Slot) -> None:
    """Run the kernel on the slot's tensors, laid flat."""
    # Detached, they all look alike to the compiler.
    parameter, *kept, gradient = (x.view(-1).detach() for x in slot.tensors())
    options = move.hyperparameters.items()
    flags = {k: v for k, v in options if v is None or isinstance(v, bool)}
    numbers = {k: _scalar(v) for k, v in options if k not in flags}
    if move.weight_decay is not None:
        numbers["weight_decay"] = _scalar(move.weight_decay)
    kernel = _kernel(
        move.rule, move.start, move.maximize, frozenset(flags.items())
    )
    # The compiler must find the dispatch of these to tensors done: it cannot
    # follow it, and whoever registers another type undoes it.
    for operation in ops.GENERIC:
        operation.dispatch(Tensor)
    kernel(Slot(parameter, gradient, dict(zip(slot.kept, kept))), numbers)


def _scalar(number: float) -> Tensor:
    # A Python number would be compiled in, and anew whenever it changes.
    return torch.tensor(number, dtype=torch.float64)


@cache
def _kernel(
    rule: Rule,
    start: Any,
    maximize: bool,
    flags: frozenset[tuple[str, Any]],
) -> Callable[[Slot, dict[str, Any]], None]:
    """Compile the rule, once for all sizes and all values of its numbers."""

    def run(slot: Slot, numbers: dict[str, Any]) -> None:
        hyperparameters = {**dict(flags), **numbers}
        weight_decay = hyperparameters.pop("weight_decay", None)
        move = Move(rule, start, maximize, hyperparameters, weight_decay)
        in_place(move, slot)

    return torch.compile(run, dynamic=True, fullgraph=True)
