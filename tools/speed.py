"""Time every optimizer's step, by every engine, beside torch's and the roofline.

python -m tools.speed [--quick] [--device cuda] [--out FILE]

All that take the same step are timed in turns, in one run, so that a noisy machine is
as noisy for all; each round draws its order, so that none has a place of its own in it.
It prints a table in Markdown; a file gets the rows with their stamp.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from inspect import signature
from pathlib import Path
from typing import Any

import pytorch_optimizer
import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer
from torch.profiler import ProfilerActivity, profile

from gradient_ascent import optim, speed
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.speed import Timed
from gradient_ascent.speed.shapes import Shapes
from tools.compare import Make
from tools.machine import machine

Step = Callable[[], object]
ROUNDS, ENOUGH = 9, 0.5
QUICK = {"rounds": 3, "enough": 0.1}
QUICK_SHAPES: dict[str, Shapes] = {
    "1 M in one": [(1_000_000,)],
    "40 x 128": [(128,)] * 40,
}
TRIAD = 25_000_000
"""So many elements `a.add_(b)` has: no cache holds them."""

LOOP, FOREACH, FUSED = {"foreach": False}, {"foreach": True}, {"fused": True}
COLUMNS = (
    "roofline", "written", "foreach", "reference", "torch loop", "torch foreach",
    "torch fused", "torch compiled", "pytorch_optimizer",
)  # fmt: skip


@dataclass
class Peers:
    """What takes the steps of one of our optimizers.

    Attributes:
        ours: the class.
        torchs: torch's, if there is one.
        options: what only that is given.
        other: pytorch_optimizer's own, if it has one; its Adam is torch's.
        alike: whether torch's takes our state as it is.
    """

    ours: type[RuleOptimizer]
    torchs: Make | None = None
    options: dict[str, Any] = field(default_factory=dict)
    other: Make | None = None
    alike: bool = True

    @property
    def fused(self) -> bool:
        """Whether torch's has a fused kernel."""
        made = self.torchs
        return made is not None and "fused" in signature(made).parameters


ADAM, SGD = torch.optim.Adam, torch.optim.SGD
PEERS = {
    "Momentum": Peers(optim.Momentum, SGD, {"momentum": 0.9}),
    "Nesterov": Peers(optim.Nesterov, SGD, {"momentum": 0.9, "nesterov": True}),
    "AMSGrad": Peers(optim.AMSGrad, ADAM, {"amsgrad": True}),
    "Signum": Peers(optim.Signum, other=pytorch_optimizer.SignSGD),
    "Lion": Peers(optim.Lion, other=pytorch_optimizer.Lion),
    "GradientAscent": Peers(optim.GradientAscent, ADAM, alike=False),
}
for _kind in optim.OPTIMIZERS.values():
    if issubclass(_kind, RuleOptimizer):
        _torchs = getattr(torch.optim, _kind.__name__, None)
        PEERS.setdefault(_kind.__name__, Peers(_kind, _torchs))
FASTEST = {"GPT-2 small"}
"""Where only our kernel and torch's fastest are timed: the others take minutes."""
COMPILED = {"Momentum", "RMSprop", "Adam"}
"""Whose step torch's compiler is given, where there is one tensor."""


def steps(name: str, params: list[Tensor], every: bool, compiled: bool) -> Any:
    """What takes the step of a rule, by name.

    Args:
        name: of our class.
        params: they have gradients.
        every: all engines, or ours and torch's fastest only.
        compiled: torch's step made a kernel by its compiler as well.
    """
    peers = PEERS[name]
    ours: Any = peers.ours
    first = ours(params, lr=1e-6)
    first.step()
    made = {"written": first}
    if every:
        for by, options in (("foreach", FOREACH), ("reference", LOOP)):
            made[by] = ours(params, lr=1e-6, **options)
    for by, options in (
        ("torch loop", LOOP), ("torch foreach", FOREACH), ("torch fused", FUSED),
    ):  # fmt: skip
        fastest = by == ("torch fused" if peers.fused else "torch foreach")
        if peers.torchs and (every or fastest) and (peers.fused or by != "torch fused"):
            made[by] = peers.torchs(params, lr=1e-6, **peers.options, **options)
    if peers.torchs and compiled:
        made["torch compiled"] = peers.torchs(params, lr=1e-6, **peers.options)
    if peers.other and every:
        made["pytorch_optimizer"] = peers.other(params, lr=1e-6)
    for by, each in made.items():
        if peers.alike and by not in ("written", "pytorch_optimizer"):
            each.state = first.state  # memory for one
    return {by: step_of(each, by == "torch compiled") for by, each in made.items()}


