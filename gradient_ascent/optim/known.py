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
from operator import is_
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gradient_ascent.optim import compiler
from gradient_ascent.optim.compiler import pointer
from gradient_ascent.optim.launch import Launch
from gradient_ascent.optim.program import GRADIENT, PARAMETER, KernelError
from gradient_ascent.optim.torch_private import about

SOURCE = """\
#include <stdint.h>
typedef int (*Asked)(void *tensor, void *answer);

/* Of each of n tensors: where it begins; and its dtype, how many dimensions it
   has, and their sizes and strides. Returns 0 if the latter are more or fewer
   numbers than there is room for, or a tensor is sparse or does not say. */
int locate(int64_t n, void *const *implementation, const Asked *ask,
        void **start, int64_t *layout, int64_t room)
{
  int64_t used = 0;
  for (int64_t k = 0; k < n; k++) {
    void *tensor = (void *) &implementation[k];  /* a Tensor holds no more */
    int32_t form, dtype;
    int64_t length, dim, *sizes, *strides;
    if (ask[0](tensor, &form) || form || ask[1](tensor, &start[k]) ||
        ask[2](tensor, &length) || ask[3](tensor, &dtype) ||
        ask[4](tensor, &dim) || ask[5](tensor, &sizes) ||
        ask[6](tensor, &strides))
      return 0;
    if ((length && !start[k]) || used + 2 + 2 * dim > room)
      return 0;
    layout[used++] = dtype;
    layout[used++] = dim;
    for (int64_t d = 0; d < dim; d++) {
      layout[used++] = sizes[d];
      layout[used++] = strides[d];
    }
  }
  return used == room;
}
"""
_asked = array("q", about.values())


class Place(NamedTuple):
    """Where tensors begin, and how they lie from there, as numbers."""

    starts: array[int]
    layout: array[int]


NOWHERE = Place(array("q"), array("q"))


def handles(tensors: Iterable[Tensor]) -> array[int]:
    """By what `locate` knows tensors, as long as they live."""
    return array("q", _implementations(tensors))


def _implementations(tensors: Iterable[Tensor]) -> list[int]:
    return [x._cdata for x in tensors]


def locate(tensors: array[int], room: int) -> Place | None:
    """Where tensors lie; None if one is sparse or does not say.

    Args:
        tensors: their handles.
        room: how many numbers tell how they lie. With more or fewer, they lie
            in another way, and None is returned.

    Raises:
        KernelError: There is no compiler, or libtorch answers otherwise.
    """
    return _locate(_kernel(), tensors, room)


def _locate(kernel: Any, tensors: array[int], room: int) -> Place | None:
    place = Place(array("q", [0]) * len(tensors), array("q", [0]) * room)
    tables = map(pointer, (tensors, _asked, *place))
    numbers = map(ctypes.c_int64, (len(tensors), room))
    return (
        place if kernel.locate(next(numbers), *tables, next(numbers)) else None
    )


@cache
def _kernel() -> ctypes.CDLL:
    kernel, probe = compiler.load(SOURCE), torch.empty(3, 2, dtype=torch.int64)
    place = _locate(kernel, handles([probe]), 6)
    if not place or (
        place.starts[0] != probe.data_ptr()
        or place.layout[1:].tolist() != [2, 3, 2, 2, 1]
    ):
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
        self.fields = [*launch.fields, *["step"] * bool(launch.counts)]
        self.own = [states[p] for p in parameters if self.fields]
        self.held = self._now_held()  # alive, no other tensor has their memory
        self.behind = _implementations(self.held)
        self.handles = array("q", self.behind)
        self.place = locate(self.handles, room(self.held)) or NOWHERE
        # A gradient may be of another dtype; then the next need not be.
        alike = launch.dtypes[GRADIENT] == launch.dtypes[PARAMETER]
        place = locate(handles(parameters), room(parameters)) if alike else None
        self.layout = (place or NOWHERE).layout
        self.is_complex = any(map(Tensor.is_complex, parameters))

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
        own = [states.get(p) for p in parameters] if self.fields else []
        held = self.held
        if not (
            _same(parameters, self.parameters)
            and _same(own, self.own)
            and list(fields) == self.launch.fields
            and _same(self._now_held(), held)
            and _implementations(held) == self.behind  # none has been swapped
            and locate(self.handles, len(self.place.layout)) == self.place
            and {*map(type, gradients)} == {Tensor}
            # These two change what the memory means.
            and not any(map(Tensor.is_neg, gradients))
            and not (
                self.is_complex
                and any(map(Tensor.is_conj, [*held, *gradients]))
            )
        ):
            return False
        now = locate(handles(gradients), len(self.layout))
        if now is None or now.layout != self.layout:
            return False
        self.launch.columns[1] = now.starts
        return True


def room(tensors: Iterable[Tensor]) -> int:
    """How many numbers tell how tensors lie."""
    return sum(2 + 2 * x.dim() for x in tensors)


def _same(some: Collection[Any], others: Collection[Any]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))
