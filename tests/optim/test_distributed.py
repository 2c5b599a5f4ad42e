"""Parameters whose parts lie in several processes (DTensors, as FSDP2 makes them)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import Tensor, multiprocessing, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from gradient_ascent import optim

OPTIMIZERS = {
    "Adam": optim.Adam,
    "AMSGrad": optim.AMSGrad,
    "Momentum": optim.Momentum,
    "Nesterov": optim.Nesterov,
    "Adagrad": optim.Adagrad,
    "RMSprop": optim.RMSprop,
    "GradientAscent": optim.GradientAscent,
}
ENGINES = {"default": None, "foreach": True, "reference": False}


def trained(kind: str, foreach: bool | None, shard: bool) -> list[Tensor]:
    """Train a small model, whole or in shards; return its parameters, whole."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(7, 5), nn.Tanh(), nn.Linear(5, 3))
    if shard:
        fully_shard(model, mesh=init_device_mesh("cpu", (2,)))
    optimizer = OPTIMIZERS[kind](model.parameters(), lr=0.01, foreach=foreach)
    data = torch.randn(6, 7, generator=torch.Generator().manual_seed(1))
    for _ in range(4):
        optimizer.zero_grad()
        (-model(data).square().mean()).backward()
        optimizer.step()
    parts = [p.detach() for p in model.parameters()]
    return [p.full_tensor() if isinstance(p, DTensor) else p for p in parts]


def process(rank: int, folder: str) -> None:
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/meeting",
        rank=rank,
        world_size=2,
        timeout=timedelta(minutes=5),
    )
    for kind in OPTIMIZERS:
        for name, foreach in ENGINES.items():
            pairs = zip(trained(kind, foreach, True), trained(kind, foreach, False))
            apart = max(float((a - b).abs().max()) for a, b in pairs)
            assert apart <= 1e-6, (kind, name, apart)
    Path(folder, f"done-{rank}").touch()
    dist.destroy_process_group()


@pytest.mark.slow
def test_shards_move_as_the_whole(tmp_path: Path) -> None:
    multiprocessing.spawn(process, (os.fspath(tmp_path),), nprocs=2)  # type: ignore[no-untyped-call]
    assert {each.name for each in tmp_path.glob("done-*")} == {"done-0", "done-1"}
