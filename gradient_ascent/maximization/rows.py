"""Arithmetic on runs at once: in each tensor a row for each run."""

from collections.abc import Callable, Sequence
from math import prod

import torch
from torch import Tensor


def same(a: Sequence[Tensor], b: Sequence[Tensor]) -> bool:
    """Whether all rows are equal."""
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


def spread(numbers: Tensor, x: Tensor) -> Tensor:
    """A number for each run, in a shape that broadcasts over its row of `x`."""
    dtype = torch.bool if numbers.dtype == torch.bool else x.dtype
    return numbers.to(x.device, dtype).reshape(-1, *[1] * (x.dim() - 1))


def norm(rows: Sequence[Tensor]) -> Tensor:
    """Each run's Euclidean length over all its tensors; float64, on the CPU."""
    lengths = [torch.linalg.vector_norm(_wide(flat(x)), dim=1) for x in rows]
    on_cpu: list[Tensor] = [n.to("cpu", torch.float64) for n in lengths]
    if len(on_cpu) == 1:
        return on_cpu[0]
    whole: Tensor = torch.linalg.vector_norm(torch.stack(on_cpu), dim=0)
    return whole


def _wide(x: Tensor) -> Tensor:
    """In doubles, whose squares do not overflow, where the device has them."""
    if x.device.type == "mps" or x.dtype in (torch.float64, torch.complex128):
        return x
    return x.to(torch.complex128 if x.is_complex() else torch.float64)


def dot(a: Sequence[Tensor], b: Sequence[Tensor]) -> Tensor:
    """Each run's inner product of `a` and `b`; float64, on the CPU."""
    products = [(x.conj() * y).real for x, y in zip(a, b, strict=True)]
    sums = [flat(x).sum(1).to("cpu", torch.float64) for x in products]
    return torch.stack(sums).sum(0)


def flat(x: Tensor) -> Tensor:
    """The rows of `x`, each as one line of numbers, also where it has none."""
    return x.reshape(len(x), prod(x.shape[1:]))


def total(a: Sequence[Tensor], b: Sequence[Tensor]) -> list[Tensor]:
    """Where `b` leads to from `a`."""
    return [x + y for x, y in zip(a, b, strict=True)]


def difference(a: Sequence[Tensor], b: Sequence[Tensor]) -> list[Tensor]:
    """What leads from `b` to `a`."""
    return [x - y for x, y in zip(a, b, strict=True)]


def choose(
    which: Tensor, a: Sequence[Tensor], b: Sequence[Tensor]
) -> list[Tensor]:
    """The rows of `a` for the runs in `which`, those of `b` for the others."""
    return [
        torch.where(spread(which, x), x, y) for x, y in zip(a, b, strict=True)
    ]


def indices(which: Tensor) -> list[int]:
    """The runs in `which`."""
    found: list[int] = which.nonzero().flatten().tolist()
    return found


class RowByRow:
    """A function of a row of each tensor, for all rows at once while it can.

    It cannot where the function asks for a number, as an `if` does.
    """

    def __init__(self, function: Callable[..., Tensor]) -> None:
        self.function = function
        # Where it draws random numbers, each run gets its own.
        self.at_once = torch.func.vmap(function, randomness="different")
        self.can = True

    def __call__(self, *tensors: Tensor) -> Tensor:
        """The function's value for each row."""
        if self.can:
            try:
                values: Tensor = self.at_once(*tensors)
                return values
            except RuntimeError:  # a mistake of its own comes again, alone
                self.can = False
        rows = zip(*tensors, strict=True)
        return torch.stack([self.function(*row) for row in rows])
