"""`HiddenMarkov` against sums over all paths, hmmlearn, SciPy and publication."""

from __future__ import annotations

import math
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import torch
from hmmlearn import hmm
from scipy import stats
from torch import Tensor

from gradient_ascent.constraints import Box
from gradient_ascent.diagrams.hidden_states import COUNTS
from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import HiddenMarkov, categorical, gaussian, poisson
from gradient_ascent.objectives.hidden_markov import backward, forward, logits

F64 = torch.float64
EMISSIONS = {"poisson": poisson, "gaussian": gaussian, "categorical": categorical}
QUAKES = torch.tensor(COUNTS)


def series(kind: str, length: int, seed: int) -> Tensor:
    draw = np.random.default_rng(seed)
    if kind == "gaussian":
        return torch.tensor(draw.normal(0, 2, length))
    return torch.tensor(draw.integers(0, 3 if kind == "categorical" else 9, length))


def point(kind: str, m: int, seed: int, *, free: bool) -> dict[str, Tensor]:
    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=F64, generator=generator)

    generator = torch.Generator().manual_seed(seed)
    theta = {"moves": normal(m, m - 1)}
    if free:
        theta["start"] = normal(m - 1)
    if kind == "poisson":
        return {**theta, "log_mean": normal(m)}
    if kind == "gaussian":
        return {**theta, "mean": normal(m), "log_sd": normal(m)}
    return {**theta, "symbols": normal(m, 2)}


def chances(kind: str, y: Tensor, theta: dict[str, Tensor]) -> Any:
    """SciPy's densities, shape (T, m)."""
    if kind == "poisson":
        return stats.poisson.pmf(y[:, None], theta["log_mean"].exp())
    if kind == "gaussian":
        return stats.norm.pdf(y[:, None], theta["mean"], theta["log_sd"].exp())
    z = np.c_[np.zeros(len(theta["symbols"])), theta["symbols"]]
    return (np.exp(z) / np.exp(z).sum(1, keepdims=True)).T[np.asarray(y)]


def paths(
    model: HiddenMarkov, kind: str, theta: dict[str, Tensor]
) -> dict[tuple[int, ...], float]:
    """The joint probability of each path of states with the series."""
    a, delta = model.transition(theta).numpy(), model.start(theta).numpy()
    b = chances(kind, model.y, theta)
    found = {}
    for path in product(range(len(a)), repeat=len(b)):
        moves = math.prod(a[i, j] for i, j in pairwise(path))
        emitted = math.prod(row[s] for row, s in zip(b, path))
        found[path] = delta[path[0]] * moves * emitted
    return found


CASES = [
    (kind, m, length, free)
    for kind in EMISSIONS
    for m, length in ((1, 1), (1, 4), (2, 1), (2, 5), (3, 2), (3, 4), (4, 3))
    for free in (True, False)
]


@pytest.mark.parametrize(("kind", "m", "length", "free"), CASES)
def test_all_it_tells_are_sums_over_paths(
    kind: str, m: int, length: int, free: bool
) -> None:
    model = HiddenMarkov(series(kind, length, m), EMISSIONS[kind])
    theta = point(kind, m, length, free=free)
    joint = paths(model, kind, theta)
    total = sum(joint.values())
    assert float(model(theta)) == pytest.approx(math.log(total), abs=1e-10)
    terms = model.each(theta)
    assert terms.shape == (length,)
    assert float(terms.sum()) == pytest.approx(math.log(total), abs=1e-10)
    seen, moved = model.smooth(theta)
    for t, j in product(range(length), range(m)):
        part = sum(p for path, p in joint.items() if path[t] == j)
        assert float(seen[t, j]) == pytest.approx(part / total, abs=1e-10)
    for i, j in product(range(m), repeat=2):
        count = sum(
            p * sum(move == (i, j) for move in pairwise(path))
            for path, p in joint.items()
        )
        assert float(moved[i, j]) == pytest.approx(count / total, abs=1e-10)
    assert tuple(model.decode(theta).tolist()) == max(joint, key=lambda k: joint[k])


