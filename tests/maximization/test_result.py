"""A result prints and draws itself."""

import copy
import pickle
from collections.abc import Iterator
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pytest
import torch
from torch import Tensor, nn

from gradient_ascent.maximization import Result, maximize


def hill(x: Tensor) -> Tensor:
    return -((x - 2) ** 2).sum()


@pytest.fixture
def result() -> Result:
    return maximize(hill, [0.0, 1.0], optimizer="momentum", lr=0.1, restarts=3)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


def test_it_prints_aligned_lines() -> None:
    found = maximize(hill, torch.ones(1), optimizer="momentum", lr=0.25, steps=1)
    lines = str(found).splitlines()
    assert lines == [
        "    message: all 1 steps used: lr=0.25 may be too small, or too large to",
        "             settle; try 2.5 or 0.025, or leave out `optimizer`",
        "    success: False",
        "      value: -0.25",
        "          x: tensor([1.5000])",
        "      steps: 1",
        "evaluations: 2",
    ]


def test_all_lines_are_aligned_when_x_takes_several(result: Result) -> None:
    deep = maximize(lambda x: -(x**2).sum(), torch.zeros(3, 2), steps=1)
    for each in (deep, result):
        for line in repr(each).splitlines():
            assert line[11:13] in (": ", "  ")
    assert "runs: 3, with values from -" in str(result)


def test_a_module_is_not_printed_in_full() -> None:
    net = nn.Sequential(*(nn.Linear(2, 2) for _ in range(9)))
    found = maximize(lambda net: net[0].weight.sum(), net, steps=1)
    assert "x: Sequential (its parameters are at the best point)" in str(found)
    assert len(str(found).splitlines()) == 6


def test_it_plots_the_best_run_over_the_others(result: Result) -> None:
    *others, best, star = result.plot().lines
    assert [len(line.get_xdata()) for line in others] == [
        run.steps + 1 for run in result.runs
    ]
    assert list(best.get_ydata()) == result.trace.objective.tolist()
    at = int(star.get_xdata()[0])
    assert star.get_ydata()[0] == result.value == result.trace.objective[at]


def test_other_quantities_are_on_a_logarithmic_scale(result: Result) -> None:
    _, ax = plt.subplots()
    assert result.plot("step_size", ax=ax) is ax
    assert ax.get_yscale() == "log" and ax.get_ylabel() == "step size"
    assert list(ax.lines[-1].get_xdata()) == list(range(1, result.steps + 1))


def test_an_unknown_quantity_is_refused(result: Result) -> None:
    with pytest.raises(ValueError, match=r"must be one of objective, .*got 'loss'"):
        result.plot("loss")  # type: ignore[arg-type]


class Pair(NamedTuple):
    """Two numbers."""

    a: Any
    b: Any


@pytest.mark.parametrize(
    ("f", "x0"),
    [
        (hill, [0.0, 1.0]),
        (lambda x: hill(x["a"]), {"a": torch.zeros(2)}),
        (lambda x: hill(x.a) + hill(x.b), Pair(0.0, 1.0)),
        (lambda module: hill(module.weight), nn.Linear(2, 1, bias=False)),
    ],
)
def test_a_result_comes_back_from_a_pickle(f: Any, x0: Any) -> None:
    found = maximize(f, x0, optimizer="momentum", lr=0.1)
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert type(again.x) is type(found.x)
        assert repr(again) == repr(found)
        assert torch.equal(again.trace.objective, found.trace.objective)


def test_the_runs_come_back_as_well(result: Result) -> None:
    again = pickle.loads(pickle.dumps(result))
    assert list(map(repr, again.runs)) == list(map(repr, result.runs))
    assert again.plot().lines
