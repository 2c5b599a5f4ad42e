"""Tensors as one vector of real numbers, and back; optimizers of vectors."""

from abc import abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.optimizer import ParamsT


def flatten(tensors: Sequence[Tensor]) -> Tensor:
    """All numbers in one vector; of complex ones, both parts.

    It is of the widest dtype among them, float32 at least.
    """
    parts = [torch.view_as_real(x) if x.is_complex() else x for x in tensors]
    dtype = torch.float32
    for x in parts:
        dtype = torch.promote_types(dtype, x.dtype)
    device = parts[0].device
    return torch.cat([x.to(device, dtype).flatten() for x in parts])


def flatten_parts(
    tensors: Sequence[Tensor], parts: Sequence[Tensor | None]
) -> Tensor:
    """What belongs to the tensors, flattened; zero where there is nothing."""
    return flatten(
        [
            torch.zeros_like(x) if part is None else part
            for x, part in zip(tensors, parts, strict=True)
        ]
    )


def fill(tensors: Sequence[Tensor], vector: Tensor) -> None:
    """Write `vector`, laid out as by `flatten`, into the tensors."""
    used = 0
    with torch.no_grad():
        for x in tensors:
            into = torch.view_as_real(x) if x.is_complex() else x
            part = vector[used : used + into.numel()]
            into.copy_(part.reshape(into.shape))
            used += into.numel()


def parted(vector: Tensor, like: Sequence[Tensor]) -> list[Tensor]:
    """The numbers of `vector` in the shapes of real tensors; rows each alone.

    They are laid out as by `flatten`.
    """
    parts, used = [], 0
    for x in like:
        part = vector[..., used : used + x.numel()]
        parts.append(part.reshape(*vector.shape[:-1], *x.shape))
        used += x.numel()
    return parts


class OnVector(Optimizer):
    """An optimizer that climbs, and sees all its parameters as one vector.

    Attributes:
        tensors: the parameters.
        points: the same memory, outside of any graph.
    """

    def __init__(self, params: ParamsT) -> None:
        super().__init__(params, {"maximize": True})
        self.tensors = [x for g in self.param_groups for x in g["params"]]
        self.points = [x.detach() for x in self.tensors]

    def read(self) -> tuple[Tensor, Tensor]:
        """Where the parameters are, and their gradient."""
        slopes = [x.grad for x in self.tensors]
        return flatten(self.points), flatten_parts(self.points, slopes)


Closure = Callable[[], float]
"""Evaluates the objective, leaves its gradient in `grad`, and returns it."""


class Searching(OnVector):
    """One that looks for a point that is high enough before it goes there."""

    def step(self, closure: Closure) -> float:  # type: ignore[override]
        """Go to a point that is high enough; nowhere, if none is found.

        Args:
            closure: evaluates the objective, leaves its gradient in `grad`, and
                returns the objective.

        Returns:
            The objective before the step.
        """
        height = closure()
        x, g = self.read()
        self._go_on(closure, height, x, g)
        return height

    @abstractmethod
    def _go_on(
        self, closure: Closure, height: float, x: Tensor, g: Tensor
    ) -> None:
        """Move from x, or leave it as it is."""


def error(x: Tensor, height: float) -> float:
    """By how much rounding may change a height."""
    return float(4 * torch.finfo(x.dtype).eps * abs(height))
