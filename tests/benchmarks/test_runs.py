"""Runs are kept in a file row by row, and read again."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from gradient_ascent.benchmarks.runs import Run, about, read, write

RUN = Run(
    problem="ravine",
    optimizer="Adam",
    role="report",
    trial=3,
    seed=1000,
    settings={"lr": 0.01234, "beta1": 0.9},
    steps=100,
    gradients=100,
    seconds=0.25,
    start=100.0,
    target=0.01,
    gap=1.0,
    best=0.5,
    reached=None,
    failed=False,
    curve=((0, 100.0), (1, 50.0)),
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    failed = replace(RUN, gap=math.inf, failed=True, seed=1001, reached=7)
    write(tmp_path / "a.csv", [RUN, failed], {"version": "1", "note": "a\nb"})
    assert read(tmp_path / "a.csv") == [RUN, failed]
    assert about(tmp_path / "a.csv") == {"version": "1", "note": "a b"}


def test_a_row_that_a_kill_cut_off_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, [RUN, replace(RUN, seed=1001)], {})
    whole = path.read_bytes()
    row = len(whole.rstrip(b"\n")) - whole.rstrip(b"\n").rfind(b"\n")
    for cut in range(1, row):
        path.write_bytes(whole[:-cut])
        assert read(path) == [RUN]


@pytest.mark.parametrize("text", ["", "# a: b\n", "x,y\n1,2\n"])
def test_a_file_without_runs_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(ValueError, match="holds no runs: line"):
        read(tmp_path / "a.csv")


def test_a_line_that_is_no_run_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, [RUN], {"version": "1"})
    path.write_text(path.read_text() + "ravine,Adam,report\n")
    with pytest.raises(ValueError, match=r"line 4, is no run: 'ravine,Adam,report'"):
        read(path)


@pytest.mark.parametrize(
    ("gap", "score"), [(100.0, 0), (1.0, 0.5), (0.01, 1), (1e-9, 1), (500.0, 0)]
)
def test_the_score_is_the_share_of_the_way(gap: float, score: float) -> None:
    assert math.isclose(replace(RUN, gap=gap).score, score, abs_tol=1e-12)
    assert replace(RUN, gap=math.inf, failed=True).score == 0
