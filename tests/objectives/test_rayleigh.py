"""`Rayleigh`: values, gradients and eigenpairs, against NumPy, SciPy and ARPACK."""

from collections.abc import Callable
from functools import partial
from typing import Any

import networkx
import numpy as np
import pytest
import scipy.sparse.linalg
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent.constraints import Hyperplane, Orthonormal, Sphere
from gradient_ascent.diagrams.cut import FACTION, MEMBERS, TIES
from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import Rayleigh
from gradient_ascent.objectives.rayleigh import growth

F64 = torch.float64


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=F64)


def symmetric(seed: int, n: int) -> Tensor:
    x = normal(seed, n, n)
    return (x + x.T) / 2


def turned(seed: int, values: list[float]) -> Tensor:
    """A matrix of these eigenvalues."""
    q, _ = torch.linalg.qr(normal(seed, len(values), len(values)))
    a = q @ torch.diag(torch.tensor(values, dtype=F64)) @ q.T
    return (a + a.T) / 2


def grid(n: int) -> scipy.sparse.coo_matrix:
    """A sparse one: paths of two lengths, so that no eigenvalue is repeated."""
    path = networkx.grid_2d_graph(n, n + 1)
    return scipy.sparse.coo_matrix(networkx.adjacency_matrix(path), dtype=float)


def as_sparse(a: scipy.sparse.coo_matrix) -> Tensor:
    places = np.array([a.row, a.col])
    return torch.sparse_coo_tensor(places, a.data, a.shape, check_invariants=True)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**31), k=st.integers(0, 3))
def test_the_gradient_is_twice_ax(seed: int, k: int) -> None:
    a = symmetric(seed, 5)
    x = normal(seed + 1, *((5, k) if k else (5,))).requires_grad_()
    weights = torch.arange(k, 0, -1, dtype=F64) if k else torch.ones(1, dtype=F64)
    f = Rayleigh(a, weights)
    (slope,) = torch.autograd.grad(f(x), x)
    assert torch.allclose(slope, 2 * a @ x.detach() * weights)
    by_hand = (weights * (x * (a @ x)).sum(0)).sum()
    assert torch.allclose(f(x), by_hand)
    assert torch.autograd.gradcheck(f, x)
    assert torch.autograd.gradgradcheck(f, x)


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
@pytest.mark.parametrize("layout", ["coo", "csr", "function", "float32"])
def test_every_kind_of_matrix_is_the_same(layout: str) -> None:
    dense = torch.tensor(grid(4).toarray())
    matrix: Any = as_sparse(grid(4))
    if layout == "csr":
        matrix = matrix.coalesce().to_sparse_csr()
    if layout == "function":
        matrix = partial(torch.matmul, dense)
    if layout == "float32":
        matrix, dense = dense.float(), dense.float()
    for x in (normal(0, 20), normal(0, 20, 3)):
        x = x.to(dense.dtype).requires_grad_()
        values = [Rayleigh(each)(x) for each in (matrix, dense)]
        slopes = [torch.autograd.grad(value, x)[0] for value in values]
        assert torch.allclose(*values) and torch.allclose(*slopes)


def best(f: Rayleigh, x0: Tensor) -> Any:
    """Whatever `maximize` finds, by its own choice of method."""
    stay = Sphere() if x0.ndim == 1 else Orthonormal()
    return maximize(f, x0, constraint=stay, tol=1e-8, steps=4000)


def angle(x: Tensor, y: Tensor) -> float:
    """The sine of the largest between two spans of orthonormal columns."""
    return float(torch.linalg.matrix_norm(x - y @ (y.T @ x), 2))


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_dense_against_numpy(k: int, weighted: bool, seed: int) -> None:
    """Indefinite, as symmetric normal draws are."""
    a = symmetric(seed, 30)
    f = Rayleigh(a, range(k, 0, -1) if weighted else None)
    found = best(f, normal(seed + 1, 30, k) if k > 1 else normal(seed + 1, 30))
    values, vectors = np.linalg.eigh(a.numpy())
    pairs = f.eigenpairs(found.x)
    assert np.allclose(pairs.values, values[::-1][:k], rtol=0, atol=1e-6)
    assert angle(pairs.vectors, torch.tensor(vectors[:, ::-1][:, :k].copy())) < 1e-4
    assert (pairs.residuals < 1e-4).all()
    if weighted and k > 1:  # the columns themselves are the eigenvectors
        mixed = found.x.T @ a @ found.x
        assert torch.allclose(mixed, torch.diag(pairs.values), atol=1e-4)


@pytest.mark.parametrize("k", [1, 4])
def test_sparse_against_arpack(k: int) -> None:
    a = grid(12)
    values, vectors = scipy.sparse.linalg.eigsh(a.tocsr(), k + 1, which="LA")
    f = Rayleigh(as_sparse(a))
    n = a.shape[0]
    found = best(f, normal(0, n, k) if k > 1 else normal(0, n))
    pairs = f.eigenpairs(found.x)
    assert np.allclose(pairs.values, values[::-1][:k], rtol=0, atol=1e-6)
    assert angle(pairs.vectors, torch.tensor(vectors[:, ::-1][:, :k].copy())) < 1e-3


