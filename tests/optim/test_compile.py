"""`torch.compile` of a step and of a training loop: as in eager, and compiled once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch._dynamo.utils import counters
from torch.optim.lr_scheduler import ExponentialLR

from tests.optim.cases import (
    DEFAULTS,
    FEATURES,
    Case,
    compiling,
    named,
    normal,
    parameters,
)


@pytest.fixture(autouse=True)
def count_anew(clean_kernels: None) -> Iterator[None]:
    counters.clear()
    yield


def graphs() -> int:
    return int(counters["stats"]["unique_graphs"])


def objective(params: list[Tensor], t: int) -> Tensor:
    return -sum((p - normal(t, ())).square().sum() for p in params)


@compiling
@pytest.mark.parametrize("rate", [0.05, torch.tensor(0.05, dtype=torch.float64)])
@pytest.mark.parametrize("case", named([*DEFAULTS.values(), *FEATURES]))
def test_a_compiled_step(case: Case, rate: Any) -> None:
    """New gradients and a scheduler's rates: the same bits, and no new graph."""

    def climbed(compiled: bool) -> tuple[list[Tensor], int]:
        x = parameters()
        start = rate.clone() if isinstance(rate, Tensor) else rate
        optimizer = case.make(x, lr=start)
        schedule = ExponentialLR(optimizer, 0.8)
        step: Callable[[], Any] = optimizer.step
        if compiled:
            step = torch.compile(step, backend="eager")
        first = 0
        for t in range(8):
            optimizer.zero_grad()
            objective(x, t).backward()
            step()
            schedule.step()
            first = graphs() if t == 0 else first
        return x, graphs() - first

    x, recompiled = climbed(True)
    y, _ = climbed(False)
    assert all(torch.equal(a, b) for a, b in zip(x, y))
    assert recompiled == 0


@compiling
@pytest.mark.parametrize("case", named([*DEFAULTS.values(), *FEATURES]))
def test_a_compiled_training_loop(case: Case) -> None:
    """Forward and backward are compiled, the step between them is as it is."""

    def trained(compiled: bool) -> tuple[list[Tensor], int]:
        x = parameters()
        optimizer = case.make(x)

        def train(t: Tensor) -> None:
            optimizer.zero_grad()
            (-sum((p - t).square().sum() for p in x)).backward()
            optimizer.step()

        run = torch.compile(train, backend="eager") if compiled else train
        after_two = 0
        for t in range(6):
            run(normal(t, ()))
            after_two = graphs() if t == 1 else after_two
        return x, graphs() - after_two

    x, recompiled = trained(True)
    y, _ = trained(False)
    assert all(torch.equal(a, b) for a, b in zip(x, y))
    assert not torch.equal(x[0], parameters()[0])
    assert graphs() >= 1
    assert recompiled == 0


@compiling
def test_a_training_loop_by_the_real_compiler() -> None:
    """With a step by its own compiled kernel inside."""
    case = DEFAULTS["GradientAscent"]

    def trained(compiled: bool) -> list[Tensor]:
        model = torch.nn.Linear(4, 2, dtype=torch.float64)
        with torch.no_grad():
            model.weight.copy_(normal(0, (2, 4)))
            model.bias.zero_()
        optimizer = case.make(model.parameters(), lr=0.01, fused=compiled)

        def train(x: Tensor) -> None:
            optimizer.zero_grad()
            (-model(x).square().sum()).backward()
            optimizer.step()

        run = torch.compile(train) if compiled else train
        for t in range(5):
            run(normal(t, (8, 4)))
        return list(model.parameters())

    ours, eager = trained(True), trained(False)
    assert all(torch.allclose(a, b, rtol=1e-12) for a, b in zip(ours, eager))
