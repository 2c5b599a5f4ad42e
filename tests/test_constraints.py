"""Projections: the nearest point, by known answers and by what nearest means."""

import copy
import io
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent import constraints
from gradient_ascent.constraints import (
    Ball,
    Box,
    Constraint,
    HalfSpace,
    Hyperplane,
    Intersection,
    Orthonormal,
    Simplex,
    Sphere,
    constrain,
    project,
)
from gradient_ascent.optim import OPTIMIZERS

SEEDS = st.integers(0, 2**31)
SIZE = 4
CENTER = torch.tensor([0.5, -1.0, 0.0, 2.0], dtype=torch.float64)

CONVEX: dict[str, Constraint] = {
    "box": Box(-0.5, 1.0),
    "box of tensors": Box(CENTER - 0.3, CENTER + 1),
    "orthant": Box(0.0, torch.inf),
    "l2 ball": Ball(1.5),
    "l2 ball, center": Ball(0.7, CENTER),
    "linf ball": Ball(0.7, CENTER, "linf"),
    "l1 ball": Ball(1.5, norm="l1"),
    "l1 ball, center": Ball(0.7, CENTER, "l1"),
    "half-space": HalfSpace(CENTER, -0.5),
    "half-space of a number": HalfSpace(-2.0, 1.0),
    "hyperplane": Hyperplane(CENTER, 1.5),
    "hyperplane of a number": Hyperplane(1.0, 0.3),
    "simplex": Simplex(),
    "simplex, total": Simplex(total=3.0),
    "wedge": Intersection([HalfSpace(1.0, 0.7), HalfSpace(CENTER, -0.5)]),
}
SPHERES: dict[str, Constraint] = {
    "sphere": Sphere(),
    "center": Sphere(2.0, CENTER),
    "one orthonormal column": Orthonormal(),  # of several: test_orthonormal.py
}
EVERY = {**CONVEX, **SPHERES}

each = pytest.mark.parametrize("constraint", EVERY.values(), ids=EVERY)
each_convex = pytest.mark.parametrize("constraint", CONVEX.values(), ids=CONVEX)


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(*shape, generator=generator, dtype=torch.float64)


def feasible(constraint: Constraint, seed: int, n: int = 200) -> Tensor:
    """Points of the set, made without `project`, one a row."""
    x = normal(seed, n, SIZE)
    share = torch.special.ndtr(normal(seed + 1, n, SIZE) / 3)  # uniform in [0, 1]
    if isinstance(constraint, Ball) and constraint.norm == "linf":
        return constraint.center + constraint.radius * (2 * share - 1)
    if isinstance(constraint, Box):
        lower = torch.as_tensor(constraint.lower, dtype=x.dtype)
        upper = torch.as_tensor(constraint.upper, dtype=x.dtype)
        return lower + share * torch.minimum(upper - lower, torch.tensor(9.0))
    if isinstance(constraint, HalfSpace):
        a = constraint.normal * torch.ones(SIZE, dtype=x.dtype)
        _, _, rows = torch.linalg.svd(a[None])
        on_it = constraint.offset * a / (a @ a) + x[:, 1:] @ rows[1:]
        inward = 0 if isinstance(constraint, Hyperplane) else 9 * share[:, :1]
        return on_it - inward * a
    if isinstance(constraint, Ball) and constraint.norm == "l1":
        shares = x.exp() / x.exp().sum(1, keepdim=True)
        inside = constraint.radius * share[:, :1] * shares
        return constraint.center + inside * normal(seed + 2, n, SIZE).sign()
    if isinstance(constraint, Simplex):
        shares = x.exp()
        return constraint.total * shares / shares.sum(1, keepdim=True)
    if isinstance(constraint, Intersection):
        half, other = constraint.sets
        drawn = feasible(other, seed, 2 * n)
        return drawn[drawn.sum(1) <= half.offset]
    if isinstance(constraint, Orthonormal):
        constraint = Sphere()
    assert isinstance(constraint, Ball | Sphere)
    on_it = x / torch.linalg.vector_norm(x, dim=1, keepdim=True)
    inside = share[:, :1] if isinstance(constraint, Ball) else 1
    return constraint.center + constraint.radius * inside * on_it


