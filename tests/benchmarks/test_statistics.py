"""Aggregates, intervals and profiles, against closed forms and against rliable."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from gradient_ascent.benchmarks import profiles
from gradient_ascent.benchmarks.statistics import (
    bootstrap,
    interquartile_mean,
    mean_score,
    median_score,
    probability_of_improvement,
    resample,
    share,
)
from gradient_ascent.comparison import clopper_pearson

with warnings.catch_warnings():  # what its own dependencies do
    warnings.simplefilter("ignore")
    from rliable import library, metrics

SHAPES = [(1, 1), (3, 2), (10, 5), (11, 7)]


def drawn(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """Scores with ties, as runs that solve a problem have them."""
    return np.clip(np.random.default_rng(seed).normal(0.6, 0.4, shape), 0, 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_aggregates_are_rliables(shape: tuple[int, int]) -> None:
    for seed in range(20):
        scores = drawn(shape, seed)
        for ours, theirs in (
            (mean_score, metrics.aggregate_mean),
            (median_score, metrics.aggregate_median),
            (interquartile_mean, metrics.aggregate_iqm),
        ):
            assert ours(scores) == pytest.approx(theirs(scores), abs=1e-15)
        x, y = drawn(shape, seed), drawn((4, shape[1]), seed + 100)
        assert probability_of_improvement(x, y) == pytest.approx(
            metrics.probability_of_improvement(x, y), abs=1e-15
        )


@pytest.mark.parametrize("shape", SHAPES)
def test_score_profile_is_rliables(shape: tuple[int, int]) -> None:
    heights = np.linspace(0, 1, 21)
    scores = drawn(shape)
    theirs = library.score_distributions(scores, heights)
    assert np.array_equal(profiles.score_profile(scores, heights), theirs)


def test_the_area_below_a_score_profile_is_the_mean() -> None:
    scores = drawn((10, 5))
    heights = np.linspace(0, 1, 100_001)
    area = profiles.score_profile(scores, heights).mean()
    assert area == pytest.approx(scores.mean(), abs=1e-4)


def rliables_interval(
    monkeypatch: pytest.MonkeyPatch,
    scores: list[np.ndarray],
    aggregate: Callable[..., Any],
    draws: list[np.ndarray],
) -> tuple[float, float]:
    """Return their interval, of our draws in place of numpy's global ones."""
    given = iter([each for together in zip(*draws) for each in together])
    monkeypatch.setattr(np.random, "choice", lambda *_, **__: next(given))
    with warnings.catch_warnings():  # a seed that it does not use
        warnings.simplefilter("ignore")
        _, intervals = library.get_interval_estimates(
            {"ours": scores[0] if len(scores) == 1 else scores},
            lambda *each: np.array([aggregate(*each)]),
            reps=len(draws[0]),
        )
    low, high = intervals["ours"].ravel()
    return float(low), float(high)


def test_intervals_are_rliables_on_the_same_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for aggregate, their in (
        (interquartile_mean, metrics.aggregate_iqm),
        (mean_score, metrics.aggregate_mean),
        (median_score, metrics.aggregate_median),
    ):
        scores = drawn((10, 4))
        ours = bootstrap(aggregate, scores, resamples=300, seed=3)
        draws = np.random.default_rng(3).integers(10, size=(300, 10, 4))
        theirs = rliables_interval(monkeypatch, [scores], their, [draws])
        assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-14)
        assert ours.value == pytest.approx(their(scores), abs=1e-15)


def test_two_methods_are_drawn_apart_as_rliable_draws_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, y = drawn((10, 4)), drawn((6, 4), 1)
    ours = bootstrap(probability_of_improvement, x, y, resamples=200, seed=5)
    random = np.random.default_rng(5)
    draws = [random.integers(len(each), size=(200, *each.shape)) for each in (x, y)]
    theirs = rliables_interval(
        monkeypatch, [x, y], metrics.probability_of_improvement, draws
    )
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-14)


