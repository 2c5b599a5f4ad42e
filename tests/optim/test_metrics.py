"""What GradientAscent reports, to whom, when, and what it costs in between."""

import copy
import logging
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from gradient_ascent.optim import GradientAscent
from gradient_ascent.optim.metrics import Metrics
from tests.optim.cases import climb, normal, parameters


class Board:
    """As TensorBoard's SummaryWriter."""

    def __init__(self) -> None:
        self.scalars: list[tuple[str, float, int]] = []

    def add_scalar(self, tag: str, value: float, step: int) -> None:
        self.scalars.append((tag, value, step))


class Heard:
    """A callable writer."""

    def __init__(self) -> None:
        self.reports: dict[int, dict[str, float]] = {}

    def __call__(self, step: int, metrics: dict[str, float]) -> None:
        self.reports[step] = metrics


def test_the_numbers() -> None:
    x, heard = parameters(), Heard()
    optimizer = GradientAscent(x, lr=0.1, lr_decay=0.9, logging_interval=4)
    optimizer.log_to(heard)
    for t in range(1, 9):
        before = [p.detach().clone() for p in x]
        climb(optimizer, 1, first=t)
    assert heard.reports.keys() == {4, 8}
    flat = torch.cat([(a - b).flatten() for a, b in zip(x, before)]).detach()
    slopes = torch.cat([p.grad.flatten() for p in x if p.grad is not None])
    assert heard.reports[8] == pytest.approx(
        {
            "rate": 0.1 * 0.9**7,
            "gradient_norm": slopes.norm().item(),
            "update_norm": flat.norm().item(),
        }
    )


def test_the_objective_from_a_closure_and_by_hand() -> None:
    x, heard = torch.ones(2, requires_grad=True), Heard()
    optimizer = GradientAscent([x], logging_interval=1)
    optimizer.log_to(heard)

    def closure() -> Tensor:
        optimizer.zero_grad()
        f = -x.square().sum()
        f.backward()
        return f

    value = optimizer.step(closure)
    assert heard.reports[1]["objective"] == value.item() == -2.0
    optimizer.step(objective=-7)
    optimizer.step(objective=torch.tensor(-8.0, requires_grad=True))
    optimizer.step()
    assert heard.reports[2]["objective"] == -7.0
    assert heard.reports[3]["objective"] == -8.0
    assert "objective" not in heard.reports[4]


def test_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    optimizer = GradientAscent(parameters(), logging_interval=2)
    with caplog.at_level(logging.INFO, logger="gradient_ascent"):
        climb(optimizer, 5)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.split(":")[0] for line in lines] == ["step 2", "step 4"]
    assert lines[0].startswith("step 2: rate 0.01, gradient_norm ")
    assert ", update_norm " in lines[0]


def test_a_board() -> None:
    optimizer, board = GradientAscent(parameters(), logging_interval=3), Board()
    optimizer.log_to(board)
    climb(optimizer, 7)
    assert [(tag, step) for tag, _, step in board.scalars] == [
        (tag, step)
        for step in (3, 6)
        for tag in ("rate", "gradient_norm", "update_norm")
    ]
    assert all(isinstance(value, float) for _, value, _ in board.scalars)


def test_several_groups_and_several_writers() -> None:
    groups = [{"params": parameters()}, {"params": parameters(), "lr": 0.5}]
    optimizer = GradientAscent(groups, logging_interval=1)
    first, second = Heard(), Heard()
    optimizer.log_to(first)
    optimizer.log_to(second)
    climb(optimizer, 1)
    assert first.reports == second.reports
    assert first.reports[1]["rate/0"] == 0.01
    assert first.reports[1]["rate/1"] == 0.5


def test_a_rate_that_a_scheduler_has_set() -> None:
    optimizer, heard = GradientAscent(parameters(), logging_interval=1), Heard()
    optimizer.log_to(heard)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)
    for t in range(3):
        climb(optimizer, 1, first=t)
        schedule.step()
    rates = [report["rate"] for report in heard.reports.values()]
    assert rates == [0.01, 0.005, 0.0025]


def test_nothing_is_reported_of_a_step_that_was_not() -> None:
    x, heard = parameters(), Heard()
    optimizer = GradientAscent(x, logging_interval=1, nonfinite="skip")
    optimizer.log_to(heard)
    optimizer.step()  # no gradients
    x[0].grad = torch.full_like(x[0], torch.nan)
    optimizer.step()  # skipped
    assert heard.reports == {}
    climb(optimizer, 1)
    assert heard.reports.keys() == {1}