@pytest.mark.parametrize(
    ("constraint", "x", "nearest"),
    [
        (Box(0, 1), [-1.0, 0.5, 2.0], [0.0, 0.5, 1.0]),
        (Box(torch.tensor([0.0, 1.0]), 2), [-1.0, 0.0], [0.0, 1.0]),
        (Box(-torch.inf, 0), [-9.0, 9.0], [-9.0, 0.0]),
        (Ball(1), [3.0, 4.0], [0.6, 0.8]),
        (Ball(1), [0.3, -0.4], [0.3, -0.4]),
        (Ball(5, torch.tensor([1.0, 0.0])), [11.0, 0.0], [6.0, 0.0]),
        (Ball(0.5, 1.0, "linf"), [0.0, 0.75, 9.0], [0.5, 0.75, 1.5]),
        (Ball(1, dim=-1), [[3.0, 4.0], [0.3, 0.4]], [[0.6, 0.8], [0.3, 0.4]]),
        (Ball(1, dim=0), [[3.0, 0.3], [4.0, 0.4]], [[0.6, 0.3], [0.8, 0.4]]),
        (Ball(1, norm="l1"), [3.0, 4.0], [0.0, 1.0]),
        (Ball(3, norm="l1"), [-3.0, 4.0], [-1.0, 2.0]),
        (Ball(2, norm="l1"), [1.0, -1.0, 0.0], [1.0, -1.0, 0.0]),
        (Ball(2, norm="l1"), [2.0, -2.0, 0.5], [1.0, -1.0, 0.0]),
        (Ball(1, 5.0, "l1"), [8.0, 5.0], [6.0, 5.0]),
        (Ball(1, 0.0, "l1", 0), [[3.0, 0.3], [4.0, -0.4]], [[0.0, 0.3], [1.0, -0.4]]),
        (HalfSpace(torch.tensor([3.0, 4.0]), 5), [3.0, 4.0], [0.6, 0.8]),
        (HalfSpace(torch.tensor([3.0, 4.0]), 5), [0.1, -7.0], [0.1, -7.0]),
        (HalfSpace(1.0, -3.0), [0.0, 1.0, 2.0], [-2.0, -1.0, 0.0]),
        (HalfSpace(-2.0, dim=1), [[-1.0, -3.0], [1.0, 1.0]], [[1.0, -1.0], [1.0, 1.0]]),
        (Hyperplane(torch.tensor([0.0, 2.0]), 6), [9.0, 9.0], [9.0, 3.0]),
        (Hyperplane(1.0, 1.0), [-1.0, -1.0, -1.0, -1.0], [0.25, 0.25, 0.25, 0.25]),
        (
            Hyperplane(torch.tensor([[1.0, 0.0], [1.0, 1.0]]), dim=-1),
            [[3.0, 4.0], [3.0, 4.0]],
            [[0.0, 4.0], [-0.5, 0.5]],
        ),
        (Simplex(), [0.2, 0.3, 0.5], [0.2, 0.3, 0.5]),
        (Simplex(), [0.5, 0.5, 0.9], [0.2, 0.2, 0.6]),
        (Simplex(), [1.0, 0.8, -3.0], [0.6, 0.4, 0.0]),
        (Simplex(), [-1.0, -1.0, -1.0, -1.0], [0.25, 0.25, 0.25, 0.25]),
        (Simplex(), [5.0, -torch.inf, 5.0], [0.5, 0.0, 0.5]),
        (Simplex(2), [2.0, 0.0], [2.0, 0.0]),
        (Simplex(dim=0), [[2.0, 0.0], [0.0, 0.0]], [[1.0, 0.5], [0.0, 0.5]]),
        (Sphere(), [0.3, 0.4], [0.6, 0.8]),
        (Sphere(2), [3.0, 0.0], [2.0, 0.0]),
        (Sphere(5), [0.0, 0.0, 0.0, 0.0], [2.5, 2.5, 2.5, 2.5]),
        (Sphere(1, dim=1), [[0.0, 9.0], [3.0, 4.0]], [[0.0, 1.0], [0.6, 0.8]]),
    ],
    ids=str,
)
def test_known_answers(constraint: Constraint, x: Any, nearest: Any) -> None:
    given, wanted = torch.tensor(x), torch.tensor(nearest)
    before = given.clone()
    assert torch.allclose(constraint.project(given), wanted, atol=1e-6)
    assert torch.equal(given, before)
    assert constraint.contains(wanted)
    assert constraint.contains(given) == torch.equal(given, wanted)


@each
@given(seed=SEEDS)
def test_no_point_of_the_set_is_nearer(constraint: Constraint, seed: int) -> None:
    x, inside = normal(seed, SIZE), feasible(constraint, seed + 1)
    assert constraint.contains(inside[0])
    distance = torch.linalg.vector_norm(x - constraint.project(x))
    others = torch.linalg.vector_norm(x - inside, dim=1)
    assert (distance <= others + 1e-12).all()


