"""Where several sets hold: a common point, and of convex sets the nearest."""

import math
import re
import warnings
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent.constraints import (
    Ball,
    Box,
    Constraint,
    HalfSpace,
    Hyperplane,
    Intersection,
    Simplex,
    Sphere,
    constrain,
    project,
)
from gradient_ascent.constraints.dykstra import one_round

SEEDS = st.integers(0, 2**31)
few = settings(max_examples=20)
F64 = torch.float64


def vector(*numbers: float) -> Tensor:
    return torch.tensor(numbers, dtype=F64)


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(*shape, generator=generator, dtype=F64)


@pytest.mark.parametrize(
    ("sets", "x", "nearest"),
    [
        # Two planes that cross slantwise: in turn, (3, 1) would go to (2, 0).
        ([Hyperplane(vector(1, -1)), HalfSpace(vector(0, 1))], (3, 1), (0, 0)),
        ([Hyperplane(vector(1, 2), 5), Hyperplane(vector(3, -1), 1)], (9, 9), (1, 2)),
        # A corner of a half disc, and its flat side.
        ([Ball(5), HalfSpace(vector(1, 0), 3)], (6, 7), (3, 4)),
        ([Ball(5), HalfSpace(vector(1, 0), 3)], (4, 1), (3, 1)),
        ([HalfSpace(vector(1, 0), 3), Ball(5)], (6, 7), (3, 4)),
        # Probabilities of at most a half.
        ([Simplex(), Box(0, 0.5)], (9, 1, 0.8, 0), (0.5, 0.35, 0.15, 0)),
        ([Ball(1, norm="l1"), HalfSpace(vector(-1, 0), -0.5)], (0, 2), (0.5, 0.5)),
        ([Ball(0.1, vector(0, 0.5, 0.95), "linf"), Box(0, 1)],
         (-1, 0.55, 2), (0, 0.55, 1)),
        ([Box(0, 1), Box(vector(-1, 0.5), 2), Box(-9, 0.75)], (5, 0), (0.75, 0.5)),
        ([Box(0, torch.inf), Hyperplane(1.0)], (0, 0), (0, 0)),
        ([], (3, 4), (3, 4)),
    ],
)  # fmt: skip
def test_known_answers(
    sets: list[Constraint], x: tuple[float, ...], nearest: tuple[float, ...]
) -> None:
    found = project(vector(*x), sets)
    torch.testing.assert_close(found, vector(*nearest), rtol=0, atol=1e-12)
    assert Intersection(sets).contains(found)
    assert Intersection(sets).contains(vector(*x)) == (x == nearest)


@few
@given(seed=SEEDS, n=st.integers(2, 20))
def test_where_planes_cross_it_is_what_least_squares_finds(seed: int, n: int) -> None:
    x, inside, *normals = normal(seed, 4, n)
    a = torch.stack(normals)
    planes = [Hyperplane(row, float(row @ inside)) for row in a]
    bend = float(torch.linalg.cond(a))
    if bend > 100:
        return
    wanted = x - torch.linalg.pinv(a) @ (a @ x - a @ inside)
    close = 1e-12 * bend**2
    torch.testing.assert_close(project(x, planes), wanted, rtol=0, atol=close)


def wedge(degrees: float) -> list[Constraint]:
    """Two half-planes that leave so much between them, along (-1, 0)."""
    half = math.radians(degrees) / 2
    return [HalfSpace(vector(math.sin(half), s * math.cos(half))) for s in (1, -1)]


