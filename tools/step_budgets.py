"""An optimizer's step against its budgets: ratios to torch's fused Adam, and more."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from gradient_ascent import speed
from gradient_ascent.speed import SHAPES
from tools.console import say
from tools.pages import Row
from tools.speed import PEERS, extra, step_of

SMALL = "400 x 128"
FIRST = """
import time, torch
from gradient_ascent import optim
x = torch.zeros(1000, requires_grad=True)
optimizer = optim.{}([x])
x.grad = torch.ones_like(x)
start = time.perf_counter()
optimizer.step()
print(time.perf_counter() - start)
"""


def step_rows(rounds: int = 15) -> list[Row]:
    """The slowest of our optimizers on each shapes, beside what it may take.

    Every rule's time is a ratio to that of torch's fused Adam in the same turns; on
    large tensors for the bytes that each moves.
    """
    rows = []
    for shapes, each in SHAPES.items():
        say("budgets", f"steps on {shapes}")
        ratios = shares(each, rounds, for_bytes=shapes != SMALL)
        worst = max(ratios, key=ratios.__getitem__)
        rows.append((f"step, {shapes}: {worst}", ratios[worst], limit(shapes), "x"))
    more = memory()
    worst = max(more, key=more.__getitem__)
    rows.append((f"step, memory beside: {worst}", more[worst], 0.05, "x"))
    return [*rows, ("step, the first, compiled: Adam", first_step("Adam"), 2, "s")]


def limit(shapes: str) -> float:
    """What the ratio may be."""
    return 0.5 if shapes == SMALL else 1.05


def shares(shapes: Any, rounds: int, for_bytes: bool) -> dict[str, float]:
    """Our least time over torch's fused Adam's, for every rule."""
    params, found = speed.parameters(shapes), {}
    for name, peers in PEERS.items():
        make: Any = peers.ours
        ours, adam = make(params), torch.optim.Adam(params, lr=1e-6, fused=True)
        ours.param_groups[0]["lr"] = 1e-6
        calls = {"ours": step_of(ours), "adam": step_of(adam)}
        times = {k: min(v) for k, v in speed.in_turns(calls, rounds).items()}
        bytes_ = speed.numbers_moved(ours) / 7 if for_bytes else 1.0
        found[name] = times["ours"] / (times["adam"] * bytes_)
        del ours, adam, calls
        gc.collect()
    return found


def memory() -> dict[str, float]:
    """What a step takes beside all that is kept, in sizes of the parameter."""
    params, found = speed.parameters([(1_000_000,)]), {}
    for name, peers in PEERS.items():
        make: Any = peers.ours
        optimizer = make(params)
        optimizer.step()
        found[name] = extra(optimizer.step, 4_000_000)
    return found


def first_step(name: str) -> float:
    """The seconds of a step in a process that finds no kernel compiled."""
    with tempfile.TemporaryDirectory(dir=Path.home()) as empty:
        done = subprocess.run(
            [sys.executable, "-c", FIRST.format(name)],
            env={**os.environ, "XDG_CACHE_HOME": empty},
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    start = time.perf_counter()
    for row in step_rows():
        print(f"{row[0]:<44}{row[1]:8.2f} {row[3]}, at most {row[2]:g}")
    print(f"in {time.perf_counter() - start:.0f} s")