@each
@given(seed=SEEDS)
def test_to_project_twice_is_to_project_once(constraint: Constraint, seed: int) -> None:
    once = constraint.project(normal(seed, SIZE))
    assert constraint.contains(once)
    assert torch.allclose(constraint.project(once), once, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "constraint", [Ball(999, 0.1), Ball(999, 0.1, "linf"), Box(-99, 99)]
)
def test_a_point_inside_stays_to_the_last_bit(constraint: Constraint) -> None:
    x = normal(0, 1000).float()
    assert torch.equal(constraint.project(x), x)


@each_convex
@given(seed=SEEDS)
def test_the_variational_inequality(constraint: Constraint, seed: int) -> None:
    """P(x) is the one point p with <x - p, y - p> <= 0 for every y of the set."""
    x = normal(seed, SIZE)
    p = constraint.project(x)
    assert ((feasible(constraint, seed + 1) - p) @ (x - p) <= 1e-12).all()


@given(seed=SEEDS, size=st.sampled_from([1e-6, 1.0, 1e6]), n=st.integers(1, 50))
def test_what_is_best_on_an_l1_ball_is_a_corner(seed: int, size: float, n: int) -> None:
    """So the theorem needs them alone: y = c ± r e_i, each of the 2 n."""
    center, x = size * normal(seed, 2, n)
    p = Ball(size, center, "l1").project(x)
    outward, away = x - p, p - center
    assert away.abs().sum() <= size * (1 + 1e-12)
    best_corner = size * outward.abs().max()
    assert best_corner - outward @ away <= 1e-12 * size**2


@given(seed=SEEDS, size=st.sampled_from([1e-6, 1.0, 1e6]), n=st.integers(1, 50))
def test_to_a_plane_the_way_is_along_its_normal(seed: int, size: float, n: int) -> None:
    a, x = normal(seed, 2, n) * torch.tensor([[1 / size], [size]])
    at = normal(seed + 1, 1).item()
    to_plane = Hyperplane(a, at).project(x) - x
    error = a @ (x + to_plane) - at
    rounding = 1e-14 * ((a * x).abs().sum() + abs(at))
    assert error.abs() <= rounding
    along = (to_plane @ a) / (a @ a) * a
    far = float(x.norm() + to_plane.norm())
    close = partial(torch.allclose, rtol=0, atol=1e-14 * far)
    assert close(to_plane, along)
    beyond = a @ x > at
    into_half = HalfSpace(a, at).project(x) - x
    assert close(into_half, to_plane) if beyond else not into_half.any()


@each_convex
@given(seed=SEEDS)
def test_no_two_points_are_driven_apart(constraint: Constraint, seed: int) -> None:
    x, y = normal(seed, 2, SIZE)
    after = torch.linalg.vector_norm(constraint.project(x) - constraint.project(y))
    assert after <= torch.linalg.vector_norm(x - y) + 1e-12


@each
@settings(max_examples=20)
@given(seed=SEEDS)
def test_the_derivative_is_that_of_the_projection(
    constraint: Constraint, seed: int
) -> None:
    x = normal(seed, SIZE).requires_grad_()
    assert torch.autograd.gradcheck(constraint.project, x, eps=1e-7)


@pytest.mark.parametrize(
    "make",
    [
        lambda dim: Ball(1.5, 0.2, dim=dim),
        lambda dim: Ball(1.5, 0.2, "l1", dim),
        lambda dim: HalfSpace(-0.2, 0.3, dim),
        lambda dim: Hyperplane(-0.2, 0.3, dim),
        lambda dim: Sphere(1.5, 0.2, dim=dim),
        lambda dim: Simplex(2.0, dim),
    ],
)
@given(seed=SEEDS, dim=st.integers(-3, 2))
def test_a_batch_is_each_point_alone(
    make: Callable[[Any], Constraint], seed: int, dim: int
) -> None:
    x = normal(seed, 2, 3, 4)
    batch = make(dim).project(x).movedim(dim, -1).reshape(-1, x.shape[dim])
    alone = [make(-1).project(p) for p in x.movedim(dim, -1).reshape(-1, x.shape[dim])]
    assert torch.allclose(batch, torch.stack(alone))


@pytest.mark.parametrize(
    "make",
    [
        lambda dim: Ball(1.0, dim=dim),
        lambda dim: Ball(1.0, norm="l1", dim=dim),
        lambda dim: Sphere(1.0, dim=dim),
        lambda dim: HalfSpace(normal(1, 2, 3), dim=dim),
        lambda dim: Hyperplane(normal(1, 2, 3), dim=dim),
    ],
)
def test_a_point_may_fill_several_dimensions(make: Callable[[Any], Constraint]) -> None:
    x = normal(0, 5, 2, 3)
    alone = torch.stack([make(None).project(p) for p in x])
    for dim in ((1, 2), (-2, -1)):
        assert torch.allclose(make(dim).project(x), alone)


