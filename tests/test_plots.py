"""Pictures: the same bytes every time, the lines that belong there, and labels."""

import io
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.contour import ContourSet

from gradient_ascent import plots
from gradient_ascent.landscapes import Landscape
from gradient_ascent.trace import Trace, run


@pytest.fixture(autouse=True)
def house_style() -> Iterator[None]:
    with mpl.rc_context(), plt.style.context("default"):
        plt.switch_backend("svg")
        plots.use_style()
        yield
        plt.close("all")


@pytest.fixture(scope="module")
def plane() -> dict[str, Trace]:
    return {
        "descent": run("plain", "bowl", steps=20, lr=0.4),
        "Adam": run("adam", "bowl", steps=20, lr=0.4),
    }


@pytest.fixture(scope="module")
def line() -> Trace:
    return run("plain", "parabola", steps=10, lr=0.1)


def svg(axes: Any) -> bytes:
    buffer = io.BytesIO()
    axes.figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def labels(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_two_renders_of_one_picture_are_the_same_bytes(
    plane: dict[str, Trace], line: Trace
) -> None:
    for draw, traces in [
        (plots.contours, plane), (plots.profile, line), (plots.history, plane)
    ]:  # fmt: skip
        first, second = svg(draw(traces)), svg(draw(traces))
        assert first == second
        assert b"<svg" in first


def test_level_lines_leave_out_points_that_no_screen_shows() -> None:
    def points(axes: Any, kept: bool) -> int:
        (lines,) = (c for c in axes.collections if isinstance(c, ContourSet))
        for line in lines.get_paths():
            line.should_simplify = line.should_simplify and not kept
        return svg(axes).count(b"\nL ")

    axes = plots.contours(run("plain", "peaks", steps=5))
    assert points(axes, kept=False) < points(axes, kept=True) / 2


def test_the_house_style_is_transparent_and_narrow() -> None:
    figure = plt.figure()
    assert figure.get_figwidth() == plots.WIDTH
    assert figure.get_facecolor()[3] == 0


def test_colours_and_markers_are_told_apart() -> None:
    assert len(set(plots.COLORS)) == len(plots.COLORS) == len(set(plots.MARKERS))


def test_contours_show_paths_starts_and_optima(plane: dict[str, Trace]) -> None:
    axes = plots.contours(plane)
    descent, start, adam, _, optimum = axes.lines
    assert list(zip(*descent.get_data())) == plane["descent"].positions
    assert list(zip(*adam.get_data())) == plane["Adam"].positions
    assert list(zip(*start.get_data())) == [(-5, -2)]
    assert list(zip(*optimum.get_data())) == [(0, 0)]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x1", "x2")
    assert labels(axes) == ["descent", "Adam"]
    assert descent.get_color() != adam.get_color()
    assert descent.get_marker() != adam.get_marker()
    assert (axes.get_xlim(), axes.get_ylim()) == ((-6, 6), (-3, 3))


def test_contours_show_part_of_the_plane_where_told(plane: dict[str, Trace]) -> None:
    axes = plots.contours(plane, domain=[(-1, 1), (-2, 2)])
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1, 1), (-2, 2))


@pytest.mark.parametrize("levels", [4, 12])
def test_contours_draw_as_many_levels_as_told(
    plane: dict[str, Trace], levels: int
) -> None:
    (drawn,) = plots.contours(plane, levels=levels).collections
    assert len(drawn.get_paths()) == levels


def test_a_profile_shows_the_run_on_its_graph(line: Trace) -> None:
    axes = plots.profile(line)
    graph, path, _ = axes.lines
    x, height = graph.get_data()
    assert height == pytest.approx(x**2)
    assert path.get_xdata() == pytest.approx([p for (p,) in line.positions])
    assert path.get_ydata() == pytest.approx(line.objective)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("p", "objective")
    assert axes.get_legend() is None


