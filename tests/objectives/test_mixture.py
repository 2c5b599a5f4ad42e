"""`GaussianMixture`: its value, its gradient, its edges, and EM beside it."""

import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture as TheirMixture
from torch import Tensor

from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import GaussianMixture

F64 = torch.float64
IRIS = torch.tensor(load_iris().data, dtype=F64)
LINE = torch.tensor([[-1.2], [-0.8], [0.3], [1.1], [1.9]], dtype=F64)


def drawn(k: int, d: int, *, full: bool = True, seed: int = 0) -> dict[str, Tensor]:
    """A θ at random."""
    generator = torch.Generator().manual_seed(seed)
    shapes = {"logits": (k - 1,), "means": (k, d), "log_scales": (k, d)}
    if full:
        shapes["slopes"] = (k, d * (d - 1) // 2)
    return {
        name: torch.randn(*shape, generator=generator, dtype=F64)
        for name, shape in shapes.items()
    }


def moments(f: GaussianMixture, theta: dict[str, Tensor]) -> tuple[Tensor, ...]:
    return f.weights(theta), theta["means"], f.covariances(theta)


def gradient(f: Any, theta: dict[str, Tensor]) -> dict[str, Tensor]:
    leaves = {name: part.clone().requires_grad_() for name, part in theta.items()}
    slopes = torch.autograd.grad(f(leaves), list(leaves.values()))
    return dict(zip(leaves, slopes, strict=True))


def row(theta: dict[str, Tensor], i: int) -> dict[str, Tensor]:
    return {name: part[i] for name, part in theta.items()}


def theirs(f: GaussianMixture, theta: dict[str, Tensor], **options: Any) -> Any:
    """scikit-learn's mixture, started at θ."""
    weights, means, covariances = (x.numpy() for x in moments(f, theta))
    return TheirMixture(
        len(weights), reg_covar=0, weights_init=weights, means_init=means,
        precisions_init=np.linalg.inv(covariances), **options,
    )  # fmt: skip


# ---- value and gradient


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_value_is_that_of_torchs_distributions(k: int, full: bool) -> None:
    f, theta = GaussianMixture(IRIS), drawn(k, 4, full=full)
    weights, means, covariances = moments(f, theta)
    mixture = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(weights),
        torch.distributions.MultivariateNormal(means, covariances),
    )
    torch.testing.assert_close(f.each(theta), mixture.log_prob(IRIS))
    torch.testing.assert_close(f(theta), mixture.log_prob(IRIS).sum())
    if not full:
        off = covariances - covariances.diagonal(dim1=1, dim2=2).diag_embed()
        assert not off.any()


def test_a_point_stands_for_its_moments() -> None:
    f = GaussianMixture(IRIS)
    for full in (True, False):
        theta = drawn(3, 4, full=full)
        weights, means, covariances = moments(f, theta)
        if not full:
            covariances = covariances.diagonal(dim1=1, dim2=2)
        back = f.point(weights, means, covariances)
        assert back.keys() == theta.keys()
        for name in theta:
            torch.testing.assert_close(back[name], theta[name])


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("count", [0.0, 1.5])
def test_the_gradient_is_that_of_finite_differences(full: bool, count: float) -> None:
    f, theta = GaussianMixture(IRIS[::15, :3], count), drawn(2, 3, full=full)
    assert torch.autograd.gradcheck(
        lambda *parts: f(dict(zip(theta, parts))),
        [part.requires_grad_() for part in theta.values()],
    )


def test_the_gradient_is_made_of_responsibilities() -> None:
    f, theta = GaussianMixture(IRIS), drawn(3, 4)
    g, shares = gradient(f, theta), f.responsibilities(theta)
    torch.testing.assert_close(shares.sum(1), torch.ones(150, dtype=F64))
    weights, means, covariances = moments(f, theta)
    counts, away = shares.sum(0), IRIS[:, None] - means
    torch.testing.assert_close(g["logits"], (counts - 150 * weights)[1:])
    pulls = torch.einsum("nk,nkd->kd", shares, away)
    torch.testing.assert_close(
        g["means"], torch.linalg.solve(covariances, pulls[:, :, None])[:, :, 0]
    )
    torch.testing.assert_close(
        f.scores(theta).sum(0), torch.cat([x.flatten() for x in g.values()])
    )


