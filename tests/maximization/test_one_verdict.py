"""Success and certificate say the same, and neither more than is so."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import softplus

from gradient_ascent.constraints import Ball, Box, Constraint, Simplex, Sphere
from gradient_ascent.maximization import maximize
from tests.maximization.test_certificate import at

F64 = torch.float64
Objective = Callable[[Tensor], Tensor]


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: -((x / 1e-8 - 1) ** 2), 0.0),
        (lambda x: x.cos(), 2 * math.pi * 322 + 0.15),
        (lambda x: x.cos(), 2 * math.pi * 30000 + 1),
        (lambda x: x.atan(), 1e9),
        (lambda x: -(-x).exp(), 20.0),
        (lambda x: -((x - 1e-3) ** 2), 0.0),
    ],
)
@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_a_slope_is_no_maximum(f: Objective, x: float, unit: float) -> None:
    found = at(lambda x: unit * f(x), x)
    assert found.verdict == "slope" and "no maximum" in str(found)


@pytest.mark.parametrize("optimizer", [None, "newton", "adam"])
@pytest.mark.parametrize("steps", [20, None])
@pytest.mark.parametrize(
    "f", [torch.atan, torch.tanh, lambda x: -(-x).exp(), lambda x: -1 / (1 + x * x)]
)
def test_what_levels_off_has_its_top_nowhere(
    f: Objective, steps: int | None, optimizer: str | None
) -> None:
    found = maximize(f, 0.5, steps=steps, optimizer=optimizer)
    assert found.certify().verdict in ("slope", "flat")


def test_separated_classes_are_a_slope() -> None:
    x = torch.tensor([-3.0, -2, -1, 1, 2, 3], dtype=F64)
    y = (x > 0).to(F64)

    def f(theta: Tensor) -> Tensor:
        z = theta[0] + theta[1] * x
        return (y * z - softplus(z)).sum()

    for optimizer, steps in (("newton", 1000), ("newton", 10), (None, 20)):
        found = maximize(f, [0.0, 0.0], optimizer=optimizer, steps=steps)
        assert not found.success and found.certify().verdict == "slope"


@pytest.mark.parametrize(
    ("f", "x", "verdict", "boundary"),
    [
        (lambda x: 1 + (x - 0.999) ** 2, 0.999 + 1e-9, "minimum", False),
        (lambda x: -((x - 0.999) ** 2), 0.999, "maximum", False),
        (lambda x: -((x - 0.999) ** 2), 0.999 - 1e-6, "slope", False),
        (lambda x: 1 - (x - 0.999) ** 2, 0.999 - 1e-9, "maximum", False),
        (lambda x: x, 0.999, "slope", False),
        (lambda x: x, 1.0, "maximum", True),
    ],
)
def test_close_to_a_bound_is_not_on_it(
    f: Objective, x: float, verdict: str, boundary: bool
) -> None:
    found = at(f, x, constraint=Box(0, 1))
    assert (found.verdict, found.on_the_boundary) == (verdict, boundary)


def test_on_one_bound_and_close_to_another() -> None:
    box = Box(-1, 1)
    found = at(lambda x: x[0] - x[1] ** 2, [0.995, 0.0], constraint=box)
    assert found.verdict == "slope" and found.residual == pytest.approx(1)
    found = at(lambda x: x[0] + (x[1] - 0.999) ** 2, [1.0, 0.999], constraint=box)
    assert (found.verdict, found.directions) == ("minimum", 1)


BOUND: list[tuple[Objective, list[float], Constraint, str]] = [
    (lambda x: x[0] + x[1] ** 2, [1.0, 0.0], Box(0, 1), "flat"),
    (lambda x: x[0] - x[1] ** 2, [1.0, 0.0], Box(0, 1), "maximum"),
    (lambda x: -x[0] * x[1], [0.0, 0.0], Box(0, 1), "flat"),
    (lambda x: -(x**2).sum(), [0.0, 0.0], Box(0, 1), "maximum"),
    (lambda x: x[0] ** 2 - x[1] ** 2, [0.3, 0.0], Box(0, 1), "slope"),
    (lambda x: x.sum(), [1.0, 1.0], Box(1, 1), "maximum"),
    (lambda x: -(x**2).sum(), [1.0, 1.0], Box(1, 1), "maximum"),
]


@pytest.mark.parametrize(("f", "x", "constraint", "verdict"), BOUND)
def test_a_bound_that_holds_with_no_force(
    f: Objective, x: list[float], constraint: Constraint, verdict: str
) -> None:
    """Words never call a maximum what the verdict does not."""
    found = at(f, x, constraint=constraint)
    assert found.verdict == verdict
    assert ("a maximum" in str(found)) == (verdict == "maximum")
    assert ("leads out" in str(found)) <= (verdict == "maximum")


@pytest.mark.parametrize("along", [0.341, 0.5, 1e-3, 0.999])
@pytest.mark.parametrize("force", [1e-6, 1.0, 1e6])
def test_level_along_a_straight_edge(along: float, force: float) -> None:
    """Differences that find the edge make no curvature of their own."""
    found = at(lambda x: -force * x[0] * x[1], [along, 0.0], constraint=Box(0, 1))
    assert (found.verdict, found.highest) == ("flat", 0.0)


@pytest.mark.parametrize("low", [1.0, 1e-3])
def test_a_corner_pressed_by_very_unequal_forces(low: float) -> None:
    bends = torch.logspace(math.log10(low), 8, 30, dtype=F64)
    found = maximize(
        lambda x: -(bends * (x - 1) ** 2).sum(), torch.zeros(30, dtype=F64),
        optimizer="lbfgsb", constraint=Box(-0.5, 0.8),
    )  # fmt: skip
    assert found.success and found.certify().verdict == "maximum"


def test_exactly_at_the_top_on_a_sphere() -> None:
    a = torch.tensor([1.0, 2, 3], dtype=F64)
    for tilt in (0.0, 1e-13):
        x = torch.tensor([0.0, tilt, 1], dtype=F64)
        found = at(lambda x: (x @ (a * x)) / (x @ x), x, constraint=Sphere())
        assert (found.verdict, found.directions) == ("maximum", 2)
        assert found.on_the_boundary and found.highest == pytest.approx(-2, rel=1e-5)


@pytest.mark.parametrize("offset", [0.0, 10.0, 1e4])
def test_a_small_ball_far_from_the_origin(offset: float) -> None:
    """Its edge bends within a hundredth of the size of x."""
    center = torch.tensor([offset, 0.0, 0.0], dtype=F64)
    place = center + torch.tensor([1.0, 0, 0], dtype=F64)
    for bend, verdict in ((0.4, "maximum"), (0.6, "saddle")):
        found = at(
            lambda x, bend=bend: x[0] + bend * x[1] ** 2, place,
            constraint=Ball(1, center=center),
        )  # fmt: skip
        assert (found.verdict, found.directions) == (verdict, 2)
        assert found.lowest == pytest.approx(-1, rel=1e-2)
        assert found.highest == pytest.approx(2 * bend - 1, rel=5e-2)


KINKS: list[tuple[Objective, Any]] = [
    (lambda x: -x.abs(), 1.5),
    (lambda x: -(x - 0.3).abs() - 2 * (x - 0.7).abs(), 1.5),
    (lambda x: -(x - 1).abs().sqrt(), 0.0),
    (lambda x: -(x[0] - 1 / 3).abs() - (x[1] - 2 / 3).abs(), [1.5, 2.0]),
]


@pytest.mark.parametrize(("f", "start"), KINKS)
def test_a_kink_is_called_one(f: Objective, start: Any) -> None:
    found = maximize(f, start)
    assert found.success and found.certify().verdict in ("kink", "maximum")
    assert "kink" in str(found.certify())


@pytest.mark.parametrize(
    ("constraint", "x"),
    [(Box(1, 1), [1.0, 1.0]), (Sphere(), [2.0]), (Simplex(), [3.0])],
)
@pytest.mark.parametrize("optimizer", [None, "lbfgsb"])
def test_where_one_point_is_allowed_it_is_the_top(
    constraint: Constraint, x: list[float], optimizer: str | None
) -> None:
    if optimizer and not isinstance(constraint, Box):
        optimizer = None
    found = maximize(
        lambda x: -(x**2).sum(), x, constraint=constraint, optimizer=optimizer
    )
    assert found.success and found.certify().verdict == "maximum"


def test_what_overflows_is_no_maximum() -> None:
    found = maximize(lambda x: x.sum(), [1.0, 2.0], steps=3)
    assert not found.success and found.certify().verdict == "slope"


@pytest.mark.parametrize("tol", [1e-3, 1e-5, 1e-8])
@pytest.mark.parametrize("seed", range(3))
def test_a_success_counts_unless_something_has_changed(seed: int, tol: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    middle = torch.randn(3, dtype=F64, generator=generator)

    def f(x: Tensor) -> Tensor:
        return -((x - middle) ** 4 + (x - middle) ** 2).sum() - (x[0] * x[1]) ** 2

    found = maximize(f, torch.zeros(3, dtype=F64), tol=tol)
    assert found.success and found.certify().verdict == "maximum"
    middle += 5
    assert found.certify().verdict == "slope"
    with pytest.raises(ValueError, match="x and f must be as `maximize` left them"):
        found.standard_errors()
