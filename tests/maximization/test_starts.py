"""Starts that cover a box, the highest of many draws, and the summits reached."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.constraints import Box, Sphere
from gradient_ascent.maximization import maximize

F64 = torch.float64


def himmelblau(x: Tensor) -> Tensor:
    return -((x[0] ** 2 + x[1] - 11) ** 2) - (x[0] + x[1] ** 2 - 7) ** 2


TOPS = torch.tensor(
    [(3.0, 2.0), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)],
    dtype=F64,
)


def starts(x0: Any, **given: Any) -> list[Any]:
    runs = maximize(lambda x: _first(x).sum() * 0, x0, steps=0, **given).runs
    return [run.start for run in runs]


def _first(x: Any) -> Tensor:
    return x["a"] if isinstance(x, dict) else x


@pytest.mark.parametrize("seed", range(5))
def test_they_cover_a_box_evenly(seed: int) -> None:
    """Of 64 points of a Sobol sequence one lies in each of 64 equal parts."""
    box = Box(
        torch.tensor([-3.0, 10.0], dtype=F64), torch.tensor([5.0, 12.0], dtype=F64)
    )
    found = starts(torch.zeros(2, dtype=F64), restarts=65, cover=box, seed=seed)
    assert torch.equal(found[0], torch.zeros(2, dtype=F64)), "x0 is the first"
    points = torch.stack(found[1:])
    assert (points >= box.lower).all() and (points <= box.upper).all()
    for parts in ((8, 8), (64, 1), (1, 64)):
        share = (points - box.lower) / (box.upper - box.lower)
        cells = (share * torch.tensor(parts)).long().clamp(max=63)
        assert len({tuple(cell) for cell in cells.tolist()}) == 64


def test_the_seed_decides_them() -> None:
    def draw(seed: int) -> Tensor:
        x0 = torch.zeros(3)
        return torch.stack(starts(x0, restarts=9, cover=Box(-1, 1), seed=seed))

    assert torch.equal(draw(1), draw(1)) and not torch.equal(draw(1), draw(2))


def test_a_box_for_several_tensors() -> None:
    x0 = {"a": torch.zeros(2, 3), "b": torch.zeros(())}
    for start in starts(x0, restarts=5, cover=Box(1, 2))[1:]:
        assert start["a"].shape == (2, 3) and start["b"].shape == ()
        assert 1 <= float(start["b"]) <= 2 and float(start["a"].min()) >= 1


def test_they_are_projected() -> None:
    found = starts([1.0, 0.0], restarts=9, cover=Box(-2, 2), constraint=Sphere())
    assert all(abs(float(start.norm()) - 1) < 1e-12 for start in found)


@pytest.mark.parametrize("cover", [None, Box(-5, 5)])
def test_the_highest_of_many_draws(cover: Box | None) -> None:
    drawn = maximize(
        himmelblau, [0.0, 0.0], restarts=301, cover=cover, spread=3.0, steps=0, seed=4
    )
    seen = sorted((run.value for run in drawn.runs[1:]), reverse=True)
    best = maximize(
        himmelblau,
        [0.0, 0.0],
        restarts=6,
        draws=300,
        cover=cover,
        spread=3.0,
        steps=0,
        seed=4,
    )
    assert [run.value for run in best.runs] == pytest.approx([-170.0, *seen[:5]])
    assert best.evaluations == 300 + 6


def test_where_f_is_not_finite_it_is_no_start() -> None:
    runs = maximize(
        lambda x: x.log().sum() - x.sum(), [1.0, 1.0], restarts=5, draws=200,
        cover=Box(-1, 3),
    ).runs  # fmt: skip
    assert all(run.success for run in runs)


@pytest.mark.parametrize("optimizer", [None, "newton", "adam"])
def test_the_four_summits_of_himmelblau(optimizer: str | None) -> None:
    found = maximize(
        himmelblau, [0.0, 0.0], restarts=40, cover=Box(-5, 5), optimizer=optimizer,
        steps=3000, **({"lr": 0.05} if optimizer == "adam" else {}),
    )  # fmt: skip
    summits = found.summits
    assert len(summits) == 4
    for summit in summits:
        assert (TOPS - summit.x).norm(dim=1).min() < 1e-3
        for run in summit.runs:
            assert (found.runs[run].x - summit.x).norm() < 1e-2
    assert [s.value for s in summits] == sorted(
        (s.value for s in summits), reverse=True
    )
    reached = [run for summit in summits for run in summit.runs]
    assert sorted(reached) == [i for i, run in enumerate(found.runs) if run.success]


def test_a_run_alone_has_its_summit() -> None:
    found = maximize(himmelblau, [3.0, 1.0])
    assert len(found.summits) == 1 and found.summits[0].runs == (0,)
    assert maximize(lambda x: x.sum(), [1.0]).summits == ()


@pytest.mark.parametrize(
    ("given", "error", "complaint"),
    [
        ({"cover": (-1, 1)}, TypeError, "cover must be a Box or None, got"),
        ({"cover": Box(-1, 1)}, ValueError, "restarts must be 2 or more with cover"),
        ({"draws": 9}, ValueError, "restarts must be 2 or more with cover or draws"),
        ({"restarts": 5, "draws": 3}, ValueError, "draws must be 4 or more, got 3"),
        ({"restarts": 5, "draws": 9.0}, TypeError, "draws must be an int"),
        (
            {"restarts": 3, "cover": Box(0, torch.inf)},
            ValueError,
            "cover must have finite bounds",
        ),
    ],
)
def test_bad_input(
    given: dict[str, Any], error: type[Exception], complaint: str
) -> None:
    with pytest.raises(error, match=complaint):
        maximize(_hill, [1.0], **given)


def test_a_box_for_too_many_numbers() -> None:
    with pytest.raises(ValueError, match="cover takes 21201 real numbers"):
        maximize(_hill, torch.zeros(21202), restarts=2, cover=Box(0, 1))


def _hill(x: Tensor) -> Tensor:
    return -(x**2).sum()