def test_mixed_precisions_and_complex() -> None:
    kinds = [torch.float64, torch.float32, torch.complex64]
    x = [normal(i, (4,), kind).requires_grad_() for i, kind in enumerate(kinds)]
    optimizer, heard = GradientAscent(x, logging_interval=1), Heard()
    optimizer.log_to(heard)
    climb(optimizer, 1)
    squares = [p.grad.abs().double().square().sum() for p in x if p.grad is not None]
    assert heard.reports[1]["gradient_norm"] == pytest.approx(
        float(sum(squares)) ** 0.5, rel=1e-6
    )


class Syncs(TorchDispatchMode):
    """How often a number is asked for, which a device would be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.operations = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        waits = ("_local_scalar_dense", "is_nonzero", "nonzero")
        name = func.overloadpacket.__name__
        # The step counts lie on the CPU, wherever the parameters are.
        on_device = bool(args) and getattr(args[0], "dtype", None) == torch.float64
        self.count += name in waits and on_device
        self.operations += 1
        return func(*args, **(kwargs or {}))


def test_no_wait_between_the_intervals() -> None:
    heard, lr = Heard(), 0.01
    optimizer = GradientAscent(
        parameters(), lr, logging_interval=5, nonfinite="pass", lr_decay=0.9
    )
    optimizer.log_to(heard)
    silent = GradientAscent(parameters(), lr, nonfinite="pass", lr_decay=0.9)
    climb(optimizer, 1)
    climb(silent, 1)
    counts, operations = [], []
    for t in range(2, 11):
        for each in (optimizer, silent):
            for group in each.param_groups:
                for p in group["params"]:
                    p.grad = normal(t, p.shape)
        objective = torch.tensor(1.0, dtype=torch.float64)
        with Syncs() as syncs:
            optimizer.step(objective=objective)
        with Syncs() as plain:
            silent.step()
        counts.append(syncs.count)
        # It looks at its own step counts, on the CPU, and at nothing else.
        operations.append(syncs.operations - plain.operations)
    # Of the steps 2 to 10 only 5 and 10 measure, and only they wait.
    assert [bool(count) for count in counts] == [t % 5 == 0 for t in range(2, 11)]
    assert [more > 3 for more in operations] == [t % 5 == 0 for t in range(2, 11)]
    assert heard.reports.keys() == {5, 10}


def test_nobody_listens_nothing_is_measured(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, logger="gradient_ascent")
    optimizer = GradientAscent(parameters(), logging_interval=1, nonfinite="pass")
    climb(optimizer, 1)
    with Syncs() as syncs:
        optimizer.step()
    assert syncs.count == 0


def test_a_check_waits_once_a_step() -> None:
    optimizer = GradientAscent(parameters())
    climb(optimizer, 1)
    with Syncs() as syncs:
        optimizer.step()
    assert syncs.count <= 1


@pytest.mark.parametrize("how", ["copy", "pickle"])
def test_a_copy_keeps_the_interval_but_no_writer(how: str) -> None:
    optimizer, heard = GradientAscent(parameters(), logging_interval=2), Heard()
    optimizer.log_to(heard)
    optimizer.log_to(lambda step, metrics: None)  # which nothing can pickle
    twin = (
        copy.deepcopy(optimizer)
        if how == "copy"
        else pickle.loads(pickle.dumps(optimizer))
    )
    climb(twin, 4)
    assert heard.reports == {}
    assert (twin.metrics.interval, twin.metrics.writers) == (2, [])
    assert len(optimizer.metrics.writers) == 2


@pytest.mark.parametrize("interval", [0, -3])
def test_an_interval_below_one(interval: int) -> None:
    with pytest.raises(ValueError, match=rf"must be 1 or more, got {interval}"):
        Metrics(interval)


@pytest.mark.parametrize("interval", [2.5, True, "10", None])
def test_an_interval_that_is_no_int(interval: Any) -> None:
    with pytest.raises(TypeError, match=r"logging_interval must be an int, got"):
        GradientAscent(parameters(), logging_interval=interval)


def test_a_writer_that_cannot_write() -> None:
    with pytest.raises(TypeError, match=r"callable or have add_scalar, got 'a.log'"):
        GradientAscent(parameters()).log_to("a.log")  # type: ignore[arg-type]


@pytest.mark.parametrize("often", [lambda t: t >= 3, lambda t: t % 3 == 0])
def test_the_step_never_runs_backwards(often: Callable[[int], bool]) -> None:
    """Whichever of its parameters have a gradient."""
    a, b = (torch.ones(1, requires_grad=True) for _ in range(2))
    optimizer = GradientAscent([a, b], logging_interval=2)
    seen: list[int] = []
    optimizer.log_to(lambda step, _: seen.append(step))
    for t in range(12):
        b.grad, a.grad = torch.ones(1), torch.ones(1) if often(t) else None
        optimizer.step()
    assert seen == [2, 4, 6, 8, 10, 12]
