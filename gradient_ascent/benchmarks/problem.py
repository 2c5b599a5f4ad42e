"""What a problem is: where a run starts, what it climbs, how high that goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gradient_ascent.constraints import Constraint

Measured = Callable[[], float]


def nothing() -> None:
    """Change nothing: what a task does between steps if its data are fixed."""


@dataclass
class Task:
    """A problem at one seed, at its start.

    Attributes:
        parameters: what is moved.
        objective: f at the parameters, on the data of this step.
        optimum: the least number that f is nowhere above.
        next_batch: called before each step; draws its data.
        whole: f at the parameters on all data. None where `objective` is that
            already.
        within: the set that the parameters are projected to after each step.
    """

    parameters: Sequence[Tensor]
    objective: Callable[[], Tensor]
    optimum: float
    next_batch: Callable[[], None] = nothing
    whole: Callable[[], Tensor] | None = None
    within: Constraint | None = None

    @torch.no_grad()
    def gap(self) -> float:
        """The optimum less f, on all data."""
        height = (self.whole or self.objective)()
        return self.optimum - float(height)


@dataclass(frozen=True)
class Problem:
    """What optimizers are raced on.

    Attributes:
        name: by which it is asked for.
        title: what is maximized, in a line.
        random: what differs from one seed to another.
        steps: how many evaluations of value and gradient a run may take.
        target: the gap at which it counts as solved, in the units of f.
        source: how its optimum is known.
        make: the task at a seed.
    """

    name: str
    title: str
    random: str
    steps: int
    target: float
    source: str
    make: Callable[[int], Task]


def generator(seed: int) -> torch.Generator:
    """Where all that is random of a seed comes from."""
    return torch.Generator().manual_seed(seed)
