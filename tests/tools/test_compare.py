"""The comparison with torch, as the command prints it."""

import re

import pytest

from gradient_ascent import optim
from tests.optim.cases import DEFAULTS
from tools import compare


def test_every_optimizer_is_compared() -> None:
    """But for those like which torch has none."""
    left = set(optim.OPTIMIZERS.values()) - {x.ours for x in compare.PAIRS.values()}
    assert left == {case.ours for case in DEFAULTS.values() if not case.theirs}


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    compare.main(steps=40)
    title, _, head, *rows = capsys.readouterr().out.splitlines()
    assert title == "largest difference to torch over 40 steps, float64"
    assert head.split() == list(compare.ENGINES)
    assert [row.split()[0] for row in rows] == list(compare.PAIRS)
    assert {len(row) for row in rows} == {len(head)}
    numbers = [float(x) for row in rows for x in re.findall(r"\d\.\de[-+]\d+", row)]
    assert len(numbers) == 3 * (len(rows) - 1) + 1
    assert max(numbers) <= 1e-12


def test_a_difference_is_seen() -> None:
    pair = compare.PAIRS["Adam"]
    other = pair._replace(torchs_own={"lr": 0.02}, options={})
    assert compare.difference(other, {"foreach": False}, 5) > 1e-3


def test_the_paths_are_no_rest() -> None:
    params = compare.start()
    optimizer = compare.PAIRS["Adam"].ours(params, lr=0.01)
    for t in range(20):
        compare.climb(optimizer, params, t)
    moved = [(p - q).abs().min() for p, q in zip(params, compare.start())]
    assert min(moved) > 1e-3
