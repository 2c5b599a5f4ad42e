"""Pictures: the same bytes every time, the lines that belong there, and labels."""

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.contour import ContourSet
from matplotlib.font_manager import findfont

from gradient_ascent import plots
from gradient_ascent.landscapes import LANDSCAPES, Landscape
from gradient_ascent.plots.labels import apart
from gradient_ascent.trace import Trace, run
from tests.contrast import luminance


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


def ground(axes: Any) -> Any:
    (drawn,) = (each for each in axes.collections if isinstance(each, ContourSet))
    return drawn


def grid(landscape: Landscape, side: int = 160) -> tuple[Any, Any, Any]:
    x, y = np.meshgrid(*(np.linspace(*ends, side) for ends in landscape.domain))
    return x, y, landscape(x, y)


def lightness(color: Sequence[float]) -> float:
    """CIE L*, of which equal steps look equal."""
    return float(116 * np.cbrt(luminance(color)) - 16)


def legend(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def at_ends(axes: Any) -> dict[str, Any]:
    """The names at lines' ends, once they are drawn."""
    svg(axes)
    return {text.get_text(): text for text in axes.texts}


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
        if kept:
            axes.contour(*grid(peaks), levels=list(ground(axes).levels))
        lines = axes.collections[-1]
        return sum(len(path.vertices) for path in lines.get_paths())

    peaks = LANDSCAPES["peaks"]
    axes = plots.view(peaks)
    assert points(axes, kept=False) < points(axes, kept=True) / 2


def test_the_house_style_is_transparent_and_as_wide_as_the_column() -> None:
    figure = plt.figure()
    assert figure.get_figwidth() == plots.WIDTH
    assert figure.get_facecolor()[3] == 0


def test_colours_and_markers_are_told_apart() -> None:
    assert len(set(plots.COLORS)) == len(plots.COLORS) == len(set(plots.MARKERS))


@pytest.mark.filterwarnings("error")
def test_letters_are_the_pages_and_no_sign_is_missing() -> None:
    assert Path(findfont("Ascent Serif")).name == "ascent-serif.ttf"
    axes = plt.figure().gca()
    axes.set(title="learning rate, 1 − β² ≤ 0.5, Łojasiewicz", xlabel=r"$x_1, \eta$")
    svg(axes)


def test_letters_are_legible_in_the_column_and_on_a_phone() -> None:
    """The column has 704 pixels, a phone's screen 360."""
    size = plt.rcParams["font.size"] / (72 * plots.WIDTH)
    assert 18 <= 704 * size <= 20  # the text has 18
    assert 360 * size >= 10
    for each in ("legend.fontsize", "axes.titlesize", "axes.labelsize"):
        assert plt.rcParams[each] == "medium"
    assert (
        plt.rcParams["xtick.labelsize"] == plt.rcParams["ytick.labelsize"] == "medium"
    )


def test_contours_show_paths_starts_and_optima(plane: dict[str, Trace]) -> None:
    axes = plots.contours(plane)
    descent, _, adam, _, start, optimum = axes.lines
    assert list(zip(*descent.get_data())) == plane["descent"].positions
    assert list(zip(*adam.get_data())) == plane["Adam"].positions
    assert list(zip(*start.get_data())) == [(-5, -2)]
    assert list(zip(*optimum.get_data())) == [(0, 0)]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$x_{1}$", "$x_{2}$")
    assert legend(axes) == ["descent", "Adam"]
    assert descent.get_color() != adam.get_color()
    assert descent.get_marker() != adam.get_marker()
    assert (axes.get_xlim(), axes.get_ylim()) == ((-6, 6), (-3, 3))
    above_all = max(axes.lines, key=lambda line: line.get_zorder())
    assert above_all is optimum


def test_runs_from_one_start_have_one_ring_and_from_two_have_two() -> None:
    def rings(*starts: tuple[float, float]) -> int:
        traces = {str(i): run("plain", "bowl", start=s) for i, s in enumerate(starts)}
        drawn = plots.contours(traces).lines
        return sum(line.get_fillstyle() == "none" for line in drawn)

    assert rings((-5, -2), (-5, -2)) == 1
    assert rings((-5, -2), (4, 2)) == 2


def test_a_legend_stands_above_the_data(plane: dict[str, Trace]) -> None:
    many = {f"a run of momentum, number {i}": plane["Adam"] for i in range(6)}
    for traces in (plane, many):
        axes = plots.contours(traces)
        svg(axes)
        box = axes.get_legend().get_window_extent()
        assert box.y0 >= axes.bbox.y1
        assert box.x1 <= axes.figure.bbox.x1


def test_contours_show_part_of_the_plane_where_told(plane: dict[str, Trace]) -> None:
    axes = plots.contours(plane, domain=[(-1, 1), (-2, 2)])
    assert (axes.get_xlim(), axes.get_ylim()) == ((-1, 1), (-2, 2))


@pytest.mark.parametrize("levels", [4, 12])
def test_contours_draw_as_many_levels_as_told(
    plane: dict[str, Trace], levels: int
) -> None:
    (drawn,) = plots.contours(plane, levels=levels).collections
    assert len(drawn.get_paths()) == levels


def test_higher_ground_has_a_deeper_tint_in_even_steps() -> None:
    axes = plots.view(LANDSCAPES["peaks"])
    tints = [axes.get_facecolor(), *ground(axes).get_facecolor()]
    steps = np.diff([lightness(tint) for tint in tints])
    assert (steps < 0).all()
    assert steps.max() - steps.min() < 0.1 * abs(steps.mean())


@pytest.mark.parametrize("name", ["peaks", "saddle", "himmelblau", "ravine"])
def test_a_tint_lies_where_the_heights_are_those_of_its_level(name: str) -> None:
    """Also in a pit among hills, which the level around it encloses."""
    axes = plots.view(LANDSCAPES[name])
    drawn = ground(axes)
    drawn.set_linewidth(0)
    tints = np.array([axes.get_facecolor(), *drawn.get_facecolor()])[:, :3]
    canvas = FigureCanvasAgg(axes.figure)
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    x, y, z = grid(LANDSCAPES[name], 41)
    inside = np.s_[1:-1, 1:-1]  # not on the frame
    places = axes.transData.transform(np.column_stack([x[inside].flat, y[inside].flat]))
    across, up = places.astype(int).T
    seen = np.abs(image[up, across][:, None] - tints).sum(axis=2).argmin(axis=1)
    levels = np.searchsorted(drawn.levels, z[inside].ravel())
    assert len(set(levels)) > 6
    assert (seen == levels).mean() > 0.95
    assert abs(seen - levels).max() <= 1


def test_the_plane_is_shown_to_scale_or_the_axis_says_that_it_is_not() -> None:
    def shown(domain: Sequence[tuple[float, float]]) -> tuple[Any, str]:
        axes = plots.view(LANDSCAPES["bowl"], domain=domain)
        return axes.get_aspect(), axes.get_xlabel()

    assert shown([(-6, 6), (-3, 3)]) == (1, "$x_{1}$")
    assert shown([(-1, 1), (-3, 3)]) == (1, "$x_{1}$")
    assert shown([(-1, 1), (-4, 4)]) == ("auto", "$x_{1}$ (not to scale with $x_{2}$)")


def test_a_profile_shows_the_run_on_its_graph(line: Trace) -> None:
    axes = plots.profile(line)
    graph, path, _, _, optimum = axes.lines
    x, height = graph.get_data()
    assert height == pytest.approx(x**2)
    assert path.get_xdata() == pytest.approx([p for (p,) in line.positions])
    assert path.get_ydata() == pytest.approx(line.objective)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$p$", "objective")
    assert list(zip(*optimum.get_data())) == [(0, 0)]
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
    assert [*at_ends(plots.history(list(plane.values())))] == ["plain", "adam"]
    assert legend(plots.contours(list(plane.values()))) == ["plain", "adam"]


def test_lines_are_named_at_their_ends_in_their_colours(
    plane: dict[str, Trace],
) -> None:
    axes = plots.history(plane)
    named = at_ends(axes)
    assert axes.get_legend() is None
    for line in axes.lines:
        text = named[line.get_label()]
        assert text.get_color() == line.get_color()
        end = line.get_transform().transform(line.get_xydata()[-1])
        box = text.get_window_extent()
        assert box.x0 > end[0]
        assert (box.y0 + box.y1) / 2 == pytest.approx(end[1], abs=box.height)


def test_names_keep_apart_and_beside_the_axes() -> None:
    axes = plt.figure().gca()
    for i in range(6):
        axes.plot([0, 1], [0, 1 + i / 1000], label=f"line {i}")
    plots.label(axes)
    axes.set_ylim(-5, 1)  # where the ends are is known when all is drawn
    boxes = [text.get_window_extent() for text in at_ends(axes).values()]
    for below, above in pairwise(boxes):
        assert below.y1 <= above.y0
    assert boxes[-1].y1 < axes.figure.bbox.y1
    assert boxes[0].x0 >= axes.bbox.x1


@pytest.mark.parametrize(
    ("name", "xs", "style"),
    [("short", [0, 0.5], "-"), ("dots", [0, 1], "o"), ("long " * 9, [0, 1], "-")],
)
def test_a_legend_only_where_names_cannot_stand_at_ends(
    name: str, xs: list[float], style: str
) -> None:
    axes = plt.figure().gca()
    axes.plot([0, 1], [0, 1], label="line")
    plots.label(axes)
    assert [*at_ends(axes)] == ["line"]
    axes.plot(xs, [1, 2], style, label=name)
    plots.label(axes)  # once more, as there is more
    assert not at_ends(axes)
    assert legend(axes) == ["line", name]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        ([5, 1], [5, 1]),  # apart already
        ([5, 5], [4.5, 5.5]),
        ([5, 5, 5.5], [25 / 6, 31 / 6, 37 / 6]),  # the mean stays
        ([9.9, 10, -3], [9, 10, 0]),  # inside
        ([10, 10, 10], [8, 9, 10]),
    ],
)
def test_names_are_as_near_to_where_they_belong_as_can_be(
    wanted: list[float], places: list[float]
) -> None:
    assert apart(wanted, 1, 0, 10) == pytest.approx(places)


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

    for function, names in (
        (tilted, ("x", "y")),
        (lambda *x: sum(x), ("x_{1}", "x_{2}")),
    ):
        own = Landscape(function, ((-1, 1), (-1, 1)), (0, 0))
        axes = plots.contours(run("plain", own, steps=2))
        assert (axes.get_xlabel(), axes.get_ylabel()) == tuple(f"${x}$" for x in names)


@pytest.mark.filterwarnings("error")
def test_a_plain_has_a_path_and_no_level_lines() -> None:
    plane = Landscape(lambda x, y: 1.0, ((-1, 1), (-1, 1)), (0, 0))
    axes = plots.contours(run("plain", plane, steps=2))
    assert not any(isinstance(each, ContourSet) for each in axes.collections)
    line = Landscape(lambda x: 1.0, ((-1, 1),), (0,))
    heights = plots.profile(run("plain", line, steps=2)).lines[0].get_ydata()
    assert len(heights) == 400 and set(heights) == {1.0}
