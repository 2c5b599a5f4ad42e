"""Two processes that meet on one machine."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
from torch import multiprocessing

Work = Callable[[int], None]


def _process(rank: int, folder: str, work: Work) -> None:
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo",
        init_method=f"file://{folder}/meeting",
        rank=rank,
        world_size=2,
        timeout=timedelta(minutes=5),
    )
    work(rank)
    Path(folder, f"done-{rank}").touch()
    dist.destroy_process_group()


def both_do(work: Work, folder: Path) -> None:
    """Let two processes work, each knowing its rank; see that both were done."""
    arguments = os.fspath(folder), work
    multiprocessing.spawn(_process, arguments, nprocs=2)  # type: ignore[no-untyped-call]
    assert {each.name for each in folder.glob("done-*")} == {"done-0", "done-1"}
