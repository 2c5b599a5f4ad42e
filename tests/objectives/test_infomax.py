"""`Infomax` and `amari_distance`: values, gradients, FastICA, what has no answer."""

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.decomposition import FastICA
from torch import Tensor

from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import Infomax, LogLikelihood, amari_distance, unmix

F64 = torch.float64
MIXING = torch.tensor([[1.0, 0.6], [0.4, 1.0]], dtype=F64)
QUANTILES = (np.arange(60) + 0.5) / 60
NORMAL = stats.norm.ppf(QUANTILES)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, dtype=F64, generator=generator)


def independent(*sources: Any) -> Tensor:
    """All combinations of the sources' values: exactly independent samples."""
    columns = [np.asarray(each) / np.std(each) for each in sources]
    return torch.tensor(np.array(list(itertools.product(*columns))))


def normal_plane() -> Tensor:
    """Samples of two normal sources that turning by any of 60 angles permutes."""
    turn, radius = np.meshgrid(
        2 * np.pi * np.arange(60) / 60, np.sqrt(-2 * np.log(QUANTILES))
    )
    return torch.tensor(np.stack([radius * np.cos(turn), radius * np.sin(turn)], -1))


def turned(angle: float) -> Tensor:
    c, s = np.cos(angle), np.sin(angle)
    return torch.tensor([[c, s], [-s, c]], dtype=F64)


def fitted(f: Infomax) -> Tensor:
    """The scales of the sources, as they are, that f wants."""
    k = f.data.shape[1]
    eye = torch.eye(k, dtype=F64)
    return eye * maximize(lambda s: f(eye * s), torch.ones(k, dtype=F64)).x


def test_the_value_is_that_of_scipys_densities() -> None:
    x, w = drawn(50, 2), drawn(2, 2, seed=1)
    u = ((x - x.mean(0)) @ w.T).numpy()
    volume = np.log(abs(np.linalg.det(w)))
    above = stats.logistic(scale=0.5).logpdf(u)
    below = np.log((stats.norm.pdf(u, 1) + stats.norm.pdf(u, -1)) / 2)
    for kinds, terms in (
        ("super", above), ("sub", below),
        (("sub", "super"), np.stack([below[:, 0], above[:, 1]], 1)),
    ):  # fmt: skip
        f = Infomax(x, kinds)  # type: ignore[arg-type]
        assert np.allclose(f.each(w), volume + terms.sum(1))
        assert np.isclose(f(w), volume + terms.sum(1).mean())


@pytest.mark.parametrize("kinds", ["super", "sub", ("sub", "super", "sub")])
def test_gradients(kinds: Any) -> None:
    x, w = drawn(40, 3), drawn(3, 3, seed=2).requires_grad_()
    f = Infomax(x, kinds)
    f(w).backward()
    torch.testing.assert_close(f.natural_gradient(w), w.grad @ w.T @ w)
    assert torch.autograd.gradcheck(f, w)
    assert torch.autograd.gradgradcheck(f, w)


def test_extreme_signals_stay_finite() -> None:
    f, w = Infomax(1e4 * drawn(30, 2)), torch.eye(2, dtype=F64).requires_grad_()
    f(w).backward()
    assert w.grad.isfinite().all()
    assert f(torch.ones(2, 2, dtype=F64)) == -torch.inf


def test_natural_steps_do_not_know_the_mixing() -> None:
    """From the same W A, the same path of W A."""
    s, start = (
        torch.tensor(np.random.default_rng(0).laplace(size=(300, 2))),
        drawn(2, 2),
    )
    ends = []
    for mixing in (torch.eye(2, dtype=F64), torch.tensor([[1, 0.999], [1, 1]]).to(F64)):
        f = Infomax(s @ mixing.T)
        w = start @ torch.linalg.inv(mixing)
        for _ in range(20):
            w = w + 0.1 * f.natural_gradient(w)
        ends.append(w @ mixing)
    torch.testing.assert_close(*ends, rtol=1e-8, atol=1e-8)


