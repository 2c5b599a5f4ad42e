"""The expected best of k trials: by all choices, and by chance."""

from __future__ import annotations

import math
import random
from itertools import combinations
from statistics import fmean

import pytest

from gradient_ascent.comparison import expected_best


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_mean_over_all_choices(seed: int) -> None:
    drawn = random.Random(seed)
    scores = [drawn.choice([drawn.gauss(0, 1), 0.5]) for _ in range(9)]  # with ties
    for k in range(1, 10):
        tops = [max(choice) for choice in combinations(scores, k)]
        assert expected_best(scores, k) == pytest.approx(fmean(tops), abs=1e-14)


def test_its_ends() -> None:
    scores = [4.0, -1.0, 7.5, 2.0]
    assert expected_best(scores, 1) == fmean(scores)
    assert expected_best(scores, 4) == 7.5


def test_of_even_draws_it_is_k_over_k_plus_1() -> None:
    """In the mean over logs: the best of k draws from (0, 1) is k / (k + 1)."""
    drawn = random.Random(3)
    for k in (1, 3, 10):
        found = [expected_best([drawn.random() for _ in range(40)], k)
                 for _ in range(400)]  # fmt: skip
        assert fmean(found) == pytest.approx(k / (k + 1), abs=0.01)


def test_many_scores_keep_their_digits() -> None:
    scores = list(range(1, 3001))
    assert expected_best(scores, 1500) == pytest.approx(3001 * 1500 / 1501, rel=1e-12)


def test_a_failure_without_bottom_counts_where_it_is_the_best() -> None:
    scores = [-math.inf, 1.0, 2.0]
    assert expected_best(scores, 1) == -math.inf
    assert expected_best(scores, 2) == pytest.approx((1 + 2 + 2) / 3)


@pytest.mark.parametrize(
    ("scores", "k", "error", "said"),
    [
        ([1.0], 2, ValueError, "k must be at most the number of scores, 1, got 2"),
        ([], 1, ValueError, "number of scores, 0, got 1"),
        ([1.0], 0, ValueError, "k must be 1 or more, got 0"),
        ([1.0], 1.0, TypeError, "k must be an int, got 1.0"),
        ([1.0, math.nan], 1, ValueError, "a score is nan"),
    ],
)
def test_what_has_no_expected_best_is_refused(
    scores: list[float], k: int, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        expected_best(scores, k)
