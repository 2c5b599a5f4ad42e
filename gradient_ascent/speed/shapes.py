"""Shapes of parameters that are trained: few and large, many and small."""

from __future__ import annotations

import torch
from torch import Tensor

Shapes = list[tuple[int, ...]]


def resnet50() -> Shapes:
    """The shapes of ResNet-50's parameters.

    Source: He et al. (2016), table 1.
    """
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
    """The shapes of GPT-2 small's parameters.

    Source: Radford et al. (2019).
    """
    d = 768
    norm: Shapes = [(d,), (d,)]
    attention: Shapes = [(d, 3 * d), (3 * d,), (d, d), (d,)]
    perceptron: Shapes = [(d, 4 * d), (4 * d,), (4 * d, d), (d,)]
    block = [*norm, *attention, *norm, *perceptron]
    return [(50257, d), (1024, d), *block * 12, *norm]


SHAPES: dict[str, Shapes] = {
    "25 M in one": [(25_000_000,)],
    "400 x 128": [(128,)] * 400,
    "ResNet-50": resnet50(),
    "GPT-2 small": gpt2(),
}


def parameters(shapes: Shapes, device: str = "cpu") -> list[Tensor]:
    """Parameters of some shapes, in float32, with gradients."""
    made = [
        torch.zeros(shape, device=device, requires_grad=True)
        for shape in shapes
    ]
    for p in made:
        p.grad = torch.full_like(p, 1e-3)
    return made
