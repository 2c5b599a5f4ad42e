"""Measure what two processes make of a step here.

``python -m gradient_ascent.scaling.measure`` prints what `measure` returns.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer

from gradient_ascent import optim
from gradient_ascent.optim.sharded import here, whole
from gradient_ascent.scaling.train import batch, network

COMMAND = "python -m gradient_ascent.scaling.measure"
TRAINED, WIDTH, BATCH, TIMES = 20, 512, 1024, 7
BATCHES = [BATCH // 8, BATCH // 4, BATCH // 2, BATCH]
MESSAGES = [4**k for k in range(5, 13)]
"""Bytes that are added up, from a thousand to sixteen million."""


def measure() -> dict[str, Any]:
    """Launch two processes by torchrun, and bring back what they measured.

    Returns:
        `trained`: what replicas, replicas with the optimizer's memory dealt
        out, and parts come to after 20 steps of Adam on the network of `train`,
        in float64. `bytes`: what each process then holds, in bytes. `seconds`:
        of a network with half a million parameters, the fastest of a few runs
        of each piece of a step. `stamp`: when, on what and how it was measured.

    Raises:
        RuntimeError: the processes failed; it holds what they said.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "measured.json")
        command = [
            sys.executable, "-m", "torch.distributed.run", "--standalone",
            "--nproc_per_node=2", "-m", __spec__.name, str(file),
        ]  # fmt: skip
        root = Path(__file__).parents[2]
        paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
        here = {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            command, env={**os.environ, **here}, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"measure: {done.stderr[-5000:]}")
        found: dict[str, Any] = json.loads(file.read_text())
    return found


def _work(file: Path) -> None:
    """What each of the processes does."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    trained, held = {}, {}
    for way in ("replicas", "memory dealt out", "parts"):
        trained[way], held[way] = _trained(way)
    found = {
        "stamp": _stamp(), "trained": trained, "bytes": held,
        "seconds": _seconds(),
    }  # fmt: skip
    if dist.get_rank() == 0:
        file.write_text(json.dumps(found))
    dist.destroy_process_group()


def _stamp() -> dict[str, Any]:
    return {
        "date": date.today().isoformat(),
        "command": COMMAND,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": f"Python {platform.python_version()}, "
        f"torch {torch.__version__}",
    }


def _wrapped(way: str, model: nn.Module) -> tuple[Any, Optimizer]:
    """A model in several processes, with Adam for it."""
    if way == "parts":
        mesh = init_device_mesh("cpu", (dist.get_world_size(),))
        fully_shard(model, mesh=mesh)
        return model, optim.Adam(model.parameters(), lr=0.01)
    replica = DistributedDataParallel(model)
    if way == "replicas":
        return replica, optim.Adam(replica.parameters(), lr=0.01)
    # Its import warns of what torch itself deprecates: not where none needs it.
    from torch.distributed.optim import ZeroRedundancyOptimizer

    return replica, ZeroRedundancyOptimizer(
        replica.parameters(), optim.Adam, lr=0.01
    )


def _trained(way: str) -> tuple[list[float], dict[str, int]]:
    """Where a way of sharing the work leads, and what a process then holds."""
    rank, workers = dist.get_rank(), dist.get_world_size()
    model, optimizer = _wrapped(way, network().double())
    for step in range(TRAINED):
        points, wanted = (x[rank::workers].double() for x in batch(step))
        optimizer.zero_grad()
        (-(model(points) - wanted).square().mean()).backward()
        optimizer.step()
    parameters = list(model.parameters())
    states = getattr(optimizer, "optim", optimizer).state.values()
    memory = [s[name] for s in states for name in ("exp_avg", "exp_avg_sq")]
    held = {
        "parameters": _bytes(parameters),
        "gradients": _bytes([p.grad for p in parameters]),
        "memory": _bytes(memory),
    }
    ends = [whole(p).detach().flatten() for p in parameters]
    numbers: list[float] = torch.cat(ends).tolist()
    return numbers, held


def _bytes(tensors: list[Tensor]) -> int:
    return sum(here(x).numel() * x.element_size() for x in tensors)


def _seconds() -> dict[str, Any]:
    """How long each piece of a step takes; process 0 tells."""
    model = nn.Sequential(
        nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH)
    )
    alone = optim.Adam(model.parameters(), lr=1e-4)
    data = torch.randn(BATCH, WIDTH)

    def slopes(model: Any, data: Tensor) -> None:
        model.zero_grad()
        (-model(data).square().mean()).backward()

    slopes(model, data)
    compute = [_time(partial(slopes, model, data[:b]), 1) for b in BATCHES]
    update = _time(alone.step, 1)

    def step(model: Any, data: Tensor, optimizer: Optimizer) -> None:
        slopes(model, data)
        optimizer.step()

    one = _time(partial(step, model, data, alone), 1)
    replica, optimizer = _wrapped("replicas", model)
    two = _time(partial(step, replica, data[: BATCH // 2], optimizer), 2)
    both = _time(partial(step, model, data[: BATCH // 2], alone), 2)
    sums = [
        _time(partial(dist.all_reduce, torch.zeros(size // 4)), 2)
        for size in MESSAGES
    ]
    return {
        "gradient bytes": _bytes(list(model.parameters())),
        "batches": BATCHES, "compute": compute, "update": update,
        "messages": MESSAGES, "all-reduce": sums,
        "step of one": one, "step of two": two, "both, silent": both,
    }  # fmt: skip


def _time(do: Callable[[], Any], processes: int) -> float:
    """The fastest of a few runs in so many processes; the others wait."""
    taken = []
    for _ in range(TIMES + 1):  # the first warms up
        dist.barrier()
        start = time.perf_counter()
        if dist.get_rank() < processes:
            do()
        taken.append(time.perf_counter() - start)
    return min(taken[1:])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _work(Path(sys.argv[1]))
    else:
        print(json.dumps(measure(), indent=1))
