"""Standard errors, against statsmodels and closed forms."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
import torch
from torch import Tensor

from gradient_ascent.constraints import Box
from gradient_ascent.maximization import Result, maximize
from gradient_ascent.objectives import LogLikelihood
from tests.maximization.test_second_order import logistic, poisson, probit, samples

F64 = torch.float64
CLOSE = {"rtol": 1e-7, "atol": 0.0}


def fit(f: LogLikelihood) -> Result:
    return maximize(f, [0.0, 0.0, 0.0], optimizer="newton", tol=1e-9)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("likelihood", "which", "model"),
    [(logistic, 1, sm.Logit), (poisson, 2, sm.Poisson), (probit, 1, sm.Probit)],
)
def test_statsmodels(likelihood: Any, which: int, model: Any, seed: int) -> None:
    data = samples(seed)
    x, y = data[0], data[which]
    found = fit(likelihood(x, y))
    theirs = model(y.numpy(), x.numpy())
    usual = theirs.fit(disp=0, method="newton", tol=1e-14)
    np.testing.assert_allclose(found.x, usual.params, **CLOSE)
    assert found.value == pytest.approx(usual.llf, rel=1e-12)
    np.testing.assert_allclose(found.standard_errors(), usual.bse, **CLOSE)
    robust = theirs.fit(disp=0, method="newton", tol=1e-14, cov_type="HC0")
    np.testing.assert_allclose(found.standard_errors("sandwich"), robust.bse, **CLOSE)
    ends = torch.stack(found.intervals(level=0.9), dim=1)
    np.testing.assert_allclose(ends, usual.conf_int(alpha=0.1), rtol=1e-6)


def test_expected_information_is_what_a_glm_has() -> None:
    """Of a probit it is not the observed one."""
    x, kind, _ = samples(1)
    found = fit(probit(x, kind))
    link = sm.families.links.Probit()
    glm = sm.GLM(kind.numpy(), x.numpy(), family=sm.families.Binomial(link))
    theirs = glm.fit(tol=1e-14).bse
    np.testing.assert_allclose(found.standard_errors("expected"), theirs, **CLOSE)
    assert np.abs(np.asarray(found.standard_errors()) / theirs - 1).max() > 1e-4


def normal(y: Tensor) -> LogLikelihood:
    """Of a mean and the logarithm of a standard deviation."""

    def density(theta: dict[str, Tensor]) -> Tensor:
        deviation = theta["log_s"].exp()
        return -(((y - theta["mean"]) / deviation) ** 2) / 2 - theta["log_s"]

    return LogLikelihood(density)


def test_a_normal_sample_in_closed_form() -> None:
    r"""S / sqrt n for the mean, 1 / sqrt(2n) for log s, by delta s / sqrt(2n) for s."""
    y = torch.randn(80, dtype=F64, generator=torch.Generator().manual_seed(3)) * 2 + 1
    n, s = len(y), float(y.std(correction=0))
    start = {"mean": torch.zeros((), dtype=F64), "log_s": torch.zeros((), dtype=F64)}
    found = maximize(normal(y), start, optimizer="newton", tol=1e-9)
    errors = found.standard_errors()
    assert float(errors["mean"]) == pytest.approx(s / n**0.5)
    assert float(errors["log_s"]) == pytest.approx(1 / (2 * n) ** 0.5)
    of_s = found.standard_errors(transform=lambda theta: theta["log_s"].exp())
    assert float(of_s) == pytest.approx(s / (2 * n) ** 0.5)
    low, high = found.intervals(transform=lambda theta: theta["log_s"].exp())
    assert float(high + low) / 2 == pytest.approx(s)
    assert float(high - low) / 2 == pytest.approx(1.959964 * float(of_s), rel=1e-6)
    matrix = found.standard_errors(
        transform=lambda theta: torch.stack(
            [theta["mean"], 2 * theta["mean"], theta["log_s"] * 0, theta["log_s"]]
        ).reshape(2, 2)
    )
    assert matrix.shape == (2, 2) and float(matrix[1, 0]) == 0
    assert float(matrix[0, 1]) == pytest.approx(2 * float(errors["mean"]))


def test_intervals_hold_their_parameter_as_often_as_they_say() -> None:
    """Of 300 samples of 40 exponential numbers, 90 % of them, by the logarithm."""
    generator = torch.Generator().manual_seed(0)
    held = 0
    for _ in range(300):
        y = -torch.rand(40, dtype=F64, generator=generator).log()
        f = LogLikelihood(lambda a, y=y: a - y * a.exp())
        low, high = maximize(f, 0.0, optimizer="newton").intervals(level=0.9)
        held += bool(low <= 0 <= high)
    assert abs(held / 300 - 0.9) < 4 * (0.09 / 300) ** 0.5


def test_what_the_data_do_not_tell_is_said() -> None:
    x, kind, _ = samples(0)
    twice = torch.cat([x, x[:, :1]], dim=1)
    found = maximize(logistic(twice, kind), [0.0] * 4, optimizer="newton")
    with pytest.raises(ValueError, match=r"singular.* along [+-]1 x\[0\] [+-]1 x\[3\]"):
        found.standard_errors()


def test_perfectly_separated_classes_have_no_maximum() -> None:
    x, _, _ = samples(0)
    found = maximize(logistic(x, (x[:, 1] > 0).to(F64)), [0.0, 0.0, 0.0])
    assert not found.success
    with pytest.raises(ValueError, match="standard_errors: x is no maximum"):
        found.standard_errors()


def test_the_boundary_of_a_constraint() -> None:
    x, kind, _ = samples(0)
    held = maximize(logistic(x, kind), [0.0, 0.0, 0.0], constraint=Box(-0.1, 0.1))
    with pytest.raises(ValueError, match="x must lie inside the constraint"):
        held.standard_errors()
    free = maximize(logistic(x, kind), [0.0, 0.0, 0.0], constraint=Box(-9, 9), tol=1e-8)
    usual = fit(logistic(x, kind)).standard_errors()
    np.testing.assert_allclose(free.standard_errors(), usual, rtol=1e-5)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (
            {"kind": "robust"},
            "kind must be one of observed, expected, sandwich; got 'ro",
        ),
        ({"kind": "sandwich"}, "'sandwich' needs an f that has `scores`"),
        ({"kind": "expected"}, "'expected' needs an f that has `information`"),
    ],
)
def test_bad_input(given: dict[str, Any], complaint: str) -> None:
    found = maximize(lambda x: -(x**2), 1.0)
    with pytest.raises(ValueError, match=complaint):
        found.standard_errors(**given)
    with pytest.raises(ValueError, match=r"level must lie in \[0, 1\)"):
        found.intervals(level=95)
