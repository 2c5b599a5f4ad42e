"""The measuring of a step: a row for every optimizer, by all that take it."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from gradient_ascent.speed import Timed
from tools import speed, step_budgets


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "QUICK_SHAPES", {"two": [(3,), (2, 2)], "one": [(5,)]})
    monkeypatch.setattr(speed, "QUICK", {"rounds": 1, "enough": 1.0})


def test_every_optimizer_has_its_rows(small: None) -> None:
    found = list(speed.rows("cpu", quick=True))
    for shapes in ("two", "one"):
        by = {
            rule: {row.by for row in found if (row.shapes, row.rule) == (shapes, rule)}
            for rule in speed.PEERS
        }
        ours = {"roofline", "written", "foreach", "reference"}
        assert all(ours <= each for each in by.values())
        assert {"torch loop", "torch foreach", "torch fused"} <= by["Adam"]
        assert "torch fused" not in by["RMSprop"]
        assert "pytorch_optimizer" in by["Lion"] and "pytorch_optimizer" in by["Signum"]
    assert all(0 < row.least <= row.median for row in found)
    alone = [row for row in found if row.shapes == "one" and row.by != "roofline"]
    assert all(row.extra is not None for row in alone)
    assert {row.extra for row in alone if row.by == "written"} == {0.0}


def test_no_turn_has_a_place_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def noted(name: str) -> Callable[[], None]:
        return lambda: calls.append(name)

    monkeypatch.setattr(speed, "QUICK_SHAPES", {"two": [(3,), (2, 2)]})
    monkeypatch.setattr(speed, "QUICK", {"rounds": 40})
    monkeypatch.setattr(speed, "PEERS", {"Adam": speed.PEERS["Adam"]})
    monkeypatch.setattr(speed, "added", lambda *_: noted("add"))
    monkeypatch.setattr(speed, "steps", lambda *_: {by: noted(by) for by in "abc"})
    assert len(list(speed.rows("cpu", quick=True))) == 4
    rounds = [calls[k : k + 4] for k in range(0, len(calls), 4)]
    assert all({*each} == {"add", *"abc"} for each in rounds)
    for by in "abc":  # each stands everywhere, and comes after each of the others
        assert {each.index(by) for each in rounds} == {0, 1, 2, 3}
        before = {one for one, other in pairwise(calls) if other == by}
        assert before >= {"add", *"abc"} - {by}


def test_the_table_has_a_line_for_each(small: None) -> None:
    rows = [Timed("two", "Adam", "written", 1, 3.0, 2.0)]
    head, _, line = speed.table(rows)
    assert head.count("|") == line.count("|")
    assert line.startswith("| two | Adam | – | 2.00 | –")


def test_the_stamp_says_where_and_by_what() -> None:
    stamp = speed.stamp("cpu")
    assert {"machine", "threads", "torch", "date", "command"} <= set(stamp)
    assert stamp["order"] == "drawn in each round"
    assert stamp["command"].startswith("python -m tools.speed")


def test_a_step_has_the_budgets_of_the_design(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {"25 M in one": [(50,)], "400 x 128": [(3,)] * 4}
    monkeypatch.setattr(step_budgets, "SHAPES", shapes)
    monkeypatch.setattr(step_budgets, "memory", lambda: {"Adam": 0.0, "Lion": 0.1})
    monkeypatch.setattr(step_budgets, "first_step", lambda name: 0.25)
    large, small, beside, first = step_budgets.step_rows(rounds=1)
    assert large[0].startswith("step, 25 M in one: ") and large[2:] == (1.05, "x")
    assert small[0].startswith("step, 400 x 128: ") and small[2:] == (0.5, "x")
    assert large[1] > 0 and small[1] > 0
    assert beside == ("step, memory beside: Lion", 0.1, 0.05, "x")
    assert first == ("step, the first, compiled: Adam", 0.25, 2, "s")


def test_our_kernel_takes_no_memory_beside() -> None:
    assert max(step_budgets.memory().values()) < 0.01