SOURCES = {
    "laplace": stats.laplace.ppf(QUANTILES),
    "uniform": QUANTILES - 0.5,
    "two": np.where(QUANTILES < 0.5, -1, 1) + 0.2 * NORMAL,
}


PAIRS = list(itertools.combinations_with_replacement(SOURCES, 2))


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("kinds", ["super", "sub"])
def test_where_independent_sources_are_a_maximum(
    pair: tuple[str, str], kinds: Any
) -> None:
    """As the theorem on curvatures says: if the product of both is above 1."""
    f = Infomax(independent(*(SOURCES[each] for each in pair)), kinds)
    w = fitted(f)
    hessian = torch.autograd.functional.hessian(f, w).reshape(4, 4)
    u = f.signals(w)
    bend = u.tanh()
    slope = 1 - bend.square()
    psi, bent = (2 * bend, 2 * slope) if kinds == "super" else (u - bend, 1 - slope)
    assert ((psi * u).mean(0) - 1).abs().max() < 1e-5
    m = bent.mean(0) * u.square().mean(0)
    assert (torch.linalg.eigvalsh(hessian).max() < 0) == (m.prod() > 1)
    suits = f.tails(w) * (1 if kinds == "super" else -1) > 0
    assert suits.tolist() == (m > 1).tolist()


def test_normal_sources_cannot_be_told() -> None:
    """The objective is the same for each angle, whatever the density."""
    x = normal_plane().reshape(-1, 2)
    for kinds in ("super", "sub"):
        f = Infomax(x, kinds)  # type: ignore[arg-type]
        heights = torch.stack([f(turned(angle)) for angle in np.linspace(0, 1, 17)])
        assert heights.max() - heights.min() < 1e-9
    exact = Infomax(independent(NORMAL, NORMAL))
    assert exact.tails(turned(0.3)).abs().max() < 0.01
    ends = {
        float((maximize(f, drawn(2, 2, seed=seed)).x @ torch.ones(2).to(F64))[0])
        for seed in range(3)
    }
    assert len({round(end, 3) for end in ends}) == 3  # each start ends elsewhere


@pytest.mark.parametrize("seed", range(4))
def test_beside_fast_ica(seed: int) -> None:
    """On sources of both kinds: as good as scikit-learn's, from the kinds told."""
    rng = np.random.default_rng(seed)
    s = np.stack([rng.laplace(size=3000), rng.uniform(-1, 1, 3000)], 1)
    mixing = torch.tensor(rng.normal(size=(2, 2)))
    x = torch.tensor(s) @ mixing.T
    w, f = unmix(x)
    assert sorted(f.kinds) == ["sub", "super"]
    assert maximize(f, w).value == pytest.approx(float(f(w)))
    assert amari_distance(unmix(x, drawn(2, 2, seed=seed))[0], mixing) < 0.05
    theirs = FastICA(2, whiten="unit-variance", random_state=seed).fit(x.numpy())
    ours = amari_distance(w, mixing)
    assert ours < 0.05
    assert ours < 2 * amari_distance(torch.tensor(theirs.components_), mixing) + 0.01


def test_scale_and_the_order_of_rows() -> None:
    x, w = drawn(50, 3) ** 3, drawn(3, 3, seed=3)
    f = Infomax(x)
    torch.testing.assert_close(f(w[[2, 0, 1]]), f(w))
    torch.testing.assert_close(f(-w), f(w))
    moved = Infomax(5 * x + 100)
    torch.testing.assert_close(moved(w / 5) + 3 * np.log(5), f(w))


def test_one_signal_and_its_standard_error() -> None:
    """The scale of a logistic variable, whose information is known."""
    x = torch.tensor(stats.logistic.ppf((np.arange(4000) + 0.5) / 4000))[:, None]
    f = Infomax(x)
    best = maximize(LogLikelihood(f.each), torch.ones(1, 1, dtype=F64))
    assert abs(float(best.x) - 0.5) < 1e-3  # p(u) has half the logistic's width
    error = float(best.standard_errors()) / float(best.x) * 4000**0.5
    assert abs(error - ((3 + np.pi**2) / 9) ** -0.5) < 0.01
    assert amari_distance(best.x, best.x) == 0