@pytest.mark.parametrize("seed", range(3))
def test_of_a_repeated_eigenvalue_the_space_is_found_and_any_vector_in_it(
    seed: int,
) -> None:
    a = turned(seed, [5.0, 5.0, 2.0, 1.0, -7.0])
    f = Rayleigh(a)
    values, vectors = torch.linalg.eigh(a)
    space = vectors[:, values > 4]
    ends = [best(f, normal(each, 5)).x for each in (seed, seed + 10)]
    for x in ends:
        assert float(f(x)) == pytest.approx(5, abs=1e-9)
        assert angle(x[:, None], space) < 1e-4
    assert abs(float(ends[0] @ ends[1])) < 0.999  # the start decides which
    told = best(f, normal(seed, 5)).certify()
    assert told.verdict == "flat" and told.directions == 4
    both = f.eigenpairs(best(f, normal(seed, 5, 2)).x)
    assert torch.allclose(both.values, both.values.new_full((2,), 5), atol=1e-8)
    assert angle(both.vectors, space) < 1e-4


def test_the_kth_and_the_next_are_alike() -> None:
    """Then many spaces are best; the values are the same in each."""
    f = Rayleigh(turned(0, [5.0, 3.0, 3.0, 1.0, 0.0]))
    for seed in range(3):
        pairs = f.eigenpairs(best(f, normal(seed, 5, 2)).x)
        assert torch.allclose(pairs.values, torch.tensor([5.0, 3.0], dtype=F64))
        assert (pairs.residuals < 1e-4).all()


def test_one_number_is_its_own_eigenvalue() -> None:
    f = Rayleigh(torch.tensor([[-3.0]], dtype=F64))
    found = best(f, torch.tensor([-0.2], dtype=F64))
    assert found.value == -3 and found.x.tolist() == [-1]
    assert found.certify().verdict == "maximum"
    assert f.eigenpairs(found.x).residuals.tolist() == [0]


def test_of_the_zero_matrix_every_vector_is_an_eigenvector() -> None:
    f = Rayleigh(torch.zeros(3, 3, dtype=F64))
    start = Sphere().project(normal(0, 3))
    found = best(f, start)
    assert found.value == 0 and torch.allclose(found.x, start)
    assert found.certify().verdict == "flat"
    pairs = f.eigenpairs(found.x)
    assert pairs.values.tolist() == [0] and pairs.residuals.tolist() == [0]
    assert Rayleigh(as_sparse(0 * grid(2))).eigenpairs(normal(0, 6)).values == 0


def test_a_hermitian_matrix_by_its_real_form() -> None:
    a, b = symmetric(0, 4), normal(1, 4, 4)
    b = b - b.T
    values = np.linalg.eigvalsh(a.numpy() + 1j * b.numpy())
    f = Rayleigh(torch.cat([torch.cat([a, -b], 1), torch.cat([b, a], 1)]))
    pairs = f.eigenpairs(best(f, normal(2, 8, 4)).x)
    assert np.allclose(pairs.values, values[::-1][:2].repeat(2), atol=1e-6)
    v = torch.complex(pairs.vectors[:4, 0], pairs.vectors[4:, 0])
    assert torch.allclose(torch.complex(a, b) @ v, values[-1] * v, atol=1e-4)


def test_unlike_signs_of_the_weights_find_both_ends() -> None:
    a = symmetric(3, 12)
    found = best(Rayleigh(a, [1.0, -1.0]), normal(0, 12, 2))
    ends = (found.x * (a @ found.x)).sum(0)
    values = torch.linalg.eigvalsh(a)
    assert torch.allclose(ends, values[[-1, 0]], atol=1e-6)


@pytest.mark.parametrize("which", range(5))
def test_every_eigenvector_is_stationary_and_the_first_alone_a_maximum(
    which: int,
) -> None:
    values = [4.0, 3.0, 1.0, -2.0, -9.0]
    f = Rayleigh(torch.diag(torch.tensor(values, dtype=F64)))
    start = torch.eye(5, dtype=F64)[which]
    told = maximize(f, start, constraint=Sphere(), steps=0).certify()
    assert told.verdict == ["maximum", *["saddle"] * 3, "minimum"][which]
    gaps = [2 * (x - values[which]) for i, x in enumerate(values) if i != which]
    assert (told.lowest, told.highest) == pytest.approx(
        (min(gaps), max(gaps)), abs=1e-3
    )
    found = maximize(f, start, constraint=Sphere())  # it leaves where it is no top
    assert found.value == pytest.approx(4, abs=1e-6)


