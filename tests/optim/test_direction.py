"""Maximizing f and minimizing -f: the same parameters, to the last bit."""

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
    every_device,
    gap,
    gradients,
    named,
    parameters,
    with_engines,
)

STEPS = 12  # more than twice as many as the longest warmup of a case


def ends(
    case: Case, engine: dict[str, Any], dtype: torch.dtype, device: str = "cpu"
) -> list[Any]:
    """Parameters and state after maximizing f, and after minimizing -f."""
    both = []
    for sign, maximize in ((1, True), (-1, False)):
        params = parameters(dtype, device=device)
        optimizer = case.make(params, maximize=maximize, **engine)
        climb(optimizer, STEPS, sign=sign)
        both.append([params, [optimizer.state[p] for p in params]])
    return both


def assert_same_bits(one: Any, other: Any) -> None:
    if isinstance(one, Tensor):
        assert torch.equal(one, other)
        return
    assert len(one) == len(other)
    pairs = (
        zip(one.values(), other.values()) if isinstance(one, dict) else zip(one, other)
    )
    for a, b in pairs:
        assert_same_bits(a, b)


@every_device
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("case", "engine"), with_engines(CASES + FEATURES))
def test_the_two_directions(
    case: Case, engine: str, dtype: torch.dtype, device: str
) -> None:
    up, down = ends(case, ENGINES[engine], dtype, device)
    assert gap(up[0][:1], parameters(dtype)[:1]) > 0  # it has moved
    assert_same_bits(up, down)


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines(DEFAULTS.values()))
def test_weight_decay_shrinks_in_both(case: Case, engine: str, maximize: bool) -> None:
    start = [p.detach().clone() for p in parameters()]
    ours = parameters()
    optimizer = case.make(
        ours, lr=0.01, maximize=maximize, weight_decay=0.1, **ENGINES[engine]
    )
    for p in ours:
        p.grad = torch.zeros_like(p)
    optimizer.step()
    for now, before in zip(ours, start):
        assert (now.abs() < before.abs()).all()


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines(CASES + FEATURES))
def test_the_gradient_is_left_alone(case: Case, engine: str, maximize: bool) -> None:
    ours = parameters()
    optimizer = case.make(ours, maximize=maximize, **ENGINES[engine])
    climb(optimizer, 3)
    objects = gradients(optimizer)
    values = [g.clone() for g in objects]
    optimizer.step()
    assert all(a is b for a, b in zip(gradients(optimizer), objects, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(objects, values))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_each_group_has_its_own_direction(case: Case) -> None:
    up, down = parameters(), parameters()
    groups = [{"params": up}, {"params": down, "maximize": False}]
    optimizer = case.make(groups)
    for p in up + down:
        p.grad = torch.ones_like(p)
    optimizer.step()
    start = parameters()
    assert all((p > s).all() for p, s in zip(up, start))
    assert all((p < s).all() for p, s in zip(down, start))


@pytest.mark.parametrize("line_search", [None, "strong_wolfe"])
def test_lbfgs(line_search: str | None) -> None:
    def run(sign: float) -> tuple[list[float], list[Tensor]]:
        x = parameters()
        optimizer = optim.LBFGS(
            x, lr=0.5, line_search_fn=line_search, maximize=sign > 0
        )

        def closure() -> Tensor:
            optimizer.zero_grad()
            f = sign * -sum((p - 1).square().sum() + p.cos().sum() for p in x)
            f.backward()
            return f

        values = [sign * float(optimizer.step(closure).detach()) for _ in range(4)]
        return values, x

    (up, x), (down, y) = run(1.0), run(-1.0)
    assert up == down
    assert all(torch.equal(a, b) for a, b in zip(x, y))
    assert up == sorted(up)
    assert up[-1] > up[0]
