"""Measure an optimizer's step against torch's: `python -m tools.speed [cpu|cuda]`.

Every pair is timed in turns, in one run, so that a noisy machine is as noisy for both.
"""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from gradient_ascent import optim
from gradient_ascent.optim.optimizer import RuleOptimizer
from tools.compare import Make

Shapes = list[tuple[int, ...]]
ROUNDS = 15


@dataclass
class Pair:
    """One of our optimizers, and the fastest that torch has of the same rule.

    Attributes:
        torchs: the class, if there is one.
        options: what only it is given.
        again: how many numbers ours reads for an element beside those that the rule
            reads and writes.
    """

    ours: type[RuleOptimizer]
    torchs: Make | None
    options: dict[str, Any] = field(default_factory=lambda: {"fused": True})
    again: int = 0

    def moved(self) -> int:
        """How many numbers are read or written for an element of a parameter."""
        make: Any = self.ours
        optimizer = make([torch.zeros(1)])
        kept = optimizer.fields(optimizer.param_groups[0])
        return 3 + 2 * len(kept) + self.again  # parameter and state move both ways


ADAM, SGD = torch.optim.Adam, torch.optim.SGD
FUSED, FOREACH = {"fused": True}, {"foreach": True}
MOMENTUM = {"momentum": 0.9, **FUSED}
PAIRS = {
    "Adam": Pair(optim.Adam, ADAM),
    "AMSGrad": Pair(optim.AMSGrad, ADAM, {"amsgrad": True, **FUSED}),
    "Momentum": Pair(optim.Momentum, SGD, MOMENTUM),
    "Nesterov": Pair(optim.Nesterov, SGD, {"nesterov": True, **MOMENTUM}),
    "RMSprop": Pair(optim.RMSprop, torch.optim.RMSprop, FOREACH),
    # First it looks whether all gradients are finite.
    "GradientAscent": Pair(optim.GradientAscent, ADAM, again=1),
}
for _kind in optim.OPTIMIZERS.values():
    if _kind.__name__ not in PAIRS and issubclass(_kind, RuleOptimizer):
        _torchs = getattr(torch.optim, _kind.__name__, None)
        PAIRS[_kind.__name__] = Pair(_kind, _torchs)
HEADS = (
    "tensors", "optimizer", "ours, ms", "torch's best, ms", "ratio",
    "fused Adam, ms", "ratio for the bytes moved",
)  # fmt: skip


def resnet50() -> Shapes:
    """Return the shapes of ResNet-50's parameters (He et al., 2016, table 1)."""
    shapes: Shapes = [(64, 3, 7, 7), (64,), (64,)]
    into = 64
    for width, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        wide = 4 * width
        for block in range(blocks):
            shapes += [(width, into, 1, 1), (width,), (width,)]
            shapes += [(width, width, 3, 3), (width,), (width,)]
            shapes += [(wide, width, 1, 1), (wide,), (wide,)]
            if block == 0:
                shapes += [(wide, into, 1, 1), (wide,), (wide,)]
            into = wide
    return [*shapes, (1000, 2048), (1000,)]


def gpt2() -> Shapes:
    """Return the shapes of GPT-2 small's parameters (Radford et al., 2019)."""
    d = 768
    norm: Shapes = [(d,), (d,)]
    attention: Shapes = [(d, 3 * d), (3 * d,), (d, d), (d,)]
    perceptron: Shapes = [(d, 4 * d), (4 * d,), (4 * d, d), (d,)]
    return [(50257, d), (1024, d), *[*norm, *attention, *norm, *perceptron] * 12, *norm]


WORKLOADS: dict[str, Shapes] = {
    "25 M in one": [(25_000_000,)],
    "400 x 128": [(128,)] * 400,
    "ResNet-50": resnet50(),
    "GPT-2 small": gpt2(),
}


def made(make: Make, params: list[Tensor], **options: Any) -> Callable[[], None]:
    """Return what takes a step and waits until it is done."""
    optimizer = make(params, lr=1e-6, **options)

    def step() -> None:
        optimizer.step()
        if params[0].is_cuda:
            torch.cuda.synchronize()

    return step


def parameters(shapes: Shapes, device: str) -> list[Tensor]:
    """Return parameters with gradients."""
    params = [torch.zeros(shape, device=device, requires_grad=True) for shape in shapes]
    for p in params:
        p.grad = torch.full_like(p, 1e-3)
    return params


def in_turns(steps: list[Callable[[], None]], rounds: int) -> list[float]:
    """Return the median time of each, in milliseconds."""
    times: list[list[float]] = [[] for _ in steps]
    for turn in range(rounds + 2):
        for step, taken in zip(steps, times):
            start = time.perf_counter()
            step()
            if turn >= 2:
                taken.append(1000 * (time.perf_counter() - start))
    return list(map(statistics.median, times))


def rows(device: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table, each when it is known."""
    yield HEADS
    yield ("---", "---", *["---:"] * (len(HEADS) - 2))
    for workload, shapes in WORKLOADS.items():
        params = parameters(shapes, device)
        for name, pair in PAIRS.items():
            steps = [made(pair.ours, params), made(ADAM, params, **FUSED)]
            if pair.torchs:
                steps.append(made(pair.torchs, params, **pair.options))
            ours, adam, *best = in_turns(steps, ROUNDS)
            fair = adam * pair.moved() / PAIRS["Adam"].moved()
            beside = [*best, ours / best[0]] if best else [math.nan, math.nan]
            numbers = ours, *beside, adam, ours / fair
            yield (workload, name, *("-" if x != x else f"{x:.2f}" for x in numbers))


if __name__ == "__main__":
    for row in rows(*sys.argv[1:] or ["cpu"]):
        print(f"| {' | '.join(row)} |", flush=True)