def test_the_bootstrap_of_two_values_is_binomial() -> None:
    """Of n seeds, half 0 and half 1, a resampled mean is Binomial(n, 1/2) / n."""
    for n in (10, 40):
        scores = np.repeat([0.0, 1.0], n // 2)[:, None]
        for level in (0.5, 0.95):
            found = bootstrap(mean_score, scores, level=level, resamples=40_000)
            # a quantile of resamples is one of the Binomial at a share that is off by
            # 4 standard errors at most, but for one chance in ten thousand
            tail = (1 - level) / 2
            off = 4 * math.sqrt(tail * (1 - tail) / 40_000)
            low = stats.binom.ppf([tail - off, tail + off], n, 0.5) / n
            assert low[0] <= found.low <= low[1]
            assert found.high == pytest.approx(1 - found.low, abs=1 / n)


def test_a_resample_keeps_each_problem_apart() -> None:
    scores = np.arange(30.0).reshape(10, 3)
    draws = np.random.default_rng(0).integers(10, size=(50, 10, 3))
    found = resample(scores, draws)
    assert found.shape == (50, 10, 3)
    assert np.array_equal(found % 3, np.broadcast_to([0, 1, 2], found.shape))


def test_paired_draws_take_away_what_both_have_in_common() -> None:
    common = drawn((10, 3))
    x, y = common + 0.1, common

    def gain(a: np.ndarray, b: np.ndarray) -> Any:
        return mean_score(a) - mean_score(b)

    paired = bootstrap(gain, x, y, paired=True)
    apart = bootstrap(gain, x, y)
    assert paired.high - paired.low == pytest.approx(0, abs=1e-12)
    assert apart.high - apart.low > 0.1


def test_infinite_values_leave_no_nan() -> None:
    found = bootstrap(lambda x: np.median(x, axis=(-2, -1)), [[1.0], [2.0], [math.inf]])
    assert found == (2.0, 1.0, math.inf)


def test_share_is_clopper_and_pearsons() -> None:
    assert share([True, False, False]) == (1 / 3, *clopper_pearson(1, 3))


@pytest.mark.parametrize("most", [2.0, 4.0, 10.0])
def test_the_integral_is_the_area_below_the_profile(most: float) -> None:
    costs = np.random.default_rng(0).lognormal(size=(9, 4))
    costs[costs > 4] = math.inf
    # AlgoPerf adds up trapezes; where the profile steps one of them is off by its half
    grid = np.linspace(1, most, 20_001)
    profile = profiles.performance_profile(costs, grid)
    area = ((profile[1:] + profile[:-1]) / 2).mean(axis=0)
    assert profiles.profile_integral(costs, most) == pytest.approx(area, abs=1e-4)


def test_the_order_of_two_profiles_may_turn_with_a_third() -> None:
    """As Gould and Scott found."""
    two = np.array([[1.0, 2.5], [1.0, 2.5], [4.0, 2.0]])
    three = np.c_[two, [0.1, 0.1, 9.0]]
    alone, among = profiles.profile_integral(two), profiles.profile_integral(three)
    assert alone[0] > alone[1] and among[0] < among[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda: interquartile_mean([1.0, 2.0]),
        lambda: interquartile_mean([[math.nan]]),
        lambda: bootstrap(mean_score),
        lambda: bootstrap(mean_score, [[1.0]], level=1.0),
        lambda: bootstrap(mean_score, [[1.0]], resamples=0),
        lambda: bootstrap(mean_score, [[1.0]], [[1.0], [2.0]], paired=True),
        lambda: probability_of_improvement([[1.0]], [[1.0, 2.0]]),
        lambda: share([]),
        lambda: profiles.performance_ratios([[0.0]]),
        lambda: profiles.profile_integral([[1.0]], 1.0),
        lambda: profiles.score_profile([1.0], [0.5]),
    ],
)
def test_bad_input_is_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"must"):
        call()