@pytest.mark.parametrize("kind", EMISSIONS)
@pytest.mark.parametrize("free", [True, False])
def test_slopes_are_those_of_finite_differences(kind: str, free: bool) -> None:
    model = HiddenMarkov(series(kind, 9, 1), EMISSIONS[kind])
    theta = point(kind, 3, 2, free=free)

    def f(*tensors: Tensor) -> Tensor:
        return model(dict(zip(theta, tensors)))

    parts = tuple(x.clone().requires_grad_() for x in theta.values())
    assert torch.autograd.gradcheck(f, parts)
    assert torch.autograd.gradgradcheck(f, parts)


def test_the_slope_is_expected_counts_less_expected_ones() -> None:
    """Fisher's identity, with a start of its own."""
    model = HiddenMarkov(QUAKES, poisson)
    theta = {
        k: v.requires_grad_() for k, v in point("poisson", 3, 5, free=True).items()
    }
    with torch.no_grad():
        theta["log_mean"] += 3
    slopes = torch.autograd.grad(model(theta), list(theta.values()))
    with torch.no_grad():
        (seen, moved), a = model.smooth(theta), model.transition(theta)
        off = ~torch.eye(3, dtype=torch.bool)
        by_moves = (moved - moved.sum(1, keepdim=True) * a)[off].reshape(3, 2)
        by_start = (seen[0] - model.start(theta))[1:]
        by_mean = (seen * (QUAKES[:, None] - theta["log_mean"].exp())).sum(0)
    for found, right in zip(slopes, (by_moves, by_start, by_mean)):
        torch.testing.assert_close(found, right)


def theirs(kind: str, m: int, a: Any, delta: Any, theta: dict[str, Tensor]) -> Any:
    """The model of hmmlearn with these parameters."""
    makers = {
        "poisson": hmm.PoissonHMM, "gaussian": hmm.GaussianHMM,
        "categorical": hmm.CategoricalHMM,
    }  # fmt: skip
    found = makers[kind](m)
    found.startprob_, found.transmat_ = delta, a
    if kind == "poisson":
        found.lambdas_ = theta["log_mean"].exp().numpy()[:, None]
    elif kind == "gaussian":
        found.n_features = 1
        found.means_ = theta["mean"].numpy()[:, None]
        found.covars_ = (2 * theta["log_sd"]).exp().numpy()[:, None]
    else:
        found.n_features = 3
        found.emissionprob_ = chances(kind, torch.arange(3), theta).T
    return found


@pytest.mark.parametrize("kind", EMISSIONS)
@pytest.mark.parametrize("free", [True, False])
def test_hmmlearn_says_the_same(kind: str, free: bool) -> None:
    y = series(kind, 200, 3)
    model, theta = HiddenMarkov(y, EMISSIONS[kind]), point(kind, 3, 4, free=free)
    a, delta = model.transition(theta).numpy(), model.start(theta).numpy()
    their, column = theirs(kind, 3, a, delta, theta), y.numpy()[:, None]
    assert float(model(theta)) == pytest.approx(their.score(column), abs=1e-8)
    assert np.allclose(model.smooth(theta).states, their.predict_proba(column))
    first, moves, emitted = model._parts(theta)
    path = model.decode(theta)
    joint = first[path[0]] + emitted[torch.arange(200), path].sum()
    joint = joint + moves[path[:-1], path[1:]].sum()
    assert float(joint) == pytest.approx(their.decode(column)[0], abs=1e-8)


def odds(w: dict[str, Tensor]) -> dict[str, Tensor]:
    return {"moves": w["odds"].log(), "log_mean": w["log_mean"]}


@pytest.mark.parametrize(
    ("m", "published", "zeros"),
    [(1, 391.9189, 0), (2, 342.3183, 0), (3, 329.4603, 1), (4, 327.8316, 6)],
)
def test_the_published_maxima(m: int, published: float, zeros: int) -> None:
    """Zucchini, MacDonald, Langrock (2016): stationary, some moves impossible."""
    model = HiddenMarkov(QUAKES, poisson)
    means = torch.quantile(QUAKES.double(), (torch.arange(m, dtype=F64) + 0.5) / m)
    start = {
        "odds": torch.full((m, m - 1), 0.1 / m, dtype=F64),
        "log_mean": means.log(),
    }
    best = maximize(
        lambda w: model(odds(w)), start, optimizer="lbfgsb",
        constraint=Box(1e-12, math.inf),
    )  # fmt: skip
    assert best.success
    assert best.value == pytest.approx(-published, abs=6e-5)
    assert int((best.x["odds"] < 1e-9).sum()) == zeros
    assert best.certify().verdict == "maximum"
    assert best.certify().on_the_boundary == (zeros > 0)


