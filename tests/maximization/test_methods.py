"""The methods that `maximize` chooses from."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor

from gradient_ascent.constraints import Ball, Box, Constraint, Simplex
from gradient_ascent.maximization import Noise, Result, maximize
from gradient_ascent.maximization.distance_over_gradients import (
    DistanceOverGradients,
)
from gradient_ascent.maximization.quasi_newton import Memory, QuasiNewton

F64 = torch.float64


def rosenbrock(x: Tensor) -> Tensor:
    valley, way = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    return -(100 * valley @ valley + way @ way)


def test_the_memory_is_the_bfgs_matrix() -> None:
    """Against the matrices, multiplied out from the oldest pair to the newest."""
    generator = torch.Generator().manual_seed(0)
    memory = Memory(size=3)
    curve = torch.diag(torch.tensor([1.0, 2.0, 5.0, 9.0], dtype=F64))
    pairs = []
    for _ in range(5):
        step = torch.randn(4, generator=generator, dtype=F64)
        memory.add(step, curve @ step)
        pairs.append((step, curve @ step))
    step, fall = pairs[-1]
    h = torch.eye(4, dtype=F64) * step.norm() / fall.norm()
    for step, fall in pairs[-3:]:
        rho = 1 / (step @ fall)
        side = torch.eye(4, dtype=F64) - rho * torch.outer(step, fall)
        h = side @ h @ side.T + rho * torch.outer(step, step)
    g = torch.randn(4, generator=generator, dtype=F64)
    torch.testing.assert_close(memory.times(g), h @ g, rtol=1e-12, atol=0)
    torch.testing.assert_close(memory.times(fall), step, rtol=1e-12, atol=0)


def test_the_memory_takes_no_pair_that_does_not_curve_down() -> None:
    memory = Memory(size=3)
    memory.add(torch.ones(2), -torch.ones(2))
    memory.add(torch.ones(2), torch.zeros(2))
    assert memory.pairs == []


START = torch.tensor([-1.2, 1.0, 0.5], dtype=F64)


@pytest.fixture(scope="module")
def plain() -> Result:
    return maximize(rosenbrock, START)


@pytest.mark.parametrize("of_f", [1e-60, 1e-8, 1.0, 1e8, 1e60])
@pytest.mark.parametrize("of_x", [1e-30, 1e-8, 1.0, 1e8, 1e30])
def test_units_change_nothing(plain: Result, of_f: float, of_x: float) -> None:
    other = maximize(lambda x: of_f * rosenbrock(x / of_x), of_x * START)
    assert plain.success and other.success
    assert abs(other.steps - plain.steps) <= 8
    torch.testing.assert_close(other.x / of_x, plain.x, rtol=1e-4, atol=0)


@pytest.mark.parametrize("dimension", [2, 10, 100])
def test_quasi_newton_on_rosenbrock(dimension: int) -> None:
    start = torch.zeros(dimension, dtype=F64)
    best = maximize(rosenbrock, start)
    assert best.success
    torch.testing.assert_close(best.x, torch.ones_like(start), rtol=0, atol=1e-3)
    assert best.evaluations <= 8 * dimension + 40


def test_a_quadratic_takes_little_more_than_a_step_a_dimension() -> None:
    h = torch.logspace(0, 4, 50, dtype=F64)
    best = maximize(lambda x: -(h * (x - 3) ** 2).sum(), torch.zeros(50, dtype=F64))
    assert best.success and best.steps <= 2 * 50


@pytest.mark.slow
def test_where_steps_are_forgotten_it_asks_no_more_than_scipy() -> None:
    """That keeps ten steps, and has them forgotten sooner."""
    curvatures = torch.logspace(0, 4, 1000, dtype=F64)
    h = curvatures.numpy()
    ours = maximize(
        lambda x: -(curvatures * (x - 3) ** 2).sum(), torch.zeros(1000, dtype=F64)
    )
    theirs = minimize(
        lambda x: h @ (x - 3) ** 2, np.zeros(1000), method="L-BFGS-B",
        jac=lambda x: 2 * h * (x - 3),
    )  # fmt: skip
    assert ours.success and ours.nit > 250
    assert ours.nfev <= theirs.nfev


def test_quasi_newton_is_an_optimizer_like_others() -> None:
    x = torch.tensor([-1.2, 1.0], dtype=F64, requires_grad=True)
    optimizer = QuasiNewton([x])

    def closure() -> float:
        optimizer.zero_grad()
        f = rosenbrock(x)
        f.backward()
        return float(f.detach())

    for _ in range(40):
        optimizer.step(closure)
    assert (x - 1).abs().max() < 1e-6


def test_it_notices_that_it_was_moved() -> None:
    x = torch.tensor([-1.2, 1.0], dtype=F64, requires_grad=True)
    optimizer = QuasiNewton([x])

    def closure() -> float:
        (x.grad,) = torch.autograd.grad(rosenbrock(x), x)
        return float(rosenbrock(x.detach()))

    for _ in range(5):
        optimizer.step(closure)
    assert optimizer.memory.pairs
    with torch.no_grad():
        x.add_(1)
    optimizer.step(closure)
    assert len(optimizer.memory.pairs) <= 1


SETS: list[tuple[Constraint, Callable[[Tensor], Tensor], list[float]]] = [
    (Box(-1, 0.5), rosenbrock, [0.5, 0.25]),
    (Box(-1, 1), lambda x: -((x - 0.3) ** 2).sum(), [0.3, 0.3]),
    (Ball(1), lambda x: x[0] + x[1], [0.5**0.5, 0.5**0.5]),
    (Simplex(), lambda x: -(x * x.log()).sum(), [0.5, 0.5]),
    (Simplex(), lambda x: x[0] + 2 * x[1], [0.0, 1.0]),
]


@pytest.mark.parametrize(("stay", "f", "top"), SETS)
@pytest.mark.parametrize("of_f", [1e-12, 1.0, 1e12])
def test_the_top_within_a_set(
    stay: Constraint, f: Callable[[Tensor], Tensor], top: list[float], of_f: float
) -> None:
    best = maximize(lambda x: of_f * f(x), [0.2, 0.8], constraint=stay)
    assert best.success, best.message
    torch.testing.assert_close(best.x, torch.tensor(top, dtype=F64), rtol=0, atol=1e-4)
    assert best.evaluations < 150


def test_distance_over_gradients_by_hand() -> None:
    """Two steps on a slope of length 5, from (3, 4), where a hundredth is .05."""
    x = torch.tensor([3.0, 4.0], dtype=F64, requires_grad=True)
    rule = DistanceOverGradients([x])
    x.grad = torch.tensor([3.0, 4.0], dtype=F64)
    rule.step()
    rate = 0.05 / 5
    np.testing.assert_allclose(x.tolist(), [3 + 3 * rate, 4 + 4 * rate], rtol=1e-15)
    np.testing.assert_allclose(rule.average.tolist(), x.tolist(), rtol=1e-15)
    first = x.detach().clone()
    rule.step()
    rate = 0.05 / 50**0.5
    torch.testing.assert_close(
        x.detach(), first + rate * torch.tensor([3.0, 4.0], dtype=F64)
    )
    torch.testing.assert_close(rule.average, torch.lerp(first, x.detach(), 0.9))


class TestNoise:
    """A noisy f is noticed, climbed as far as that goes, and not called converged."""

    def test_of_the_gradient(self) -> None:
        generator = torch.Generator().manual_seed(1)
        data = 3 + torch.randn(1000, generator=generator, dtype=F64)

        def f(x: Tensor) -> Tensor:
            return -((x - data[torch.randint(1000, (32,))]) ** 2).mean()

        torch.manual_seed(0)
        best = maximize(f, 0.0)
        assert not best.success
        assert "f is noisy (" in best.message
        assert "average more of them" in best.message
        assert abs(best.x - data.mean()) < 0.1

    def test_that_torchs_generator_does_not_show(self) -> None:
        draws = np.random.default_rng(0)

        def f(x: Tensor) -> Tensor:
            pull = torch.as_tensor(draws.standard_normal(2))
            return -((x - 3) ** 2).sum() + pull @ x

        best = maximize(f, [0.0, 0.0])
        assert not best.success and "f is noisy" in best.message
        assert (best.x - 3).abs().max() < 0.5

    @pytest.mark.parametrize("seed", range(30))
    def test_that_a_converged_run_would_hide(self, seed: int) -> None:
        draws = np.random.default_rng(seed)

        def f(x: Tensor) -> Tensor:
            return -((x - 2 + 0.1 * draws.standard_normal()) ** 2)

        best = maximize(f, 0.0)
        assert not best.success and "f is noisy" in best.message

    def test_that_is_asked_for(self) -> None:
        best = maximize(lambda x: -((x - 3) ** 2), 0.0, perturb=Noise(0.1))
        assert abs(best.x - 3) < 0.05

    def test_no_random_number_is_drawn_from_torchs_generator(self) -> None:
        before = torch.get_rng_state()
        maximize(rosenbrock, [-1.2, 1.0])
        assert torch.equal(before, torch.get_rng_state())


def test_a_kink_is_climbed_as_well() -> None:
    best = maximize(lambda x: -(x - 1).abs().sum(), [0.0, 3.0])
    assert (best.x - 1).abs().max() < 1e-3
