"""Sparse coding against closed forms, scikit-learn, and its edge cases."""

import warnings
from typing import Any

import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import DictionaryLearning, sparse_encode
from sklearn.linear_model import Lasso
from torch import Tensor

from gradient_ascent.objectives import Reconstruction, encode, learn_dictionary


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def height(signals: Tensor, codes: Tensor, atoms: Tensor, weight: float) -> float:
    left = signals - codes @ atoms
    return float(-left.square().sum() / 2 - weight * codes.abs().sum())


@pytest.fixture(scope="module")
def digits() -> Tensor:
    rows = torch.tensor(load_digits().data[:300]) / 16
    return rows - rows.mean(1, keepdim=True)


@pytest.mark.parametrize("shape", [(5, 4), (4,)])
def test_the_gradient_and_the_smoothness(shape: tuple[int, ...]) -> None:
    fit = Reconstruction(normal(0, *shape), normal(1, 7, 4))
    codes = normal(2, *shape[:-1], 7).requires_grad_()
    (slope,) = torch.autograd.grad(fit(codes), codes)
    codes = codes.detach()
    assert torch.allclose(slope, fit.gradient(codes), atol=1e-12)
    for i in range(7):
        h = torch.zeros_like(codes)
        h[..., i] = 1e-6
        rise = float(fit(codes + h) - fit(codes - h)) / 2e-6
        assert abs(rise - float(slope[..., i].sum())) < 1e-6
    top = torch.linalg.eigvalsh(fit.dictionary @ fit.dictionary.T)[-1]
    assert abs(fit.smoothness() - float(top)) < 1e-12


@pytest.mark.parametrize("weight", [0.05, 0.3, 1.0])
def test_codes_are_those_of_scikit_learn(digits: Tensor, weight: float) -> None:
    atoms = digits[:40] / digits[:40].norm(dim=1, keepdim=True)
    ours = encode(digits[40:60], atoms, weight, tol=1e-13, steps=50_000)
    theirs = sparse_encode(
        digits[40:60].numpy(), atoms.numpy(), algorithm="lasso_cd", alpha=weight,
        max_iter=100_000, init=ours.numpy(),
    )  # fmt: skip
    gap = height(digits[40:60], ours, atoms, weight)
    gap -= height(digits[40:60], torch.tensor(theirs), atoms, weight)
    assert gap > -1e-9
    slope = Reconstruction(digits[40:60], atoms).gradient(ours)
    assert (slope.abs() <= weight + 1e-8).all()
    assert (slope - weight * ours.sign())[ours != 0].abs().max() < 1e-8
    one = Lasso(weight / 64, fit_intercept=False, tol=1e-15, max_iter=10**6)
    one.fit(atoms.T.numpy(), digits[40].numpy())
    assert (ours[0] - torch.tensor(one.coef_)).abs().max() < 1e-6


def test_orthogonal_atoms_have_a_closed_form() -> None:
    q = torch.linalg.qr(normal(0, 6, 6)).Q
    y, weight = normal(1, 9, 6), 0.4
    products = y @ q.T
    wanted = products.sign() * (products.abs() - weight).clamp(min=0)
    assert torch.allclose(encode(y, q, weight), wanted, atol=1e-12)


def test_weights_of_zero_and_from_the_threshold_on() -> None:
    y, d = normal(3, 6, 8), normal(4, 5, 8)
    free = torch.linalg.lstsq(d.T, y.T).solution.T
    assert torch.allclose(encode(y, d, 0.0, steps=20_000), free, atol=1e-6)
    edge = Reconstruction(y, d).largest_weight() * (1 + 1e-12)
    assert not encode(y, d, edge).any()
    assert not encode(y, d, edge, start=normal(5, 6, 5)).any()
    assert int((encode(y, d, 0.999 * edge) != 0).sum()) == 1
    learned = learn_dictionary(y, 4, 1e3, rounds=5)
    assert not learned.codes.any() and float(learned.objective.diff().abs().max()) == 0


def test_it_never_falls_and_atoms_stay_in_the_ball(digits: Tensor) -> None:
    for seed in range(3):
        for weight in (0.1, 0.5):
            learned = learn_dictionary(digits, 20, weight, rounds=40, seed=seed)
            assert (learned.objective.diff() > -1e-9).all()
            assert (learned.atoms.norm(dim=1) < 1 + 1e-12).all()
            assert learned.codes.shape == (300, 20)
            reached = height(digits, learned.codes, learned.atoms, weight)
            assert abs(reached - float(learned.objective[-1])) < 1e-9


