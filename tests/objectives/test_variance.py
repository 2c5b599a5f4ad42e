"""`Variance` and `whiten`: gradients, scikit-learn's PCA, data that lack something."""

from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.datasets import load_digits, load_wine
from sklearn.decomposition import PCA
from torch import Tensor

from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import Variance, whiten

F64 = torch.float64


def drawn(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, dtype=F64, generator=generator)


def test_it_is_the_variance_of_the_projection() -> None:
    x, w = drawn(40, 5), drawn(5, seed=1)
    along = x @ (w / w.norm())
    torch.testing.assert_close(Variance(x)(w), along.var(correction=0))
    together = (x @ torch.linalg.qr(drawn(5, 3)).Q).var(0, correction=0).sum()
    torch.testing.assert_close(Variance(x)(drawn(5, 3).T), together)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_gradient_in_closed_form(k: int) -> None:
    f, w = Variance(drawn(40, 5)), drawn(k, 5, seed=2).requires_grad_()
    f(w).backward()
    inverse = torch.linalg.inv(w @ w.T)
    rest = torch.eye(5, dtype=F64) - w.T @ inverse @ w
    torch.testing.assert_close(w.grad, 2 * inverse @ w @ f.covariance @ rest)
    assert torch.autograd.gradcheck(f, w)


def test_it_depends_on_the_span_alone() -> None:
    f, w = Variance(drawn(40, 5)), drawn(3, 5, seed=3)
    for seed in range(5):
        torch.testing.assert_close(f(drawn(3, 3, seed=seed) @ w), f(w))


@pytest.mark.parametrize("k", [1, 3, 10])
def test_maximize_finds_the_subspace_of_scikit_learn(k: int) -> None:
    x = load_digits().data
    f, theirs = Variance(torch.tensor(x)), PCA(k, svd_solver="full").fit(x)
    for seed in range(3):
        best = maximize(f, drawn(k, 64, seed=seed))
        variances, axes = f.axes(best.x)
        assert best.success
        assert subspace_angles(theirs.components_.T, axes.numpy().T).max() < 1e-5
        same = np.abs((theirs.components_ * axes.numpy()).sum(1))
        assert np.allclose(same, 1, atol=1e-8)
        bessel = len(x) / (len(x) - 1)
        assert np.allclose(bessel * variances.numpy(), theirs.explained_variance_)


def test_more_features_than_samples_and_a_constant_one() -> None:
    x = drawn(4, 10)
    x[:, 3] = 7
    f = Variance(x)
    best = maximize(f, drawn(3, 10, seed=4))
    theirs = PCA(3).fit(x)
    assert np.isclose(best.value * 4 / 3, theirs.explained_variance_.sum())
    variances, axes = f.axes(torch.eye(10, dtype=F64))
    assert (variances[3:].abs() < 1e-12).all()
    assert (axes[:3, 3].abs() < 1e-12).all()


def test_axes_are_orthogonal_and_their_signs_settled() -> None:
    f, w = Variance(drawn(40, 5)), drawn(3, 5, seed=5)
    variances, axes = f.axes(w)
    torch.testing.assert_close(axes @ axes.T, torch.eye(3, dtype=F64))
    assert (variances.diff() < 0).all()
    torch.testing.assert_close(f.axes(-w)[1], axes)
    torch.testing.assert_close(variances.sum(), f(w))


@pytest.mark.parametrize("k", [None, 2])
def test_whitening_is_scikit_learns(k: int | None) -> None:
    x = load_wine().data
    z, matrix, mean = whiten(torch.tensor(x), k)
    k = k or 13
    torch.testing.assert_close(z.T @ z / len(z), torch.eye(k, dtype=F64))
    torch.testing.assert_close((torch.tensor(x) - mean) @ matrix.T, z)
    theirs = PCA(k, whiten=True, svd_solver="full").fit_transform(x)
    theirs *= np.sqrt(len(x) / (len(x) - 1))
    assert np.allclose(np.abs(theirs), z.abs().numpy(), atol=1e-6)


X = drawn(30, 3)
BAD: list[tuple[Any, type[Exception], str]] = [
    ([[1.0]], TypeError, "floating-point tensor, got list"),
    (torch.ones(3, 2, dtype=torch.int64), TypeError, "got torch.int64"),
    (drawn(5), ValueError, r"shape \(n, d\).*got \(5,\)"),
    (drawn(1, 3), ValueError, r"got \(1, 3\)"),
    (drawn(3, 0), ValueError, r"got \(3, 0\)"),
    (torch.full((3, 2), torch.nan), ValueError, "data must be finite"),
]


@pytest.mark.parametrize(("data", "error", "said"), BAD)
def test_data_that_are_refused(data: Any, error: type[Exception], said: str) -> None:
    for takes in (Variance, whiten):
        with pytest.raises(error, match=said):
            takes(data)


@pytest.mark.parametrize("w", [drawn(2), drawn(4, 3), drawn(0, 3), drawn(1, 1, 3)])
def test_directions_of_another_shape(w: Tensor) -> None:
    f = Variance(X)
    for ask in (f, f.axes):
        with pytest.raises(ValueError, match=r"\(3,\) or \(k, 3\) with k from 1 to 3"):
            ask(w)


def test_rows_that_depend_on_each_other() -> None:
    for w in (torch.zeros(3, dtype=F64), torch.ones(2, 3, dtype=F64)):
        with pytest.raises(ValueError, match="linearly independent"):
            Variance(X)(w)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (torch.cat([X, torch.full((30, 1), 5.0)], 1), 3),  # a constant column
        (X @ torch.tensor([[1.0, 2, 3], [2, 4, 6], [0, 1, 0]], dtype=F64), 2),
        (drawn(3, 5), 2),  # three samples span a plane
    ],
)
def test_what_cannot_be_whitened(data: Tensor, found: int) -> None:
    with pytest.raises(ValueError, match=f"vary in {data.shape[1]} directions, got"):
        whiten(data)
    z = whiten(data, found).data
    torch.testing.assert_close(z.T @ z / len(z), torch.eye(found, dtype=F64))
    with pytest.raises(ValueError, match=f"directions, got {found};"):
        whiten(data, found + 1)
    with pytest.raises(ValueError, match="components must be 1 or more"):
        whiten(data, 0)