def test_pseudo_samples_add_their_expected_log_density() -> None:
    """Of normal samples around the mean, but for a constant."""
    count, scale = 2.5, torch.tensor([0.1, 0.2, 0.3, 0.4], dtype=F64)
    f, theta = GaussianMixture(IRIS, count, scale), drawn(2, 4)
    _, _, covariances = moments(f, theta)
    ratio = torch.linalg.solve(covariances, scale.square().diag().expand(2, 4, 4))
    traces = ratio.diagonal(dim1=1, dim2=2).sum(1)
    added = -count / 2 * (traces + torch.logdet(covariances)).sum()
    torch.testing.assert_close(f(theta), f.each(theta).sum() + added)


# ---- expectation-maximization


def test_steps_of_em_are_scikit_learns() -> None:
    f = GaussianMixture(IRIS)
    start = theta = row(f.starts(3, 1), 0)
    for steps in (1, 2, 3):
        theta = f.em_step(theta)
        other = theirs(f, start, max_iter=steps, tol=0)
        with pytest.warns(match="did not converge"):
            other.fit(IRIS.numpy())
        found = other.weights_, other.means_, other.covariances_
        for ours, there in zip(moments(f, theta), found):
            torch.testing.assert_close(ours, torch.tensor(there))


@pytest.mark.parametrize("count", [0.0, 1.0])
@pytest.mark.parametrize("full", [True, False])
def test_em_does_not_lower_the_objective(count: float, full: bool) -> None:
    f = GaussianMixture(IRIS, count)
    starts = f.starts(3, 6, full=full, seed=1)
    for i in range(6):
        theta, values = row(starts, i), []
        for _ in range(25):
            values.append(float(f(theta)))
            theta = f.em_step(theta)
        assert min(np.diff(values)) > -1e-9


def test_em_steps_along_the_gradient_preconditioned() -> None:
    """Xu, Jordan (1996): Σ/N for a mean, (diag π - π π')/n for the weights."""
    f, theta = GaussianMixture(IRIS), row(GaussianMixture(IRIS).starts(3, 1), 0)
    g, after = gradient(f, theta), f.em_step(theta)
    weights, means, covariances = moments(f, theta)
    counts = f.responsibilities(theta).sum(0)
    steps = torch.einsum("kij,kj->ki", covariances, g["means"]) / counts[:, None]
    torch.testing.assert_close(after["means"] - means, steps)
    # By the logits: the gradient by π is theirs, over π, up to a constant.
    full = torch.cat([-g["logits"].sum(0, keepdim=True), g["logits"]])
    torch.testing.assert_close(f.weights(after) - weights, full / 150)


def test_em_is_at_rest_where_the_gradient_vanishes() -> None:
    f = GaussianMixture(IRIS, 1, 0.1)
    top = maximize(f, row(f.starts(2, 3), 1))
    assert top.success
    after = f.em_step(top.x)
    for name in after:
        torch.testing.assert_close(after[name], top.x[name], atol=1e-5, rtol=0)


# ---- maximize


def test_one_component_has_a_closed_form() -> None:
    f = GaussianMixture(IRIS)
    start = f.point([1.0], IRIS[:1], torch.eye(4)[None])
    assert start["logits"].shape == (0,)
    top = maximize(f, start)
    assert top.success and top.certify().verdict == "maximum"
    away = IRIS - IRIS.mean(0)
    covariance = away.T @ away / 150
    torch.testing.assert_close(top.x["means"][0], IRIS.mean(0), atol=1e-6, rtol=0)
    torch.testing.assert_close(
        f.covariances(top.x)[0], covariance, atol=1e-5, rtol=1e-5
    )
    value = -75 * (torch.logdet(covariance) + 4 * math.log(2 * math.pi) + 4)
    assert abs(top.value - float(value)) < 1e-8
    errors = top.standard_errors()["means"][0]
    torch.testing.assert_close(
        errors, (covariance.diagonal() / 150).sqrt(), rtol=1e-4, atol=0
    )
    torch.testing.assert_close(f.em_step(start)["means"][0], IRIS.mean(0))