@pytest.mark.parametrize("far", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("degrees", [90, 20, 3])
def test_a_narrow_wedge_is_left_where_it_is_nearest(degrees: float, far: float) -> None:
    tip = project(far * vector(3, 1), wedge(degrees))
    torch.testing.assert_close(tip, vector(0, 0), rtol=0, atol=1e-8 * far)
    half = math.radians(degrees) / 2
    along = vector(-math.cos(half), math.sin(half))
    start = 5 * along + vector(math.sin(half), math.cos(half))
    side = project(far * start, wedge(degrees))
    torch.testing.assert_close(side, 5 * far * along, rtol=0, atol=1e-8 * far)


@pytest.mark.parametrize("degrees", [0.1, 0.01, 1e-4, 1e-6])
def test_at_a_smaller_angle_it_is_right_or_says_how_wrong(degrees: float) -> None:
    for start in (vector(3, 1), vector(3000, 1000), vector(2, -9)):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            tip = project(start, wedge(degrees))
        distance = float(tip.norm())
        if said:
            bound = re.search("may be (.*) away", str(said[0].message))
            assert bound and distance <= 1.05 * float(bound[1])  # of two digits
        else:
            assert distance <= 1e-6 * float(start.norm())


@pytest.mark.parametrize("far", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("depth", [1.0, 0.1, 0.03])
def test_a_thin_cap_is_left_at_its_corner(depth: float, far: float) -> None:
    corner = vector(1 - depth, math.sqrt(depth * (2 - depth)))
    cap = [Ball(1), HalfSpace(vector(-1, 0), depth - 1)]
    found = project(far * vector(-0.5, 4), cap)
    torch.testing.assert_close(found, corner, rtol=0, atol=1e-11 * far)


@few
@given(seed=SEEDS, n=st.integers(2, 40), far=st.sampled_from([1.0, 1e3, 1e6]))
def test_probabilities_with_a_limit(seed: int, n: int, far: float) -> None:
    """It is clip(x - t, 0, limit), with the t that bisection finds."""
    x, limit = far * normal(seed, n), 1.5 / n
    low, high = float(x.min()) - 1, float(x.max())
    for _ in range(200):
        t = (low + high) / 2
        above = float((x - t).clamp(0, limit).sum()) > 1
        low, high = (t, high) if above else (low, t)
    wanted = (x - low).clamp(0, limit)
    found = project(x, [Simplex(), Box(0, limit)])
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-13 * far + 1e-12)


def test_a_nearest_point_that_is_not_sure_is_said() -> None:
    touching = [Ball(1), HalfSpace(-1.0, -(2**0.5))]
    with pytest.warns(UserWarning, match="Ball and HalfSpace have in common was found"):
        found = project(vector(3, 4), touching)
    assert Intersection(touching).contains(found)


def test_how_far_the_nearest_may_be_is_no_less_than_it_is() -> None:
    """Whatever the rounds have reached, and whichever common point is asked."""
    cap = [Ball(1), HalfSpace(vector(-1, 0), -0.5)]
    start, nearest = vector(0.5, 4), vector(0.5, 0.75**0.5)
    taken = torch.zeros(2, 2, dtype=F64)
    for _ in range(200):
        last = one_round(start, taken, cap, 4.0)
        taken = last.taken
        for point in (vector(1, 0), vector(0.5, 0), vector(0.8, 0.6), nearest):
            bound = last.farthest(start, point, 0.0, 4.0)
            assert bound >= (point - nearest).norm() - 1e-7
    assert last.farthest(start, nearest, 0.0, 4.0) < 1e-6


def test_with_gradients_it_is_the_same_point() -> None:
    x = vector(6, 7)
    several = [Ball(5), HalfSpace(vector(1, 0.1), 3)]
    recorded = project(x.clone().requires_grad_(), several)
    torch.testing.assert_close(recorded, project(x, several), rtol=0, atol=1e-12)


def test_numbers_too_large_for_sums_are_refused() -> None:
    largest = torch.finfo(F64).max
    with pytest.raises(ValueError, match="be small enough for sums in torch"):
        project(vector(largest, largest), [Ball(1), Box(0, 1)])
    x = torch.full((2,), torch.finfo(torch.float32).max)
    found = project(x, [Ball(1), HalfSpace(1.0, 1.0)])
    torch.testing.assert_close(found, torch.tensor([0.5, 0.5]))


@few
@given(seed=SEEDS, n=st.integers(1, 20), scale=st.sampled_from([1e-8, 1.0, 1e8]))
def test_no_common_point_is_nearer(seed: int, n: int, scale: float) -> None:
    """The nearest is p if <x - p, y - p> <= 0 for every y that lies in all sets."""
    x, center, slope = normal(seed, 3, n)
    ball, box = Ball(2 * scale), Box(-scale / 2, scale)
    both = Intersection([ball, box])
    x, center = scale * x, scale * center.clamp(-0.3, 0.3) / n**0.5
    half = HalfSpace(slope, float(slope @ center))
    every = Intersection([ball, box, half])
    p = every.project(x)
    assert every.contains(p)
    others = both.project(center)  # inside of both by construction
    torch.testing.assert_close(others, center, rtol=0, atol=0)
    drawn = center + (p - center) * torch.rand(50, 1, dtype=F64)
    corners = torch.stack([every.project(scale * y) for y in normal(seed + 1, 3, n)])
    for y in torch.cat([drawn, corners, center[None]]):
        assert (y - p) @ (x - p) <= 1e-6 * scale**2


@given(seed=SEEDS)
def test_boxes_are_one_box_to_the_last_bit(seed: int) -> None:
    image = torch.rand(5, generator=torch.Generator().manual_seed(seed))
    x = normal(seed, 5).float()
    both = Box((image - 0.3).clamp(0, 1), (image + 0.3).clamp(0, 1))
    nearest = project(x, [Ball(0.3, image, "linf"), Box(0, 1)])
    torch.testing.assert_close(nearest, both.project(x), rtol=0, atol=6e-8)
    assert torch.equal(project(both.project(x), [Box(0, 1), both]), both.project(x))


@few
@given(seed=SEEDS, n=st.integers(1, 30))
def test_a_sphere_is_met_though_it_is_not_convex(seed: int, n: int) -> None:
    positive = Intersection([Sphere(2.0), Box(0, torch.inf)])
    x = normal(seed, n)
    assert positive.contains(positive.project(x))
    if (x > 0).any():  # then it is the nearest, too
        wanted = 2 * x.clamp(min=0) / x.clamp(min=0).norm()
        torch.testing.assert_close(Intersection(positive.sets[::-1]).project(x), wanted)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("dim", [-1, (1, 2), None])
def test_a_batch_is_each_point_alone(dtype: torch.dtype, dim: int) -> None:
    x = normal(1, 6, 2, 3).to(dtype)
    sets = [Ball(1.5, dim=dim), HalfSpace(-1.0, -1.0, dim), Box(-1, 1)]
    both = Intersection(sets)
    found = both.project(x)
    assert found.dtype == dtype and found.shape == x.shape and both.contains(found)
    own = Intersection([Ball(1.5), HalfSpace(-1.0, -1.0), Box(-1, 1)])
    points = {-1: 12, (1, 2): 6, None: 1}[dim]
    for one, of_all in zip(x.reshape(points, -1), found.reshape(points, -1)):
        torch.testing.assert_close(own.project(one), of_all)


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        ([Ball(1), HalfSpace(-1.0, -3.0)], "Ball and HalfSpace must .* is 0.[0-9]+"),
        ([Box(0, 1), Box(1.5, 2)], "Box and Box must have a point .* is 0.5 away"),
        ([Ball(1), Ball(1, 3.0), Box(-9, 9)], "Ball and Ball and Box must have"),
        ([Sphere(1), Ball(0.5)], "Sphere and Ball must have a point in common"),
    ],
)  # fmt: skip
def test_sets_that_do_not_meet_are_named(sets: list[Constraint], says: str) -> None:
    x = vector(3, 4)
    with pytest.raises(ValueError, match=says):
        project(x, sets)
    free, p = (x.clone().requires_grad_() for _ in range(2))
    optimizer = torch.optim.SGD([free, p])
    with pytest.raises(ValueError, match=says):
        constrain(optimizer, sets)
    assert torch.equal(p, x) and torch.equal(free, x), "nothing has moved"