def step_of(optimizer: Optimizer, compiled: bool = False) -> Step:
    """What takes a step and waits until it is done."""
    on_gpu = optimizer.param_groups[0]["params"][0].is_cuda
    move = torch.compile(optimizer.step) if compiled else optimizer.step

    def step() -> None:
        move()
        if on_gpu:
            torch.cuda.synchronize()

    if compiled:
        step()  # the compiler looks twice
    return step


def extra(step: Step, size: int) -> float:
    """The most memory that a step takes beside what is kept, in sizes of all."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        step()
    events: Any = seen.profiler
    events = [e for e in events.kineto_results.events() if e.name() == "[memory]"]
    now = most = 0
    for event in sorted(events, key=lambda e: e.start_ns()):
        now += event.nbytes()
        most = max(most, now)
    return most / size


def added(device: str, elements: int) -> Step:
    """Return `a.add_(b)`, whose bandwidth is the roof."""
    a, b = torch.zeros(elements, device=device), torch.ones(elements, device=device)

    def add() -> None:
        a.add_(b)
        if device != "cpu":
            torch.cuda.synchronize()

    return add


def rows(device: str, quick: bool) -> Iterator[Timed]:
    """Yield what is measured, each rule on each shapes when it is known."""
    elements = 1_000_000 if quick else TRIAD
    add = added(device, elements)
    timing: Any = QUICK if quick else {"rounds": ROUNDS, "enough": ENOUGH}
    clock = time.process_time if alone(device) else time.perf_counter
    best = 0.0
    must: dict[tuple[str, str], tuple[int, int]] = {}
    for shapes, each in (QUICK_SHAPES if quick else speed.SHAPES).items():
        params = speed.parameters(each, device)
        size = sum(p.nbytes for p in params)
        for rule, peers in PEERS.items():
            compiled = len(params) == 1 and rule in COMPILED and not quick
            calls = steps(rule, params, shapes not in FASTEST, compiled)
            taken = speed.in_turns({"add": add, **calls}, **timing, clock=clock)
            added_ = taken.pop("add")
            best = max(best, 12 * elements / min(added_))
            make: Any = peers.ours
            must[shapes, rule] = speed.bytes_moved(make(params)), len(added_)
            for by, seconds in taken.items():
                one = device == "cpu" and len(params) == 1
                more = extra(calls[by], size) if one else None
                middle, least = statistics.median(seconds), min(seconds)
                n = len(seconds)
                yield Timed(shapes, rule, by, n, 1000 * middle, 1000 * least, more)
            del calls
            gc.collect()
            torch.compiler.reset()
    for (shapes, rule), (bytes_, n) in must.items():
        roof = 1000 * bytes_ / best
        yield Timed(shapes, rule, "roofline", n, roof, roof)


def alone(device: str) -> bool:
    """Whether one thread does all: then its own time leaves out what others do."""
    return device == "cpu" and torch.get_num_threads() == 1


def table(found: list[Timed]) -> Iterator[str]:
    """The rows as a table in Markdown: the least milliseconds."""
    yield f"| shapes | rule | {' | '.join(COLUMNS)} |"
    yield "| --- | --- |" + " ---: |" * len(COLUMNS)
    stamped = speed.Stamped({}, found)
    for shapes, rule in dict.fromkeys((row.shapes, row.rule) for row in found):
        by = stamped.of(shapes, rule)
        cells = (f"{by[c].least:.2f}" if c in by else "–" for c in COLUMNS)
        yield f"| {shapes} | {rule} | {' | '.join(cells)} |"


def stamp(device: str) -> dict[str, str]:
    """Where, when and by what it was measured."""
    gpu = device != "cpu"
    packages = ("torch", "pytorch_optimizer", "numpy")
    return {
        "machine": torch.cuda.get_device_name() if gpu else machine(),
        "threads": str(torch.get_num_threads()),
        "clock": "the thread's own" if alone(device) else "the wall's",
        "order": "drawn in each round",
        **{name: version(name) for name in packages},
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "command": " ".join(["python -m tools.speed", *sys.argv[1:]]),
    }


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small shapes, seconds")
    parser.add_argument("--device", default="cpu", help="cpu (the default) or cuda")
    parser.add_argument("--out", type=Path, help="a file for the rows")
    asked = parser.parse_args()
    found = []
    for row in rows(asked.device, asked.quick):
        print(f"{row.shapes:<12} {row.rule:<15} {row.by:<18}{row.least:10.2f} ms",
              file=sys.stderr, flush=True)  # fmt: skip
        found.append(row)
    print("\n".join(table(found)))
    if asked.out:
        speed.write(asked.out, stamp(asked.device), found)


if __name__ == "__main__":
    main()
