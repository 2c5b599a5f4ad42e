"""PlateauScheduler: the same in both directions and for values of any sign."""

from collections.abc import Iterable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from gradient_ascent.optim.plateau import PlateauScheduler

VALUES = st.lists(st.integers(-4, 4).map(lambda n: n / 2), max_size=40)


def optimizer(*, maximize: bool = True, lr: float = 1.0) -> Optimizer:
    return SGD([torch.zeros(1, requires_grad=True)], lr=lr, maximize=maximize)


def rates(
    values: Iterable[float], kind: Any = PlateauScheduler, **arguments: Any
) -> list[float]:
    """The learning rate after each value of an objective."""
    climber = optimizer(maximize=arguments.pop("maximize", True))
    scheduler = kind(climber, **arguments)
    lowered = []
    for value in values:
        scheduler.step(value)
        lowered.append(climber.param_groups[0]["lr"])
    return lowered


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("constant", [-1.0, 0.0, 1.0, -1e30, -1e-30])
def test_a_constant_lowers_the_rate(constant: float, maximize: bool) -> None:
    lr = rates([constant] * 7, maximize=maximize, patience=2, factor=0.5)
    assert lr == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]


@pytest.mark.parametrize("maximize", [True, False])
def test_torch_never_lowers_it_at_a_constant_of_minus_one(maximize: bool) -> None:
    mode = "max" if maximize else "min"
    lr = rates([-1.0] * 50, ReduceLROnPlateau, mode=mode, patience=2)
    assert set(lr) == {1.0}


@given(VALUES, st.sampled_from(["rel", "abs"]), st.integers(0, 3), st.integers(0, 3))
def test_a_value_and_its_negative_fare_alike(
    values: list[float], threshold_mode: str, patience: int, cooldown: int
) -> None:
    how: dict[str, Any] = {
        "threshold_mode": threshold_mode, "patience": patience,
        "cooldown": cooldown, "threshold": 0.3,
    }  # fmt: skip
    up = rates(values, maximize=True, **how)
    assert up == rates([-v for v in values], maximize=False, **how)


@given(VALUES, st.integers(0, 3), st.sampled_from([True, False]))
def test_it_is_torchs_wherever_torch_is_right(
    values: list[float], patience: int, maximize: bool
) -> None:
    """For positive values, and for a margin that does not depend on the best."""
    mode = "max" if maximize else "min"
    how: dict[str, Any] = {"patience": patience, "threshold": 0.3}
    above = [v + 3 for v in values]
    assert rates(above, maximize=maximize, **how) == rates(
        above, ReduceLROnPlateau, mode=mode, **how
    )
    how["threshold_mode"] = "abs"
    assert rates(values, maximize=maximize, **how) == rates(
        values, ReduceLROnPlateau, mode=mode, **how
    )


@given(VALUES, st.floats(1e-3, 1e3))
def test_a_relative_margin_knows_no_unit(values: list[float], unit: float) -> None:
    how: dict[str, Any] = {"patience": 1, "threshold": 0.3}
    assert rates(values, **how) == rates([unit * v for v in values], **how)


@pytest.mark.parametrize(
    ("values", "threshold_mode", "better"),
    [
        ([-100, -90], "rel", False),
        ([-100, -89.9], "rel", True),
        ([-100, -99.9], "abs", False),
        ([-100, -99.8], "abs", True),
        ([0, 1e-9], "rel", True),
        ([5, 5.4], "rel", False),
        ([5, 5.6], "rel", True),
        ([1, float("nan")], "rel", False),
    ],
)
def test_what_counts_as_better(
    values: list[float], threshold_mode: str, better: bool
) -> None:
    lr = rates(values, patience=0, threshold=0.1, threshold_mode=threshold_mode)
    assert lr == [1.0, 1.0 if better else pytest.approx(0.1)]


def test_the_direction_is_the_optimizers_unless_told() -> None:
    assert PlateauScheduler(optimizer(maximize=True)).mode == "max"
    assert PlateauScheduler(optimizer(maximize=False)).mode == "min"
    assert PlateauScheduler(optimizer(maximize=True), "min").mode == "min"
    lbfgs = torch.optim.LBFGS([torch.zeros(1, requires_grad=True)])
    assert PlateauScheduler(lbfgs).mode == "min"


def test_a_checkpoint_resumes_at_any_value() -> None:
    values = [-3.0, -2.0, -2.0, -2.0, -2.5, -1.0, -1.0, -1.0, -1.0, -1.0]
    whole = rates(values, patience=1, cooldown=1)
    for cut in range(len(values)):
        first = optimizer()
        before = PlateauScheduler(first, patience=1, cooldown=1)
        for value in values[:cut]:
            before.step(value)
        second = optimizer()
        after = PlateauScheduler(second)
        second.load_state_dict(first.state_dict())
        after.load_state_dict(before.state_dict())
        lr = []
        for value in values[cut:]:
            after.step(value)
            lr.append(second.param_groups[0]["lr"])
        assert lr == whole[cut:]


def test_state_dicts_interchange_with_torchs() -> None:
    torchs = ReduceLROnPlateau(optimizer(), "max", patience=1)
    ours = PlateauScheduler(optimizer(), patience=3)
    torchs.step(-1.0)
    ours.load_state_dict(torchs.state_dict())
    assert (ours.best, ours.patience, ours.mode) == (-1.0, 1, "max")
    torchs.load_state_dict(ours.state_dict())
    assert ours.state_dict().keys() == torchs.state_dict().keys()


def test_a_rate_for_each_group_and_no_lower() -> None:
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    two = SGD(
        [{"params": [a], "lr": 1.0}, {"params": [b], "lr": 4.0}], lr=1, maximize=True
    )
    scheduler: LRScheduler = PlateauScheduler(two, patience=0, factor=0.5, min_lr=0.4)
    for _ in range(4):
        scheduler.step(torch.tensor(-1.0))  # type: ignore[arg-type]
    assert [g["lr"] for g in two.param_groups] == [0.4, 0.5]
    assert scheduler.get_last_lr() == [0.4, 0.5]


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"mode must be one of .* got 'up'"):
        PlateauScheduler(optimizer(), "up")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="threshold_mode must be one of"):
        PlateauScheduler(optimizer(), threshold_mode="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"factor must lie in \[0, 1\), got 1"):
        PlateauScheduler(optimizer(), factor=1)
    with pytest.raises(ValueError, match=r"patience must lie in \[0, inf\), got -1"):
        PlateauScheduler(optimizer(), patience=-1)
    with pytest.raises(TypeError, match="is not an Optimizer"):
        PlateauScheduler("adam", "max")  # type: ignore[arg-type]
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    both = SGD([{"params": [a], "maximize": True}, {"params": [b]}], lr=1)
    with pytest.raises(ValueError, match="mode must be given where some"):
        PlateauScheduler(both)
    assert PlateauScheduler(both, "max").mode == "max"
