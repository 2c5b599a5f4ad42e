"""The written engine in a CPU's memory, by a kernel in C."""

from __future__ import annotations

import ctypes
import os
from array import array
from collections.abc import Sequence

import torch
from torch import Tensor

from gradient_ascent.optim import c_kernel, compiler
from gradient_ascent.optim.compiler import address, pointer
from gradient_ascent.optim.engines import Slot
from gradient_ascent.optim.launch import DTYPES, Launch, are_plain, pointers
from gradient_ascent.optim.program import GRADIENT, KernelError, Program
from gradient_ascent.optim.rounding import halves

CHUNK = 2**14
"""So many elements a core moves before it looks for more."""

ALONE = 2**15
"""Fewer elements than this are not worth waking another core."""

_forked = False


def _after_fork() -> None:
    global _forked
    _forked = True  # the threads of the kernels are the parent's


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class OnCPU(Launch):
    """A launch on all cores."""

    follows = False

    def __init__(self, slots: Sequence[Slot]) -> None:
        super().__init__(slots)
        chunks = [
            (tensor, start, min(CHUNK, self.sizes[tensor] - start))
            for tensor, start in self.blocks(CHUNK)
        ]
        self.chunks = [array("q", column) for column in zip(*chunks)]
        self.cores = None if sum(self.sizes) >= ALONE else 1

    def move(self, program: Program) -> None:
        """Run a program, and count the step."""
        kernel = compiler.load(c_kernel.source(program, self.dtypes))
        self.counter = kernel
        if self.chunks:
            table = array("q", map(address, self.columns))
            constants = array("d", program.body.constants)
            if program.rounding is not None:
                constants.extend(halves(program.rounding))
            numbers = [*self.chunks, table, constants]
            cores = 1 if _forked else self.cores or torch.get_num_threads()
            kernel.step(
                ctypes.c_int64(len(self.chunks[0])),
                *map(pointer, numbers),
                cores,
            )
        if self.counts:
            kernel.advance(*self.count_table())

    def are_finite(self) -> bool:
        """Whether all gradients are finite, in one pass over memory."""
        return _finite(self.columns[1], self.sizes, self.dtypes[GRADIENT])


def all_finite(gradients: Sequence[Tensor]) -> bool:
    """Whether all numbers are finite, in one pass over memory.

    Raises:
        KernelError: There is no compiler, or no look at such tensors.
    """
    dtype, *others = {x.dtype for x in gradients}
    if (
        others
        or dtype not in DTYPES
        or {x.device for x in gradients} != {torch.device("cpu")}
        or not are_plain(gradients)
        or not all(map(Tensor.is_contiguous, gradients))
    ):
        raise KernelError("these are not of one kind, in a CPU's memory")
    sizes = array("q", map(Tensor.numel, gradients))
    return _finite(pointers(gradients), sizes, DTYPES[dtype])


def _finite(starts: array[int], sizes: array[int], dtype: str) -> bool:
    kernel = compiler.load(c_kernel.finite_source(dtype))
    cores = 1 if _forked else torch.get_num_threads()
    tables = pointer(starts), pointer(sizes)
    return bool(kernel.finite(ctypes.c_int64(len(sizes)), *tables, cores))
