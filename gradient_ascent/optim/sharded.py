"""Tensors whose parts lie in several processes: torch's DTensors.

What one process sees of such a tensor is its own part. An answer that all must
agree on is asked of all, and then every process has to ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor


def is_sharded(tensor: Any) -> bool:
    """Whether this process may hold a part of the tensor only."""
    return hasattr(tensor, "to_local")


def any_sharded(tensors: Iterable[Tensor]) -> bool:
    """Whether one of them is; of many that are alike a single one is asked."""
    return any(map(is_sharded, {*map(type, tensors)}))


def here(tensor: Any) -> Tensor:
    """The part of a tensor that this process holds."""
    part: Tensor = tensor.to_local() if is_sharded(tensor) else tensor
    return part


def whole(tensor: Any) -> Tensor:
    """All of a tensor, put together; every process has to ask."""
    full: Tensor = tensor.full_tensor() if is_sharded(tensor) else tensor
    return full


def shared_out(full: Tensor, like: Any) -> Tensor:
    """A tensor that every process has, each keeping the part that `like` has.

    Nothing is sent.
    """
    from torch.distributed.tensor import DTensor, Replicate

    mesh = like.device_mesh
    everywhere = [Replicate()] * mesh.ndim
    same = DTensor.from_local(full, mesh, everywhere, run_check=False)
    parts: Tensor = same.redistribute(placements=like.placements)
    return parts


def anywhere(said: bool, tensors: Iterable[Tensor]) -> bool:
    """Whether one of the processes that share the tensors says so.

    Every one of them has to ask. Of tensors that are whole in each process no
    other is asked.
    """
    meshes = [each.device_mesh for each in filter(is_sharded, tensors)]  # type: ignore[attr-defined]
    if not meshes:
        return said
    from torch.distributed.tensor import DTensor, Partial

    for mesh in dict.fromkeys(meshes):
        own = torch.tensor([float(said)], device=mesh.device_type)
        largest = [Partial("max")] * mesh.ndim
        said = bool(DTensor.from_local(own, mesh, largest).full_tensor())
    return said
