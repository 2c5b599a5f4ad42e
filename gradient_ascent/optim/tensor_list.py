"""One number made of many tensors: arithmetic on all of them in one call."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.optim.torch_private import on_lists


class TensorList:
    """Tensors that act as one number, by `torch._foreach_*`.

    An update rule, written for any kind of number, runs on a TensorList as it
    does on a tensor, with one kernel launch an operation instead of one a
    tensor. The other operand is a TensorList of the same length, paired tensor
    by tensor, or one scalar for all: a float, or a tensor without dimensions.
    """

    __slots__ = ("tensors",)

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self.tensors = list(tensors)

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self.tensors)

    def _apply(self, operation: Callable[..., Any], *others: Any) -> TensorList:
        return TensorList(operation(self.tensors, *map(_operand, others)))

    def __neg__(self) -> TensorList:
        return self._apply(on_lists.neg)

    def __add__(self, other: Any) -> TensorList:
        return self._apply(on_lists.add, other)

    def __sub__(self, other: Any) -> TensorList:
        return self._apply(on_lists.sub, other)

    def __rsub__(self, other: Any) -> TensorList:
        return (-self)._apply(on_lists.add, other)

    def __mul__(self, other: Any) -> TensorList:
        return self._apply(on_lists.mul, other)

    def __truediv__(self, other: Any) -> TensorList:
        return self._apply(on_lists.div, other)

    def __rtruediv__(self, other: Any) -> TensorList:
        # Not `reciprocal() * other`, which rounds twice.
        return TensorList([other / tensor for tensor in self])

    def __pow__(self, exponent: Any) -> TensorList:
        return self._apply(on_lists.pow, exponent)

    def __rpow__(self, base: Any) -> TensorList:
        return TensorList([base**tensor for tensor in self])

    __radd__ = __add__
    __rmul__ = __mul__

    def sqrt(self) -> TensorList:
        """Square root."""
        return self._apply(on_lists.sqrt)

    def exp(self) -> TensorList:
        """Exponential function."""
        return self._apply(on_lists.exp)

    def log(self) -> TensorList:
        """Natural logarithm."""
        return self._apply(on_lists.log)

    def sin(self) -> TensorList:
        """Sine."""
        return self._apply(on_lists.sin)

    def cos(self) -> TensorList:
        """Cosine."""
        return self._apply(on_lists.cos)

    def sign(self) -> TensorList:
        """-1, 0 or 1, element by element; 0 at nan, as torch says."""
        return self._apply(on_lists.sign)

    def clip(self, lower: Any, upper: Any = math.inf) -> TensorList:
        """The number in [lower, upper] nearest to each element."""
        clipped = self._apply(on_lists.maximum, lower)
        if isinstance(upper, float) and upper == math.inf:
            return clipped
        return clipped._apply(on_lists.minimum, upper)

    @property
    def dtype(self) -> torch.dtype:
        """That of the first tensor: those that move together have one."""
        return self.tensors[0].dtype

    def float(self) -> TensorList:
        """The tensors in float32."""
        return TensorList([tensor.float() for tensor in self])

    def sub_(self, other: TensorList) -> None:
        """Subtract `other` in place."""
        on_lists.sub_(self.tensors, other.tensors)

    def copy_(self, other: TensorList) -> None:
        """Take the values of `other`."""
        on_lists.copy_(self.tensors, other.tensors)


def _operand(other: Any) -> Any:
    return other.tensors if isinstance(other, TensorList) else other
