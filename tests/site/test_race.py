"""The races of the first page: they are runs of the package, and the hills its own."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bookweb import hills, races
from bs4 import BeautifulSoup
from PIL import Image

from gradient_ascent import landscapes, run
from tests.site.soup import soup

KINDS = {"plain": {"lr": 0.3}, "adam": {"lr": 0.1}}
RIDGE = landscapes.Landscape(lambda x, y: -5 * y**2, ((-1, 1), (-1, 1)), (0, 0))


@pytest.fixture(scope="module")
def page(html: Path) -> BeautifulSoup:
    return soup(html / "chapters" / "intro.html")


@pytest.fixture(scope="module")
def published(html: Path, page: BeautifulSoup) -> dict[str, Any]:
    """What the page loads."""
    address = html / "chapters" / page.select_one(".race")["data-races"]
    found: dict[str, Any] = json.loads(address.read_text(encoding="utf-8"))
    return found


def settings(page: BeautifulSoup) -> dict[str, dict[str, float]]:
    """The runs of the lab, which has the same race."""
    lab = page.select_one("#lab-intro script")
    spec = json.loads(lab.string)["spec"]
    return {each["rule"]: each["hyperparameters"] for each in spec["runs"]}


def test_a_point_lies_where_its_height_lifts_it() -> None:
    view = hills.View(landscapes.peaks, left=-2, right=2, top=3, size=(400, 500))
    height = landscapes.peaks(1.0, 0.5)
    across, down = view.place(1.0, 0.5)
    assert across == 300
    assert down == pytest.approx(100 * (3 - 0.62 * 0.5 - 0.85 * height))


def test_no_two_points_of_a_column_share_a_place() -> None:
    north = np.linspace(-6, 6, 4000)
    for east in np.linspace(-4, 4, 33):
        downs = [races.VIEW.place(east, y)[1] for y in north]
        assert (np.diff(downs) < 0).all()


def test_ground_that_hides_other_ground_is_refused(tmp_path: Path) -> None:
    view = hills.View(RIDGE, left=-1, right=1, top=1, size=(20, 20))
    with pytest.raises(ValueError, match="too steep: a hill hides another"):
        hills.draw(view, hills.THEMES["light"], tmp_path / "hills.webp")


@pytest.mark.parametrize("theme", hills.THEMES)
def test_hills_are_lit_and_plains_are_left_out(tmp_path: Path, theme: str) -> None:
    """Left slopes are brighter than right ones, as high; and it weighs little."""
    file = tmp_path / "hills.webp"
    hills.draw(races.VIEW, hills.THEMES[theme], file)
    assert file.stat().st_size < 60_000
    with Image.open(file) as opened:
        picture = np.asarray(opened).astype(int)
    assert picture.shape == (*reversed(races.VIEW.size), 4)
    for x, y in races.summits(landscapes.peaks):
        west, east = (
            picture[round(down), round(across)]
            for across, down in (races.VIEW.place(x + d, y) for d in (-0.6, 0.6))
        )
        assert west[3] == east[3] == 255
        assert west[:3].sum() > east[:3].sum() + 40
    across, down = map(round, races.VIEW.place(-7.5, 0))
    assert picture[down, across, 3] == 0


def test_the_summits_are_those_of_the_four_hills() -> None:
    found = races.summits(landscapes.peaks)
    heights = [landscapes.peaks(*top) for top in found]
    assert heights == sorted(heights, reverse=True) and len(found) == 4
    assert math.dist(found[0], landscapes.peaks.optima[0]) < 1e-6
    for top, hill in zip(found, [(1.6, 1.2), (-1.9, -1.5), (-1.6, 1.8), (1.3, -1.9)]):
        assert math.dist(top, hill) < 0.05


def test_the_sentence_says_who_came_where() -> None:
    tops = races.summits(landscapes.peaks)

    def words(*summits: int) -> str:
        names = ("plain", "momentum", "adagrad", "adam")
        ends = [
            run(name, "peaks", tops[summit], lr=1e-6, steps=1)
            for name, summit in zip(names, summits)
        ]
        return races.said(ends, tops)

    assert words(0, 0, 0, 0) == "All reach the highest summit."
    assert words(2, 2, 0, 0) == (
        "adagrad and adam reach the highest summit; "
        "plain and momentum the third-highest."
    )
    assert words(3, 1, 3, 3) == (
        "momentum reaches the second-highest summit; "
        "plain, adagrad and adam the lowest."
    )


def test_a_rule_that_comes_to_no_summit_stops_the_build() -> None:
    trace = races.traces((-0.3, 1.1), 3, KINDS)
    with pytest.raises(
        ValueError, match=r"plain comes to no summit from \(-0.3, 1.1\)"
    ):
        races.said(trace, races.summits(landscapes.peaks))


@pytest.mark.browser
def test_the_races_that_the_page_loads_are_runs(
    page: BeautifulSoup, published: dict[str, Any]
) -> None:
    """To the pixel, for every seventh start; at most two pixels are left to go."""
    known = settings(page)
    x, y = published["x"], published["y"]
    assert len(published["races"]) == len(x) * len(y) >= 160
    tops = races.summits(landscapes.peaks)
    for i in range(0, len(published["races"]), 7):
        start = x[i % len(x)], y[i // len(x)]
        race = published["races"][i]
        whole = [run(r, "peaks", start, steps=100, **how) for r, how in known.items()]
        assert published["said"][race["said"]] == races.said(whole, tops)
        for trace, moves in zip(whole, race["runs"], strict=True):
            steps = zip(moves[::2], moves[1::2])
            places = list(
                itertools.accumulate(steps, lambda p, q: (p[0] + q[0], p[1] + q[1]))
            )
            exact = [races.VIEW.place(*position) for position in trace.positions]
            assert places == [(round(a), round(d)) for a, d in exact[: len(places)]]
            assert all(math.dist(places[-1], each) < 3 for each in exact[len(places) :])


@pytest.mark.browser
def test_the_race_that_the_page_opens_with_is_among_them(
    page: BeautifulSoup, published: dict[str, Any]
) -> None:
    lines = page.select(".race-run polyline:not(.race-casing)")
    firsts = [line["points"].split()[0] for line in lines]
    assert len(lines) == 4 and len(set(firsts)) == 1
    first = tuple(map(int, firsts[0].split(",")))
    starts = [tuple(race["runs"][0][:2]) for race in published["races"]]
    race = published["races"][starts.index(first)]
    said = page.select_one(".race-said").text
    assert said == published["said"][race["said"]]
    for line, moves in zip(lines, race["runs"], strict=True):
        assert len(line["points"].split()) == len(moves) / 2
