"""What moves slots together, and what is known about their memory."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from gradient_ascent.optim import c_kernel
from gradient_ascent.optim.compiler import pointer
from gradient_ascent.optim.engines import Slot, StepOptions
from gradient_ascent.optim.program import (
    GRADIENT,
    PARAMETER,
    KernelError,
    Program,
    no_kernel,
    write,
)

DTYPES = {getattr(torch, name): name for name in c_kernel.TYPES}


class Launch:
    """Slots that move by one kernel, on one kind of device.

    It serves step after step, as long as what is `Known` of its group holds.
    """

    follows: ClassVar[bool]
    """Whether it takes what is a tensor as one."""

    counter: Any
    """The library that reads and advances counts in a CPU's memory."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        rows = [[s.parameter, s.gradient, *s.kept.values()] for s in slots]
        names = [PARAMETER, GRADIENT, *slots[0].kept]
        self.fields = names[2:]
        self.dtypes = {k: DTYPES[x.dtype] for k, x in zip(names, rows[0])}
        self.parameters = [slot.parameter for slot in slots]
        self.columns = [pointers(column) for column in zip(*rows)]
        self.counts = [slot.step for slot in slots if slot.step is not None]
        kept = [x for slot in slots for x in slot.kept.values()]
        self.changing = [*self.parameters, *kept, *self.counts]
        self.count_pointers = pointers(self.counts)
        self.sizes = array("q", map(Tensor.numel, self.parameters))

    def run(self, options: StepOptions) -> None:
        """Take the step.

        Raises:
            KernelError: there is no compiler, or it cannot compile the rule.
                Nothing has moved then.
        """
        try:
            program = write(options, self.fields)
        except (AttributeError, TypeError) as error:
            raise no_kernel(f"of such a rule: {error}") from None
        self.move(program)
        increment_version(self.changing)

    def move(self, program: Program) -> None:
        """Run a program, and count the step."""
        raise NotImplementedError

    def are_finite(self) -> bool:
        """Whether all gradients are finite.

        Raises:
            KernelError: It has no look of its own at them.
        """
        raise KernelError("no look at gradients that are elsewhere")

    def steps(self) -> Any:
        """How many steps all slots have taken; None if they differ."""
        if not self.counts:
            return 0
        shared = float(self.counter.shared(*self.count_table()))
        return shared if shared >= 0 else None

    def count_table(self) -> tuple[ctypes.c_int64, ctypes.c_void_p]:
        """The counts, as the counter takes them."""
        return ctypes.c_int64(len(self.counts)), pointer(self.count_pointers)

    def blocks(self, size: int) -> list[tuple[int, int]]:
        """Each block of the tensors: whose it is, and its first element."""
        return [
            (tensor, start)
            for tensor, length in enumerate(self.sizes)
            for start in range(0, length, size)
        ]


def are_plain(tensors: Sequence[Tensor]) -> bool:
    """Whether they are tensors whose memory holds what they say."""
    kinds = Tensor, torch.nn.Parameter
    return all(
        type(x) in kinds
        and not (x.is_inference() or x.is_neg() or x.is_conj())
        and (x.layout == torch.strided and (x.data_ptr() or not x.numel()))
        for x in tensors
    )


def pointers(tensors: Iterable[Tensor]) -> array[int]:
    """Where tensors begin."""
    return array("q", map(Tensor.data_ptr, tensors))
