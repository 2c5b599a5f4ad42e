"""torch's learning-rate schedulers steer our optimizers as they steer torch's."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim
from tests.optim.cases import DEFAULTS, Case, climb, gap, parameters

STEPS = 40

SCHEDULERS: dict[str, Callable[[Optimizer], Any]] = {
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda t: 0.9**t),
    "MultiplicativeLR": lambda o: lr_scheduler.MultiplicativeLR(o, lambda t: 0.95),
    "StepLR": lambda o: lr_scheduler.StepLR(o, 10),
    "MultiStepLR": lambda o: lr_scheduler.MultiStepLR(o, [5, 25], 0.3),
    "ConstantLR": lambda o: lr_scheduler.ConstantLR(o, 0.5, 7),
    "LinearLR": lambda o: lr_scheduler.LinearLR(o, 0.1, total_iters=9),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda o: lr_scheduler.PolynomialLR(o, 30, 2.0),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 15),
    "CosineAnnealingWarmRestarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(
        o, 7
    ),
    "OneCycleLR": lambda o: lr_scheduler.OneCycleLR(
        o, 0.1, total_steps=STEPS, cycle_momentum=momentum_key(o) is not None
    ),
    "CyclicLR": lambda o: lr_scheduler.CyclicLR(
        o, 1e-3, 0.1, 5, cycle_momentum=momentum_key(o) is not None
    ),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o,
        [lr_scheduler.ConstantLR(o, 0.1, 5), lr_scheduler.ExponentialLR(o, 0.9)],
        [10],
    ),
    "ChainedScheduler": lambda o: lr_scheduler.ChainedScheduler(
        [lr_scheduler.ConstantLR(o, 0.1, 5), lr_scheduler.ExponentialLR(o, 0.9)]
    ),
    "ReduceLROnPlateau": lambda o: lr_scheduler.ReduceLROnPlateau(o, "max", patience=3),
    "SWALR": lambda o: torch.optim.swa_utils.SWALR(o, 0.5, anneal_epochs=10),
}


def momentum_key(optimizer: Optimizer) -> str | None:
    """What a cyclical scheduler turns besides the rate."""
    keys = ("momentum", "betas")
    return next((k for k in keys if k in optimizer.defaults), None)


def test_every_scheduler_of_torchs_is_here() -> None:
    known = {name for name in lr_scheduler.__all__ if name[0].isupper()}
    assert known - {"LRScheduler"} <= SCHEDULERS.keys()


def steered(optimizer: Optimizer, scheduler: str) -> list[float]:
    """Climb under the scheduler; return the rates."""
    schedule = SCHEDULERS[scheduler](optimizer)
    rates = []
    for t in range(STEPS):
        climb(optimizer, 1, first=t)
        rates.append(float(optimizer.param_groups[0]["lr"]))
        arguments = [float(-t % 9)] if scheduler == "ReduceLROnPlateau" else []
        schedule.step(*arguments)
    return rates


PLAIN = [name for name, case in DEFAULTS.items() if case.theirs]
PLAIN.remove("GradientAscent")


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_the_same_path_as_torchs(name: str, scheduler: str) -> None:
    case: Case = DEFAULTS[name]
    ours, torchs = parameters(), parameters()
    rates = steered(case.make(ours), scheduler)
    assert rates == steered(case.torchs(torchs, foreach=False), scheduler)
    assert len(set(rates)) > 1
    assert gap(ours, torchs) <= 1e-12


@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_gradient_ascent_is_steered_as_adam(scheduler: str) -> None:
    case = DEFAULTS["GradientAscent"]
    ours, torchs = parameters(), parameters()
    optimizer = case.make(ours)
    rates = steered(optimizer, scheduler)
    assert rates == steered(case.torchs(torchs), scheduler)
    assert gap(ours, torchs) <= 1e-12


@pytest.mark.parametrize("engine", ["default", "reference", "foreach"])
@pytest.mark.parametrize("name", DEFAULTS)
def test_a_rate_that_is_a_tensor_is_steered_in_place(name: str, engine: str) -> None:
    case = DEFAULTS[name]
    options = {"default": {}, "reference": {"foreach": False}}
    more: dict[str, Any] = options.get(engine, {"foreach": True})
    floats, tensors = parameters(), parameters()
    steered(case.make(floats, lr=0.1, **more), "StepLR")
    rate = torch.tensor(0.1, dtype=torch.float64)
    optimizer = case.make(tensors, lr=rate, **more)
    steered(optimizer, "StepLR")
    assert optimizer.param_groups[0]["lr"] is rate
    assert gap(floats, tensors) <= 1e-12


def test_lbfgs_is_steered() -> None:
    x = torch.zeros(3, requires_grad=True)
    optimizer = optim.LBFGS([x], lr=0.5)
    schedule = lr_scheduler.ExponentialLR(optimizer, 0.5)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        f = -(x - 1).square().sum()
        f.backward()
        return f

    optimizer.step(closure)
    schedule.step()
    assert optimizer.param_groups[0]["lr"] == 0.25
    assert x.tolist() == pytest.approx([1.0] * 3, abs=1e-3)


def test_torchs_schedulers_and_averages_stand_beside_the_optimizers() -> None:
    assert optim.lr_scheduler is torch.optim.lr_scheduler
    assert optim.swa_utils is torch.optim.swa_utils
    model = torch.nn.Linear(2, 1)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)
    average = optim.swa_utils.AveragedModel(model)
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    start = model.bias.item()
    for _ in range(2):
        optimizer.step()
        scheduler.step()
        average.update_parameters(model)
    assert model.bias.item() == pytest.approx(start + 1.5)
    assert average.module.bias.item() == pytest.approx(start + 1.25)