def test_every_set_is_among_those_tested() -> None:
    public = {kind for kind in vars(constraints).values() if isinstance(kind, type)}
    sets = {kind for kind in public if issubclass(kind, Constraint)}
    assert {type(constraint) for constraint in EVERY.values()} == sets - {Constraint}


@each
def test_in_a_vmap_each_point_is_alone(constraint: Constraint) -> None:
    if isinstance(constraint, Intersection):  # as its docstring says
        with pytest.raises(RuntimeError, match="vmap"):
            torch.func.vmap(constraint.project)(normal(0, 7, SIZE))
        return
    x = normal(0, 7, SIZE)
    alone = torch.stack([constraint.project(p) for p in x])
    assert torch.allclose(torch.func.vmap(constraint.project)(x), alone, atol=1e-15)


@each
def test_copies_are_the_same_set(constraint: Constraint) -> None:
    x = normal(0, SIZE)
    for twin in (copy.deepcopy(constraint), pickle.loads(pickle.dumps(constraint))):
        assert type(twin) is type(constraint)
        assert torch.equal(twin.project(x), constraint.project(x))


def test_a_number_of_a_set_keeps_all_its_digits() -> None:
    x = torch.tensor([-9.0, 9.0], dtype=torch.float64)
    assert Box(0.1, 0.2).project(x).tolist() == [0.1, 0.2]
    assert Ball(1e-3, 0.1, "linf").project(x).tolist() == [0.1 - 1e-3, 0.1 + 1e-3]


@each
@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16]
)
def test_every_dtype(constraint: Constraint, dtype: torch.dtype) -> None:
    x = normal(1, SIZE).to(dtype)
    nearest = constraint.project(x)
    eps = torch.finfo(dtype).eps
    assert nearest.dtype == dtype
    assert torch.allclose(nearest.double(), constraint.project(x.double()), 2 * eps)
    assert constraint.contains(nearest, tol=4 * eps)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_scales_whose_squares_float32_cannot_hold(scale: float) -> None:
    x = scale * torch.tensor([3.0, 4.0])
    wanted = torch.tensor([0.6, 0.8])
    assert torch.allclose(Sphere().project(x), wanted)
    assert torch.allclose(Ball(scale).project(x) / scale, wanted)
    corner = Ball(scale, norm="l1").project(x) / scale
    assert torch.allclose(corner, torch.tensor([0.0, 1.0]), atol=1e-6)
    for kind in (HalfSpace, Hyperplane):
        assert torch.allclose(kind(x, scale).project(wanted), wanted / 5, rtol=1e-5)
        near = kind(wanted, scale).project(x) / scale
        assert torch.allclose(near, wanted, rtol=1e-5)
    assert torch.allclose(
        Simplex(scale).project(x) / scale, torch.tensor([0.0, 1.0]), atol=1e-6
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("radius", [1.0, 1e4])
@pytest.mark.parametrize("dim", [None, -1])
def test_a_sphere_is_reached_from_next_to_its_center(
    dtype: torch.dtype, radius: float, dim: int | None
) -> None:
    smallest = torch.finfo(dtype).smallest_normal * torch.finfo(dtype).eps
    for tiny in (smallest, 1e3 * smallest, torch.finfo(dtype).tiny):
        for direction in ([1.0, 0.0], [0.0, -1.0], [1.0, 1.0]):
            x = tiny * torch.tensor(direction, dtype=dtype)
            wanted = radius * x.sign() / x.sign().norm()
            torch.testing.assert_close(Sphere(radius, dim=dim).project(x), wanted)


def test_the_derivative_at_the_center_of_a_sphere_is_no_nan() -> None:
    x = torch.zeros(3, requires_grad=True)
    Sphere().project(x).sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()


SIZES = [1e-3, 1.0, 100.0, 1e4]
DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "make",
    [
        lambda size: Simplex(size),
        lambda size: Sphere(size),
        lambda size: Sphere(1.0, size),
        lambda size: Ball(size),
        lambda size: Ball(size, size),
        lambda size: Ball(size, -size, "linf"),
        lambda size: Ball(size, norm="l1"),
        lambda size: Ball(size, size, "l1"),
        lambda size: HalfSpace(-1.0, size / 7),
        lambda size: Hyperplane(0.1, size / 7),
        lambda size: Box(-size / 3, size / 7),
    ],
)
def test_a_projection_is_in_the_set(
    make: Callable[[float], Constraint], size: float, dtype: torch.dtype
) -> None:
    constraint = make(size)
    for n in (1, 2, 3, 10, 100, 1000):
        for seed in range(5):
            x = (size * normal(seed, n) / 3).to(dtype)
            assert constraint.contains(constraint.project(x)), f"of {n}, seed {seed}"


