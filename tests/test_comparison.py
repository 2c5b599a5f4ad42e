"""Fair races, exact intervals and tests: against SciPy, by enumeration, by hand."""

import math
import random
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from gradient_ascent.comparison import (
    clopper_pearson,
    draw_starts,
    race,
    sign_test,
    sweep,
)


def binomial(n: int, p: float) -> list[float]:
    """The probability of each number of successes."""
    return [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


# -- an interval for a share ---------------------------------------------------


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize(
    ("k", "n"), [(0, 1), (1, 1), (3, 30), (1, 200), (199, 200), (100, 200), (7, 2000)]
)
def test_it_is_the_interval_of_scipy(k: int, n: int, level: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    exact = stats.binomtest(k, n).proportion_ci(level, method="exact")
    assert clopper_pearson(k, n, level) == pytest.approx((exact.low, exact.high))


def wilson(k: int, n: int) -> tuple[float, float]:
    """What covers too little for some p."""
    z = 1.959964
    middle, half = k + z**2 / 2, z * math.sqrt(k * (n - k) / n + z**2 / 4)
    return (middle - half) / (n + z**2), (middle + half) / (n + z**2)


def coverage(interval: Callable[..., tuple[float, float]], n: int, p: float) -> float:
    """How often an interval from n trials holds p, summed over all outcomes."""
    ends = [interval(k, n) for k in range(n + 1)]
    return sum(
        chance for chance, (low, high) in zip(binomial(n, p), ends) if low <= p <= high
    )


def test_it_covers_every_share_as_often_as_it_says() -> None:
    for n, step in ((5, 0.013), (60, 0.021)):
        for i in range(1, int(1 / step)):
            assert coverage(clopper_pearson, n, i * step) >= 0.95
    assert coverage(clopper_pearson, 200, 0.00088) > 0.95
    assert coverage(wilson, 200, 0.00088) == pytest.approx(0.839, abs=0.001)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((3, 2), ValueError, r"successes must be at most trials \(2\), got 3"),
        ((0, 0), ValueError, "trials must be 1 or more, got 0"),
        ((-1, 2), ValueError, "successes must be 0 or more, got -1"),
        ((0.5, 2), TypeError, "successes must be an int, got 0.5"),
        ((1, 2, 95), ValueError, r"level must lie in \(0, 1\), got 95"),
    ],
)
def test_what_is_no_count(arguments: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        clopper_pearson(*arguments)


# -- a test of pairs -----------------------------------------------------------


def test_successes_by_hand() -> None:
    """Seven gained and none lost: two of 2^7 rows of coins are as extreme."""
    first, second = [True] * 12 + [False] * 8, [True] * 5 + [False] * 15
    paired = sign_test(first, second)
    assert (paired.wins, paired.losses, paired.ties) == (7, 0, 13)
    assert paired.p == 2 / 2**7
    turned = sign_test(second, first)
    assert (turned.wins, turned.losses, turned.p) == (0, 7, paired.p)
    assert sign_test(first, first).p == 1


@pytest.mark.parametrize("ties", [0, 40])
@pytest.mark.parametrize(("wins", "losses"), [(18, 2), (3, 3), (0, 1), (40, 61)])
def test_it_is_the_binomial_test_of_scipy(wins: int, losses: int, ties: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    moves = [1] * wins + [-1] * losses + [0] * ties
    found = sign_test(moves, [0] * len(moves))
    assert found.p == pytest.approx(stats.binomtest(wins, wins + losses).pvalue)


@pytest.mark.parametrize("n", [5, 6, 30, 201])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_its_interval_is_that_of_scipys_quantile_test(n: int, level: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    draw = random.Random(n)
    moves = [draw.gauss(0.2, 1) for _ in range(n)]
    found = sign_test(moves, [0] * n, level)
    ci = stats.quantile_test(moves).confidence_interval(level)
    if n == 5 and level == 0.95:
        assert (found.low, found.high) == (-math.inf, math.inf)
    else:
        assert (found.low, found.high) == (ci.low, ci.high)
    assert found.low <= found.median <= found.high
    assert found.median == pytest.approx(stats.scoreatpercentile(moves, 50))


def test_its_interval_covers_the_median_as_often_as_it_says() -> None:
    """Of all 2^n signs, equally likely where the median is zero."""
    for n in (7, 10, 12):
        signs = list(product((-1, 1), repeat=n))
        sizes = [1.0 + i for i in range(n)]
        covered = 0
        for each in signs:
            moves = [a * b for a, b in zip(each, sizes)]
            found = sign_test(moves, [0] * n)
            covered += found.low <= 0 <= found.high
        assert 0.95 <= covered / len(signs) < 1


def test_runs_that_failed_tie_or_lose() -> None:
    bad = -math.inf
    found = sign_test([1.0, bad, bad], [bad, bad, 2.0])
    assert (found.wins, found.losses, found.ties, found.median) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ([], [], "a score for each start, got 0 and 0"),
        ([1], [1, 2], "a score for each start, got 1 and 2"),
        ([1, math.nan], [1, 2], "a score is nan; score a run that failed -inf"),
    ],
)
def test_what_is_no_pair(first: Any, second: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        sign_test(first, second)


# -- a race --------------------------------------------------------------------


def starts_of(seed: int, count: int = 40) -> list[tuple[float, ...]]:
    return draw_starts([(-1, 1), (5, 6)], count, seed=seed)


def test_starts_fill_their_box() -> None:
    drawn = starts_of(0, 4000)
    assert len(set(drawn)) == 4000 and drawn == starts_of(0, 4000)
    assert not set(drawn) & set(starts_of(1, 4000))
    for low, high, column in zip((-1, 5), (1, 6), zip(*drawn)):
        assert low <= min(column) and max(column) < high
        mean, sd = (low + high) / 2, (high - low) / math.sqrt(12)
        assert abs(sum(column) / 4000 - mean) < 4 * sd / math.sqrt(4000)
    assert starts_of(0, 5) == drawn[:5], "the same, as far as they go"


def step(starts: Any, lr: float) -> list[tuple[float, float]]:
    """Best and end score of a run that is best after a step of 0.5, ends at 0.2."""
    return [(x - abs(lr - 0.5), x - abs(lr - 0.2)) for x, _ in starts]


SETTINGS = [{"lr": lr} for lr in (0.1, 0.2, 0.5, 0.9)]


def test_each_method_runs_with_what_was_best_on_the_tuning_starts() -> None:
    tuning, starts = starts_of(0, 10), starts_of(1)
    found = race({"a": (step, SETTINGS)}, tuning=tuning, starts=starts)
    best, end = found.best["a"], found.end["a"]
    assert best.settings == {"lr": 0.5} and end.settings == {"lr": 0.2}
    assert best.scores == end.scores == tuple(x for x, _ in starts)
    assert best.mean == pytest.approx(sum(x for x, _ in starts) / 40)
    middle = sum(x for x, _ in tuning) / 10
    assert best.tuning == pytest.approx([middle - s for s in (0.4, 0.3, 0, 0.4)])
    assert end.tuning == pytest.approx([middle - s for s in (0.1, 0, 0.3, 0.7)])


def test_the_starts_that_count_are_seen_once_and_do_not_choose() -> None:
    seen: list[tuple[float, int]] = []

    def method(starts: Any, lr: float) -> list[tuple[bool, bool]]:
        seen.append((lr, len(starts)))
        good = lr == (0.1 if len(starts) == 10 else 0.9)  # other starts, other best
        return [(good, good)] * len(starts)

    found = race(
        {"a": (method, SETTINGS)}, tuning=starts_of(0, 10), starts=starts_of(1)
    )
    assert seen == [(lr, 10) for lr in (0.1, 0.2, 0.5, 0.9)] + [(0.1, 40)]
    assert found.best["a"].mean == 0, "what did best in tuning, not in the race"


RACE: dict[str, Any] = {
    "methods": {"a": (step, SETTINGS)},
    "tuning": starts_of(0, 10),
    "starts": starts_of(1),
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"starts": starts_of(1, 29)}, "starts must hold 30 or more, got 29"),
        ({"tuning": []}, "tuning must hold a start or more, got none"),
        ({"tuning": starts_of(1, 1)}, r"must all differ, got \(-0.7.*\) twice"),
        ({"starts": range(30), "tuning": [29]}, "must all differ, got 29 twice"),
        (
            {"methods": {"a": (step, SETTINGS), "b": (step, SETTINGS[1:])}},
            "same number of settings to try, one or more; got a 4, b 3",
        ),
        ({"methods": {"a": (step, [])}}, "one or more; got a 0"),
        ({"methods": {}}, "one or more; got no method"),
        (
            {"methods": {"a": (lambda starts: step(starts, 1)[1:], [{}])}},
            "a must give a pair of scores for each of the 10 starts, got 9",
        ),
        (
            {"methods": {"a": (step, [{"lr": math.nan}])}},
            r"a scored nan with \{'lr': nan\}; score a run that failed -inf",
        ),
    ],
)
def test_what_is_no_fair_race(change: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        race(**{**RACE, **change})


# -- a sweep -------------------------------------------------------------------


def test_every_combination_is_asked() -> None:
    asked: set[tuple[int, str]] = set()

    def claim(x: int, y: str) -> bool:
        asked.add((x, y))
        return True

    assert sweep(claim, x=range(3), y=(c for c in "ab")) == 6
    assert asked == set(product(range(3), "ab"))


def test_the_first_failure_is_named() -> None:
    with pytest.raises(AssertionError, match=r"case 4: x=2, lr=0.5 \(it returned Fal"):
        sweep(lambda x, lr: x * lr < 1, x=(1, 2), lr=(0.1, 0.5))


def test_what_a_claim_raises_comes_with_its_case() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        sweep(lambda x: 1 / x > 0, x=(1, 0))
    assert raised.value.__notes__ == ["in case 2 of the sweep: x=0"]


@pytest.mark.parametrize("axes", [{}, {"x": []}, {"x": [1], "y": ()}])
def test_a_sweep_over_nothing_shows_nothing(axes: Any) -> None:
    with pytest.raises(ValueError, match="each axis must have values, got none"):
        sweep(lambda **_: True, **axes)
