"""Parameters whose parts lie in several processes (DTensors, as FSDP2 makes them)."""

import os
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from gradient_ascent import optim
from gradient_ascent.optim import on_gpu
from tests.optim.gpu import need_triton
from tests.optim.two_processes import both_do

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


def work(rank: int, engines: dict[str, bool | None] = ENGINES) -> None:
    for kind in OPTIMIZERS:
        for name, foreach in engines.items():
            pairs = zip(trained(kind, foreach, True), trained(kind, foreach, False))
            apart = max(float((a - b).abs().max()) for a, b in pairs)
            assert apart <= 1e-6, (kind, name, apart)


@pytest.mark.slow
def test_shards_move_as_the_whole(tmp_path: Path) -> None:
    both_do(work, tmp_path)


def work_as_on_a_gpu(rank: int) -> None:
    os.environ["TRITON_INTERPRET"] = "1"
    on_gpu.DEVICES.add("cpu")
    launches, move = [], on_gpu.OnGPU.move
    on_gpu.OnGPU.move = lambda *given: launches.append(move(*given))  # type: ignore
    work(rank, {"default": None})
    assert launches


@pytest.mark.slow
def test_shards_move_as_the_whole_in_triton(tmp_path: Path) -> None:
    need_triton()
    both_do(work_as_on_a_gpu, tmp_path)
