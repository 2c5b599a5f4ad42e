"""Pictures whose SVG names each curve, and what its axes measure."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from urllib.parse import parse_qs, unquote

import matplotlib.pyplot as plt
import pytest

from gradient_ascent import plots
from gradient_ascent.benchmarks import pictures
from gradient_ascent.benchmarks.statistics import Estimate

from .synthetic import race


def drawn(ax: plt.Axes) -> str:
    text = StringIO()
    ax.figure.savefig(text, format="svg")
    plt.close(ax.figure)
    return text.getvalue()


def test_the_svg_has_names_and_scales_and_where_the_curves_are() -> None:
    with plt.style.context(plots.STYLE):
        _, ax = plt.subplots()
        ax.set(xscale="log", xlabel="steps & more", ylabel="score")
        curves = {"a b": ([1, 10, 100], [0, 1, 2]), "ü": ([1, 100], [2, 0])}
        pictures.lines(ax, curves, ["ü"])
        pictures.finish(ax)
        low, high = ax.get_xlim()
        svg = drawn(ax)
    named = [unquote(n) for n in re.findall(r'id="curve\?name=([^"]*)"', svg)]
    assert [name.replace("+", " ") for name in named] == ["a b", "ü"]
    (about,) = re.findall(r'id="curves\?([^"]*)"', svg)
    told = {key: each[0] for key, each in parse_qs(about.replace("&amp;", "&")).items()}
    assert (told["x"], told["xscale"], told["y"]) == ("steps & more", "log", "score")
    assert (float(told["xfrom"]), float(told["xto"])) == (low, high)
    # the page takes the first path for the frame, and a curve's for its points
    axes = svg[svg.index('id="curves?') :]
    frame = re.findall(r"-?[\d.]+", re.findall(r' d="([^"]*)"', axes)[0])
    assert len({*frame[0::2]}) == 2 and len({*frame[1::2]}) == 2


def test_gaps_are_medians_and_end_where_there_is_none() -> None:
    found = pictures.gaps(race(), "hill")
    assert list(found) == ["hare", "tortoise", "twin"]
    assert found["hare"][1][-1] == 0.03 and found["hare"][0][-1] == 1000
    ended = [replace(run, curve=((0, 1.0), (1, 0.5), (2, -1e-9))) for run in race()]
    assert pictures.gaps(ended, "hill")["hare"] == ([1], [0.5])


def test_intervals_stand_in_order() -> None:
    with plt.style.context(plots.STYLE):
        _, ax = plt.subplots()
        told = {"low": Estimate(0.2, 0.1, 0.3), "high": Estimate(0.8, 0.7, 0.9)}
        pictures.intervals(ax, told, ["high"])
        assert [text.get_text() for text in ax.get_yticklabels()] == ["low", "high"]
        plt.close(ax.figure)


def test_too_many_and_unknown_names_are_refused() -> None:
    _, ax = plt.subplots()
    curves = {str(i): ([0], [0]) for i in range(9)}
    with pytest.raises(ValueError, match="at most 6 of"):
        pictures.lines(ax, curves)
    with pytest.raises(ValueError, match="got x"):
        pictures.lines(ax, curves, ["x"])
    plt.close(ax.figure)
