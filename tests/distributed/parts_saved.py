"""What some processes save, each its part, others load."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict

from tests.distributed.ways import ALONE, SHARDS, Run, apart
from tests.optim.cases import FEW, Case


def main(do: str, folder: str) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    for case in FEW:
        at = Path(folder, str(case))
        save(case, at) if do == "save" else resume(case, at)
        sys.stdout.write(f"{do} {case}\n")
    dist.destroy_process_group()


def save(case: Case, at: Path) -> None:
    run = Run(SHARDS, partial(case.ours, **case.options, **case.own)).step(3)
    parts, memory = get_state_dict(run.model, run.optimizer)
    dcp.save({"model": parts, "optimizer": memory}, checkpoint_id=at)
    assert len([*at.glob("*.distcp")]) == dist.get_world_size()


def resume(case: Case, at: Path) -> None:
    make = partial(case.ours, **case.options, **case.own)
    run = Run(SHARDS, partial(make, lr=0.7))
    with torch.no_grad():
        for p in run.model.parameters():
            p.fill_(5.0)
    parts, memory = get_state_dict(run.model, run.optimizer)
    state = {"model": parts, "optimizer": memory}
    dcp.load(state, checkpoint_id=at)
    set_state_dict(
        run.model,
        run.optimizer,
        model_state_dict=state["model"],
        optim_state_dict=state["optimizer"],
    )
    alone = Run(ALONE, make).step(6).parameters()
    distance = apart(run.step(3).parameters(), alone)
    assert distance <= 1e-13, (str(case), distance)


if __name__ == "__main__":
    main(*sys.argv[1:])
