"""The diagrams of each coordinate's own learning rate: they are the rules' runs."""

from __future__ import annotations

import sys
from itertools import pairwise
from math import isclose, log10, sqrt
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from gradient_ascent import diagrams, rules, run
from gradient_ascent.diagrams import adagrad, rmsprop
from gradient_ascent.diagrams.kinds import Axis, Curve, Handle
from gradient_ascent.diagrams.own_rates import (
    COINS,
    CURVATURES,
    LATE,
    LEAST,
    MARKED,
    MOST,
    START,
    STEPS,
    left,
    ten,
    walks,
)
from gradient_ascent.landscapes import bowl
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import diagram_picture

SETTINGS: list[tuple[Any, dict[str, float]]] = [
    (rules.adagrad, {"lr": 0.4}),
    (rules.adagrad, {"lr": 2.0}),
    (rules.adagrad, {"lr": 3.7}),
    (rules.rmsprop, {"lr": 0.4, "alpha": 0.9}),
    (rules.rmsprop, {"lr": 0.05, "alpha": 0.99}),
    (rules.rmsprop, {"lr": 1.0, "alpha": 0.0}),
]


def divisor(rule: Any, state: Any) -> float:
    """What a rule divides a gradient by, by its formula."""
    total = state.sum if rule is rules.adagrad else state.square_avg
    return sqrt(total) + rule.arguments["eps"].default


def test_the_bowl_is_the_notebooks() -> None:
    assert bowl.start == START
    assert bowl.gradient((1.0, 1.0)) == pytest.approx(CURVATURES)


@pytest.mark.parametrize(("rule", "settings"), SETTINGS)
def test_without_noise_it_is_a_run_on_the_bowl(
    rule: Any, settings: dict[str, float]
) -> None:
    """For as long as rounding does not decide: RMSProp's runs end in chaos."""
    trace = run(rule, "bowl", steps=25, tolerance=0.0, **settings)
    found = walks(rule, 0.0, **settings)
    for which, walk in enumerate(found):
        assert len(walk.places) == len(walk.rates) + 1 == STEPS + 1
        visited = [place[which] for place in trace.positions]
        assert np.allclose(walk.places[:26], visited, rtol=1e-6, atol=1e-12)
        for rate, states, place in zip(walk.rates, trace.states, visited):
            if rate is not None and abs(place) > 1e-6:
                by_formula = settings["lr"] / divisor(rule, states[which])
                assert isclose(rate, by_formula, rel_tol=1e-6)


@pytest.mark.parametrize(("rule", "settings"), SETTINGS)
def test_noise_comes_with_a_coin(rule: Any, settings: dict[str, float]) -> None:
    for walk, curvature, coins in zip(walks(rule, 1.5, **settings), CURVATURES, COINS):
        assert set(coins) == {-1.0, 1.0}
        assert abs(sum(coins)) < 4 * STEPS**0.5
        state = rule.start
        for (place, after), rate, coin in zip(pairwise(walk.places), walk.rates, coins):
            gradient = 1.5 * coin - curvature * place
            move, state = rule(gradient, state, **settings)
            assert after == place + move
            assert isclose(rate or 0.0, settings["lr"] / divisor(rule, state))


def test_adagrads_learning_rates_only_fall_and_rmsprops_rise_to_the_wall() -> None:
    for noise in (0.0, 0.7, 4.0):
        for walk in walks(rules.adagrad, noise, lr=1.5):
            rates = [rate for rate in walk.rates if rate is not None]
            assert all(b <= a * (1 + 1e-12) for a, b in pairwise(rates))
    for walk, curvature in zip(
        walks(rules.rmsprop, 0.0, lr=0.4, alpha=0.9), CURVATURES
    ):
        assert isclose(walk.rates[-1] or 0.0, 2 / curvature, rel_tol=0.01)


@pytest.mark.parametrize("drawn", [adagrad, rmsprop])
def test_the_curves_are_the_walk_and_its_end(drawn: diagrams.Diagram) -> None:
    rule = rules.RULES[drawn.name]
    for lr in (0.15, 0.4, 0.9):
        for noise in (0.0, 1.0):
            found = walks(
                rule, noise, lr=lr, **({} if drawn is adagrad else {"alpha": 0.9})
            )
            layers = drawn(lr=lr, noise=noise).layers
            for which, walk in enumerate(found):
                for panel, sizes in (
                    ("rates", walk.rates), ("distance", walk.places[1:]),
                ):  # fmt: skip
                    line, marks = layers[panel][2 * which : 2 * which + 2]
                    assert isinstance(line, Curve)
                    assert isinstance(marks, Curve)
                    assert [line.points[t - 1] for t in MARKED] == marks.points
                    for t, (at, size) in enumerate(zip(line.points, sizes), start=1):
                        if at and size and LEAST < log10(abs(size)) < MOST:
                            expected = (log10(t), log10(abs(size)))
                            assert at == pytest.approx(expected, abs=1e-6)
            curve, handle = layers["left"]
            assert isinstance(curve, Curve)
            assert isinstance(handle, Handle)
            late = np.array([walk.places[-LATE:] for walk in found])
            end = np.sqrt((late**2).sum(axis=0).mean())
            assert left(found) == pytest.approx(end)
            assert handle.at == (
                lr,
                pytest.approx(np.clip(log10(end), LEAST, MOST), abs=1e-6),
            )
            assert handle.at in curve.points


def test_a_power_of_ten_keeps_to_the_axis() -> None:
    assert [ten(x, -2, 1) for x in (0.0, 1e-9, 0.01, -0.1, 1.0, 5e7)] == [
        -2, -2, -2, -1, 0, 1,
    ]  # fmt: skip


def test_an_axis_of_powers_has_a_tick_at_each() -> None:
    _, ax = plt.subplots()
    diagram_picture._axes(ax, Axis("step", 0, 2.3, powers=True), Axis("y", 0, 1))
    assert ax.get_xticks().tolist() == [0, 1, 2]
    assert [each.get_text() for each in ax.get_xticklabels()] == [
        "$10^{0}$", "$10^{1}$", "$10^{2}$",
    ]  # fmt: skip
    plt.close()
