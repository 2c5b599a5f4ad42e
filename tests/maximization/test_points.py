"""What may be a start, what it becomes, and where it lies."""

from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from gradient_ascent.constraints import (
    Ball,
    Box,
    Constraint,
    HalfSpace,
    Hyperplane,
    Simplex,
    Sphere,
)
from gradient_ascent.maximization import Kick, Noise, maximize
from gradient_ascent.optim import OPTIMIZERS


class Line(NamedTuple):
    """A slope and a height."""

    slope: Any
    height: Any


def fit(line: Line) -> Tensor:
    """Highest where the line is y = x - 2, at 0."""
    return -((line.slope - 1) ** 2) - (line.height + 2) ** 2


def hill(x: Tensor) -> Tensor:
    return -((x - 1) ** 2).sum()


@pytest.mark.parametrize(
    "start", [Line(0.0, 0), Line(torch.zeros(()), 0.0), Line(np.zeros(()), 0.0)]
)
@pytest.mark.parametrize("options", [{}, {"restarts": 3}])
def test_a_named_tuple_keeps_its_names(start: Line, options: Any) -> None:
    best = maximize(fit, start, optimizer="momentum", lr=0.1, **options)
    assert type(best.x) is Line
    assert float(best.x.slope) == pytest.approx(1, abs=2e-3)
    assert float(best.x.height) == pytest.approx(-2, abs=2e-3)


def test_a_named_tuple_is_named_in_messages() -> None:
    def steep(x: Line) -> Tensor:
        return -x.slope - (-x.height).sqrt()

    with pytest.raises(ValueError, match=r"step 0: the gradient of x\.height"):
        maximize(steep, Line(1.0, 0.0))


@pytest.mark.parametrize("start", [[[1, 2], [3.0, 4]], ((1, 2), (3, 4))])
def test_a_table_of_numbers_is_a_matrix(start: Any) -> None:
    best = maximize(hill, start, optimizer="momentum", lr=0.1)
    assert best.x.dtype == torch.float64
    torch.testing.assert_close(best.x, torch.ones_like(best.x), atol=2e-3, rtol=0)
    assert best.x.shape == (2, 2)


def test_a_table_may_hold_the_starts() -> None:
    starts = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    runs = maximize(hill, starts, batched=True, steps=0).runs
    assert [run.x.tolist() for run in runs] == starts


@pytest.mark.parametrize("start", [[[1, 2], [3]], [[1, 2], 3], ([1.0], [1.0, [2.0]])])
def test_a_ragged_table_is_refused(start: Any) -> None:
    with pytest.raises(TypeError, match=r"numbers of x0 must fill a table.*tensors"):
        maximize(hill, start)


@pytest.mark.parametrize(
    ("start", "dtype"),
    [
        (np.zeros((2, 3)), torch.float64),
        (np.zeros((2, 3), np.float32), torch.float32),
        (np.zeros((2, 3), int), torch.float64),
        (np.zeros((3, 2), ">f8").T, torch.float64),
        (np.zeros((4, 3))[::-2], torch.float64),
    ],
)
def test_an_array_becomes_a_tensor(start: Any, dtype: torch.dtype) -> None:
    best = maximize(hill, start, optimizer="momentum", lr=0.1)
    assert (type(best.x), best.x.dtype, best.x.shape) == (Tensor, dtype, (2, 3))
    torch.testing.assert_close(best.x, torch.ones_like(best.x), atol=2e-3, rtol=0)
    assert not start.any(), "x0 must stay as it is"


def test_arrays_may_be_parts() -> None:
    best = maximize(
        lambda x: hill(x["a"]) + hill(x["b"]),
        {"a": np.zeros(2), "b": torch.zeros(3)},
        steps=1,
    )
    assert [best.x["a"].dtype, best.x["b"].dtype] == [torch.float64, torch.float32]


@pytest.mark.parametrize("start", [np.array(["a"]), np.array([None]), np.array([True])])
def test_an_array_of_anything_else_is_refused(start: Any) -> None:
    with pytest.raises(TypeError, match="x0 must be an array of numbers, got "):
        maximize(hill, start)


@pytest.mark.parametrize("option", ["steps", "restarts", "seed"])
def test_whole_numbers_may_be_numpys(option: str) -> None:
    usual = maximize(hill, [0.0], **{"steps": 3, option: 2})
    same = maximize(hill, [0.0], **{"steps": 3, option: np.int64(2)})
    assert (same.value, len(same.runs)) == (usual.value, len(usual.runs))


# torch's default device. On `meta` no number can be read: nothing may be put there.

SETS: list[Constraint] = [
    Box(-1, 1), Ball(1.0), Ball(1.0, norm="l1"), Simplex(), Sphere(),
    HalfSpace(1.0, 1.0), Hyperplane(1.0, 1.0),
]  # fmt: skip


OPTIONS: list[dict[str, Any]] = [
    {},
    {"restarts": 2},
    {"perturb": Noise(0.1)},
    {"perturb": Kick(0.1, patience=1), "restarts": 2},
    *({"constraint": each} for each in SETS),
]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        (name, options)
        for name in OPTIMIZERS
        for options in OPTIONS
        if name != "lbfgs" or "constraint" not in options  # it leaves the set
    ],
)
def test_the_default_device_may_be_another(name: str, options: Any) -> None:
    x0, options = torch.zeros(2), {"optimizer": name, "steps": 9, **options}
    usual = maximize(hill, x0, **options)
    with torch.device("meta"):
        assert torch.equal(maximize(hill, x0, **options).x, usual.x)


def test_sets_are_made_on_any_default_device() -> None:
    x = torch.tensor([3.0, 4.0])
    wanted = [each.project(x) for each in SETS]
    with torch.device("meta"):
        again = [type(each)(*vars(each).values()).project(x) for each in SETS]
    assert all(map(torch.equal, again, wanted))


def test_numbers_become_a_tensor_on_the_default_device() -> None:
    seen = []

    def f(x: Tensor) -> Tensor:
        seen.append(x.device.type)
        raise KeyboardInterrupt

    for start in ([1.0, 2.0], np.ones(2)):
        with torch.device("meta"), pytest.raises(KeyboardInterrupt):
            maximize(f, start)
    assert seen == ["meta", "meta"]


def test_inference_mode_is_named() -> None:
    with torch.inference_mode(), pytest.raises(RuntimeError, match="inference mode"):
        maximize(hill, [0.0])
    with torch.inference_mode():
        x0 = torch.zeros(2)
    assert maximize(hill, x0, optimizer="momentum", lr=0.1).success


def test_a_start_of_numbers_beside_data_of_float32_gets_a_hint() -> None:
    data = torch.ones(3, 2)
    with pytest.raises(RuntimeError, match=r"dtype|scalar type") as caught:
        maximize(lambda x: -(data @ x).square().sum(), [1.0, 2.0])
    (note,) = caught.value.__notes__
    assert "start from a tensor of float32" in note
    assert maximize(lambda x: -(data @ x).square().sum(), torch.ones(2)).value == 0
