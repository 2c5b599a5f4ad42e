"""One run: an optimizer on a problem, with so many evaluations to spend."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.benchmarks.entrants import Entrant
from gradient_ascent.benchmarks.problem import Task
from gradient_ascent.constraints import constrain

CHECKS = 10
"""Evaluations between two looks at all data, where a step sees a part."""


class SpentError(Exception):
    """The evaluations are used up, in the midst of a step."""


def checkpoints(steps: int) -> list[int]:
    """Where a curve has its points: 1, 2, 5, 10, ..., and the end.

    >>> checkpoints(300)
    [0, 1, 2, 5, 10, 20, 50, 100, 200, 300]
    """
    marks = [
        lead * 10**power
        for power in range(len(str(steps)))
        for lead in (1, 2, 5)
    ]
    return [0, *(mark for mark in marks if mark < steps), steps]


@dataclass
class Record:
    """What is seen of a run, point by point.

    Attributes:
        steps: evaluations that it may take.
        target: the gap sought.
        used: evaluations taken.
        gaps: at each point that was measured, by what had been taken there.
    """

    steps: int
    target: float
    used: int = 0
    gaps: dict[int, float] = field(default_factory=dict)

    def see(self, gap: float) -> None:
        """Note the gap at the point that has been reached.

        Raises:
            FloatingPointError: it is not finite.
        """
        if not math.isfinite(gap):
            raise FloatingPointError(f"the gap is {gap}")
        self.gaps[self.used] = gap

    @property
    def reached(self) -> int | None:
        """The first point whose gap was the target or less."""
        at = (n for n, gap in self.gaps.items() if gap <= self.target)
        return next(at, None)

    @property
    def curve(self) -> tuple[tuple[int, float], ...]:
        """At each checkpoint the newest gap known, up to the last point."""
        known = sorted(self.gaps)
        if not known:
            return ()
        points = []
        for mark in checkpoints(self.steps):
            past = [n for n in known if n <= mark]
            if past and mark <= self.used:
                points.append((mark, self.gaps[past[-1]]))
        return tuple(points)


class Race:
    """An optimizer on a task, evaluation by evaluation."""

    def __init__(
        self, entrant: Entrant, task: Task, settings: dict[str, float],
        record: Record,
    ) -> None:  # fmt: skip
        self.task, self.record, self.entrant = task, record, entrant
        self.optimizer: Any = entrant.make(task.parameters, settings)
        if task.within is not None:
            constrain(self.optimizer, task.within)
        self.seen: list[tuple[list[Tensor], list[Tensor], Tensor]] = []
        self.measuring = 0.0

    def run(self) -> None:
        """Spend the evaluations.

        Raises:
            Exception: what the optimizer raises.
            FloatingPointError: f is no longer finite.
        """
        record, sees_all = self.record, self.task.whole is None
        while record.used < record.steps:
            self.task.next_batch()
            if not sees_all:
                self.seen.clear()  # they are of another batch
                self._look()
            before = record.used
            try:
                value = self._step()
            except SpentError:
                break
            if not math.isfinite(value):
                raise FloatingPointError(f"the objective is {value}")
            if sees_all:
                record.gaps[before] = self.task.optimum - value
            if record.used == before:  # it has converged, and moves no more
                break
        self._measure()

    def _look(self) -> None:
        """Measure on all data, at the checks."""
        used, marks = self.record.used, checkpoints(self.record.steps)
        if used % CHECKS == 0 or used in marks:
            self._measure()

    def _measure(self) -> None:
        began = time.perf_counter()
        self.record.see(self.task.gap())
        self.measuring += time.perf_counter() - began

    def _step(self) -> float:
        """Take a step; f before it.

        Raises:
            SpentError: it would take one evaluation too many. The parameters
                are where they were.
        """
        if self.entrant.needs_closure:
            parameters = self.task.parameters
            here = [p.detach().clone() for p in parameters]
            try:
                return float(self.optimizer.step(self._again))
            except SpentError:
                for parameter, place in zip(parameters, here):
                    parameter.data.copy_(place)
                raise
        value = self._evaluate()
        self.optimizer.step()
        return float(value.detach())

    def _evaluate(self) -> Tensor:
        """Value and gradient, counted."""
        if self.record.used == self.record.steps:
            raise SpentError
        self.record.used += 1
        for parameter in self.task.parameters:
            parameter.grad = None
        value = self.task.objective()
        torch.autograd.backward(value)
        return value

    def _again(self) -> Tensor:
        """The same for a line search: what it asks for twice counts once."""
        parameters = self.task.parameters
        here = [p.detach().clone() for p in parameters]
        for point, gradients, value in self.seen:
            if all(map(torch.equal, here, point)):
                for parameter, gradient in zip(parameters, gradients):
                    parameter.grad = gradient.clone()
                return value
        with torch.enable_grad():
            value = self._evaluate().detach()
        kept = [p.grad.clone() for p in parameters if p.grad is not None]
        self.seen = [*self.seen[-LOOK_BACK:], (here, kept, value)]
        return value


LOOK_BACK = 30
"""More points than torch's line search tries."""
