"""Newton's method, Fisher scoring and L-BFGS in a box."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from torch import Tensor
from torch.nn.functional import softplus

from gradient_ascent.constraints import Ball, Box, Sphere
from gradient_ascent.maximization import maximize
from gradient_ascent.maximization.newton import uphill_step
from gradient_ascent.objectives import LogLikelihood

F64 = torch.float64


def rosenbrock(x: Tensor) -> Tensor:
    valley, way = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    return -(100 * valley @ valley + way @ way)


@drawn(st.integers(0, 10**6), st.integers(1, 12), st.floats(0, 8))
@settings(max_examples=30)
def test_one_step_of_newton_on_a_quadratic(seed: int, n: int, power: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    turn = torch.linalg.qr(torch.randn(n, n, dtype=F64, generator=generator))[0]
    h = turn @ torch.diag(torch.logspace(0, power, n, dtype=F64)) @ turn.T
    top = torch.randn(n, dtype=F64, generator=generator)
    found = maximize(
        lambda x: -(x - top) @ h @ (x - top), torch.zeros(n, dtype=F64),
        optimizer="newton", steps=1,
    )  # fmt: skip
    torch.testing.assert_close(found.x, top, rtol=0, atol=1e-14 * 10**power + 1e-9)


def test_newton_converges_quadratically() -> None:
    """From a point near the top each step squares the error, up to a constant."""
    errors: list[float] = []
    maximize(
        lambda x: x.sum() - x.exp().sum(), torch.full((2,), 0.5, dtype=F64),
        optimizer="newton", callback=lambda p: errors.append(float(p.x.abs().max())),
    )  # fmt: skip
    assert errors[0] < 0.5
    for before, after in pairwise(errors):
        assert after <= 0.6 * before**2 + 1e-15


def test_the_step_turns_the_signs_that_curve_up() -> None:
    h, g = torch.diag(torch.tensor([-2.0, 4.0], dtype=F64)), torch.ones(2, dtype=F64)
    expected = torch.tensor([0.5, 0.25], dtype=F64)
    torch.testing.assert_close(uphill_step(h, g), expected)


@pytest.mark.parametrize("start", [(1.0, 0.0), (1.0, 1e-9), (0.3, 0.2), (0.0, 0.0)])
def test_newton_leaves_a_saddle_upward(start: tuple[float, float]) -> None:
    """F = -a^2 + b^2 - b^4 has its saddle at 0 and its tops at b^2 = 1/2."""
    found = maximize(
        lambda p: -(p[0] ** 2) + p[1] ** 2 - p[1] ** 4, start, optimizer="newton"
    )
    assert found.success and found.value == pytest.approx(0.25)


@pytest.mark.parametrize("of_f", [1e-30, 1.0, 1e30])
@pytest.mark.parametrize("of_x", [1e-8, 1.0, 1e8])
def test_newton_knows_no_units(of_f: float, of_x: float) -> None:
    start = torch.tensor([-1.2, 1.0, 0.5], dtype=F64)
    plain = maximize(rosenbrock, start, optimizer="newton")
    other = maximize(
        lambda x: of_f * rosenbrock(x / of_x), of_x * start, optimizer="newton"
    )
    assert plain.success and other.success and abs(other.steps - plain.steps) <= 2
    torch.testing.assert_close(other.x / of_x, plain.x, rtol=1e-6, atol=0)


def test_newton_on_what_has_no_hessian_to_speak_of() -> None:
    assert not maximize(
        lambda x: x.sum(), [0.0, 1.0], optimizer="newton", steps=30
    ).success
    found = maximize(
        lambda x: -torch.where(x > 0, x**2, 3 * x**2).sum(), [1.0, -2.0],
        optimizer="newton",
    )  # fmt: skip
    assert found.success


def samples(seed: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(150, 3, dtype=F64, generator=generator)
    x[:, 0] = 1
    z = x @ torch.tensor([0.3, 0.8, -0.5], dtype=F64)
    kind = (torch.rand(150, dtype=F64, generator=generator) < z.sigmoid()).to(F64)
    return x, kind, torch.poisson(z.exp(), generator=generator)


def logistic(x: Tensor, y: Tensor) -> LogLikelihood:
    return LogLikelihood(lambda z: y * z - softplus(z), outputs=lambda theta: x @ theta)


def poisson(x: Tensor, y: Tensor) -> LogLikelihood:
    return LogLikelihood(
        lambda z: y * z - z.exp() - torch.lgamma(y + 1), outputs=lambda theta: x @ theta
    )


def probit(x: Tensor, y: Tensor) -> LogLikelihood:
    """By its natural parameter, the logit, which bends with the linear part."""

    def logit(theta: Tensor) -> Tensor:
        p = torch.special.ndtr(x @ theta)
        return p.log() - (1 - p).log()

    return LogLikelihood(lambda z: y * z - softplus(z), outputs=logit)


FAMILIES = [
    (logistic, 1, sm.families.Binomial(), [0.0, 0.0, 0.0]),
    (poisson, 2, sm.families.Poisson(), [0.5, 0.6, -0.3]),
    (probit, 1, sm.families.Binomial(sm.families.links.Probit()), [0.0, 0.0, 0.0]),
]


@pytest.mark.parametrize(("likelihood", "which", "family", "start"), FAMILIES)
@pytest.mark.parametrize("seed", range(3))
def test_fisher_scoring_takes_the_steps_of_irls(
    likelihood: Callable[[Tensor, Tensor], LogLikelihood],
    which: int,
    family: Any,
    start: list[float],
    seed: int,
) -> None:
    """Iteratively reweighted least squares, by statsmodels, from the same start."""
    data = samples(seed)
    x, y = data[0], data[which]
    path: list[Tensor] = []
    maximize(
        likelihood(x, y), start, optimizer="fisher", tol=1e-9,
        callback=lambda p: path.append(p.x.clone()),
    )  # fmt: skip
    model = sm.GLM(y.numpy(), x.numpy(), family=family)
    assert len(path) > 3
    for k, ours in enumerate(path[:5], 1):
        theirs = model.fit(maxiter=k, start_params=np.array(start), tol=0).params
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


def test_fisher_scoring_is_newton_where_the_link_is_natural() -> None:
    x, kind, _ = samples(0)
    f = logistic(x, kind)
    paths: dict[str, list[Tensor]] = {"newton": [], "fisher": []}
    for name, path in paths.items():
        maximize(
            f, [0.0, 0.0, 0.0], optimizer=name,
            callback=lambda p, path=path: path.append(p.x.clone()),
        )  # fmt: skip
    for a, b in zip(*paths.values(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-12)


def test_fisher_needs_a_likelihood_with_outputs() -> None:
    y = torch.ones(3)
    for f in (lambda x: -(x**2), LogLikelihood(lambda x: -((y - x) ** 2))):
        with pytest.raises(ValueError, match="'fisher' needs an f that has `informati"):
            maximize(f, 0.0, optimizer="fisher")


@pytest.mark.parametrize("name", ["newton", "fisher", "lbfgsb"])
def test_they_take_no_options(name: str) -> None:
    with pytest.raises(TypeError, match=f"no argument 'lr', nor does.*'{name}'"):
        maximize(lambda x: -(x**2), 0.0, optimizer=name, lr=0.1)


@pytest.mark.parametrize("name", ["newton", "fisher"])
def test_second_order_methods_leave_constraints(name: str) -> None:
    x, kind, _ = samples(0)
    with pytest.raises(ValueError, match="lines that leave the constraint"):
        maximize(
            logistic(x, kind), [0.0, 0.0, 0.0], optimizer=name, constraint=Box(0, 1)
        )


@pytest.mark.parametrize("constraint", [None, Ball(1), Sphere(), [Box(0, 1), Ball(1)]])
def test_lbfgsb_needs_a_box(constraint: Any) -> None:
    with pytest.raises(ValueError, match="'lbfgsb' climbs within a Box"):
        maximize(
            lambda x: -(x**2).sum(), [1.0], optimizer="lbfgsb", constraint=constraint
        )


def beside(f: Callable[[Tensor], Tensor], start: Tensor, low: Any, high: Any) -> Any:
    """The answer of SciPy's L-BFGS-B on -f."""

    def negative(x: np.ndarray) -> tuple[float, np.ndarray]:
        point = torch.tensor(x, requires_grad=True)
        value = -f(point)
        value.backward()
        assert point.grad is not None
        return float(value.detach()), point.grad.numpy()

    bounds = list(
        zip(np.broadcast_to(low, len(start)), np.broadcast_to(high, len(start)))
    )
    return minimize(
        negative, start.numpy(), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"ftol": 1e-16, "gtol": 1e-10, "maxiter": 5000, "maxfun": 10**5},
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n", [2, 10, 60])
def test_lbfgsb_finds_what_scipy_finds_on_bounded_quadratics(n: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    root = torch.randn(n, n, dtype=F64, generator=generator)
    h = root @ root.T + 0.01 * n * torch.eye(n, dtype=F64)
    b = n * torch.randn(n, dtype=F64, generator=generator)
    low = -torch.rand(n, dtype=F64, generator=generator)
    high = low + torch.rand(n, dtype=F64, generator=generator) * 2

    def f(x: Tensor) -> Tensor:
        return b @ x - x @ h @ x / 2

    start = (low + high) / 2
    found = maximize(f, start, optimizer="lbfgsb", constraint=Box(low, high), tol=1e-8)
    theirs = beside(f, start, low, high)
    assert found.success and found.certify().verdict == "maximum"
    assert found.value == pytest.approx(-theirs.fun, rel=1e-9)
    np.testing.assert_allclose(found.x, theirs.x, rtol=0, atol=1e-6)


@pytest.mark.parametrize("bounds", [(-2.0, 0.7), (-0.5, 2.0), (1.2, 3.0), (-5.0, 5.0)])
def test_lbfgsb_finds_what_scipy_finds_on_rosenbrock(
    bounds: tuple[float, float],
) -> None:
    start = torch.full((10,), bounds[0] + 0.1, dtype=F64)
    found = maximize(
        rosenbrock, start, optimizer="lbfgsb", constraint=Box(*bounds), tol=1e-10
    )
    theirs = beside(rosenbrock, start, *bounds)
    assert found.success
    assert found.value >= -theirs.fun - 1e-9 * abs(theirs.fun) - 1e-12
    np.testing.assert_allclose(found.x, theirs.x, rtol=0, atol=1e-6)


def test_lbfgsb_with_one_bound_and_with_several_boxes() -> None:
    found = maximize(
        rosenbrock, torch.zeros(4, dtype=F64), optimizer="lbfgsb",
        constraint=[Box(-torch.inf, 0.5), Ball(3.0, norm="linf")],
    )  # fmt: skip
    assert found.success and float(found.x.max()) == 0.5


def test_each_of_several_runs_is_what_it_is_alone() -> None:
    starts = torch.tensor([[-1.2, 1.0], [0.3, -0.4], [2.0, 2.0]], dtype=F64)
    for name, constraint in (("newton", None), ("lbfgsb", Box(-3, 3))):
        given: dict[str, Any] = {"optimizer": name, "constraint": constraint}
        batch = maximize(rosenbrock, starts, batched=True, **given)
        for run, start in zip(batch.runs, starts, strict=True):
            alone = maximize(rosenbrock, start, **given)
            assert run.steps == alone.steps and torch.equal(run.x, alone.x)
