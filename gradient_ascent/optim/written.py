"""The written engine: one launch moves all tensors, by the rule's own kernel.

It moves what lies in a CPU's memory without gaps, in any of four precisions.
In double precision it is the rule on Python's floats, to the last bit; torch's
square root, and so the other engines, may be off by one unit in the last place.
Where it cannot be had, torch's own kernels move parameters, or foreach.
"""

from __future__ import annotations

import ctypes
import os
from array import array
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor
from torch.autograd.graph import increment_version

from gradient_ascent.optim import c_kernel
from gradient_ascent.optim.c_kernel import KernelError, address, pointer
from gradient_ascent.optim.engines import Slot, StepOptions
from gradient_ascent.optim.program import GRADIENT, PARAMETER, write

CHUNK = 2**14
"""So many elements a core moves before it looks for more."""

ALONE = 2**15
"""Fewer elements than this are not worth waking another core."""

_DTYPES = {getattr(torch, name): name for name in c_kernel.TYPES}
_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True  # the threads of the kernels are the parent's


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def can_move(slot: Slot) -> bool:
    """Whether the engine moves the slot: on a CPU, in memory without gaps."""
    tensors = slot.tensors()
    counted = slot.step is None or slot.step.dtype == torch.float32
    return (
        counted
        and are_plain(tensors)
        and all(x.device.type == "cpu" and x.dtype in _DTYPES for x in tensors)
        and all(x.shape == slot.parameter.shape for x in tensors)
        and (slot.is_flat() or _alike(tensors))
    )


def are_plain(tensors: Sequence[Tensor]) -> bool:
    """Whether they are tensors whose memory holds what they say."""
    kinds = Tensor, torch.nn.Parameter
    return all(
        type(x) in kinds
        and not (x.is_inference() or x.is_neg() or x.is_conj())
        and (x.layout == torch.strided and (x.data_ptr() or not x.numel()))
        for x in tensors
    )


def _alike(tensors: Sequence[Tensor]) -> bool:
    """Whether they fill memory without gaps, and in one order."""
    first, size = tensors[0], 1
    for stride, length in sorted(zip(first.stride(), first.shape)):
        if length != 1 and stride != size:
            return False
        size *= length
    return all(x.stride() == first.stride() for x in tensors)


class Launch:
    """Slots that move by one kernel, and what is known about their memory.

    It serves step after step, as long as what is `Known` of its group holds.
    """

    def __init__(self, slots: Sequence[Slot]) -> None:
        rows = [[s.parameter, s.gradient, *s.kept.values()] for s in slots]
        names = [PARAMETER, GRADIENT, *slots[0].kept]
        self.fields = names[2:]
        self.dtypes = {k: _DTYPES[x.dtype] for k, x in zip(names, rows[0])}
        self.parameters = [slot.parameter for slot in slots]
        self.columns = [_pointers(column) for column in zip(*rows)]
        self.counts = [slot.step for slot in slots if slot.step is not None]
        kept = [x for slot in slots for x in slot.kept.values()]
        self.changing = [*self.parameters, *kept, *self.counts]
        self.count_pointers = _pointers(self.counts)
        self.sizes = array("q", map(Tensor.numel, self.parameters))
        chunks = [
            (tensor, start, min(CHUNK, size - start))
            for tensor, size in enumerate(self.sizes)
            for start in range(0, size, CHUNK)
        ]
        self.chunks = [array("q", column) for column in zip(*chunks)]
        self.cores = None if sum(self.sizes) >= ALONE else 1

    def run(self, options: StepOptions) -> None:
        """Take the step.

        Raises:
            KernelError: there is no compiler, or it cannot compile the rule.
        """
        try:
            program = write(options, self.fields)
        except (AttributeError, TypeError) as error:
            raise c_kernel.no_kernel(f"of such a rule: {error}") from None
        self.kernel = c_kernel.load(c_kernel.source(program, self.dtypes))
        if self.chunks:
            table = array("q", map(address, self.columns))
            constants = array("d", program.constants)
            numbers = [*self.chunks, table, constants]
            cores = 1 if _forked else self.cores or torch.get_num_threads()
            self.kernel.step(
                ctypes.c_int64(len(self.chunks[0])),
                *map(pointer, numbers),
                cores,
            )
        if self.counts:
            self.kernel.advance(*self._counts())
        increment_version(self.changing)

    def shared_count(self) -> float:
        """The count of steps that all slots share; -1 if they do not."""
        if not self.counts:
            return 0
        self.kernel.shared.restype = ctypes.c_double
        return float(self.kernel.shared(*self._counts()))

    def _counts(self) -> tuple[ctypes.c_int64, ctypes.c_void_p]:
        return ctypes.c_int64(len(self.counts)), pointer(self.count_pointers)


def are_finite(launch: Launch) -> bool:
    """Whether all gradients of a launch are finite, in one pass over memory."""
    return _finite(launch.columns[1], launch.sizes, launch.dtypes[GRADIENT])


def all_finite(gradients: Sequence[Tensor]) -> bool:
    """Whether all numbers are finite, in one pass over memory.

    Raises:
        KernelError: There is no compiler, or no look at such tensors.
    """
    dtype, *others = {x.dtype for x in gradients}
    if (
        others
        or dtype not in _DTYPES
        or {x.device for x in gradients} != {torch.device("cpu")}
        or not are_plain(gradients)
        or not all(map(Tensor.is_contiguous, gradients))
    ):
        raise KernelError("these are not of one kind, in a CPU's memory")
    sizes = array("q", map(Tensor.numel, gradients))
    return _finite(_pointers(gradients), sizes, _DTYPES[dtype])


def _finite(starts: array[int], sizes: array[int], dtype: str) -> bool:
    kernel = c_kernel.load(c_kernel.finite_source(dtype))
    cores = 1 if _forked else torch.get_num_threads()
    tables = pointer(starts), pointer(sizes)
    return bool(kernel.finite(ctypes.c_int64(len(sizes)), *tables, cores))


def _pointers(tensors: Iterable[Tensor]) -> array[int]:
    return array("q", map(Tensor.data_ptr, tensors))
