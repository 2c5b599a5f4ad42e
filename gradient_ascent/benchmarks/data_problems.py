"""Problems on data of scikit-learn: tumors, and digits that a net reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn.functional import (
    conv2d,
    cross_entropy,
    linear,
    max_pool2d,
    relu,
    softplus,
)

from gradient_ascent.benchmarks.missing import extra
from gradient_ascent.benchmarks.problem import Problem, Task, generator

PENALTY = 0.01
"""Lambda of the logistic regression."""
LOGISTIC_OPTIMUM = -0.09959137548470548
BATCH = 32
DIGITS_BATCH = 32


@cache
def tumors() -> tuple[Tensor, Tensor]:
    """569 samples of 30 numbers, each of mean 0 and variance 1; -1 or 1."""
    datasets = extra("sklearn.datasets", "scikit-learn", "this problem")
    numbers, kinds = datasets.load_breast_cancer(return_X_y=True)
    x = torch.from_numpy(numbers)
    x = (x - x.mean(0)) / x.std(0, correction=0)
    return x, 2.0 * torch.from_numpy(kinds) - 1


@cache
def digits() -> tuple[Tensor, Tensor]:
    """1797 images of 8 x 8 numbers from 0 to 1, float32; what they show."""
    datasets = extra("sklearn.datasets", "scikit-learn", "this problem")
    images, shown = datasets.load_digits(return_X_y=True)
    x = torch.from_numpy(images).float().reshape(-1, 1, 8, 8) / 16
    return x, torch.from_numpy(shown)


def log_likelihood(w: Tensor, x: Tensor, signs: Tensor) -> Tensor:
    """The mean log-likelihood of a logistic regression, less its penalty."""
    margins = signs * (x @ w[:-1] + w[-1])
    return -softplus(-margins).mean() - PENALTY / 2 * w[:-1].square().sum()


def batches(
    count: int, size: int, draws: torch.Generator
) -> Callable[[], Tensor]:
    """Draw batches, each sample once before any comes again."""
    left: list[Tensor] = []

    def draw() -> Tensor:
        if not left:
            order = torch.randperm(count, generator=draws)
            whole = order[: count // size * size].reshape(-1, size)
            left.extend(whole.flip(0))
        return left.pop()

    return draw


class Batch:
    """The samples that the step in hand sees."""

    def __init__(self, count: int, size: int, draws: torch.Generator) -> None:
        self.rows = torch.arange(0)
        self._draw = batches(count, size, draws)

    def draw(self) -> None:
        """Go on to the next."""
        self.rows = self._draw()


def _start(draws: torch.Generator) -> Tensor:
    w = torch.randn(31, generator=draws, dtype=torch.float64)
    return w.requires_grad_()


def _logistic(seed: int) -> Task:
    x, signs = tumors()
    w = _start(generator(seed))
    return Task([w], lambda: log_likelihood(w, x, signs), LOGISTIC_OPTIMUM)


def _logistic_batches(seed: int) -> Task:
    x, signs = tumors()
    draws = generator(seed)
    w = _start(draws)
    batch = Batch(len(x), BATCH, draws)
    return Task(
        [w],
        lambda: log_likelihood(w, x[batch.rows], signs[batch.rows]),
        LOGISTIC_OPTIMUM,
        batch.draw,
        whole=lambda: log_likelihood(w, x, signs),
    )


def _digits(seed: int) -> Task:
    x, shown = digits()
    draws = generator(seed)
    shapes = (6, 1, 3, 3), (6,), (12, 6, 3, 3), (12,), (10, 48), (10,)
    parameters = []
    for weight, bias in zip(shapes[::2], shapes[1::2]):
        bound = torch.Size(weight[1:]).numel() ** -0.5
        for shape in (weight, bias):
            drawn = torch.rand(shape, generator=draws)
            parameters.append((bound * (2 * drawn - 1)).requires_grad_())
    batch = Batch(len(x), DIGITS_BATCH, draws)

    def likelihood(images: Tensor, right: Tensor) -> Tensor:
        w1, b1, w2, b2, w3, b3 = parameters
        h = max_pool2d(relu(conv2d(images, w1, b1, padding=1)), 2)
        h = max_pool2d(relu(conv2d(h, w2, b2, padding=1)), 2)
        return -cross_entropy(linear(h.flatten(1), w3, b3), right)

    return Task(
        parameters,
        lambda: likelihood(x[batch.rows], shown[batch.rows]),
        optimum=0.0,
        next_batch=batch.draw,
        whole=lambda: likelihood(x, shown),
    )


SOLVED = "by Newton's method, to rounding; tested against scikit-learn's solver"
PROBLEMS = [
    Problem(
        "logistic",
        "log-likelihood of a logistic regression, 569 tumors, l2 penalty",
        random="the start, drawn from a normal distribution",
        steps=200,
        target=1e-4,
        source=SOLVED,
        make=_logistic,
    ),
    Problem(
        "logistic-batches",
        f"the same in batches of {BATCH}",
        random="the start, and the order of the data",
        steps=200,
        target=1e-2,
        source=SOLVED,
        make=_logistic_batches,
    ),
    Problem(
        "digits",
        "log-likelihood of a convolutional net, 1797 digits in batches of "
        f"{DIGITS_BATCH}",
        random="the initial weights, and the order of the data",
        steps=100,
        target=0.3,
        source="least upper bound: the logarithm of a probability is below 0",
        make=_digits,
    ),
]