def test_one_state_is_an_ordinary_sample() -> None:
    """Its maximum has a closed form, and its error."""
    model = HiddenMarkov(QUAKES, poisson)
    nothing = torch.zeros(1, 0, dtype=F64)
    best = maximize(model, {"moves": nothing, "log_mean": torch.tensor([2.0]).double()})
    mean = QUAKES.double().mean()
    torch.testing.assert_close(best.x["log_mean"].exp(), mean[None], rtol=1e-6, atol=0)
    said = stats.poisson.logpmf(QUAKES, float(mean)).sum()
    assert best.value == pytest.approx(said, abs=1e-9)
    error = best.standard_errors(transform=lambda t: t["log_mean"].exp())
    assert float(error) == pytest.approx(float(mean / QUAKES.sum().sqrt()), rel=1e-4)


def test_a_symbol_that_a_state_never_shows() -> None:
    """What no path allows is impossible; slopes are numbers in either case."""
    never = torch.tensor([[0.5, -math.inf], [0.1, 0.3]], dtype=F64)
    theta = {"moves": torch.zeros(2, 1, dtype=F64), "symbols": never}
    model = HiddenMarkov(torch.tensor([0, 2, 1, 2]), categorical)
    joint = paths(model, "categorical", theta)
    assert float(model(theta)) == pytest.approx(math.log(sum(joint.values())))
    assert model.smooth(theta).states[[1, 3], 0].tolist() == [0, 0]
    assert model.decode(theta)[[1, 3]].tolist() == [1, 1]
    leaf = never.clone().requires_grad_()
    (slope,) = torch.autograd.grad(model({**theta, "symbols": leaf}), leaf)
    assert slope.isfinite().all()
    assert slope[0, 1] == 0
    both = {**theta, "symbols": never[[0, 0]].requires_grad_()}
    assert model(both) == -math.inf
    assert (model.each(both) == -math.inf).tolist() == [False, True, True, True]
    (slope,) = torch.autograd.grad(model(both), both["symbols"])
    assert slope.isfinite().all()
    with pytest.raises(ValueError, match="y has the probability zero"):
        model.smooth(both)


def test_a_state_that_is_never_left() -> None:
    """A chain that only goes on: 0 to 1 to 2."""
    a = torch.tensor([[0.6, 0.4, 0.0], [0.0, 0.7, 0.3], [0.0, 0.0, 1.0]]).double()
    theta = {
        "moves": logits(a), "start": torch.tensor([-math.inf, -math.inf]).double(),
        "log_mean": torch.tensor([0.0, 1.0, 2.0]).double(),
    }  # fmt: skip
    torch.testing.assert_close(HiddenMarkov(QUAKES, poisson).transition(theta), a)
    model = HiddenMarkov(torch.tensor([1, 0, 4, 9, 7]), poisson)
    joint = paths(model, "poisson", theta)
    assert float(model(theta)) == pytest.approx(math.log(sum(joint.values())))
    path = model.decode(theta)
    assert path[0] == 0
    assert (path.diff() >= 0).all()
    with torch.no_grad():
        del theta["start"]  # it is unique: all is 2 in the end
        assert torch.allclose(model.start(theta), torch.tensor([0, 0, 1]).double())
        apart = {**theta, "moves": torch.full((3, 2), -math.inf).double()}
        assert model(apart).isnan()  # here it is not


