"""`Result.certify`: closed forms, with and without constraints, small and large."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.constraints import Ball, Box, Constraint, Simplex, Sphere
from gradient_ascent.maximization import Result, maximize
from tests.maximization.test_verdict import Once

F64 = torch.float64


def at(f: Callable[[Any], Tensor], x: Any, **given: Any) -> Any:
    """The certificate of a point: of a run of no step."""
    return maximize(f, x, steps=0, **given).certify()


@pytest.mark.parametrize(
    ("f", "x", "verdict", "eigenvalues"),
    [
        (lambda x: -(x[0] ** 2) - 4 * x[1] ** 2, [0.0, 0.0], "maximum", (-8, -2)),
        (lambda x: x[0] ** 2 - 4 * x[1] ** 2, [0.0, 0.0], "saddle", (-8, 2)),
        (lambda x: x[0] ** 2 + 4 * x[1] ** 2, [0.0, 0.0], "minimum", (2, 8)),
        (lambda x: -((x[0] - x[1]) ** 2), [1.0, 1.0], "flat", (-4, 0)),
        (lambda x: -(x**4).sum(), [0.0, 0.0], "flat", (0, 0)),
        (lambda x: x[0] - x[1] ** 2, [0.0, 0.0], "slope", (-2, 0)),
        (lambda x: torch.cos(x).sum(), [0.0, math.pi], "saddle", (-1, 1)),
    ],
)
@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_closed_forms(
    f: Callable[[Tensor], Tensor],
    x: list[float],
    verdict: str,
    eigenvalues: tuple[float, float],
    unit: float,
    dtype: torch.dtype,
) -> None:
    found = at(lambda x: unit * f(x), torch.tensor(x, dtype=dtype))
    assert found.verdict == verdict and not found.on_the_boundary
    assert found.directions == 2
    expected = [unit * each for each in eigenvalues]
    assert [found.lowest, found.highest] == pytest.approx(
        expected, rel=1e-5, abs=1e-5 * unit
    )
    assert found.residual == found.gradient_norm
    assert verdict in str(found) or (verdict == "slope" and "no maximum" in str(found))


@pytest.mark.parametrize("n", [3, 40, 501, 1000])
def test_the_extremes_of_a_large_hessian(n: int) -> None:
    """Up to 500 numbers all are looked at; Lanczos finds the extremes of more."""
    h = torch.linspace(-1, 50, n, dtype=F64)
    turn = torch.linalg.qr(torch.randn(n, n, dtype=F64, generator=seeded()))[0]
    for sign, verdict in ((1, "saddle"), (-1, "saddle")):
        found = at(
            lambda x, sign=sign: sign * (h * (turn @ x) ** 2).sum() / 2,
            torch.zeros(n, dtype=F64),
        )
        assert found.verdict == verdict
        low, high = sorted((-sign * 1.0, sign * 50.0))
        assert found.lowest == pytest.approx(low, abs=found.error + 1e-9)
        assert found.highest == pytest.approx(high, abs=found.error + 1e-9)
        assert found.error < 1e-3


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("n", [3, 30, 600])
def test_eigenvectors_on_the_sphere(n: int) -> None:
    """There x'Ax curves as twice the difference of the eigenvalues of A."""
    a = torch.linspace(1, 7, n, dtype=F64)
    for which, verdict in ((-1, "maximum"), (0, "minimum"), (1, "saddle")):
        start = torch.eye(n, dtype=F64)[which]
        found = at(lambda x: x @ (a * x), start, constraint=Sphere())
        assert found.verdict == verdict and found.on_the_boundary
        assert found.gradient_norm == pytest.approx(2 * float(a[which]))
        assert found.residual < 1e-6
        differences = 2 * (a - a[which])
        others = differences[[i for i in range(n) if i != which % n]]
        close = 1e-4 + found.error
        assert found.lowest == pytest.approx(float(others.min()), abs=close)
        assert found.highest == pytest.approx(float(others.max()), abs=close)
        assert found.directions == (n - 1 if n <= 500 else 200)