MAKE_OF_SIZE: list[Callable[[float], Constraint]] = [
    Simplex,
    Sphere,
    Ball,
    lambda size: Sphere(1.0, size),
    lambda size: Sphere(size, -size),
    lambda size: Ball(size, size),
    lambda size: Ball(size, -size, "linf"),
    lambda size: Ball(size, norm="l1"),
    lambda size: Ball(size, size, "l1"),
    lambda size: HalfSpace(-1.0, size / 7),
    lambda size: Hyperplane(0.1, size / 7),
    lambda size: Box(-size / 3, size / 7),
    lambda size: Intersection([Box(-size, size / 2), Ball(size, norm="linf")]),
]
LARGEST = {torch.float16: 3, torch.bfloat16: 30, torch.float32: 30, torch.float64: 200}


@pytest.mark.parametrize("make", MAKE_OF_SIZE)
@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=25)
@given(
    seed=SEEDS,
    share=st.floats(0, 1),
    far=st.sampled_from([0.1, 1.0, 1e3]),
    n=st.sampled_from([1, 2, 7, 100, 1000]),
)
def test_a_projection_is_in_the_set_at_any_magnitude(
    make: Callable[[float], Constraint],
    dtype: torch.dtype,
    seed: int,
    share: float,
    far: float,
    n: int,
) -> None:
    size = 10 ** (share * LARGEST[dtype] - 3)
    constraint = make(size)
    x = (far * size * normal(seed, n)).to(dtype)
    x = torch.where(x.isfinite(), x, size)
    assert constraint.contains(constraint.project(x))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_floats_have_a_nearest_point(dtype: torch.dtype, sign: int) -> None:
    large = torch.finfo(dtype).max
    x = torch.full((4,), sign * large, dtype=dtype)
    half = torch.full((4,), sign / 2, dtype=dtype)
    for constraint in (Ball(1.0), Sphere()):
        torch.testing.assert_close(constraint.project(x), half)
    corner = Ball(large, -x).project(x)  # what leads there is longer than large
    torch.testing.assert_close(corner, -x / 2)


SPREAD = torch.tensor([0.9, -0.5, 0.25, -1.0], dtype=torch.float64)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("share", [1.0, 0.5, 0.01])
@pytest.mark.parametrize(
    "make",
    [
        lambda size: HalfSpace(SPREAD, size / 7),
        lambda size: HalfSpace(size * SPREAD.sign()),
        lambda size: HalfSpace(-SPREAD, -size),
        lambda size: Hyperplane(SPREAD, size / 7),
        lambda size: Hyperplane(1.0, -size),
        lambda size: Ball(size, size * SPREAD, "l1"),
        lambda size: Ball(size / 3, -size * SPREAD, "l1"),
        lambda size: Ball(size / 3, -size * SPREAD),
        lambda size: Ball(size / 3, -size * SPREAD, "linf"),
        lambda size: Sphere(size / 3, -size * SPREAD / 2),
        lambda size: Simplex(0.99 * size),
    ],
)
def test_sums_do_not_overflow(
    make: Callable[[float], Constraint], share: float, dtype: torch.dtype
) -> None:
    """Of the largest floats it is what it is of all, a thousand times smaller."""
    size = share * torch.finfo(dtype).max
    constraint, small = make(size), make(size / 1024)
    for direction in (SPREAD.sign(), -SPREAD, SPREAD.flip(0), SPREAD * 0 + 1):
        x = (size * direction).to(dtype)
        wanted = 1024 * small.project(x.double() / 1024)
        nearest = constraint.project(x).double()
        held = wanted.abs() <= torch.finfo(dtype).max
        beyond = wanted.abs() > 1.01 * torch.finfo(dtype).max
        away = (nearest / size - wanted / size).abs()
        assert (away[held] < 8 * torch.finfo(dtype).eps).all()
        assert nearest[beyond].isinf().all()
        assert constraint.contains(x) == (torch.equal(wanted, x.double()))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES)
def test_a_point_off_by_more_than_rounding_is_in_no_set(
    size: float, dtype: torch.dtype
) -> None:
    off = max(8 * torch.finfo(dtype).eps, 1e-5 / size)
    e = torch.tensor([1.0, 0.0, 0.0], dtype=dtype)
    l1 = Ball(size, norm="l1")
    planes = HalfSpace(1.0, size), Hyperplane(1.0, size), HalfSpace(e, size)
    for constraint in (
        Simplex(size),
        Sphere(size),
        Ball(size),
        Box(0, size),
        l1,
        *planes,
    ):
        assert constraint.contains(size * e)
        assert not constraint.contains(size * (1 + off) * e)
    assert not Simplex(size).contains(0 * e)
    beside = torch.tensor([size, -1e-4], dtype=dtype)
    assert not Box(0, size).contains(beside), "each coordinate by its own size"