X = drawn(30, 2)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (X @ torch.tensor([[1.0, 2], [2, 4]], dtype=F64), 1),  # singular mixing
        (torch.stack([X[:, 0], torch.full((30,), 3.0)], 1), 1),  # a constant
        (drawn(3, 4), 2),  # more signals than samples
        (torch.ones(5, 2), 0),
    ],
)
def test_what_has_no_maximum_is_refused(data: Tensor, found: int) -> None:
    with pytest.raises(ValueError, match=f"must vary in .* directions, got {found};"):
        Infomax(data)


def test_other_arguments_that_are_refused() -> None:
    f = Infomax(X)
    for ask in (f, f.each, f.natural_gradient, f.tails, f.suited):
        with pytest.raises(ValueError, match=r"shape \(2, 2\), got \(2, 3\)"):
            ask(drawn(2, 3))
    kinds: Any
    for kinds in ("heavy", ("sub",), ("sub", "heavy")):
        with pytest.raises(ValueError, match="for each of 2 signals, got"):
            Infomax(X, kinds)
    with pytest.raises(ValueError, match="rounds must be 1 or more, got 0"):
        unmix(X, rounds=0)
    wrong: Any = [[1.0]]
    with pytest.raises(TypeError, match="Infomax: data must be"):
        Infomax(wrong)


# ---- the distance

SIZES = st.integers(2, 5)
NUMBERS = st.floats(0.1, 10).flatmap(lambda x: st.sampled_from([x, -x]))


@st.composite
def monomial(draw: st.DrawFn) -> Tensor:
    """A permutation times a diagonal."""
    k = draw(SIZES)
    order = draw(st.permutations(range(k)))
    scales = draw(st.lists(NUMBERS, min_size=k, max_size=k))
    return torch.diag(torch.tensor(scales, dtype=F64))[list(order)]


@given(monomial(), st.data())
def test_the_distance_is_zero_only_if_each_source_comes_out_once(
    p: Tensor, data: st.DataObject
) -> None:
    eye = torch.eye(len(p), dtype=F64)
    assert amari_distance(p, eye) == 0
    row, column = (data.draw(st.integers(0, len(p) - 1)) for _ in "rc")
    other = p.clone()
    other[row, column] = data.draw(NUMBERS)
    assert (amari_distance(other, eye) == 0) == bool(p[row, column])


@given(monomial(), st.integers(0, 99))
def test_what_the_distance_ignores(p: Tensor, seed: int) -> None:
    w, a = (drawn(len(p), len(p), seed=seed + 100 * i) for i in (0, 1))
    far = amari_distance(w, a)
    assert 0 < far < 1
    # The order and sign of either, and the scale of both together.
    order = (p != 0).to(F64) * p.sign()
    assert np.isclose(amari_distance(order @ w, a), far)
    assert np.isclose(amari_distance(w, a @ order), far)
    assert np.isclose(amari_distance(-3 * w, 2 * a), far)


def test_the_largest_distance_is_one() -> None:
    for k in (2, 3, 6):
        assert amari_distance(torch.ones(k, k), torch.eye(k)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("w", "a", "said"),
    [
        (drawn(2, 3), drawn(3, 2), r"\(k, k\), got \(2, 3\) and \(3, 2\)"),
        (drawn(2), drawn(2), r"got \(2,\)"),
        (drawn(0, 0), drawn(0, 0), r"got \(0, 0\)"),
        (drawn(2, 2), torch.zeros(2, 2), "a number in each row and column"),
        (torch.full((1, 1), torch.inf), torch.ones(1, 1), "must be finite"),
    ],
)
def test_what_has_no_distance(w: Tensor, a: Tensor, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        amari_distance(w, a)
    not_a_tensor: Any = [[1.0]]
    with pytest.raises(TypeError, match="mixing must be a real"):
        amari_distance(w, not_a_tensor)
