"""The written engine: one launch moves all tensors, by the rule's own kernel.

It moves what lies in memory without gaps, in any of four precisions: on a CPU
by a kernel in C, on a GPU by one of Triton's. On a CPU, in double precision, it
is the rule on Python's floats, to the last bit; torch's square root, and so the
other engines, may be off by one unit in the last place. Triton's interpreter
gives the same bits, but where the count of the steps, or a rate, lies on a GPU:
then the powers in a bias correction are worked out there.
Where it cannot be had, torch's own kernels move parameters, or foreach.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gradient_ascent.optim import on_gpu
from gradient_ascent.optim.engines import Slot
from gradient_ascent.optim.launch import DTYPES, Launch, are_plain
from gradient_ascent.optim.on_cpu import OnCPU


def can_move(slot: Slot) -> bool:
    """Whether the engine moves the slot: in memory without gaps."""
    tensors, device = slot.tensors(), slot.parameter.device
    counted = slot.step is None or (
        slot.step.dtype == torch.float32
        and slot.step.device in (device, torch.device("cpu"))
    )
    return (
        counted
        and are_plain(tensors)
        and device.type in {"cpu", *on_gpu.DEVICES}
        and all(x.device == device and x.dtype in DTYPES for x in tensors)
        and all(x.shape == slot.parameter.shape for x in tensors)
        and (slot.is_flat() or _alike(tensors))
    )


def launch(slots: Sequence[Slot]) -> Launch:
    """What moves slots that the engine can move, all of one kind."""
    there = slots[0].parameter.device.type in on_gpu.DEVICES
    return on_gpu.OnGPU(slots) if there else OnCPU(slots)


def _alike(tensors: Sequence[Tensor]) -> bool:
    """Whether they fill memory without gaps, and in one order."""
    first, size = tensors[0], 1
    for stride, length in sorted(zip(first.stride(), first.shape)):
        if length != 1 and stride != size:
            return False
        size *= length
    return all(x.stride() == first.stride() for x in tensors)
