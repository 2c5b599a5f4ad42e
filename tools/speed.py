"""Measure an optimizer's step against torch's: `python -m tools.speed [DEVICE]`.

Every pair is timed in turns, in one run, so that a noisy machine is as noisy for both.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim

Shapes = list[tuple[int, ...]]
ROUNDS = 15


@dataclass
class Pair:
    """One of our optimizers, and torch's that is to be as slow.

    Attributes:
        moved: how many numbers an element of the parameter costs to read and write.
    """

    ours: type[Optimizer]
    torchs: type[Optimizer]
    moved: int
    options: dict[str, Any] = field(default_factory=dict)
    fastest: dict[str, Any] = field(default_factory=lambda: {"fused": True})


ADAM = Pair(optim.Adam, torch.optim.Adam, 7)
EVERYTHING = {"nesterov": True, "clip_value": 1.0, "lr_decay": 0.99, "warmup_steps": 5}
PAIRS = {
    "Adam": ADAM,
    "AMSGrad": Pair(optim.AMSGrad, torch.optim.Adam, 9, fastest={"amsgrad": True, "fused": True}),
    "Momentum": Pair(optim.Momentum, torch.optim.SGD, 5, {"momentum": 0.9}),
    "Nesterov": Pair(optim.Nesterov, torch.optim.SGD, 5, {"momentum": 0.9}, {"nesterov": True, "fused": True}),
    "Adagrad": Pair(optim.Adagrad, torch.optim.Adagrad, 5),
    "RMSprop": Pair(optim.RMSprop, torch.optim.RMSprop, 5, fastest={"foreach": True}),
    "GradientAscent": Pair(optim.GradientAscent, torch.optim.Adam, 7),
}


def resnet50() -> Shapes:
    """Return the shapes of ResNet-50's parameters, by He et al. (2016), table 1."""
    shapes: Shapes = [(64, 3, 7, 7), (64,), (64,)]
    before = 64
    for width, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        for block in range(blocks):
            for out, into, size in ((width, before, 1), (width, width, 3), (4 * width, width, 1)):
                shapes += [(out, into, size, size), (out,), (out,)]
            if block == 0:
                shapes += [(4 * width, before, 1, 1), (4 * width,), (4 * width,)]
            before = 4 * width
    return [*shapes, (1000, 2048), (1000,)]


def gpt2() -> Shapes:
    """Return the shapes of GPT-2 small's parameters, by Radford et al. (2019)."""
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


def made(kind: type[Optimizer], params: list[Tensor], **options: Any) -> Callable[[], None]:
    """Return what takes a step and waits until it is done."""
    optimizer = kind(params, lr=1e-6, **options)  # type: ignore[call-arg]
    cuda = params[0].is_cuda

    def step() -> None:
        optimizer.step()
        if cuda:
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


def rows(device: str) -> Iterator[str]:
    """Yield the lines of the table, each when it is known."""
    yield "| tensors | optimizer | ours, ms | torch's best, ms | ratio | fused Adam, ms | ratio by bytes |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for workload, shapes in WORKLOADS.items():
        for name, pair in PAIRS.items():
            params = parameters(shapes, device)
            ours, best, adam = in_turns(
                [
                    made(pair.ours, params, **pair.options),
                    made(pair.torchs, params, **pair.options, **pair.fastest),
                    made(torch.optim.Adam, params, fused=True),
                ],
                ROUNDS,
            )
            allowed = adam * pair.moved / ADAM.moved
            yield (
                f"| {workload} | {name} | {ours:.2f} | {best:.2f} | {ours / best:.2f} "
                f"| {adam:.2f} | {ours / allowed:.2f} |"
            )


if __name__ == "__main__":
    for line in rows(*sys.argv[1:] or ["cpu"]):
        print(line, flush=True)