def test_a_given_tolerance_is_taken_as_it_is() -> None:
    assert Simplex().contains(torch.tensor([0.5, 0.6]), tol=0.051)
    assert not Simplex().contains(torch.tensor([0.5, 0.6]), tol=0.049)
    assert not Ball(1.0).contains(torch.tensor([1.0 + 2e-7, 0.0]), tol=0)


def test_a_simplex_far_from_the_origin_loses_no_digits() -> None:
    far = 1e5 + torch.linspace(0, 1, 100)
    wanted = Simplex().project(far.double())
    assert torch.allclose(Simplex().project(far).double(), wanted, atol=1e-6)


@each
def test_nan_stays_and_is_in_no_set(constraint: Constraint) -> None:
    x = torch.full((SIZE,), torch.nan)
    assert constraint.project(x).isnan().all()
    assert not constraint.contains(x)


@each
def test_no_points_are_no_trouble(constraint: Constraint) -> None:
    assert constraint.project(torch.empty(0, SIZE)).shape == (0, SIZE)
    assert constraint.contains(torch.empty(0, SIZE))


TORCHS: dict[str, type[Optimizer]] = {
    f"torch's {kind.__name__}": kind
    for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.LBFGS)
}


@pytest.mark.parametrize("kind", [*OPTIMIZERS.values(), *TORCHS.values()])
@each
def test_every_step_of_any_optimizer_ends_in_the_set(
    constraint: Constraint, kind: Callable[..., Optimizer]
) -> None:
    p = normal(2, SIZE).requires_grad_()
    optimizer = kind([p], lr=0.5)
    constrain(optimizer, constraint)
    assert constraint.contains(p)
    sign = 1 if optimizer.param_groups[0].get("maximize") else -1

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = sign * -(p - 1).square().sum()
        value.backward()
        return value

    for _ in range(5):
        optimizer.step(closure)  # type: ignore[arg-type]
        assert constraint.contains(p)


def test_projected_ascent_finds_the_maximum_of_a_linear_function() -> None:
    c = torch.tensor([0.1, 3.0, 2.0])
    best = {
        Simplex(): torch.tensor([0.0, 1.0, 0.0]),
        Sphere(): c / c.norm(),
        Ball(2): 2 * c / c.norm(),
        Ball(2, norm="l1"): torch.tensor([0.0, 2.0, 0.0]),
        Box(-1, 1): torch.ones(3),
    }
    for constraint, wanted in best.items():
        p = torch.zeros(3, requires_grad=True)
        optimizer = torch.optim.SGD([p], lr=1.0, maximize=True)
        constrain(optimizer, constraint)
        for _ in range(50):
            optimizer.zero_grad()
            (c @ p).backward()
            optimizer.step()
        assert torch.allclose(p, wanted, atol=1e-4)


def test_scaling_by_coordinate_is_right_in_a_box_and_wrong_on_a_ball() -> None:
    c = torch.tensor([3.0, 1.0])
    for constraint, ends in (
        (Box(-1, 1), torch.ones(2)),
        (Ball(1), torch.ones(2) / 2**0.5),  # not c / |c|
        (Simplex(), torch.full((2,), 0.5)),  # not (1, 0)
    ):
        p = torch.full((2,), 0.5, requires_grad=True)
        optimizer = torch.optim.Adam([p], lr=0.1, maximize=True)
        constrain(optimizer, constraint)
        for _ in range(200):
            optimizer.zero_grad()
            (c @ p).backward()
            optimizer.step()
        assert torch.allclose(p, ends, atol=1e-3)


