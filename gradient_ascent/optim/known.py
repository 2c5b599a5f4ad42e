"""What is known of a group from the step before, and whether it still holds.

A step must notice whatever may have happened to its tensors in between, and
asking each of them in Python takes longer than to move them. So libtorch is
asked, by its C interface, in a loop in C.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from operator import attrgetter, is_
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.optim import c_kernel
from gradient_ascent.optim.c_kernel import KernelError, pointer
from gradient_ascent.optim.program import GRADIENT, PARAMETER
from gradient_ascent.optim.torch_private import about
from gradient_ascent.optim.written import Launch

SOURCE = """\
#include <stdint.h>
typedef int (*Asked)(void *tensor, void *answer);

/* Of each of n tensors: where it begins, its length, its dtype, its strides
   folded into one number. Returns 0 if one is not dense, or does not say. */
int lie(int64_t n, void *const *implementation, const Asked *ask,
        uint64_t *answers)
{
  for (int64_t k = 0; k < n; k++) {
    void *tensor = (void *) &implementation[k];  /* a Tensor holds no more */
    int32_t layout, dtype;
    int64_t length, dim, *strides;
    void *start;
    if (ask[0](tensor, &layout) || layout || ask[1](tensor, &start) ||
        ask[2](tensor, &length) || ask[3](tensor, &dtype) ||
        ask[4](tensor, &dim) || ask[5](tensor, &strides))
      return 0;
    uint64_t folded = dim;
    for (int64_t d = 0; d < dim; d++)
      folded = folded * 1000003 + (uint64_t) strides[d];
    answers[k] = (uint64_t) start;
    answers[n + k] = length;
    answers[2 * n + k] = dtype;
    answers[3 * n + k] = folded;
  }
  return 1;
}
"""
_implementation = attrgetter("_cdata")
_asked = array("q", about.values())


def handles(tensors: Iterable[Tensor]) -> array[int]:
    """By what `lie` knows tensors, as long as they live."""
    return array("q", map(_implementation, tensors))


def lie(tensors: array[int]) -> array[int] | None:
    """Where tensors begin, then their lengths, dtypes and strides, as numbers.

    Returns:
        Four numbers a tensor, column by column; None if one is not dense.

    Raises:
        KernelError: There is no compiler, or libtorch answers otherwise.
    """
    answers = array("q", bytes(32 * len(tensors)))
    return answers if _lie(_kernel(), tensors, answers) else None


def _lie(kernel: Any, tensors: array[int], answers: array[int]) -> int:
    tables = map(pointer, (tensors, _asked, answers))
    return int(kernel.lie(ctypes.c_int64(len(tensors)), *tables))


@cache
def _kernel() -> ctypes.CDLL:
    kernel, probe = c_kernel.load(SOURCE), torch.empty(3, 2, dtype=torch.int64)
    answers = array("q", bytes(32))
    _lie(kernel, handles([probe]), answers)
    if answers[:2].tolist() != [probe.data_ptr(), 6]:
        raise KernelError("libtorch does not say where a tensor lies")
    return kernel


class Known:
    """A group whose parameters all move by one launch, until something changes.

    Attributes:
        launch: what moves them.
    """

    def __init__(
        self, launch: Launch, parameters: list[Tensor], states: Any
    ) -> None:
        self.launch, self.parameters = launch, parameters
        fields = [*launch.fields, *["step"] * bool(launch.counts)]
        self.states, self.fields = [*states.values()], fields
        self.own = [states[p] for p in parameters if fields]
        self.held = self._now_held()  # alive, no other tensor has their memory
        self.handles = handles(self.held)
        self.memory = lie(self.handles)
        # A gradient may be of another dtype; then the next need not be.
        alike = launch.dtypes[GRADIENT] == launch.dtypes[PARAMETER]
        self.layouts = _layouts(lie(handles(parameters))) if alike else None

    def _now_held(self) -> list[Tensor]:
        kept = [state.get(name) for state in self.own for name in self.fields]
        return [*self.parameters, *kept]

    def holds(
        self,
        parameters: Sequence[Tensor],
        gradients: Sequence[Tensor],
        states: Any,
        fields: Sequence[str],
    ) -> bool:
        """Whether the launch is for these, as they are.

        If so, it is made to take these gradients.

        Args:
            parameters: those with a gradient, all of them.
            gradients: theirs.
            states: the optimizer's, by parameter.
            fields: the state tensors that the rule needs.
        """
        if not (
            _same(parameters, self.parameters)
            and _same(states.values(), self.states)
            and list(fields) == self.launch.fields
            and _same(self._now_held(), self.held)
            and {*map(type, gradients)} == {Tensor}
            and lie(self.handles) == self.memory
            # These two change what the memory means.
            and not any(map(Tensor.is_neg, gradients))
            and not any(map(Tensor.is_conj, gradients))
        ):
            return False
        now = lie(handles(gradients))
        if now is None or _layouts(now) != self.layouts:
            return False
        self.launch.columns[1] = now[: len(gradients)]
        return True


def _layouts(answers: array[int] | None) -> array[int] | None:
    return answers and answers[len(answers) // 4 :]


def _same(some: Collection[Any], others: Collection[Any]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))
