"""What a step did: measured at an interval, and sent to those who listen."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import hypot
from typing import Any, Protocol, TypeAlias, runtime_checkable

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.arguments import check_whole
from gradient_ascent.optim.sharded import any_sharded, anywhere, whole
from gradient_ascent.rules import rate_factor

LOGGER = logging.getLogger("gradient_ascent")


@runtime_checkable
class ScalarWriter(Protocol):
    """What TensorBoard's `SummaryWriter` has."""

    def add_scalar(self, tag: str, value: float, step: int, /) -> Any:
        """Take one number."""


Writer: TypeAlias = ScalarWriter | Callable[[int, dict[str, float]], Any]


class Metrics:
    """The metrics of an optimizer's steps.

    They are the rate in force (one for each group, if there are several), the
    Euclidean norms of gradient and update over all parameters, and the
    objective where it is known. Between the intervals nothing is computed and
    no device waited for.

    Args:
        interval: how many steps lie between two reports.

    Raises:
        TypeError: `interval` is not an int.
        ValueError: it is below 1.
    """

    def __init__(self, interval: int) -> None:
        check_whole("GradientAscent", "logging_interval", interval, least=1)
        self.interval = interval
        self.writers: list[Writer] = []
        self._within = False  # a step of several moves

    def add(self, writer: Writer) -> None:
        """Report to `writer` as well as to `logging`."""
        if not isinstance(writer, ScalarWriter) and not callable(writer):
            raise TypeError(
                "log_to: writer must be callable or have add_scalar, "
                f"got {writer!r}"
            )
        self.writers.append(writer)

    @contextmanager
    def of_step(
        self, optimizer: Optimizer, objective: float | Tensor | None
    ) -> Iterator[None]:
        """Measure the step that the `with` block takes, if it is time to."""
        parameters = _parameters(optimizer)
        # What lies in several processes takes them all to measure, though the
        # writer may be in one.
        if self._within or not (self._heard() or any_sharded(parameters)):
            yield
            return
        moving = [p for p in parameters if p.grad is not None]
        step = 1 + _steps(optimizer) if moving else 0
        due = moving and step % self.interval == 0
        if not due or not anywhere(self._heard(), moving):
            yield
            return
        before = [p.detach().clone() for p in moving]
        rates = _rates(optimizer, step)
        yield
        self._report(step, rates | _norms(moving, before), objective)

    @contextmanager
    def of_moves(
        self, optimizer: Optimizer, step: int
    ) -> Iterator[Callable[[float | Tensor], None]]:
        """Measure what the `with` block does, in steps of its own, as one.

        Args:
            optimizer: what takes them.
            step: the number of the one.

        Returns:
            What the objective is told to; it may be left untold.
        """
        told: list[float | Tensor] = []
        parameters = _parameters(optimizer)
        due = step % self.interval == 0
        due = due and anywhere(self._heard(), parameters)
        before = {p: p.detach().clone() for p in parameters if due}
        self._within = True
        try:
            yield told.append
        finally:
            self._within = False
        before = {p: x for p, x in before.items() if p.grad is not None}
        if before:
            rates = _rates(optimizer, _steps(optimizer))
            norms = _norms(list(before), list(before.values()))
            self._report(step, rates | norms, told[0] if told else None)

    def _heard(self) -> bool:
        """Whether anybody in this process listens."""
        return bool(self.writers) or LOGGER.isEnabledFor(logging.INFO)

    def _report(
        self,
        step: int,
        metrics: dict[str, float],
        objective: float | Tensor | None,
    ) -> None:
        if objective is not None:
            detached = torch.as_tensor(objective).detach()
            metrics["objective"] = detached.item()
        text = ", ".join(
            f"{name} {value:.6g}" for name, value in metrics.items()
        )
        LOGGER.info("step %d: %s", step, text)
        for writer in self.writers:
            if isinstance(writer, ScalarWriter):
                for name, value in metrics.items():
                    writer.add_scalar(name, value, step)
            else:
                writer(step, metrics)


def _parameters(optimizer: Optimizer) -> list[Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]


def _steps(optimizer: Optimizer) -> int:
    """The steps of whichever parameter has moved most: others come later."""
    states = optimizer.state.values()
    return max((int(state.get("step", 0)) for state in states), default=0)


def _rates(optimizer: Optimizer, step: int) -> dict[str, float]:
    """The rates in force: those of the groups, with their schedules."""
    rates = [
        float(
            group["lr"]
            * rate_factor(
                step,
                lr_decay=group["lr_decay"],
                warmup_steps=group["warmup_steps"],
            )
        )
        for group in optimizer.param_groups
    ]
    if len(rates) == 1:
        return {"rate": rates[0]}
    return {f"rate/{index}": rate for index, rate in enumerate(rates)}


def _norms(moved: list[Tensor], before: list[Tensor]) -> dict[str, float]:
    with torch.no_grad():
        updates = [after - x for after, x in zip(moved, before)]
    return {
        "gradient_norm": _norm([p.grad for p in moved]),
        "update_norm": _norm(updates),
    }


@torch.no_grad()
def _norm(tensors: Iterable[Any]) -> float:
    alike: dict[Any, list[Tensor]] = defaultdict(list)
    for tensor in tensors:  # torch adds up what the same processes share
        alike[getattr(tensor, "device_mesh", None)].append(tensor)
    norms = map(torch.nn.utils.get_total_norm, alike.values())
    return hypot(*(float(whole(norm)) for norm in norms))