def test_only_the_chosen_parameters_until_the_handle_is_removed() -> None:
    bound, free = (torch.full((2,), 5.0, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([bound, free], lr=1.0, maximize=True)
    handle = constrain(optimizer, Box(0, 1), [bound])
    assert bound.tolist() == [1.0, 1.0] and free.tolist() == [5.0, 5.0]
    (bound + free).sum().backward()
    optimizer.step()
    assert bound.tolist() == [1.0, 1.0] and free.tolist() == [6.0, 6.0]
    handle.remove()
    optimizer.step()
    assert bound.tolist() == [2.0, 2.0]


def copies(optimizer: Optimizer) -> list[Optimizer]:
    """What came through each way to copy it; the last shares its parameters."""
    file = io.BytesIO()
    torch.save(optimizer, file)
    file.seek(0)
    loaded: Optimizer = torch.load(file, weights_only=False)
    pickled = [
        pickle.loads(pickle.dumps(optimizer, protocol))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    ]
    twice = copy.deepcopy(pickle.loads(pickle.dumps(optimizer)))
    return [*pickled, loaded, twice, copy.deepcopy(optimizer), copy.copy(optimizer)]


def outward(optimizer: Optimizer) -> list[list[float]]:
    """Where a long step up puts each parameter."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = torch.stack([p.sum() for p in parameters]).sum()
        value.backward()
        return value

    optimizer.step(closure)  # type: ignore[arg-type]
    return [p.tolist() for p in parameters]


@pytest.mark.parametrize("kind", [*OPTIMIZERS.values(), torch.optim.SGD])
def test_a_copy_of_a_constrained_optimizer_stays_in_the_set(
    kind: Callable[..., Optimizer],
) -> None:
    bound, other = (torch.full((2,), 0.5, requires_grad=True) for _ in range(2))
    kept = kind([bound, other], lr=0.1, maximize=True)
    free = kind([torch.full((2,), 0.5, requires_grad=True)], lr=0.1, maximize=True)
    constrain(kept, Box(0, 0.55), [bound])
    constrain(kept, Ball(0.55, norm="linf"), [bound])
    start = [p.clone() for p in (bound, other)]
    outward(kept)
    for twin in copies(kept):
        at_bound, beyond = outward(twin)
        assert at_bound == pytest.approx([0.55, 0.55])
        assert min(beyond) > 0.55, "only the chosen parameter is kept"
    assert start[0].tolist() == [0.5, 0.5]
    for twin in copies(free):  # its class alone constrains nothing
        for _ in range(3):
            outward(twin)
        assert min(outward(twin)[0]) > 0.55


def test_a_copy_is_free_where_the_optimizer_is_again() -> None:
    p = torch.full((2,), 0.5, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=1.0, maximize=True)
    constrain(optimizer, Box(0, 1)).remove()
    assert all(outward(twin)[0] == [1.5, 1.5] for twin in copies(optimizer))


def test_a_copy_does_not_move_before_its_first_step() -> None:
    p = normal(0, 50).float().requires_grad_()
    optimizer = torch.optim.SGD([p], lr=1.0)
    constrain(optimizer, Sphere(3.0, 0.1))
    for twin in copies(optimizer):
        assert torch.equal(twin.param_groups[0]["params"][0], p)


def test_a_copy_with_its_model_keeps_the_models_parameters() -> None:
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=9.0, maximize=True)
    constrain(optimizer, Box(-0.1, 0.1), [model.weight])
    model, optimizer = copy.deepcopy((model, optimizer))
    model(torch.ones(2)).sum().backward()
    optimizer.step()
    assert model.weight.flatten().tolist() == pytest.approx([0.1, 0.1])
    assert float(model.bias.detach()) > 1


def test_a_set_around_a_parameter_does_not_move_with_it() -> None:
    p = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=1.0, maximize=True)
    constrain(optimizer, [Ball(0.5, p), Box(p, p + 9)])
    for _ in range(3):
        p.grad = torch.tensor([1.0, 0.0])
        optimizer.step()
    assert p.tolist() == [0.5, 0.0]


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Ball(0), ValueError, r"Ball: radius must lie in \(0, inf\), got 0"),
        (lambda: Ball("1"), TypeError, "Ball: radius must be a real number"),
        (lambda: Ball(1, norm="l3"), ValueError, "norm must be 'l1' or 'l2' or 'linf'"),
        (lambda: Sphere(-1), ValueError, "Sphere: radius must lie in"),
        (lambda: Simplex(0), ValueError, "Simplex: total must lie in"),
        (lambda: Ball(-1, norm="l1"), ValueError, "Ball: radius must lie in"),
        (
            lambda: HalfSpace(0.0),
            ValueError,
            "HalfSpace: normal must be finite and not",
        ),
        (lambda: Hyperplane(torch.zeros(2)), ValueError, "Hyperplane: normal must be"),
        (lambda: HalfSpace(torch.tensor([1, torch.inf])), ValueError, "must be finite"),
        (lambda: HalfSpace(torch.nan), ValueError, "normal must be real and not nan"),
        (
            lambda: HalfSpace(1.0, torch.inf),
            ValueError,
            r"offset must lie in \(-inf, inf",
        ),
        (lambda: HalfSpace(1.0, "1"), TypeError, "HalfSpace: offset must be a real"),
        (
            lambda: HalfSpace(torch.eye(2) * torch.tensor([1, 0]), dim=1).project(
                torch.ones(2, 2)
            ),
            ValueError,
            "HalfSpace: normal must be finite and not zero in torch.float32, got",
        ),
        (
            lambda: Hyperplane(1e-99).project(torch.ones(2)),
            ValueError,
            "Hyperplane: normal must be .* not zero in torch.float32, got 1e-99",
        ),
        (
            lambda: Hyperplane(torch.ones(3)).project(torch.ones(2)),
            ValueError,
            r"Hyperplane: normal must broadcast to the shape of x, \(2,\), got \(3,\)",
        ),
        (
            lambda: HalfSpace(1.0, dim=1).project(torch.ones(2)),
            ValueError,
            "HalfSpace.project: dim must be among those of x, got 1",
        ),
        (
            lambda: Ball(1, norm="l1", dim=1).project(torch.ones(2)),
            ValueError,
            "Ball.project: dim must be among those of x, got 1",
        ),
        (lambda: HalfSpace(1.0).project(torch.ones(2) * 1j), TypeError, "complex64"),
        (lambda: Box(1, 0), ValueError, "lower must nowhere be above upper, got 1"),
        (lambda: Box(torch.nan, 0), ValueError, "Box: lower must be real and not nan"),
        (lambda: Box(0, 1).project([0.5]), TypeError, "x must be .* got list"),
        (lambda: Box(0, 1).project(torch.ones(2, dtype=int)), TypeError, "int64"),
        (
            lambda: Box(torch.zeros(3), 1).project(torch.ones(2)),
            ValueError,
            r"Box: lower must broadcast to the shape of x, \(2,\), got \(3,\)",
        ),
        (
            lambda: Simplex(dim=1).project(torch.ones(2)),
            ValueError,
            r"Simplex.project: dim must be among those of x, got 1 for shape \(2,\)",
        ),
        (
            lambda: Ball(1, dim=2).project(torch.ones(2)),
            ValueError,
            "Ball.project: dim must be among those of x, got 2",
        ),
        (lambda: project(torch.ones(2), [1]), TypeError, "must be a Constraint, .* 1"),
        (
            lambda: Ball(1, dim="a"),
            TypeError,
            "Ball: dim must be an int, a tuple of ints or None, got 'a'",
        ),
        (lambda: Simplex(dim=0.5), TypeError, "Simplex: dim must be an int, .* 0.5"),
        (lambda: Sphere(dim=True), TypeError, "Sphere: dim must be an int, .* True"),
        (lambda: HalfSpace(1.0, dim=(0, "x")), TypeError, "HalfSpace: dim must be"),
        (
            lambda: Ball(1, dim=(0, -1)).project(torch.ones(2)),
            ValueError,
            r"Ball.project: dim must have each dimension once, got \(0, -1\)",
        ),
        (
            lambda: Simplex(dim=3).contains(torch.ones(2)),
            ValueError,
            "among those of x",
        ),
        (
            lambda: Box(torch.zeros(3), torch.ones(2)),
            ValueError,
            r"Box: lower and upper must broadcast to one shape, got \(3,\) and \(2,\)",
        ),
        (
            lambda: Box("a", 1),
            TypeError,
            "Box: lower must be a real number .* 'a'",
        ),
        (lambda: Ball(1, None), TypeError, "Ball: center must be a real number or a"),
        (lambda: Ball(1, 1j), TypeError, "Ball: center must be a real number"),
        (
            lambda: Ball(1, torch.inf),
            ValueError,
            "center must be finite, got inf",
        ),
        (lambda: Sphere(1, -torch.inf), ValueError, "Sphere: center must be finite"),
        (
            lambda: constrain(Box, Box(0, 1)),
            TypeError,
            "optimizer must be a torch.optim",
        ),
        (
            lambda: constrain(torch.optim.SGD([torch.ones(1)]), Box),
            TypeError,
            "constraint must be a Constraint, such as Box.* got <class",
        ),
        (
            lambda: constrain(torch.optim.SGD([torch.ones(1)]), Box(0, 1), 3),
            TypeError,
            "constrain: params must be several tensors or None, got 3",
        ),
        (lambda: Intersection(Box), TypeError, "Intersection: sets must be a sequence"),
        (lambda: Intersection([Box(0, 1), Box]), TypeError, "Constraint, .*class"),
        (lambda: Box(0, 1).contains(torch.ones(1), -1), ValueError, "tol must lie in"),
        (
            lambda: constrain(
                torch.optim.SGD([torch.ones(1, requires_grad=True)]),
                Box(0, 1),
                [torch.ones(3)],
            ),
            ValueError,
            r"params must be among the optimizer's, got one of shape \(3,\)",
        ),
    ],
)
def test_bad_input_is_named(
    make: Callable[[], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        make()
