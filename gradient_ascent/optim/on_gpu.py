"""The written engine in a GPU's memory, by a kernel of Triton's.

A step does not wait for the device. It sends nothing there but the arguments of
its kernels and, if gradients lie elsewhere than at the step before, where.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.optim import c_kernel, compiler, triton_kernel
from gradient_ascent.optim.engines import Slot, StepOptions, as_number
from gradient_ascent.optim.launch import Launch
from gradient_ascent.optim.program import STEP, Program, no_kernel

device_of: Any = torch.cuda.device_of
DEVICES = {"cuda"}
"""What torch calls a GPU, NVIDIA's or AMD's."""

GRAPHS = 16
"""So many CUDA graphs can be captured between two steps that are taken."""

_kept: list[Tensor] = []
"""What graphs read at each replay. It must live as long as they do, of which
nobody tells: it stays, some numbers for each tensor."""


def is_there(value: Any) -> bool:
    """Whether it is a tensor on a GPU: Python would wait for its value."""
    return isinstance(value, Tensor) and value.device.type in DEVICES


def is_capturing(device: torch.device) -> bool:
    """Whether kernels are not run now, but become part of a CUDA graph."""
    return device.type == "cuda" and torch.cuda.is_current_stream_capturing()


class OnGPU(Launch):
    """A launch on the current stream."""

    follows = True

    def __init__(self, slots: Sequence[Slot]) -> None:
        super().__init__(slots)
        self.is_unseen = any(map(is_there, self.counts))
        blocks = self.blocks(triton_kernel.BLOCK)
        self.programs = {
            "prepare": -(-len(slots) // triton_kernel.TENSORS),
            "step": len(blocks),
        }
        tensor, start = (array("q", (x[i] for x in blocks)) for i in (0, 1))
        parameters, _, *state = self.columns
        self.ends = reduce(or_, chain(parameters, *state))
        self.own = [
            self.sizes, self.count_pointers, tensor, start, parameters, *state,
        ]  # fmt: skip
        device = self.parameters[0].device
        self.tables, self.gradients = Tables(device), Tables(device, GRAPHS)

    def steps(self) -> Any:
        """How many steps all have taken; a count, if it is not to be seen."""
        return self.counts[0] if self.is_unseen else super().steps()

    def run(self, options: StepOptions) -> None:
        """Take the step.

        Raises:
            KernelError: there is no Triton, or it cannot compile the rule.
                Nothing has moved then.
        """
        given = options.hyperparameters.items()
        options = options._replace(
            hyperparameters={k: as_number(v, is_there(v)) for k, v in given},
            weight_decay=as_number(options.weight_decay, False),
            decoupled_decay=as_number(options.decoupled_decay, False),
        )
        with device_of(self.parameters[0]):
            super().run(options)

    def move(self, program: Program) -> None:
        """Run a program, and count the step."""
        triton_kernel.load(triton_kernel.HEAD, {})  # or it is missing
        if self.counts and not self.is_unseen:
            self.counter = compiler.load(c_kernel.COUNTS)
        calls = self.calls(program)
        aligned = not reduce(or_, self.columns[1], self.ends) % 16
        text = triton_kernel.source(program, self.dtypes, aligned)
        kernels = triton_kernel.load(text, calls)
        for name, arguments in calls.items():
            if self.programs[name]:
                kernel = getattr(kernels, name)[(self.programs[name],)]
                kernel(*arguments, **triton_kernel.LAUNCH)
        if self.counts and not self.is_unseen:
            self.counter.advance(*self.count_table())

    def calls(self, program: Program) -> dict[str, list[Any]]:
        """The kernels to be run, in order, each with its arguments."""
        own = self.tables.send(self.own)
        sizes, counts, tensor, start, parameters, *state = own
        (gradients,) = self.gradients.send(self.columns[1:2])
        tables = [tensor, start, sizes, parameters, gradients, *state]
        if not program.unseen:
            return {"step": [*tables, *program.body.constants]}
        shape = len(program.passed), len(self.sizes)
        made = torch.empty(shape, dtype=torch.float64, device=sizes.device)
        room = [made, len(self.sizes)]
        places = {**program.unseen, STEP: counts}
        given = [places[name] for name in program.unseen]
        return {
            "prepare": [*given, *room, *program.head.constants],
            "step": [*tables, *room, *program.body.constants],
        }


class Tables:
    """Whole numbers on a GPU, sent there when they are others than before.

    Args:
        device: the GPU.
        graphs: so many CUDA graphs may be captured, with other numbers each,
            between two steps that are taken.
    """

    def __init__(self, device: torch.device, graphs: int = 0) -> None:
        self.device, self.graphs = device, graphs
        self.columns: list[array[int]] = []
        self.there = torch.empty(0)
        self.spare: list[Tensor] = []

    def send(self, columns: list[array[int]]) -> Sequence[Tensor]:
        """The columns, for a kernel on the current stream.

        Raises:
            KernelError: a CUDA graph is captured, and there is no memory set
                aside for what it reads.
        """
        there = self._captured if is_capturing(self.device) else self._sent
        return torch.split(there(columns), [*map(len, columns)])

    def _sent(self, columns: list[array[int]]) -> Tensor:
        if columns != self.columns:
            here = self._pinned(_joined(columns))
            self.there = here.to(self.device, non_blocking=True)
            self.columns = columns
        elif self.there.is_cuda:  # who knows on which stream it was sent
            self.there.record_stream(torch.cuda.current_stream())
        if self.graphs and not self.spare:
            room = self._pinned(_joined(columns).expand(self.graphs, -1))
            self.spare = [*room]
        return self.there

    def _captured(self, columns: list[array[int]]) -> Tensor:
        if columns == self.columns:
            _kept.append(self.there)
            return self.there
        if not self.spare:
            raise no_kernel("a graph is captured before a step was taken")
        # Pinned memory must be there before: torch asks for events where it
        # looks for some, and that ends a capture. The graph copies at replay.
        here = self.spare.pop().copy_(_joined(columns))
        _kept.append(here)
        return here.to(self.device, non_blocking=True)

    def _pinned(self, numbers: Tensor) -> Tensor:
        if self.device.type == "cpu":
            return numbers.clone()
        return numbers.contiguous().pin_memory()


def _joined(columns: list[array[int]]) -> Tensor:
    return torch.frombuffer(bytearray().join(columns), dtype=torch.int64)
