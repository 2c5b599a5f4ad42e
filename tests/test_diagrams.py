"""Diagrams: what they draw is what the rules do."""

from __future__ import annotations

import json
from itertools import pairwise
from itertools import product as pairs
from typing import Any

import numpy as np
import pytest
import torch

from gradient_ascent import diagrams, rules, run
from gradient_ascent.constraints import Ball
from gradient_ascent.diagrams import (
    basins,
    conditioning,
    kinds,
    learning_rate,
    momentum,
    nesterov,
    translation,
)
from gradient_ascent.diagrams.basins import (
    NEAR,
    SIDE,
    STEPS,
    borders,
    held,
    hill,
    lost,
    middles,
    rows,
    slopes,
)
from gradient_ascent.diagrams.conditioning import best, largest
from gradient_ascent.diagrams.learning_rate import cobweb, factor
from gradient_ascent.diagrams.momentum import behaviour, path, radius, roots
from gradient_ascent.diagrams.nesterov import band
from gradient_ascent.diagrams.nesterov import behaviour as nesterov_behaviour
from gradient_ascent.diagrams.nesterov import path as nesterov_path
from gradient_ascent.diagrams.nesterov import radius as nesterov_radius
from gradient_ascent.diagrams.nesterov import roots as nesterov_roots
from gradient_ascent.diagrams.projection import nearest, rim
from gradient_ascent.landscapes import HILLS, parabola, peaks, ravine

FAR = np.random.default_rng(7)


def corners(diagram: kinds.Diagram) -> list[dict[str, float]]:
    """Each parameter at the ends of its slider and inside it, with all others."""
    places = []
    for each in diagram.parameters:
        assert each.control.range
        low, high = each.control.range
        places.append([low, 0.37 * low + 0.63 * high, high])
    names = [each.name for each in diagram.parameters]
    return [dict(zip(names, values)) for values in pairs(*places)]


@pytest.mark.parametrize("diagram", diagrams.DIAGRAMS.values(), ids=repr)
def test_a_diagram_draws_wherever_its_sliders_go(diagram: kinds.Diagram) -> None:
    """Every parameter has a slider; every panel is there; JSON holds all of it."""
    assert {each.name for each in diagram.parameters} == set(diagram.arguments)
    panels = diagram.panels()
    assert {name for row in diagram.layout for name in row.split()} == set(panels)
    for values in corners(diagram):
        drawing = diagram(**values)
        assert set(drawing.layers) == set(panels)
        assert drawing.said.endswith(".")
        json.dumps(kinds.as_json(drawing), allow_nan=False)