@pytest.mark.parametrize(
    ("what", "scale", "label"),
    [
        ("gap", "log", "gap to the optimum"),
        ("objective", "linear", "objective"),
        ("gradient_norm", "log", "gradient norm"),
        ("step_size", "log", "step size"),
    ],
)
def test_a_history_of_each_quantity(
    line: Trace, what: Any, scale: str, label: str
) -> None:
    axes = plots.history(line, what)
    (drawn,) = axes.lines
    steps, heights = drawn.get_data()
    expected = line.objective if what == "gap" else getattr(line, what)
    assert list(heights) == list(expected)  # the optimum is zero, so the gap is p²
    assert steps[-1] == len(line) == 10
    assert steps[0] == (1 if what == "step_size" else 0)
    assert (axes.get_yscale(), axes.get_xlabel()) == (scale, "step")
    assert axes.get_ylabel() == label


def test_the_scale_of_a_history_can_be_given(line: Trace) -> None:
    assert plots.history(line, log=False).get_yscale() == "linear"
    assert plots.history(line, "objective", log=True).get_yscale() == "log"


def test_a_picture_can_be_drawn_where_told(
    line: Trace, plane: dict[str, Trace]
) -> None:
    _, (left, middle, right) = plt.subplots(1, 3)
    assert plots.profile(line, ax=left) is left
    assert plots.contours(plane, ax=middle) is middle
    assert plots.history(line, ax=right) is right


def test_a_list_of_runs_is_labelled_by_rule(plane: dict[str, Trace]) -> None:
    assert labels(plots.history(list(plane.values()))) == ["plain", "adam"]


@pytest.mark.parametrize("draw", [plots.contours, plots.profile, plots.history])
@pytest.mark.parametrize("none", [[], {}])
def test_no_run_is_refused(draw: Any, none: Any) -> None:
    with pytest.raises(ValueError, match="traces must hold a run or more, got none"):
        draw(none)


def test_two_unlabelled_runs_of_one_rule_are_refused() -> None:
    twice = [run("plain", "bowl", steps=1, lr=lr) for lr in (0.1, 0.2)]
    with pytest.raises(ValueError, match="need labels"):
        plots.contours(twice)


def test_the_wrong_dimension_is_refused(line: Trace, plane: dict[str, Trace]) -> None:
    with pytest.raises(ValueError, match=r"2-D landscape, got parabola \(1-D\)"):
        plots.contours(line)
    with pytest.raises(ValueError, match=r"1-D landscape, got bowl \(2-D\)"):
        plots.profile(plane)


def test_runs_on_two_landscapes_are_refused(plane: dict[str, Trace]) -> None:
    both = {**plane, "other": run("plain", "saddle", steps=1)}
    with pytest.raises(ValueError, match="share one landscape, got bowl, saddle"):
        plots.contours(both)


def test_an_unknown_quantity_is_refused(line: Trace) -> None:
    with pytest.raises(ValueError, match=r"what must be one of gap, .*; got 'loss'"):
        plots.history(line, "loss")  # type: ignore[arg-type]


def test_a_gap_without_an_optimum_is_refused() -> None:
    with pytest.raises(ValueError, match="saddle has no known optimum"):
        plots.history(run("plain", "saddle", steps=1))


def test_a_function_with_arguments_by_default_or_any_number_of_them_is_drawn() -> None:
    def tilted(x: Any, y: Any, by: float = 2.0) -> Any:
        return by * x + y

    for function, names in ((tilted, ("x", "y")), (lambda *x: sum(x), ("x1", "x2"))):
        own = Landscape(function, ((-1, 1), (-1, 1)), (0, 0))
        axes = plots.contours(run("plain", own, steps=2))
        assert (axes.get_xlabel(), axes.get_ylabel()) == names


@pytest.mark.filterwarnings("error")
def test_a_plain_has_a_path_and_no_level_lines() -> None:
    plane = Landscape(lambda x, y: 1.0, ((-1, 1), (-1, 1)), (0, 0))
    axes = plots.contours(run("plain", plane, steps=2))
    assert not any(isinstance(each, ContourSet) for each in axes.collections)
    line = Landscape(lambda x: 1.0, ((-1, 1),), (0,))
    heights = plots.profile(run("plain", line, steps=2)).lines[0].get_ydata()
    assert len(heights) == 400 and set(heights) == {1.0}
