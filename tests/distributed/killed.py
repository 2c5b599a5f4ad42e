"""A run of the package's script, one of whose processes is killed, and killed again.

In its first life the last process dies after a step between two checkpoints, in its
second while a checkpoint is written. Before, the same run is done without a fault.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch.optim.optimizer import register_optimizer_step_post_hook

from gradient_ascent.scaling import train

STEPS, DIES_AFTER, DIES_SAVING = 40, 17, "000030"


def die() -> None:
    if dist.get_rank() == dist.get_world_size() - 1:
        os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path) -> None:
    dist.init_process_group("gloo")
    life = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
    if life == 0:
        train.train(folder / "whole", STEPS)
    taken, began, save, load = 0, "nothing", dcp.save, dcp.load

    def after_step(*_: Any) -> None:
        nonlocal taken
        taken += 1
        if life == 0 and taken == DIES_AFTER:
            die()

    def saving(*given: Any, **named: Any) -> Any:
        if life == 1 and named["checkpoint_id"].name == DIES_SAVING:
            die()
        return save(*given, **named)

    def loading(*given: Any, **named: Any) -> Any:
        nonlocal began
        began = named["checkpoint_id"].name
        return load(*given, **named)

    dcp.save, dcp.load = saving, loading
    register_optimizer_step_post_hook(after_step)
    train.train(folder / "killed", STEPS)
    if dist.get_rank() == 0:
        sys.stdout.write(f"life {life}, begun from {began}\n")
    dist.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
