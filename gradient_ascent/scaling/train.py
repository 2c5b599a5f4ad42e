"""Train a small network on several processes, and go on where it was stopped.

Two processes, begun again up to three times if one dies::

    export TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1
    torchrun --standalone --nproc_per_node 2 --max_restarts 3 \
        -m gradient_ascent.scaling.train runs/first

Without the first line gloo, begun again, looks for the dead at their old
address.

Each holds a part of the network (FSDP2), and sees a share of every batch. After
every tenth step each writes its part of a checkpoint. Started anew with the
same folder, by as many processes or by others, the run goes on from the last
checkpoint that is whole.
"""

import sys
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import (
    get_state_dict,
    set_state_dict,
)
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

from gradient_ascent import optim

BATCH, EVERY, STEPS = 64, 10, 100


def network() -> nn.Module:
    """The network as every run begins it."""
    torch.manual_seed(0)  # in each process, or the parts would not fit together
    return nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 1))


def batch(step: int) -> tuple[Tensor, Tensor]:
    """The batch of a step: points, and what the network is to say of them."""
    draw = torch.Generator().manual_seed(step)  # what was drawn before is moot
    points = torch.randn(BATCH, 8, generator=draw)
    return points, points.sin().sum(dim=1, keepdim=True)


def train(folder: Path, steps: int = STEPS) -> nn.Module:
    """Train up to a number of steps, from the last checkpoint in a folder."""
    rank, workers = dist.get_rank(), dist.get_world_size()
    model = network()
    fully_shard(model, mesh=init_device_mesh("cpu", (workers,)))
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for step in range(resume(folder, model, optimizer), steps):
        points, wanted = (each[rank::workers] for each in batch(step))
        optimizer.zero_grad()
        objective = -(model(points) - wanted).square().mean()
        objective.backward()
        optimizer.step()
        if (step + 1) % EVERY == 0:
            save(folder, step + 1, model, optimizer)
    return model


def save(
    folder: Path, step: int, model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Write a checkpoint, each process its part."""
    parts, memory = get_state_dict(model, optimizer)
    state = {"model": parts, "optimizer": memory}
    dcp.save(state, checkpoint_id=folder / f"{step:06}")


def resume(
    folder: Path, model: nn.Module, optimizer: torch.optim.Optimizer
) -> int:
    """Load the last checkpoint that is whole; say how many steps it has."""
    whole = sorted(folder.glob("*/.metadata"))  # written last of all
    if not whole:
        return 0
    last = whole[-1].parent
    parts, memory = get_state_dict(model, optimizer)
    state: dict[str, Any] = {"model": parts, "optimizer": memory}
    dcp.load(state, checkpoint_id=last)
    set_state_dict(
        model, optimizer,
        model_state_dict=state["model"], optim_state_dict=state["optimizer"],
    )  # fmt: skip
    return int(last.name)


if __name__ == "__main__":
    dist.init_process_group("gloo")
    train(Path(sys.argv[1]))
    dist.destroy_process_group()