@pytest.mark.parametrize("shift", [-100.0, -5.0, 0.0, 5.0, 100.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_sign_of_the_eigenvalues_is_no_matter(shift: float, seed: int) -> None:
    """Where all are negative, the gradient at the top points to the center."""
    a = turned(seed, [2.0, 1.0, -1.0, -3.0]) + shift * torch.eye(4, dtype=F64)
    found = maximize(Rayleigh(a), normal(seed, 4), constraint=Sphere())
    assert found.success and found.steps < 100
    assert found.value == pytest.approx(2 + shift, abs=1e-6)
    spans = maximize(Rayleigh(a), normal(seed, 4, 2), constraint=Orthonormal())
    assert spans.success and spans.steps < 100
    assert spans.value == pytest.approx(3 + 2 * shift, abs=1e-6)


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("lr", [0.03, 0.2, 0.9, float("inf")])
@pytest.mark.parametrize("values", [(4.0, 3.0, 1.0, 0.5), (3.0, 1.0, 0.5, -2.0)])
def test_growth_is_what_a_step_multiplies(
    values: tuple[float, ...], lr: float, k: int
) -> None:
    a, x = torch.diag(torch.tensor(values, dtype=F64)), normal(0, 4, k)
    predicted, tangents = growth(values, lr, k), []
    for _ in range(400):
        moved = a @ x if lr == float("inf") else x + 2 * lr * a @ x
        x = Orthonormal().project(moved)
        tangent = torch.linalg.matrix_norm(x[k:] @ torch.linalg.inv(x[:k]), 2)
        tangents.append(float(tangent))
        if not 1e-12 < tangents[-1] < 1e5:
            break
    measured = tangents[-1] / tangents[-2]
    assert measured == pytest.approx(predicted, rel=2e-2)


def test_the_club_is_the_one_that_was_observed() -> None:
    """As networkx has it, which counts from 0; in two factions of 17."""
    club = networkx.karate_club_graph()
    assert {(a - 1, b - 1) for a, b in TIES} == set(club.edges)
    assert len(TIES) == len(set(TIES)) == 78 and all(a < b for a, b in TIES)
    with_him = {i + 1 for i in club if club.nodes[i]["club"] == "Mr. Hi"}
    assert set(FACTION) == with_him and len(FACTION) == 17
    degrees = [sum(i in tie for tie in TIES) for i in range(1, MEMBERS + 1)]
    assert degrees == [degree for _, degree in sorted(club.degree)]
    assert (degrees[0], degrees[32], degrees[33]) == (16, 12, 17)


def test_the_cut_is_networkxs() -> None:
    club = networkx.karate_club_graph()
    laplacian = networkx.laplacian_matrix(club, weight=None).toarray()
    f = Rayleigh(torch.tensor(-laplacian, dtype=F64))
    found = maximize(f, normal(0, 34), constraint=[Hyperplane(1.0), Sphere()])
    reference = networkx.algebraic_connectivity(club, weight=None, method="lanczos")
    assert found.success and -found.value == pytest.approx(reference, abs=1e-6)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Rayleigh([[1.0]]), TypeError, "a tensor or a function .* got list"),
        (lambda: Rayleigh(torch.eye(2).int()), TypeError, "floating point, .*int32"),
        (lambda: Rayleigh(torch.ones(2)), ValueError, r"shape \(n, n\), got \(2,\)"),
        (lambda: Rayleigh(torch.ones(2, 3)), ValueError, r"\(n, n\), got \(2, 3\)"),
        (lambda: Rayleigh(torch.ones(0, 0)), ValueError, r"\(n, n\), got \(0, 0\)"),
        (lambda: Rayleigh(torch.eye(2) * 1j), ValueError, r"real.*\[\[A, -B\], \[B, A"),
        (lambda: Rayleigh(torch.eye(2) / 0), ValueError, "must be finite, got nan or"),
        (
            lambda: Rayleigh(torch.tensor([[1.0, 2.0], [0.5, 1.0]])),
            ValueError,
            r"symmetric, got entries that differ by 1.5 .* \(A \+ A.T\) / 2",
        ),
        (
            lambda: Rayleigh(torch.tensor([[0.0, 2.0], [0.0, 0.0]]).to_sparse()),
            ValueError,
            "symmetric, got entries that differ by 2 ",
        ),
        (lambda: Rayleigh(torch.eye(2), [[1]]), ValueError, "weights must be finite"),
        (lambda: Rayleigh(torch.eye(2), [torch.nan]), ValueError, "weights must be"),
        (
            lambda: Rayleigh(torch.eye(2), [2, 1])(torch.ones(2)),
            ValueError,
            r"a column for each of the 2 weights, got shape \(2,\)",
        ),
        (
            lambda: Rayleigh(torch.eye(2))(torch.ones(3, 1)),
            ValueError,
            r"x must have shape \(2,\) or \(2, k\), got \(3, 1\)",
        ),
        (lambda: growth([1.0, 2.0], 0.1, 2), ValueError, "less than the 2 values"),
        (lambda: growth([1.0], 0.1, 0.5), TypeError, "growth: k must be an int"),
    ],
)
def test_bad_input_is_named(
    make: Callable[[], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        make()


def test_a_matrix_symmetric_up_to_rounding_is_taken() -> None:
    x = normal(0, 40, 30)
    a = x.T @ x
    a[0, 1] *= 1 + 1e-14
    assert Rayleigh(a)(normal(1, 30)) > 0
