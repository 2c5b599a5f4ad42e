"""`LogLikelihood`: its sums, scores and information."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.objectives import LogLikelihood
from tests.maximization.test_second_order import logistic, poisson, samples

F64 = torch.float64
THETA = torch.tensor([0.1, -0.2, 0.3], dtype=F64)


def test_the_sum_and_its_terms() -> None:
    x, kind, _ = samples(0)
    f = logistic(x, kind)
    bernoulli = torch.distributions.Bernoulli(logits=x @ THETA)
    torch.testing.assert_close(f.each(THETA), bernoulli.log_prob(kind))
    torch.testing.assert_close(f(THETA), bernoulli.log_prob(kind).sum())


def test_scores_are_residuals_times_features() -> None:
    x, kind, count = samples(0)
    z = x @ THETA
    for f, residual in (
        (logistic(x, kind), kind - z.sigmoid()), (poisson(x, count), count - z.exp()),
    ):  # fmt: skip
        torch.testing.assert_close(f.scores(THETA), residual[:, None] * x)


def test_information_is_features_times_variance() -> None:
    x, kind, count = samples(0)
    z = x @ THETA
    p = z.sigmoid()
    for f, variance in (
        (logistic(x, kind), p * (1 - p)), (poisson(x, count), z.exp()),
    ):  # fmt: skip
        torch.testing.assert_close(f.information(THETA), x.T @ (variance[:, None] * x))


def test_information_of_several_outputs_is_the_expected_square_of_scores() -> None:
    """Three classes: summed over what each sample might have been."""
    x = torch.randn(20, 2, dtype=F64, generator=torch.Generator().manual_seed(0))
    theta = torch.randn(2, 3, dtype=F64, generator=torch.Generator().manual_seed(1))

    def f(y: Tensor) -> LogLikelihood:
        def density(z: Tensor) -> Tensor:
            return z.log_softmax(1).gather(1, y[:, None])[:, 0]

        return LogLikelihood(density, outputs=lambda theta: x @ theta)

    expected = torch.zeros(6, 6, dtype=F64)
    chance = (x @ theta).softmax(1)
    for kind in range(3):
        scores = f(torch.full((20,), kind)).scores(theta)
        expected += scores.T @ (chance[:, kind, None] * scores)
    for kind in range(3):
        found = f(torch.full((20,), kind)).information(theta)
        torch.testing.assert_close(found, expected)


def test_theta_in_other_forms() -> None:
    x, kind, _ = samples(0)
    parts = {"bias": THETA[:1], "weight": THETA[1:]}
    f = logistic(x, kind)
    g = LogLikelihood(f.density, outputs=lambda t: t["bias"] + x[:, 1:] @ t["weight"])
    torch.testing.assert_close(g(parts), f(THETA))
    torch.testing.assert_close(g.scores(parts), f.scores(THETA))
    torch.testing.assert_close(g.information(parts), f.information(THETA))


@pytest.mark.parametrize(
    ("density", "kind"),
    [(lambda z: z.sum(), r"shape \(n,\), got \(\)"), (lambda z: 1.0, "got 1.0")],
)
def test_a_density_of_another_shape(density: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=kind):
        LogLikelihood(density)(THETA)


def test_what_it_lacks_is_said() -> None:
    with pytest.raises(ValueError, match="outputs must be given, got None"):
        LogLikelihood(lambda z: z).information(THETA)
    with pytest.raises(TypeError, match=r"theta must be tensors.*got a module"):
        LogLikelihood(lambda z: z).scores(torch.nn.Linear(1, 1))