def test_it_reaches_scikit_learns_maximum() -> None:
    """By way of pseudo-samples, which are then left out."""
    first, f = GaussianMixture(IRIS, 1, 0.1), GaussianMixture(IRIS)
    other = TheirMixture(3, random_state=0, tol=1e-9, reg_covar=0, max_iter=900)
    other.fit(IRIS.numpy())
    near = first.point(other.weights_, IRIS[[0, 60, 110]], other.covariances_)
    held = maximize(first, near)
    top = maximize(f, held.x)
    assert held.success and top.success and top.certify().verdict == "maximum"
    assert abs(top.value / 150 - other.score(IRIS.numpy())) < 1e-6
    # The first species stands apart: its weight is a share of 150 draws.
    errors = top.standard_errors(transform=f.weights)
    pi = f.weights(top.x)
    alone = int(top.x["means"][:, 2].argmin())
    assert abs(errors[alone] - (pi[alone] * (1 - pi[alone]) / 150) ** 0.5) < 1e-6


def test_runs_at_once_are_runs_alone() -> None:
    f = GaussianMixture(IRIS, 1, 0.1)
    starts = f.starts(3, 4, seed=2)
    options: Any = {"optimizer": "adam", "lr": 0.05, "steps": 30}
    together = maximize(f, starts, batched=True, **options)
    for i, run in enumerate(together.runs):
        alone = maximize(f, row(starts, i), **options)
        assert abs(run.value - alone.value) < 1e-6
    after = torch.func.vmap(f.em_step)(starts)
    for i in range(4):
        for name, part in f.em_step(row(starts, i)).items():
            torch.testing.assert_close(after[name][i], part)


# ---- edges


@pytest.mark.parametrize("count", [0.0, 1.0])
def test_an_empty_component_feels_nothing(count: float) -> None:
    f = GaussianMixture(IRIS, count, 0.1)
    near = row(f.starts(2, 1), 0)
    far = {**near, "means": near["means"] + torch.tensor([[0.0], [1e6]], dtype=F64)}
    g = gradient(f, far)
    assert f(far).isfinite() and all(part.isfinite().all() for part in g.values())
    assert not f.responsibilities(far)[:, 1].any()
    assert not g["means"][1].any()
    after = f.em_step(far)
    assert torch.equal(after["means"][1], far["means"][1])
    covariance = f.covariances(after)[1]
    kept = f.covariances(far)[1] if count == 0 else 0.01 * torch.eye(4, dtype=F64)
    torch.testing.assert_close(covariance, kept)
    assert f.weights(after)[1] < 1e-300
    first = f.em_step(f.point([0.5, 0.5], far["means"].flip(0), f.covariances(far)))
    assert all(part.isfinite().all() for part in first.values())
    assert f(first).isfinite()


def test_a_component_on_a_point_grows_without_bound() -> None:
    f = GaussianMixture(LINE)
    theta = f.point([0.5, 0.5], [[0.0], LINE[4].tolist()], [[1.0], [1.0]])
    values = []
    for s in range(0, -60, -5):
        scales = torch.tensor([[0.0], [float(s)]], dtype=F64)
        values.append(float(f({**theta, "log_scales": scales})))
    assert min(np.diff(values)[1:]) > 4.9  # a unit more for each unit of log-scale
    g = gradient(f, {**theta, "log_scales": scales})
    assert abs(float(g["log_scales"][1]) + 1) < 1e-9
    lost = maximize(
        f, {**theta, "log_scales": torch.tensor([[0.0], [-4.0]], dtype=F64)}
    )
    assert not lost.success


def test_pseudo_samples_hold_it() -> None:
    f = GaussianMixture(LINE, 1, 0.1)
    theta = f.point([0.5, 0.5], [[0.0], LINE[4].tolist()], [[1.0], [1e-4]])
    held = maximize(f, theta)
    assert held.success and held.certify().verdict == "maximum"
    # On one point the top is at σ² = ν s² / (1 + ν), if none other is near.
    scale = f.covariances(held.x)[1].sqrt()
    assert abs(float(scale) - 0.1 / 2**0.5) < 1e-3


def test_components_alike_stay_alike() -> None:
    f = GaussianMixture(LINE)
    alike = f.point([0.5, 0.5], [[0.2], [0.2]], [[1.0], [1.0]])
    g = gradient(f, alike)
    for name in ("means", "log_scales"):
        torch.testing.assert_close(g[name][0], g[name][1])
    after = f.em_step(alike)
    torch.testing.assert_close(after["means"][0], after["means"][1])


