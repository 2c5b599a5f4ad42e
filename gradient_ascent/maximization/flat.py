"""Tensors as one vector of real numbers, and back."""

from collections.abc import Sequence

import torch
from torch import Tensor


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


def gradient(tensors: Sequence[Tensor]) -> Tensor:
    """Their gradients, flattened; zero where there is none."""
    return flatten(
        [torch.zeros_like(x) if x.grad is None else x.grad for x in tensors]
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
