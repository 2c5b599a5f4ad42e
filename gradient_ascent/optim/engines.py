"""The engines: one rule, run on the kind of number that suits the machine.

- reference: a tensor at a time. Autograd can differentiate through it.
- foreach: a `TensorList`, all tensors at once, one operation at a time.
- written: the rule's own kernel, all of it in one pass (see `written`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gradient_ascent.optim import rounding
from gradient_ascent.optim.sharded import is_sharded
from gradient_ascent.optim.tensor_list import TensorList
from gradient_ascent.optim.torch_private import on_lists
from gradient_ascent.rules import UpdateRule, decayed, uphill

HALF = torch.float16, torch.bfloat16
"""What every engine computes in float32."""

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


def own_part(parameter: Any, gradient: Any, kept: dict[str, Any]) -> Slot:
    """What moves of a parameter here: its shard, complex as pairs of reals."""
    if is_sharded(parameter):
        if gradient.placements != parameter.placements:
            gradient = gradient.redistribute(placements=parameter.placements)
        kept = {name: value.to_local() for name, value in kept.items()}
        parameter, gradient = parameter.to_local(), gradient.to_local()
    gradient = gradient.resolve_conj().resolve_neg()
    if parameter.is_contiguous():
        gradient = gradient.contiguous()
    if not parameter.is_complex():
        return Slot(parameter, gradient, kept)
    pairs = {k: torch.view_as_real(v) for k, v in kept.items()}
    whole, slope = map(torch.view_as_real, (parameter, gradient))
    return Slot(whole, slope, pairs)


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
    return list(on_lists.neg(gradients)), True


class StepOptions(NamedTuple):
    """What the slots that move together have in common.

    Attributes:
        rule: the update rule.
        maximize: whether to climb.
        hyperparameters: what the rule is called with.
        weight_decay: λ of the penalty (λ/2) ‖θ‖²; None for no penalty.
        decoupled_decay: λ, if the step takes the share ηλ off the parameter;
            None for nothing.
        steps: how many steps they have taken: one number, or a tensor each.
        fresh: whether their state is still the first.
        rounding: the key of the random numbers by which a state in bfloat16
            is rounded; None for to the nearest.
    """

    rule: UpdateRule[..., Any]
    maximize: bool
    hyperparameters: dict[str, Any]
    weight_decay: Any = None
    decoupled_decay: Any = None
    steps: Any = 0
    fresh: bool = False
    rounding: int | None = None


def ascend(options: StepOptions, slot: Slot) -> tuple[Any, dict[str, Any]]:
    """What is to be subtracted, and the new state; on any kind of tensor."""
    # torch's state, and so ours, averages the gradient of what is to shrink.
    # Rules are odd, so they take that gradient too. Hence the signs here: the
    # way, the parameter and the decays are turned, and the step is subtracted.
    rule, start, parameter = options.rule, options.rule.start, slot.parameter
    gradient = uphill(slot.gradient, maximize=not options.maximize)
    if options.weight_decay is not None:
        gradient = decayed(
            gradient, parameter, weight_decay=-options.weight_decay
        )
    # A state that starts as None takes its first gradient in a way of its own.
    state = {
        name: None if options.fresh and getattr(start, name) is None else value
        for name, value in slot.kept.items()
    }
    if "step" in start._fields:
        state["step"] = options.steps
    own = {"parameter": -parameter} if rule.takes_parameter else {}
    step, new = rule.function(
        gradient, start._replace(**state), **own, **options.hyperparameters
    )
    if options.decoupled_decay is not None:
        decay = options.hyperparameters["lr"] * options.decoupled_decay
        step = decayed(step, parameter, weight_decay=-decay)
    return step, {name: getattr(new, name) for name in slot.kept}


def in_place(options: StepOptions, slot: Slot, number: int = 0) -> None:
    """Take the step and write the new state where the old one was.

    Args:
        options: what the slots have in common.
        slot: one of them.
        number: which.
    """
    seen, by_chance = slot, options.rounding is not None
    wide = slot.parameter.dtype in HALF or by_chance
    if wide:  # in half ε and g² would vanish
        kept = {k: v.float() for k, v in slot.kept.items()}
        pair = slot.parameter.float(), slot.gradient.float()
        seen = Slot(*pair, kept)
    elif torch.is_grad_enabled():  # autograd needs what was as it was
        kept = {k: v.clone() for k, v in slot.kept.items()}
        seen = Slot(slot.parameter.clone(), slot.gradient, kept)
    step, new = ascend(options, seen)
    for field, (name, value) in enumerate(new.items()):
        if by_chance:
            stream = rounding.stream_of(options.rounding or 0, number, field)
            value = rounding.by_chance(value, stream)
        slot.kept[name].copy_(value)
    if wide:
        slot.parameter.copy_(seen.parameter - step)
    else:
        slot.parameter.sub_(step)


def foreach(options: StepOptions, slots: Sequence[Slot]) -> None:
    """Take the step of all slots at once, large ones piece by piece."""
    apart = slots[0].parameter.is_cpu and not isinstance(
        options.steps, TensorList
    )
    for batch in pieces(slots) if apart else [slots]:
        columns = zip(*(slot.tensors() for slot in batch))
        parameter, *kept, gradient = map(TensorList, columns)
        in_place(
            options, Slot(parameter, gradient, dict(zip(slots[0].kept, kept)))
        )


def pieces(slots: Sequence[Slot]) -> Iterator[Sequence[Slot]]:
    """Batches of slots, and pieces, whose temporaries stay in a CPU's cache."""
    batch: list[Slot] = []
    size = 0
    for slot in slots:
        if slot.parameter.numel() > PIECE and slot.is_flat():
            columns = (torch.split(x.view(-1), PIECE) for x in slot.tensors())
            for parameter, *kept, gradient in zip(*columns):
                yield [Slot(parameter, gradient, dict(zip(slot.kept, kept)))]
            continue
        batch.append(slot)
        size += slot.parameter.numel()
        if size > PIECE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def count(steps: list[Tensor]) -> None:
    """Count one more step of each."""
    if steps:  # a number would be made a tensor for each of them
        on_lists.add_(steps, torch.ones_like(steps[0]), alpha=1)


def as_number(value: Any, follow: bool) -> Any:
    """The number in a tensor, unless it is to be followed as a tensor."""
    if not isinstance(value, Tensor):
        return value
    return value.squeeze() if follow else value.item()
