"""What may be the best, where rankings turn, and the tables that tell."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from gradient_ascent.benchmarks import logs, rankings, tables
from gradient_ascent.benchmarks.best import may_be_best, may_be_best_overall
from gradient_ascent.benchmarks.profiles import profile_integral
from gradient_ascent.benchmarks.table import Table, brief

from .synthetic import POINTS, race, run

RUNS = race()


def test_the_best_of_equals_is_seldom_left_out() -> None:
    """The set is promised to hold it in 95 % of all races, whatever the scores."""
    random = np.random.default_rng(0)
    missed, races = 0, 400
    for _ in range(races):
        common = random.uniform(size=12)  # a seed may be a hard one for all
        scores = {str(k): common + random.normal(size=12) ** 3 for k in range(5)}
        missed += "0" not in may_be_best(scores)
    # a count of Binomial(400, 0.05) is above 34 once in a thousand times
    assert missed <= 34


def test_it_takes_every_one_of_ten_seeds_to_beat_eleven_others() -> None:
    lower = np.arange(10.0)
    others = {f"{k}": lower - 1 for k in range(10)}
    assert may_be_best({"a": lower + 1, "b": lower, **others}) == {"a"}
    once = lower + 1
    once[3] = lower[3] - 0.5
    assert may_be_best({"a": once, "b": lower, **others}) == {"a", "b"}
    assert may_be_best({"a": lower[:3] + 1, "b": lower[:3]}) == {"a", "b"}
    assert may_be_best({"a": [1.0]}) == {"a"}


def test_overall_what_is_far_off_is_out_and_what_is_close_is_in() -> None:
    scores = logs.arrays(RUNS, logs.score)
    assert may_be_best_overall(scores) == {"tortoise", "twin"}
    same = {"a": scores["twin"], "b": scores["twin"]}
    assert may_be_best_overall(same) == {"a", "b"}


def test_a_ranking_turns_where_it_does() -> None:
    """The hare's gap meets its plateau at n = 6; the tortoise's is there at n = 80."""
    found = rankings.flips(RUNS)
    assert {(each.ahead, each.behind) for each in found} == {
        ("hare", "tortoise"),
        ("hare", "twin"),
    }
    assert all(each.early <= 0.05 and each.late >= 0.1 for each in found)


def test_a_run_that_ended_earlier() -> None:
    made = run("a", "bowl", 0, exponent=1.0)
    assert [logs.gap_at(made, n) for n in (0, 1, 99, 100)] == [1.0, 1.0, 0.02, 0.01]
    assert logs.score_at(made, 0.1) == pytest.approx(2 / 3)
    assert logs.score_at(made, 1) == made.score == 1.0
    soon = replace(made, gradients=7, gap=1e-9, curve=made.curve[:3])
    assert [logs.gap_at(soon, n) for n in (6, 7, 99)] == [0.2, 1e-9, 1e-9]
    failed = run("a", "bowl", 0, exponent=1.0, fails=True)
    assert logs.gap_at(failed, 49) == 0.05 and logs.gap_at(failed, 50) == math.inf
    assert logs.score_at(failed, 0.02) > 0 == logs.score_at(failed, 0.1)


def test_arrays_have_only_what_all_have() -> None:
    some = [r for r in RUNS if (r.optimizer, r.problem) != ("twin", "hill")]
    some = [r for r in some if (r.optimizer, r.seed) != ("hare", 9)]
    found = logs.arrays(some, logs.score)
    assert list(found) == ["hare", "tortoise"]
    assert all(each.shape == (9, 2) for each in found.values())
    with pytest.raises(ValueError, match="runs must hold one of role 'report'"):
        logs.arrays([], logs.score)


def test_the_median_is_one_of_the_values_where_some_are_infinite() -> None:
    assert logs.middle([[1.0], [2.0], [math.inf], [math.inf]], axis=0) == math.inf
    assert logs.middle([1.0, 2.0, math.inf], axis=0) == 2.0


def test_the_tables_tell_what_the_runs_say() -> None:
    told = {row[0]: row[1:] for row in tables.overall(RUNS).rows}
    assert list(told) == ["tortoise", "twin", "hare"]  # the best score first
    assert [told[name][-1] for name in told] == ["yes", "yes", "no"]
    assert told["hare"][-2] == "5 %"
    score = np.mean([r.score for r in RUNS if r.optimizer == "twin"])
    assert abs(float(told["twin"][0].split()[0]) - score) < 0.03
    one = {row[0]: row[1:] for row in tables.one_problem(RUNS, "hill").rows}
    assert one["hare"][-2] == "1/10" and one["hare"][2:4] == ("∞", "0/10")
    every = tables.all_problems(RUNS)
    assert len(every.rows) == 6 and {row[1] for row in every.rows} == {"bowl", "hill"}
    places = {row[0]: row[1:] for row in tables.rankings(RUNS).rows}
    assert places["hare"][0] == "1*" and places["hare"][-1] == "3"


def test_a_run_that_reached_the_target_is_told_by_its_evaluations() -> None:
    fast = [replace(r, reached=r.seed + 2) for r in RUNS if r.optimizer == "twin"]
    rows = tables.one_problem(fast, "bowl").rows
    assert rows[0][3:5] == ("7.00", "10/10")
    costs = logs.arrays(fast, logs.cost)
    found = tables.integral_of_each(costs)["twin"]
    assert found == (1, 1, 1) == tuple(profile_integral([[7.0]]).repeat(3))


def test_untuned_runs_may_be_missing() -> None:
    without = [r for r in RUNS if r.role == "report"]
    assert {row[2] for row in tables.overall(without).rows} == {"–"}


def test_a_table_is_text_and_html() -> None:
    made = Table(("name", "value"), (("a-b", "1.0e-5"), ("c", "-2 <")), "A note.")
    assert str(made).splitlines() == [
        "name   value",
        "------------",
        "a-b   1.0e-5",
        "c       -2 <",
        "A note.",
    ]
    shown = made._repr_html_()
    assert '<th scope="row" class="words">a-b</th><td>1.0e−5</td>' in shown
    assert "<td>−2 &lt;</td>" in shown and shown.count('scope="col"') == 2
    words = Table(("name", "told"), (("a", "in (1 or 2) words"),))._repr_html_()
    assert '<td class="words">in (1\u00a0or\u00a02) words</td>' in words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0996, "0.10"),
        (99999.0, "1.0e5"),
        (1234.0, "1200"),
        (-1e-9, "-1.0e-9"),
        (math.nan, "–"),
    ],
)
def test_numbers_are_brief(number: float, text: str) -> None:
    assert brief(number) == text


def test_checkpoints_are_those_of_the_runs() -> None:
    assert [n for n, _ in RUNS[0].curve] == list(POINTS)