def test_it_ends_where_scikit_learn_ends(digits: Tensor) -> None:
    """From the same atoms, within a percent either way."""
    weight, some = 0.2, digits[:150]
    for seed in range(2):
        start = learn_dictionary(some, 15, weight, rounds=0, seed=seed).atoms
        theirs = DictionaryLearning(
            15, alpha=weight, max_iter=100, fit_algorithm="cd", random_state=seed,
            dict_init=start.numpy(), code_init=encode(some, start, weight).numpy(),
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs.fit(some.numpy())
        atoms = torch.tensor(theirs.components_)
        reached = height(some, encode(some, atoms, weight), atoms, weight)
        assert abs(reached + theirs.error_[-1]) < 1e-3 * abs(reached)
        ours = learn_dictionary(some, 15, weight, seed=seed)
        best = float(ours.objective[-1])
        assert abs(best - reached) < 0.01 * abs(reached)


def test_an_unused_atom_is_replaced_and_costs_nothing() -> None:
    y = torch.cat([normal(0, 20, 1) * normal(1, 6), normal(2, 20, 1) * normal(3, 6)])
    y[0] = 0
    twins = y.clone()
    twins[1:] = y[1]  # all the same: one atom is enough
    kept = learn_dictionary(twins, 3, 0.5, rounds=30, replace=False)
    assert kept.replaced == 0
    for seed in range(4):
        stuck = learn_dictionary(y, 6, 0.5, rounds=60, seed=seed, replace=False)
        moved = learn_dictionary(y, 6, 0.5, rounds=60, seed=seed)
        assert (moved.objective.diff() > -1e-9).all()
        assert moved.objective[-1] > stuck.objective[-1] - 1e-3


def test_constant_patches_and_many_atoms() -> None:
    flat = torch.full((4, 9), 0.3, dtype=torch.float64)
    flat = flat - flat.mean(1, keepdim=True)
    patches = torch.cat([flat, normal(0, 5, 9)])
    learned = learn_dictionary(patches, 12, 0.1, rounds=20)
    assert not learned.codes[:4].any()
    assert learned.atoms.isfinite().all() and learned.objective.isfinite().all()
    assert not encode(flat[0], learned.atoms, 0.1).any()
    assert not encode(normal(1, 9), torch.zeros(3, 9).double(), 0.1).any()


def test_the_same_seed_gives_the_same_dictionary() -> None:
    y = normal(0, 30, 8)
    a, b, c = (learn_dictionary(y, 5, 0.3, rounds=9, seed=s) for s in (1, 1, 2))
    assert torch.equal(a.atoms, b.atoms) and not torch.equal(a.atoms, c.atoms)
    single = learn_dictionary(y.float(), 5, 0.3, rounds=9, seed=1)
    assert single.atoms.dtype == torch.float32
    assert abs(float(single.objective[-1] - a.objective[-1])) < 1e-3


Y, D = torch.ones(3, 4), torch.ones(2, 4)


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: Reconstruction(Y, torch.ones(2, 5)), ValueError, "as long as the sig"),
        (
            lambda: Reconstruction(Y, torch.ones(4)),
            ValueError,
            "must have 2 dimensions",
        ),
        (lambda: Reconstruction([1.0], D), TypeError, "signals must be a real"),
        (lambda: Reconstruction(Y.long(), D), TypeError, "signals must be a real"),
        (lambda: Reconstruction(Y.double(), D), TypeError, "one dtype"),
        (lambda: Reconstruction(Y / 0, D), ValueError, "signals must be finite"),
        (lambda: Reconstruction(Y, D)(torch.ones(3, 4)), ValueError, r"shape \(3, 2\)"),
        (lambda: encode(Y, D, 0.1, start=torch.ones(2)), ValueError, r"shape \(3, 2\)"),
        (lambda: encode(Y, D, -1.0), ValueError, "L1: weight must lie in"),
        (lambda: learn_dictionary(Y, 0, 0.1), ValueError, "count must be 1 or more"),
        (lambda: learn_dictionary(Y[0], 2, 0.1), ValueError, "must have 2 dimensions"),
        (lambda: learn_dictionary(0 * Y, 2, 0.1), ValueError, "one that is not zero"),
    ],
)
def test_bad_input_is_told(call: Any, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        call()
