"""The ten published benchmarks, repaired: each with an optimum it can near.

As they were, five climbed what has no bound, or fell in it, and all told where
they ended but not how high they could have come. `as_run` runs them that way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from gradient_ascent.benchmarks.problem import Problem, Task, generator
from gradient_ascent.constraints import Ball, Box, Constraint

STEPS = 1000
RADIUS = 3.0
PENALTY = 0.1
PEAK = 0.7028733023878287
"""The highest of -x sin(5 pi x) in [-1, 1]."""
NETS = {3: (10, 50), 4: (20, 100, 50), 5: (10, 50, 100, 50)}
"""Widths of the layers below the one output."""
HIGHEST = {3: 0.622459, 4: 0.447694, 5: 0.175385}
"""What each net gives at most in the ball of radius 3, as far as is known."""


def drawn_like(module: nn.Module, draws: torch.Generator) -> None:
    """Draw the weights of linear, convolutional or recurrent layers.

    From the same intervals as torch does, but from a generator of one's own.
    """
    for layer in module.modules():
        own = list(layer.parameters(recurse=False))
        if isinstance(layer, nn.RNNBase):
            bound = layer.hidden_size**-0.5
        elif own:
            bound = own[0][0].numel() ** -0.5
        for weight in own:
            with torch.no_grad():
                weight.uniform_(-bound, bound, generator=draws)


@cache
def net(number: int) -> nn.Sequential:
    """The frozen network of benchmark 3, 4 or 5."""
    widths = NETS[number]
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), nn.ReLU()]
    made = nn.Sequential(*layers, nn.Linear(widths[-1], 1))
    drawn_like(made, generator(number))
    return made.double().requires_grad_(False)


def _linear(seed: int) -> Task:
    model = nn.Linear(1, 1)
    drawn_like(model, generator(seed))
    x, y = torch.tensor([[2.0]]), torch.tensor([[10.0]])
    loss = nn.functional.mse_loss
    return Task(list(model.parameters()), lambda: -loss(model(x), y), 0.0)


def _point(
    seed: int,
    dimension: int,
    f: Callable[[Tensor], Tensor],
    optimum: float,
    radius: float = 1.0,
    within: Constraint | None = None,
) -> Task:
    """Climb f from a point drawn evenly from a cube."""
    draws = generator(seed)
    drawn = torch.rand(dimension, generator=draws, dtype=torch.float64)
    x = (radius * (2 * drawn - 1)).requires_grad_()
    return Task([x], lambda: f(x), optimum, within=within)


def _input(number: int, seed: int) -> Task:
    frozen = net(number)
    side = RADIUS / NETS[number][0] ** 0.5  # so that the cube is in the ball
    return _point(
        seed, NETS[number][0], lambda x: frozen(x).squeeze(),
        HIGHEST[number], side, within=Ball(RADIUS),
    )  # fmt: skip


def _convolution(seed: int) -> Task:
    draws = generator(seed)
    model = nn.Conv2d(3, 16, 3)
    drawn_like(model, draws)
    image = torch.randn(1, 3, 32, 32, generator=draws)
    parameters = list(model.parameters())

    def f() -> Tensor:
        size = sum(p.square().sum() for p in parameters)
        mean: Tensor = model(image).mean()
        return mean - PENALTY / 2 * size

    slopes = torch.autograd.grad(model(image).mean(), parameters)
    top = sum(float(c.double().square().sum()) for c in slopes) / (2 * PENALTY)
    return Task(parameters, f, top)


def _recurrent(kind: Any, seed: int) -> Task:
    draws = generator(seed)
    model = kind(10, 20, 2)
    drawn_like(model, draws)
    data = torch.randn(5, 1, 10, generator=draws)
    first = [torch.randn(2, 1, 20, generator=draws) for _ in range(2)]
    lstm = kind is nn.LSTM
    state = tuple(first) if lstm else first[0]
    top = lstm_bound(first[1][1]) if lstm else 1.0
    parameters = list(model.parameters())
    return Task(parameters, lambda: model(data, state)[0].mean(), top)


def lstm_bound(cell: Tensor, length: int = 5) -> float:
    r"""What the mean output of an LSTM stays below.

    .. math:: h_t = o_t \tanh c_t, \qquad c_t = f_t c_{t-1} + i_t k_t,
        \qquad o, f, i \in (0, 1), \; k \in (-1, 1)

    so that :math:`c_t < \max(c_0, 0) + t`, and the mean of h stays below that
    of tanh(max(c0, 0) + t).

    Args:
        cell: the last layer's first state c0.
        length: of the sequence.
    """
    highest = cell.double().clamp(min=0)
    means = [(highest + t).tanh().mean() for t in range(1, length + 1)]
    return float(sum(means)) / length


def _sum_of_squares(x: Tensor) -> Tensor:
    return -x.square().sum()


def ripples(x: Tensor) -> Tensor:
    """Benchmark 6: -x sin(5 pi x)."""
    return -(x * (5 * math.pi * x).sin()).sum()


def _problem(
    number: int,
    title: str,
    make: Callable[[int], Task],
    target: float,
    source: str,
    random: str,
) -> Problem:
    name = f"seed-{number}"
    return Problem(name, title, random, STEPS, target, source, make)


START, WEIGHTS = "the start, drawn evenly", "the initial weights"
SEARCHED = "the highest end of climbs from many starts, in a test"


def _nets() -> Sequence[Problem]:
    return [
        _problem(
            number,
            f"a frozen network {'-'.join(map(str, (*widths, 1)))}, by its "
            f"input in a ball",
            partial(_input, number), 1e-4, SEARCHED, START,
        )
        for number, widths in NETS.items()
    ]  # fmt: skip


PROBLEMS = [
    _problem(
        1, "minus the squared error of a line through one point", _linear,
        1e-6, "closed form: no square is below 0", WEIGHTS,
    ),
    _problem(
        2, "-x^2", partial(_point, dimension=1, f=_sum_of_squares, optimum=0.0),
        1e-6, "closed form: no square is below 0", START,
    ),
    *_nets(),
    _problem(
        6, "-x sin(5 pi x) in [-1, 1]",
        partial(
            _point, dimension=1, f=ripples, optimum=PEAK, within=Box(-1, 1)
        ),
        1e-6, "bisection of the slope, and a grid, in a test", START,
    ),
    _problem(
        7, "-(x^2 + y^2)",
        partial(_point, dimension=2, f=_sum_of_squares, optimum=0.0),
        1e-6, "closed form: no square is below 0", START,
    ),
    _problem(
        8, "mean of a convolution, less an l2 penalty", _convolution,
        1e-6, "closed form: |c|^2 / (2 lambda), of slopes c",
        "weights and image",
    ),
    _problem(
        9, "mean output of a recurrent network, 5 steps",
        partial(_recurrent, nn.RNN), 1e-2,
        "least upper bound: tanh is below 1", "weights, data, first state",
    ),
    _problem(
        10, "mean output of an LSTM, 5 steps", partial(_recurrent, nn.LSTM),
        1e-2, "upper bound: `lstm_bound`", "weights, data, first state",
    ),
]  # fmt: skip
