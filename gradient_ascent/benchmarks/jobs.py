"""The runs of a race as jobs that any process can take."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import cache

import torch

from gradient_ascent.benchmarks.entrants import entrant, rehearse
from gradient_ascent.benchmarks.problems import problem
from gradient_ascent.benchmarks.racing import Race, Record
from gradient_ascent.benchmarks.runs import Key, Run


@dataclass(frozen=True)
class Job:
    """What a run is to be: names and numbers, no more.

    Attributes:
        problem: its name.
        optimizer: its name.
        role: "tuning", "report" or "default".
        trial: the number of its settings; -1 for a default.
        seed: of all that is random.
        settings: pairs of a hyperparameter and its value.
        steps: how many evaluations it may take.
    """

    problem: str
    optimizer: str
    role: str
    trial: int
    seed: int
    settings: tuple[tuple[str, float], ...]
    steps: int

    @property
    def key(self) -> Key:
        """What names its run."""
        return self.problem, self.optimizer, self.role, self.trial, self.seed


def do(job: Job) -> Run:
    """Run a job, on one thread: a row that depends on the job alone."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _run(job)
    finally:
        torch.set_num_threads(threads)


def _run(job: Job) -> Run:
    raced, chosen = problem(job.problem), entrant(job.optimizer)
    _warm(job.optimizer)
    task = raced.make(job.seed)
    record = Record(job.steps, raced.target)
    start, settings, failed = task.gap(), dict(job.settings), False
    began = time.perf_counter()
    race = Race(chosen, task, settings, record)
    try:
        race.run()
    # Not more: an error in a program is not a failure of its method.
    except (ArithmeticError, RuntimeError):
        failed = True
    seconds = time.perf_counter() - began - race.measuring
    gaps = record.gaps
    return Run(
        job.problem, job.optimizer, job.role, job.trial, job.seed, settings,
        steps=job.steps,
        gradients=record.used,
        seconds=seconds,
        start=start,
        target=raced.target,
        gap=math.inf if failed else gaps[record.used],
        best=min([start, *gaps.values()]),
        reached=record.reached,
        failed=failed,
        curve=record.curve,
    )  # fmt: skip


@cache
def _warm(name: str) -> None:
    """See to it that no run is timed while something is compiled."""
    rehearse(entrant(name), {})
