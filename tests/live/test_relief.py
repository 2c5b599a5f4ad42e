"""Surfaces as the build makes them: the runs asked for, the numbers, the picture."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

from gradient_ascent import Trace, run
from gradient_ascent.landscapes import LANDSCAPES
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import surface
from bookweb.relief import GRID, draw, relief

SADDLE = LANDSCAPES["saddle"]


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return surface.runs("saddle", "plain(lr=0.05, steps=100), adam(lr=0.05, steps=50)")


def test_runs_are_written_as_calls(traces: list[Trace]) -> None:
    assert traces[0].positions == run("plain", "saddle", lr=0.05, steps=100).positions
    assert [trace.rule for trace in traces] == ["plain", "adam"]
    assert surface.runs("saddle", "") == []


def test_a_rule_that_runs_twice_is_told_apart_by_its_arguments() -> None:
    twice = surface.runs("saddle", "plain(lr=0.1, steps=5), plain(lr=0.2, steps=5)")
    assert [trace.rule for trace in twice] == ["lr=0.1", "lr=0.2"]


@pytest.mark.parametrize(
    ("calls", "complaint"),
    [
        ("plain", "calls such as plain"),
        ("plain(0.1)", "calls such as plain"),
        ("a.plain(lr=0.1)", "calls such as plain"),
        ("plain(lr=open('x'))", "malformed"),
        ("plane(lr=0.1)", "rule must be one of"),
    ],
)
def test_anything_else_is_refused(calls: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        surface.runs("saddle", calls)


def test_the_surface_is_the_landscape(traces: list[Trace]) -> None:
    shape = relief(SADDLE, traces)
    assert len(shape.heights) == len(shape.x) == len(shape.y) == GRID
    assert shape.heights[3][7] == SADDLE(shape.x[7], shape.y[3])
    logarithmic = relief(LANDSCAPES["rosenbrock"], [], log=True)
    assert logarithmic.heights[0][0] == pytest.approx(math.log10(1 + 2509))
    assert logarithmic.axes[2] == "log10(1 + f)"


def test_paths_lie_on_the_surface_and_end_where_they_leave_it(
    traces: list[Trace],
) -> None:
    for path, trace in zip(relief(SADDLE, traces).paths, traces):
        assert all(z == SADDLE(x, y) for x, y, z in path.line)
        assert [point[:2] for point in path.steps] == trace.positions[: len(path.steps)]
        assert set(path.steps) <= {*path.line, path.steps[0]}
        outside = trace.positions[len(path.steps)]
        assert max(map(abs, outside)) > 2 >= max(map(abs, path.line[-1][:2]))


def test_only_a_plane_has_a_surface() -> None:
    with pytest.raises(ValueError, match="2-D landscape, got parabola"):
        relief(LANDSCAPES["parabola"], [])


def test_picture_and_numbers_are_the_same_each_time(
    tmp_path: Path, traces: list[Trace]
) -> None:
    shape, again = relief(SADDLE, traces), relief(SADDLE, traces)
    for name, drawn in (("1.svg", shape), ("2.svg", again)):
        draw(drawn, tmp_path / name, elevation=30, azimuth=-50)
    assert (tmp_path / "1.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()
    assert shape.json(30, -50) == again.json(30, -50)
    numbers = json.loads(shape.json(30, -50))
    assert numbers["view"] == {"elevation": 30, "azimuth": -50}
    assert numbers["paths"][0]["steps"][0] == [
        -1.5,
        0.001,
        pytest.approx(2.25, abs=1e-4),
    ]
