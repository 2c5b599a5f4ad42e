"""The ways in which several processes share the work: a model, whole or in parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.optim import ZeroRedundancyOptimizer
from torch.distributed.tensor import DTensor
from torch.nn.parallel import DistributedDataParallel
from torch.optim.optimizer import Optimizer

from tests.optim.cases import normal

ALONE, SHARDS = "alone", "shards"
REPLICAS = "replicas", "replicas, the optimizer's memory dealt out"
WAYS = *REPLICAS, SHARDS

DATA = normal(1, (16, 7))
"""What all of them see; each process a share, or one process all of it."""


class Run:
    """A small model, an optimizer of it, and the share of the data they see.

    The last layer has three rows: of four processes one has an empty part of it.
    """

    def __init__(self, way: str, make: Callable[..., Optimizer]) -> None:
        torch.manual_seed(0)
        layers = nn.Linear(7, 5), nn.Tanh(), nn.Linear(5, 3)
        self.model: Any = nn.Sequential(*layers).double()
        rank, workers = dist.get_rank(), dist.get_world_size()
        self.data = DATA if way == ALONE else DATA[rank::workers]
        if way in REPLICAS:
            self.model = DistributedDataParallel(self.model)
        elif way == SHARDS:
            fully_shard(self.model, mesh=init_device_mesh("cpu", (workers,)))
        if way == REPLICAS[1]:
            make = partial(ZeroRedundancyOptimizer, optimizer_class=make)
        self.optimizer = make(self.model.parameters())

    def objective(self) -> Tensor:
        """Bounded above, and concave where the model is linear."""
        value: Tensor = -(self.model(self.data) - 1).square().mean()
        return value

    def evaluate(self) -> Tensor:
        self.optimizer.zero_grad()
        value = self.objective()
        value.backward()
        return value.detach()

    def step(self, steps: int = 1) -> Run:
        for _ in range(steps):
            self.evaluate()
            self.optimizer.step()
        return self

    def parameters(self) -> list[Tensor]:
        """All of them, whole."""
        return [whole(p).detach().clone() for p in self.model.parameters()]


def whole(x: Tensor) -> Tensor:
    return x.full_tensor() if isinstance(x, DTensor) else x


def apart(some: Sequence[Tensor], others: Sequence[Tensor]) -> float:
    """The largest difference."""
    pairs = zip(some, others, strict=True)
    return max(float((whole(a) - whole(b)).abs().max()) for a, b in pairs)