@pytest.mark.parametrize(
    ("constraint", "f", "x", "verdict", "directions"),
    [
        (Box(-1, 1), lambda x: x.sum(), [1.0, 1.0], "maximum", 0),
        (Box(-1, 1), lambda x: x[0] - x[1] ** 2, [1.0, 0.0], "maximum", 1),
        (Box(-1, 1), lambda x: x[0] + x[1] ** 2, [1.0, 0.0], "minimum", 1),
        (Box(-1, 1), lambda x: x[0] + x[1], [1.0, 0.0], "slope", 1),
        (Box(-1, 1), lambda x: -(x**2).sum(), [0.0, 0.0], "maximum", 2),
        (Ball(2.0), lambda x: x[0], [2.0, 0.0], "maximum", 1),
        (Ball(2.0), lambda x: x[0] + x[1] ** 2, [2.0, 0.0], "minimum", 1),
        (Simplex(), lambda x: -(x**2).sum(), [0.5, 0.5], "maximum", 1),
    ],
)
def test_on_the_boundary(
    constraint: Constraint,
    f: Callable[[Tensor], Tensor],
    x: list[float],
    verdict: str,
    directions: int,
) -> None:
    found = at(f, torch.tensor(x, dtype=F64), constraint=constraint)
    assert (found.verdict, found.directions) == (verdict, directions)
    inside = found.gradient_norm == 0
    assert found.on_the_boundary != inside


def test_on_a_ball_f_bends_with_the_boundary() -> None:
    """X on the circle of radius 2 falls by s^2 / 4 at the distance s."""
    found = at(lambda x: x[0], torch.tensor([2.0, 0.0], dtype=F64), constraint=Ball(2))
    assert found.highest == pytest.approx(-0.5, rel=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_what_maximize_calls_a_success_is_never_a_slope_or_a_saddle(seed: int) -> None:
    """The two are told by the same rule."""

    def f(x: Tensor) -> Tensor:
        return torch.sin(3 * x).sum() - (x**2).sum() / 4 + x[0] * x[1]

    start = torch.randn(4, dtype=F64, generator=torch.Generator().manual_seed(seed))
    for constraint in (None, Box(-1, 1), Ball(1), Sphere(), Simplex(2)):
        for optimizer in (None, "newton") if constraint is None else (None,):
            found = maximize(f, start, constraint=constraint, optimizer=optimizer)
            if found.success:
                assert found.certify().verdict in ("maximum", "flat"), found


def test_a_function_differentiable_once() -> None:
    found = at(Once.apply, torch.zeros(3, dtype=F64))
    assert found.verdict == "maximum"
    assert found.highest == pytest.approx(-2, rel=1e-6)


@pytest.mark.parametrize("start", [2.0, {"a": torch.ones(2), "b": torch.ones(())}])
def test_x_in_other_forms(start: Any) -> None:
    def f(x: Any) -> Tensor:
        if isinstance(x, dict):
            return -(x["a"] ** 2).sum() - x["b"] ** 2
        return -(x**2)

    found: Result = maximize(f, start)
    assert found.certify().verdict == "maximum"


def test_a_module_is_left_as_it_is() -> None:
    net = torch.nn.Linear(2, 1)
    found = maximize(lambda net: -((net(torch.eye(2)) - 1) ** 2).sum(), net)
    weight = net.weight.clone()
    assert found.certify().verdict == "flat", "a bias too many"
    assert torch.equal(net.weight, weight)


def test_a_pickle_says_that_it_lacks_f() -> None:
    import pickle

    found = maximize(_hill, [1.0, 2.0])
    again = pickle.loads(pickle.dumps(found))
    assert torch.equal(again.x, found.x) and torch.equal(again.start, found.start)
    with pytest.raises(ValueError, match="certify: the result must know f"):
        again.certify()
    with pytest.raises(ValueError, match="standard_errors: the result must know f"):
        again.standard_errors()


def _hill(x: Tensor) -> Tensor:
    return -(x**2).sum()
