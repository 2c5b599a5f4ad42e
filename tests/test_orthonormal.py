"""`Orthonormal`: the nearest matrix of orthonormal columns, and climbing among such."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import polar
from torch import Tensor

from gradient_ascent.constraints import Orthonormal, Sphere, project
from gradient_ascent.maximization import maximize

F64 = torch.float64
SEEDS = st.integers(0, 2**31)
SHAPES = [(1, 1), (4, 1), (4, 2), (4, 4), (3, 5, 2), (2, 2, 3, 3)]
FLIP = torch.tensor([[0.0, 1.0], [1.0, 0.0]])

shapes = pytest.mark.parametrize("shape", SHAPES, ids=str)


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(*shape, generator=generator, dtype=F64)


def frames(seed: int, *shape: int) -> Tensor:
    """Orthonormal columns, made without `project`."""
    q, r = torch.linalg.qr(normal(seed, *shape))
    return q * r.diagonal(dim1=-2, dim2=-1).sign()[..., None, :]


@pytest.mark.parametrize(
    ("x", "nearest"),
    [
        ([[3.0, 0.0], [0.0, 0.5]], [[1.0, 0.0], [0.0, 1.0]]),
        ([[-3.0, 0.0], [0.0, 0.5]], [[-1.0, 0.0], [0.0, 1.0]]),
        ([[0.0, -2.0], [7.0, 0.0]], [[0.0, -1.0], [1.0, 0.0]]),
        ([[3.0], [4.0]], [[0.6], [0.8]]),
        ([3.0, 4.0], [0.6, 0.8]),
        ([[-0.1]], [[-1.0]]),
        (-2.0, -1.0),
        ([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]],
         [[0.5**0.5, 0.0], [0.0, 1.0], [0.5**0.5, 0.0]]),
        ([[[2.0, 0.0], [0.0, 2.0]], [[0.0, 9.0], [9.0, 0.0]]],
         [[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]),
    ],
)  # fmt: skip
def test_known_answers(x: Any, nearest: Any) -> None:
    given, wanted = torch.tensor(x), torch.tensor(nearest)
    before = given.clone()
    assert torch.allclose(Orthonormal().project(given), wanted, atol=1e-7)
    assert torch.equal(given, before)
    assert Orthonormal().contains(wanted) and not Orthonormal().contains(given)


@shapes
@given(seed=SEEDS)
def test_no_orthonormal_matrix_is_nearer(shape: tuple[int, ...], seed: int) -> None:
    x, others = normal(seed, *shape), frames(seed + 1, 100, *shape)
    nearest = Orthonormal().project(x)
    away = torch.linalg.matrix_norm(x - nearest)
    assert (away <= torch.linalg.matrix_norm(x - others) + 1e-12).all()
    assert torch.allclose(nearest.mT @ nearest, torch.eye(shape[-1], dtype=F64))
    assert Orthonormal().contains(others[0]) and Orthonormal().contains(nearest)
    again = Orthonormal().project(nearest)
    assert torch.allclose(again, nearest, rtol=0, atol=1e-14)


@given(seed=SEEDS)
def test_it_is_scipys_polar_factor(seed: int) -> None:
    x = normal(seed, 6, 3)
    factor, _ = polar(x.numpy())
    assert torch.allclose(Orthonormal().project(x), torch.tensor(factor), atol=1e-10)


@shapes
def test_of_several_each_is_alone(shape: tuple[int, ...]) -> None:
    x = normal(0, 7, *shape)
    alone = torch.stack([Orthonormal().project(each) for each in x])
    assert torch.allclose(Orthonormal().project(x), alone, atol=1e-14)
    mapped = torch.func.vmap(Orthonormal().project)(x)
    assert torch.allclose(mapped, alone, atol=1e-14)


@shapes
@pytest.mark.parametrize("alike", [False, True])
def test_the_derivative_also_where_singular_values_coincide(
    shape: tuple[int, ...], alike: bool
) -> None:
    x = 2 * frames(3, *shape) if alike else normal(3, *shape)
    x.requires_grad_()
    assert torch.autograd.gradcheck(Orthonormal().project, x, eps=1e-7, atol=1e-5)


def test_a_vector_goes_to_the_sphere() -> None:
    x = normal(5, 9)
    assert torch.allclose(Orthonormal().project(x), Sphere().project(x), atol=1e-15)
    assert torch.equal(project(x, [Orthonormal()]), Orthonormal().project(x))


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_of_dependent_columns_one_nearest_matrix_is_taken(rank: int) -> None:
    x = normal(0, 5, rank) @ normal(1, rank, 3)
    x.requires_grad_()
    nearest = Orthonormal().project(x)
    nearest.sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert Orthonormal().contains(nearest.detach())
    away = torch.linalg.matrix_norm(x - nearest)
    others = torch.linalg.matrix_norm(x - frames(2, 300, 5, 3))
    assert (away <= others + 1e-12).all()


@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16]
)
@pytest.mark.parametrize("spread", [1.0, 1e-3])
def test_digits(dtype: torch.dtype, spread: float) -> None:
    """Also where one column nearly depends on another."""
    x = normal(0, 6, 3)
    x[:, 2] = x[:, 1] + spread * x[:, 2]
    x = x.to(dtype)
    nearest, eps = Orthonormal().project(x), torch.finfo(dtype).eps
    assert nearest.dtype == dtype
    wanted = torch.tensor(polar(x.double().numpy())[0])
    rounding = max(eps, 1e-12 / spread)
    assert torch.allclose(nearest.double(), wanted, rtol=eps, atol=rounding)
    assert Orthonormal().contains(nearest)
    off = nearest.clone()
    off[0, 0] += max(16 * eps, 1e-5)
    assert not Orthonormal().contains(off)


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1e30, 1e300])
def test_neither_large_nor_small_numbers_matter(scale: float) -> None:
    x = normal(0, 4, 2)
    found = Orthonormal().project(scale * x)
    assert torch.allclose(found, Orthonormal().project(x), atol=1e-14)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_what_is_not_finite_makes_nan_of_its_matrix_alone(bad: float) -> None:
    x = normal(0, 2, 4, 2)
    x[1, 0, 0] = bad
    nearest = Orthonormal().project(x)
    assert nearest[1].isnan().all() and torch.allclose(
        nearest[0], Orthonormal().project(x[0])
    )
    assert not Orthonormal().contains(x)
    assert Orthonormal().project(torch.empty(0, 4, 2)).shape == (0, 4, 2)


def test_more_columns_than_rows_are_refused() -> None:
    with pytest.raises(ValueError, match=r"as many rows as columns .* shape \(2, 3\)"):
        Orthonormal().project(torch.ones(2, 3))


@pytest.mark.parametrize("seed", range(4))
def test_the_turn_that_fits_best(seed: int) -> None:
    """Procrustes: <X, B> is highest at the polar factor of B, seen by `maximize`."""
    b = normal(seed, 5, 3)
    found = maximize(lambda x: (x * b).sum(), normal(seed + 9, 5, 3),
                     constraint=Orthonormal())  # fmt: skip
    assert found.success
    assert torch.allclose(found.x, Orthonormal().project(b), atol=1e-4)
    told = found.certify()
    assert told.verdict == "maximum" and told.on_the_boundary
    assert told.directions == 5 * 3 - 3 * 4 // 2  # as many as the set has
    s = torch.linalg.svdvals(b)
    assert told.highest == pytest.approx(-float(s[-1]), rel=1e-3)


@pytest.mark.parametrize(
    ("f", "x", "verdict"),
    [
        (lambda x: (x * FLIP).sum(), FLIP, "maximum"),
        (lambda x: (x * FLIP).sum(), -FLIP, "minimum"),
        (lambda x: (x * FLIP).sum(), torch.eye(2), "slope"),
        (lambda x: x.square().sum(), torch.eye(2), "flat"),
    ],
)
def test_what_a_certificate_says(
    f: Callable[[Tensor], Tensor], x: Tensor, verdict: str
) -> None:
    found = maximize(f, x.double(), constraint=Orthonormal(), steps=0).certify()
    assert found.verdict == verdict
    assert found.directions == 1
