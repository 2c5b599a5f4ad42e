"""Narrow ways up, and tops close to a bound: neither is mistaken."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.constraints import Ball, Box, Sphere
from gradient_ascent.maximization import maximize

F64 = torch.float64


def wood(x: Tensor) -> Tensor:
    """Wood's function, negated: 0 at (1, 1, 1, 1), and a saddle near -7.88."""
    a, b = x[1] - x[0] ** 2, x[3] - x[2] ** 2
    bowl = 10.1 * ((x[1] - 1) ** 2 + (x[3] - 1) ** 2)
    cross = 19.8 * (x[1] - 1) * (x[3] - 1)
    return -(100 * a**2 + (1 - x[0]) ** 2 + 90 * b**2 + (1 - x[2]) ** 2 + bowl + cross)


@pytest.mark.parametrize("optimizer", [None, "newton", "lbfgsb"])
@pytest.mark.parametrize("of_x", [1e-6, 1.0, 1e6])
def test_woods_saddle_is_left(optimizer: str | None, of_x: float) -> None:
    """Its way up is a bent ridge, ten thousand times narrower than long."""
    box = Box(-10 * of_x, 10 * of_x) if optimizer == "lbfgsb" else None
    start = of_x * torch.tensor([-3.0, -1, -3, -1], dtype=F64)
    found = maximize(
        lambda x: wood(x / of_x), start, optimizer=optimizer, constraint=box
    )
    assert found.success and found.value == pytest.approx(0, abs=1e-5)


def test_no_summit_of_woods_is_a_saddle() -> None:
    found = maximize(wood, [-3.0, -1, -3, -1], restarts=12, spread=2.0)
    for run in found.runs:
        if run.success:
            curves = torch.autograd.functional.hessian(wood, run.x)
            assert torch.linalg.eigvalsh(curves)[-1] < 0


@pytest.mark.parametrize("condition", [1e3, 1e5])
@pytest.mark.parametrize("n", [4, 8])
@pytest.mark.parametrize("seed", range(3))
def test_a_saddle_steep_across_is_left(condition: float, n: int, seed: int) -> None:
    """What lies beyond it is less than a millionth of what was climbed before."""
    generator = torch.Generator().manual_seed(seed)
    turn = torch.linalg.qr(torch.randn(n, n, dtype=F64, generator=generator))[0]
    bends = -torch.logspace(0, 1, n, dtype=F64) * condition / 10
    bends[0] = 0.1
    middle = torch.randn(n, dtype=F64, generator=generator)

    def f(x: Tensor) -> Tensor:
        z = turn @ (x - middle)
        return (bends * z * z).sum() / 2 - 1e-5 * z[0] ** 4

    start = 0.3 * torch.randn(n, dtype=F64, generator=generator)
    start[0] = 1e-3
    found = maximize(f, middle + turn.T @ start)
    assert not found.success or found.value == pytest.approx(0.1**2 / 16e-5)


@pytest.mark.parametrize("n", [2, 10, 40])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("within", [Sphere(), Ball(1.0)])
def test_rayleighs_quotient(n: int, seed: int, within: Any) -> None:
    """Nothing presses at its top: the gradient vanishes as a whole."""
    generator = torch.Generator().manual_seed(seed)
    root = torch.randn(n, n, dtype=F64, generator=generator)
    a = root + root.T
    start = torch.randn(n, dtype=F64, generator=generator)
    found = maximize(lambda x: (x @ a @ x) / (x @ x), start, constraint=within)
    assert found.success
    assert found.value == pytest.approx(float(torch.linalg.eigvalsh(a)[-1]), rel=1e-6)


@pytest.mark.parametrize("optimizer", [None, "lbfgsb"])
@pytest.mark.parametrize("gap", [1e-2, 1e-4])
@pytest.mark.parametrize("n", [2, 20])
def test_a_top_inside_but_close_to_a_bound(
    n: int, gap: float, optimizer: str | None
) -> None:
    for seed in range(3):
        generator = torch.Generator().manual_seed(seed)
        root = torch.randn(n, n, dtype=F64, generator=generator)
        h = root @ root.T + torch.eye(n, dtype=F64)
        top = torch.full((n,), 0.5, dtype=F64)
        top[0] = 1 - gap

        def f(x: Tensor, h: Tensor = h, top: Tensor = top) -> Tensor:
            d = x - top
            return -(d @ h @ d) - 0.3 * (d @ h @ d) ** 2 - (d**3).sum() / 10 + 3.7

        start = torch.full((n,), 0.2, dtype=F64)
        found = maximize(f, start, constraint=Box(0, 1), optimizer=optimizer)
        assert found.success, found.message
        torch.testing.assert_close(found.x, top, rtol=0, atol=2e-3)