@pytest.mark.parametrize("diagram", diagrams.DIAGRAMS.values(), ids=repr)
def test_a_point_stands_where_the_parameters_are_that_it_sets(
    diagram: kinds.Diagram,
) -> None:
    for values in corners(diagram):
        layers = [each for some in diagram(**values).layers.values() for each in some]
        points = [each for each in layers if isinstance(each, kinds.Handle)]
        assert points
        for point in points:
            for place, name in zip(point.at, point.sets):
                assert name is None or place == values[name]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"diagram": "momentun", "values": {}}, "did you mean momentum"),
        (
            {"diagram": "momentum", "values": {"product": 4.1}},
            r"product must lie in \[0, 4\], got 4.1",
        ),
        (
            {"diagram": "basins", "values": {"x": "left"}},
            r"x must be a real number, got 'left'",
        ),
        ({"diagram": "basins", "values": {"z": 1}}, "takes no argument 'z'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(spec: dict[str, Any], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        diagrams.drawn(spec)


# ---- momentum and Nesterov's rule

ROLLING = {
    "momentum": (momentum, roots, radius, path, behaviour, lambda m: 2 + 2 * m),
    "nesterov": (
        nesterov, nesterov_roots, nesterov_radius, nesterov_path, nesterov_behaviour,
        lambda m: (2 + 2 * m) / (1 + 2 * m),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", ROLLING)
def test_the_roots_are_the_eigenvalues_of_the_step(rule: str) -> None:
    """The step's matrix is read off the rule, run on the unit vectors."""
    _, both, size, *_ = ROLLING[rule]
    for product, share in FAR.uniform((0, 0), (4, 0.99), (400, 2)):
        columns = []
        for velocity, theta in ((1.0, 0.0), (0.0, 1.0)):
            step, state = rules.RULES[rule](
                -theta, rules.MomentumState(velocity), lr=product, momentum=share
            )
            columns.append([state.momentum_buffer, theta + step])
        theirs = np.linalg.eigvals(np.array(columns, dtype=float).T)
        ours = [complex(*root) for root in both(product, share)]
        assert np.allclose(np.sort_complex(ours), np.sort_complex(theirs))
        assert np.isclose(size(product, share), max(abs(theirs)))


@pytest.mark.parametrize("rule", ROLLING)
def test_the_map_says_where_the_rule_converges(rule: str) -> None:
    """On a grid that stays a little off the border."""
    _, _, size, run_from_1, does, limit = ROLLING[rule]
    for share in (0.0, 0.3, 0.7, 0.95):
        for part in (0.02, 0.4, 0.97, 1.03, 1.3):
            product = part * limit(share)
            visited = run_from_1(product, share, 4000)
            end = max(map(abs, visited[-2:]))
            assert (end < 1e-3) == (size(product, share) < 1) == (part < 1)
            assert (does(product, share) == "diverges") == (part > 1)


@pytest.mark.parametrize("rule", ROLLING)
def test_the_path_is_the_rules_run(rule: str) -> None:
    """On p², of curvature 2, from the same start."""
    draws, _, _, run_from_1, *_ = ROLLING[rule]
    for product, share in ((0.4, 0.64), (0.04, 0.64), (1.42, 0.64), (1.0, 0.0)):
        trace = run(
            rule, parabola, 1.0, lr=product / 2, momentum=share,
            steps=50, tolerance=0.0,
        )  # fmt: skip
        ours = run_from_1(product, share, 50)
        theirs = np.ravel(trace.positions)  # fewer, once it has arrived
        assert np.allclose(ours[: len(theirs)], theirs, atol=1e-12)
        *_, curve = draws(product=product, momentum=share).layers["path"]
        assert isinstance(curve, kinds.Curve)
        assert [at[1] for at in curve.points if at] == ours


@pytest.mark.parametrize(
    ("rule", "product", "share", "what"),
    [
        ("momentum", 0.01, 0.64, "creeps"),
        ("momentum", 0.04, 0.64, "is critically damped"),
        ("momentum", 0.4, 0.64, "rings"),
        ("momentum", 3.26, 0.64, "flips"),
        ("momentum", 3.28, 0.64, "flips forever"),
        ("momentum", 3.3, 0.64, "diverges"),
        ("momentum", 0.5, 0.0, "creeps"),
        ("momentum", 1.0, 0.0, "arrives in one step"),
        ("momentum", 1.5, 0.0, "flips"),
        ("momentum", 0.0, 0.5, "stands still"),
        ("nesterov", 0.1, 0.5, "creeps"),
        ("nesterov", 1 / 9, 0.5, "is critically damped"),
        ("nesterov", 0.4, 0.5, "rings"),
        ("nesterov", 0.95, 0.5, "rings"),
        ("nesterov", 1.0, 0.5, "arrives in two steps"),
        ("nesterov", 1.2, 0.5, "flips"),
        ("nesterov", 1.5, 0.5, "flips forever"),
        ("nesterov", 1.6, 0.5, "diverges"),
        ("nesterov", 0.5, 0.0, "creeps"),
        ("nesterov", 1.0, 0.0, "arrives in one step"),
        ("nesterov", 0.0, 0.5, "stands still"),
    ],
)
def test_what_a_run_does_is_named(
    rule: str, product: float, share: float, what: str
) -> None:
    *_, run_from_1, does, _ = ROLLING[rule]
    assert does(product, share) == what
    visited = np.array(run_from_1(product, share, 30))
    changes = np.sum(visited[1:] * visited[:-1] < 0)
    if what == "rings":
        assert 2 < changes < 29
    elif what.startswith("arrives in two"):
        assert visited[1] and not visited[2:].any()
    else:
        assert changes == (30 if what.startswith(("flips", "diverges")) else 0)


def test_in_the_band_and_nowhere_else_nesterovs_factor_is_the_smaller() -> None:
    for share in (0.05, 0.3, 0.64, 0.9, 0.98):
        low, high = band(share)
        assert 0 < low < 1 < high < 4 / 3
        for product in (0.9 * low, 1.001 * low, 0.5, 0.999 * high, 1.001 * high, 3.0):
            smaller = nesterov_radius(product, share) < radius(product, share)
            assert smaller == (low < product < high)


def test_momentum_is_drawn_beside_nesterovs_rule() -> None:
    layers = nesterov(product=0.3, momentum=0.8).layers
    for panel, theirs in (
        ("roots", roots(0.3, 0.8)),
        ("path", list(enumerate(path(0.3, 0.8, 50)))),
    ):
        *_, other, _ = layers[panel]
        assert isinstance(other, kinds.Curve)
        assert other.points == theirs


# ---- the learning rate


def test_the_factor_is_the_rules() -> None:
    for lr in np.linspace(0, 1.25, 26):
        trace = run("plain", parabola, -3.0, lr=float(lr), steps=1)
        assert np.isclose(factor(float(lr)), trace.positions[-1][0] / -3)
        assert np.isclose(factor(float(lr)), 1 - 2 * lr)


def test_the_cobweb_goes_through_the_rules_points() -> None:
    for lr in (0.1, 0.5, 0.9, 1.0, 1.2):
        visited = [p for (p,) in run("plain", parabola, lr=lr, steps=12).positions]
        line, web, marks = learning_rate(lr=lr).layers["cobweb"]
        assert isinstance(line, kinds.Curve)
        assert isinstance(web, kinds.Curve)
        assert isinstance(marks, kinds.Curve)
        assert [*web.points][: len(cobweb(visited))] == cobweb(visited)
        assert [*marks.points][: len(visited) - 1] == [*pairwise(visited)]
        (p, q), (r, s) = (at for at in line.points if at)
        assert np.isclose((q - s) / (p - r), 1 - 2 * lr)


# ---- conditioning


def test_each_curvature_has_the_rules_factor() -> None:
    """On all of them the colored line is what a step leaves of the distance."""
    for kappa, lr in FAR.uniform((1, 1e-4), (100, 0.022), (60, 2)):
        drawing = conditioning(kappa=kappa, lr=lr)
        line = drawing.layers["curvatures"][1]
        assert isinstance(line, kinds.Curve)
        places, sizes = np.array([at for at in line.points if at]).T
        assert np.isclose(places[0], 100 / kappa)
        assert places[-1] == 100
        curvatures = np.linspace(100 / kappa, 100, 50)
        drawn = np.interp(curvatures, places, sizes)
        for curvature, size in zip(curvatures, drawn):
            step, _ = rules.plain(-curvature * 1.0, lr=lr)
            assert np.isclose(size, abs(1 + step), atol=1e-12)
        assert np.isclose(largest(lr, kappa), max(drawn))


def test_no_learning_rate_has_a_smaller_largest_factor_than_the_best() -> None:
    lrs = np.linspace(0, 0.022, 2201)
    for kappa in (1.0, 1.7, 9.0, 50.0, 100.0):
        sizes = [largest(float(lr), kappa) for lr in lrs]
        least = largest(best(kappa), kappa)
        assert np.isclose(least, (kappa - 1) / (kappa + 1), atol=1e-12)
        assert min(sizes) >= least - 1e-12
        assert abs(lrs[np.argmin(sizes)] - best(kappa)) < 1e-5
        curve = conditioning(kappa=kappa).layers["largest"][0]
        assert isinstance(curve, kinds.Curve)
        drawn = np.interp(lrs, *np.array([at for at in curve.points if at]).T)
        assert np.allclose(drawn, sizes)


def test_at_fifty_the_two_ends_are_the_axes_of_the_ravine() -> None:
    for lr in (0.003, 0.01, 0.0196, 0.021):
        trace = run("plain", ravine, (1, 1), lr=lr, steps=40, bound=1e9)
        for line, coordinate in zip(conditioning(lr=lr).layers["path"], (1, 0)):
            assert isinstance(line, kinds.Curve)
            ours = [at[1] for at in line.points if at]
            assert np.allclose(ours, [p[coordinate] for p in trace.positions])


# ---- basins


def test_the_slopes_are_the_landscapes() -> None:
    for x, y in FAR.uniform(-4, 4, (200, 2)):
        assert np.allclose(slopes(x, y), peaks.gradient((x, y)), atol=1e-12)


@pytest.mark.parametrize("lr", [0.1, 0.3, 0.9, 1.39, 1.5, 2.0, 2.5, 3.0])
def test_each_cell_is_what_a_run_says(lr: float) -> None:
    """Past 2 over the curvature a run may be chaotic: there some steps only."""
    cells, places = rows(lr), middles()
    assert len(cells) == len(cells[0]) == SIDE
    for i, j in FAR.integers(0, SIDE, (25, 2)):
        start = (places[i], places[j])
        trace = run("plain", peaks, start, lr=lr, steps=STEPS, tolerance=0.0)
        end = hill(*trace.positions[-1])
        assert cells[j][i] == (" " if end is None else str(end)), start


@pytest.mark.parametrize("lr", [0.1, 0.7, 1.39, 1.9, 2.0])
def test_no_step_leaves_the_discs(lr: float) -> None:
    """Which is why the map need not follow a run in one."""
    assert min(held(lr)) > 0.8
    angles = FAR.uniform(0, 2 * np.pi, 300)
    for rim_at, (_, middle, _) in zip(held(lr), HILLS, strict=True):
        out = rim_at * np.sqrt(FAR.uniform(0, 1, 300))
        for x, y in middle + np.stack([out * np.cos(angles), out * np.sin(angles)], 1):
            across, upward = slopes(x, y)
            after = (x + lr * across - middle[0], y + lr * upward - middle[1])
            assert np.hypot(*after) < rim_at


@pytest.mark.parametrize("lr", [2.8, 4.0])
def test_where_steps_leave_there_is_no_disc(lr: float) -> None:
    assert held(lr)[0] == 0


@pytest.mark.parametrize("lr", [0.1, 1.0, 4.0])
def test_from_far_away_no_run_comes_to_a_hill(lr: float) -> None:
    starts = [at for at in FAR.uniform(-7, 7, (80, 2)) if not near(at, lost(lr))]
    assert len(starts) > 10
    for start in starts:
        trace = run("plain", peaks, start, lr=lr, steps=STEPS, tolerance=0.0)
        assert not any(near(at, NEAR) for at in trace.positions)


def near(at: Any, radius: float) -> bool:
    return hill(*at, near=[radius] * len(HILLS)) is not None


def test_borders_part_what_differs() -> None:
    size = 8 / SIDE
    assert [*borders(["01"])] == [(-4 + size, -4), (-4 + size, -4 + size), None]
    assert [*borders(["0", "1"])] == [(-4, -4 + size), (-4 + size, -4 + size), None]
    assert not [*borders(["00", "00"])]


def test_the_answer_is_where_the_run_ends() -> None:
    for (x, y), end in (((-0.3, 1.1), 1), ((1, 1), 0), ((-2, -2), 2), ((1, -2), 3)):
        drawing = basins(x=x, y=y)
        assert drawing.answer == end
    assert basins(lr=0.1, x=-4, y=4).answer is None


# The nearest point of a set.


def test_nearest_points_are_those_of_the_constraints() -> None:
    for x in FAR.uniform(-2, 2, (200, 2)):
        for q, norm in ((1, "l1"), (2, "l2")):
            expected = Ball(1, 0, norm).project(torch.tensor(x))
            assert nearest(*x, q) == pytest.approx(expected.tolist(), abs=1e-12)


@pytest.mark.parametrize("q", [3, 4, 7, 12])
def test_no_point_of_the_rim_is_nearer(q: int) -> None:
    """And the way to the point leaves the rim at a right angle."""
    around = np.array(rim(q))
    assert (np.abs(around) ** q).sum(1) == pytest.approx(1, abs=1e-12)
    for x in FAR.uniform(-2, 2, (200, 2)):
        p = np.array(nearest(*x, q))
        if (np.abs(x) ** q).sum() <= 1:
            assert p.tolist() == x.tolist()
            continue
        assert (np.abs(p) ** q).sum() == pytest.approx(1, abs=1e-12)
        slope = np.sign(p) * np.abs(p) ** (q - 1)
        left = x - p
        assert left @ slope == pytest.approx(
            np.hypot(*left) * np.hypot(*slope), rel=1e-9
        )
        assert np.hypot(*(around - x).T).min() >= np.hypot(*left) - 1e-12


# Two libraries, and numbers that are copied or translated.


@pytest.mark.parametrize("method", range(1, 6))
def test_what_is_drawn_of_two_libraries_is_their_steps(method: int) -> None:
    """The dots are there where there is a translation, and lie on the line."""
    found = 0
    for source, target in pairs((1, 2, 3), repeat=2):
        for after in (0.1, 1.0):
            drawing = translation(
                method=method, source=source, target=target, after=after
            )
            line, copied, *dots = drawing.layers["path"]
            assert isinstance(line, kinds.Curve)
            assert isinstance(copied, kinds.Curve)
            assert ("No translation" in drawing.said) == (not dots)
            ours = np.array([at for at in line.points if at])
            if source == target:
                assert copied.points == line.points
            for each in dots:
                assert isinstance(each, kinds.Curve)
                found += 1
                assert np.allclose([at for at in each.points if at], ours, atol=1e-12)
    assert found >= 10
    assert translation(method=2.4).said.startswith("AdaGrad from PyTorch to Keras")


@pytest.mark.parametrize("after", [0.2, 1.0])
def test_torchs_own_momentum_is_the_line_from_pytorch(after: float) -> None:
    parameter = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    made = torch.optim.SGD([parameter], lr=0.05, momentum=0.9)
    visited = [1.0]
    for t in range(1, 41):
        made.param_groups[0]["lr"] = 0.05 * (1 if t <= 8 else after)
        made.zero_grad()
        (parameter**2).backward()
        made.step()
        visited.append(parameter.item())
    line = translation(after=after).layers["path"][0]
    assert isinstance(line, kinds.Curve)
    assert [at[1] for at in line.points if at] == pytest.approx(visited, abs=1e-12)
