"""Around a step: scaled losses, autograd through it, numbers that stay tensors."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent import optim
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    ENGINES,
    FEATURES,
    Case,
    climb,
    gap,
    named,
    normal,
    parameters,
    with_engines,
)


@pytest.mark.parametrize(("case", "engine"), with_engines(DEFAULTS.values()))
def test_a_scaled_loss(case: Case, engine: str) -> None:
    """Gradients are unscaled before the step; a step on an infinity is left out."""
    x, y = parameters(torch.float32), parameters(torch.float32)
    options = ENGINES[engine]
    scaled, plain = case.make(x, **options), case.make(y, **options)
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0, growth_interval=100)

    def objective(params: list[Tensor], t: int) -> Tensor:
        return -sum((p - t).square().sum() for p in params)

    for t in range(6):
        scaled.zero_grad()
        scaler.scale(objective(x, t)).backward()
        if t == 3:
            before = [p.detach().clone() for p in x]
            assert x[0].grad is not None
            x[0].grad[0, 0] = torch.inf
        scaler.step(scaled)
        scaler.update()
        if t == 3:
            assert all(torch.equal(a, b) for a, b in zip(x, before))
            assert scaler.get_scale() == 512.0
            continue
        plain.zero_grad()
        objective(y, t).backward()
        plain.step()
    assert all(torch.equal(a, b) for a, b in zip(x, y))


DIFFERENTIABLE = [c for c in CASES if c.ours is not optim.GradientAscent]


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("case", named(DIFFERENTIABLE))
def test_autograd_sees_the_step(case: Case, maximize: bool) -> None:
    """As a function of gradients, start and rate: gradcheck over three steps."""

    def moved(start: Tensor, first: Tensor, second: Tensor, lr: Tensor) -> Any:
        p = start.clone()
        optimizer = case.make([p], lr=lr, maximize=maximize, differentiable=True)
        for g in (first, second, first * second):
            p.grad = g
            optimizer.step()
        kept = [v for k, v in optimizer.state[p].items() if k != "step"]
        return [p, *kept]

    inputs = [(normal(i, (3,)) + 2).requires_grad_() for i in range(3)]
    lr = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(moved, [*inputs, lr])


def test_learning_the_rate_by_gradient_ascent() -> None:
    """Through five steps of Adam, to the rate under which they climb highest."""

    def reached(lr: Tensor) -> Tensor:
        p = torch.zeros(2, dtype=torch.float64)
        p.requires_grad_()
        q = p.clone()
        optimizer = optim.Momentum([q], lr=lr, differentiable=True)
        for _ in range(2):
            (q.grad,) = torch.autograd.grad(f(q), q, create_graph=True)
            optimizer.step()
        return f(q)

    def f(q: Tensor) -> Tensor:
        return -(q - 1).square().sum()

    lr = torch.tensor(0.05, dtype=torch.float64, requires_grad=True)
    meta = optim.Momentum([lr], lr=1e-2, momentum=0)
    before = reached(lr).item()
    for _ in range(50):
        meta.zero_grad()
        reached(lr).backward()
        meta.step()
    assert reached(lr).item() > before + 0.5


@pytest.mark.parametrize(("case", "engine"), with_engines(DEFAULTS.values()))
def test_gradients_with_a_graph(case: Case, engine: str) -> None:
    """`create_graph` leaves gradients that autograd follows; the step does not."""
    x, y = parameters(), parameters()
    one, two = case.make(x, **ENGINES[engine]), case.make(y, **ENGINES[engine])
    for _ in range(3):
        for p, q in zip(x, y):
            f = p.sin().sum()
            (p.grad,) = torch.autograd.grad(f, p, create_graph=True)
            q.grad = p.grad.detach().clone()
        one.step()
        two.step()
    assert all(p.grad is not None and p.grad.requires_grad for p in x)
    assert all(torch.equal(p, q) and p.is_leaf for p, q in zip(x, y))
    kept = [v for p in x for v in one.state[p].values()]
    assert not any(v.requires_grad for v in kept)


CAPTURABLE: list[Case] = [
    c for c in CASES if c.ours in (optim.Adam, optim.AMSGrad, optim.RMSprop)
]


@pytest.mark.parametrize("case", named(CAPTURABLE))
@pytest.mark.parametrize("foreach", [True, False])
def test_capturable(case: Case, foreach: bool) -> None:
    """The step count stays a tensor, in float32; the path is the same."""
    x, y = parameters(), parameters()
    kept = case.make(x, capturable=True, foreach=foreach)
    climb(kept, 20)
    climb(case.make(y), 20)
    # The bias corrections are float32 as well, here and in torch's.
    assert gap(x, y) <= 1e-5
    assert all(kept.state[p]["step"] == 20 for p in x)


@pytest.mark.parametrize("case", named([*DEFAULTS.values(), *FEATURES]))
def test_a_rate_that_is_a_tensor(case: Case) -> None:
    for engine in ENGINES:
        x, y = parameters(), parameters()
        lr = torch.tensor(0.05, dtype=torch.float64)
        climb(case.make(x, lr=lr, **ENGINES[engine]), 10)
        climb(case.make(y, lr=0.05, **ENGINES[engine]), 10)
        assert gap(x, y) <= 1e-15, engine


def test_distinct_losses_in_one_loop() -> None:
    """Up in one group and down in the other: the saddle of x² - y² is left."""
    x = torch.full((2,), 0.5, dtype=torch.float64, requires_grad=True)
    y = torch.full((2,), 0.5, dtype=torch.float64, requires_grad=True)
    groups = [{"params": [x], "maximize": False}, {"params": [y]}]
    optimizer = optim.Adam(groups, lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        (x.square() - y.square()).sum().backward()
        optimizer.step()
    assert max(x.abs().max(), y.abs().max()) < 1e-3


def quadratic(params: list[Tensor]) -> Tensor:
    return -sum((p - 1).square().sum() for p in params)


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_hooks_that_step_inside_backward(case: Case) -> None:
    """One optimizer a parameter, stepped as soon as its gradient is there."""
    x, y = parameters(), parameters()
    each: dict[Tensor, Any] = {p: case.make([p]) for p in x}

    def step(p: Tensor) -> None:
        each[p].step()
        p.grad = None

    for p in x:
        p.register_post_accumulate_grad_hook(step)
    together = case.make(y)
    for _ in range(4):
        quadratic(x).backward()
        together.zero_grad()
        quadratic(y).backward()
        together.step()
    assert all(torch.equal(a, b) for a, b in zip(x, y))