def test_an_optimizer_stays_in_all_sets() -> None:
    """The slope is highest at a corner, which no single projection finds."""
    ball, half = Ball(5), HalfSpace(vector(1, 0), 3)
    p = vector(-1, -1).requires_grad_()
    optimizer = torch.optim.SGD([p], lr=1.0, maximize=True)
    constrain(optimizer, (each for each in [ball, half]))
    for _ in range(50):
        p.grad = vector(2, 1)
        optimizer.step()
        assert ball.contains(p) and half.contains(p)
    torch.testing.assert_close(p.detach(), vector(3, 4), rtol=0, atol=1e-9)


@pytest.mark.parametrize("far", [1e3, 1e8, 1e20, 1e200])
@pytest.mark.parametrize(
    "make",
    [
        lambda: [Ball(1), HalfSpace(vector(1, 1, 0), -1.2)],
        lambda: [Hyperplane(vector(1, 0.5, 2)), Hyperplane(vector(0, 1, 1))],
        lambda: [Simplex(), Box(0, 0.4)],
    ],
)
def test_from_far_away_a_common_point_is_found(
    make: Callable[[], list[Constraint]], far: float
) -> None:
    both = Intersection(make())
    x = far * vector(3, -1, 2)
    allowed = 1e-6 + 1e-14 * far  # two planes know no size of their own
    assert both.contains(both.project(x), tol=allowed)


def test_sets_may_come_from_a_generator() -> None:
    assert project(torch.tensor(5.0), (each for each in [Box(0, 1), Box(0, 2)])) == 1