def test_labels_can_be_switched() -> None:
    f, theta = GaussianMixture(IRIS), drawn(3, 4)
    order = theta["means"][:, 2].argsort()
    once = f.sorted(theta, by=2)
    torch.testing.assert_close(f(once), f(theta))
    torch.testing.assert_close(once["means"], theta["means"][order])
    torch.testing.assert_close(f.weights(once), f.weights(theta)[order])
    switched = f.point(*(part[[2, 0, 1]] for part in moments(f, theta)))
    torch.testing.assert_close(f(switched), f(theta))
    for name, part in f.sorted(switched, by=2).items():
        torch.testing.assert_close(part, once[name])


def test_starts() -> None:
    f = GaussianMixture(IRIS)
    starts = f.starts(3, 20, seed=4)
    assert {name: tuple(part.shape) for name, part in starts.items()} == {
        "logits": (20, 2), "means": (20, 3, 4), "log_scales": (20, 3, 4),
        "slopes": (20, 3, 6),
    }  # fmt: skip
    assert torch.equal(f.starts(3, 5, seed=4)["means"], starts["means"][:5])
    assert not torch.equal(f.starts(3, 20, seed=5)["means"], starts["means"])
    assert "slopes" not in f.starts(3, 1, full=False)
    covariance = torch.cov(IRIS.T, correction=0)
    for i in (0, 19):
        for each in f.covariances(row(starts, i)):
            torch.testing.assert_close(each, covariance)
        torch.testing.assert_close(
            f.weights(row(starts, i)), torch.full((3,), 1 / 3).to(IRIS)
        )


def test_numbers_keep_their_kind() -> None:
    f = GaussianMixture(IRIS.float(), 1)
    theta = row(f.starts(2, 1), 0)
    assert all(part.dtype == torch.float32 for part in theta.values())
    assert f(theta).dtype == torch.float32
    assert GaussianMixture([[1], [2]]).data.dtype == F64


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: GaussianMixture([1.0, 2.0]), ValueError, "of one coordinate, data[:"),
        (lambda: GaussianMixture(np.zeros((0, 2))), ValueError, "got (0, 2)"),
        (
            lambda: GaussianMixture([[1.0], [math.nan]]),
            ValueError,
            "must be finite numbers, got [nan] in row 1",
        ),
        (lambda: GaussianMixture(LINE, -1), ValueError, "pseudo_count must lie in"),
        (lambda: GaussianMixture(LINE, "1"), TypeError, "pseudo_count must be a real"),
        (lambda: GaussianMixture(LINE, 1, 0), ValueError, "pseudo_scale must be above"),
        (
            lambda: GaussianMixture(IRIS, 1, [1, 2]),
            ValueError,
            "a number or 4 of them, got [1, 2]",
        ),
        (lambda: GaussianMixture(LINE)(LINE), TypeError, "theta must be a dict"),
        (lambda: GaussianMixture(LINE)({"means": LINE}), TypeError, "got ['means']"),
        (
            lambda: GaussianMixture(IRIS)(drawn(2, 3)),
            ValueError,
            "theta['means'] must have the shape (2, 4), got (2, 3)",
        ),
        (
            lambda: GaussianMixture(IRIS)({**drawn(2, 4), "logits": torch.ones(2)}),
            ValueError,
            "theta['logits'] must have the shape (1,), got (2,)",
        ),
        (lambda: GaussianMixture(LINE).starts(6, 1), ValueError, "must be 5 at most"),
        (lambda: GaussianMixture(LINE).starts(0, 1), ValueError, "components must be"),
        (lambda: GaussianMixture(LINE).starts(2, 1.5), TypeError, "count must be an"),
        (
            lambda: GaussianMixture(LINE).point([1.0], [[0.0]], [[0.0]]),
            ValueError,
            "least eigenvalues [0.0]",
        ),
        (
            lambda: GaussianMixture(LINE).point([1.0], [0.0], [[1.0]]),
            ValueError,
            "got (1,), (1,), (1, 1)",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_told(make: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=re.escape(said)):
        make()