def test_a_long_series_does_not_underflow() -> None:
    y = series("poisson", 5000, 6)
    model, theta = HiddenMarkov(y, poisson), point("poisson", 2, 1, free=False)
    a, alpha = model.transition(theta).numpy(), model.start(theta).numpy()
    b, scaled = chances("poisson", y, theta), 0.0
    plain = alpha * b[0]
    alpha = plain / plain.sum()
    scaled += np.log(plain.sum())
    for row in b[1:]:
        plain = plain @ a * row
        alpha = alpha @ a * row
        scaled += np.log(alpha.sum())
        alpha = alpha / alpha.sum()
    assert plain.sum() == 0
    assert float(model(theta)) == pytest.approx(scaled, rel=1e-12)
    single = model({name: x.float() for name, x in theta.items()})
    assert single.dtype == torch.float32
    assert float(single) == pytest.approx(scaled, rel=1e-5)


def test_pairs_of_pairs_are_the_same_sum() -> None:
    """For each length up to some power of two and beyond."""
    theta = point("gaussian", 3, 8, free=True)
    for length in range(1, 19):
        model = HiddenMarkov(series("gaussian", length, 9), gaussian)
        torch.testing.assert_close(model(theta), model.each(theta).sum())


def test_forward_times_backward_is_the_likelihood_at_every_time() -> None:
    parts = HiddenMarkov(QUAKES, poisson)._parts(point("poisson", 3, 0, free=False))
    both = (forward(*parts) + backward(*parts[1:])).logsumexp(1)
    assert both.std() < 1e-9 * both.abs().mean()


def test_the_start_is_stationary_without_one() -> None:
    model = HiddenMarkov(QUAKES, poisson)
    for m in (1, 2, 5):
        theta = point("poisson", m, m, free=False)
        a, delta = model.transition(theta), model.start(theta)
        torch.testing.assert_close(delta @ a, delta)
        torch.testing.assert_close(a.sum(1), torch.ones(m, dtype=F64))
        torch.testing.assert_close(logits(a), theta["moves"])


def test_several_runs_at_once() -> None:
    model = HiddenMarkov(QUAKES, poisson)
    start = {
        "moves": torch.full((2, 1), -2.0, dtype=F64),
        "log_mean": torch.tensor([2.5, 3.2], dtype=F64),
    }
    best = maximize(
        model, start, optimizer="adam", lr=0.1, steps=60, restarts=3, spread=0.1
    )
    assert len(best.runs) == 3
    assert all(run.value > -343 for run in best.runs)


TWO = {"moves": torch.zeros(2, 1), "log_mean": torch.zeros(2)}


@pytest.mark.parametrize(
    ("y", "theta", "said"),
    [
        (torch.zeros(3, 2), TWO, r"a series of shape \(T,\), got \(3, 2\)"),
        (torch.zeros(0), TWO, r"a series of shape \(T,\), got \(0,\)"),
        (torch.tensor([1.0, math.nan]), TWO, "y must be finite, got inf or nan"),
        (torch.tensor([1.5]), TWO, "poisson: y must hold counts"),
        (torch.tensor([-1]), TWO, "poisson: y must hold counts"),
        (QUAKES, {**TWO, "log_mean": torch.zeros(3)},
         r"emission must give the shape \(107, 2\) for 2 states, got \(107, 3\)"),
        (QUAKES, {**TWO, "moves": torch.zeros(2, 2)},
         r"theta\['moves'\] must have the shape \(m, m - 1\), got \(2, 2\)"),
        (QUAKES, {**TWO, "start": torch.zeros(2)},
         r"theta\['start'\] must have the shape \(1,\), got \(2,\)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(y: Tensor, theta: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        HiddenMarkov(y, poisson)(theta)


def test_what_is_no_series_is_told() -> None:
    with pytest.raises(TypeError, match=r"y must be a tensor, got \[1, 2\]"):
        HiddenMarkov([1, 2], poisson)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="whole numbers from 0 to 2, got others"):
        HiddenMarkov(torch.tensor([3]), categorical)(
            point("categorical", 2, 0, free=True)
        )
    for wrong, said in (
        ([[1.0, 0.0]], r"must be square, got \(1, 2\)"),
        ([[0.5, 0.6], [0.5, 0.5]], "each row must sum to one"),
        ([[0.0, 1.0], [0.5, 0.5]], "its diagonal be above zero"),
    ):
        with pytest.raises(ValueError, match=said):
            logits(wrong)
