"""The measuring of a step: the right shapes, and a row for every optimizer."""

from math import prod

import pytest

from tools import speed


def test_the_shapes_have_the_published_sizes() -> None:
    assert sum(map(prod, speed.resnet50())) == 25_557_032
    assert sum(map(prod, speed.gpt2())) == 124_439_808


def test_what_a_step_must_move() -> None:
    moved = {name: pair.moved() for name, pair in speed.PAIRS.items()}
    assert moved["Adam"] == 7  # parameter and two averages in and out, gradient in
    assert moved["Momentum"] == moved["Lion"] == 5
    assert (moved["AMSGrad"], moved["GradientAscent"]) == (9, 8)


def test_every_optimizer_has_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "WORKLOADS", {"two": [(3,), (2, 2)]})
    monkeypatch.setattr(speed, "ROUNDS", 1)
    head, _, *rows = speed.rows("cpu")
    assert [row[:2] for row in rows] == [("two", name) for name in speed.PAIRS]
    for row in rows:
        assert len(row) == len(head)
        assert all(float(number) > 0 for number in row[2:] if number != "-")
