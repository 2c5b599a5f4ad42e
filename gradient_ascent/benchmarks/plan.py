"""What a race runs: the same budget for every optimizer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import fmean

from gradient_ascent.arguments import check_whole
from gradient_ascent.benchmarks.entrants import ENTRANTS, entrant
from gradient_ascent.benchmarks.jobs import Job
from gradient_ascent.benchmarks.problems import problem
from gradient_ascent.benchmarks.runs import Run
from gradient_ascent.benchmarks.search import draws

FEWEST_SEEDS = 10
"""To report on."""
FIRST_REPORT_SEED = 1000
"""Tuning seeds count from 0, those of the report from here."""


@dataclass(frozen=True)
class Plan:
    """A race: each optimizer is tuned on each problem, and then reported.

    Attributes:
        problems: their names.
        optimizers: their names.
        trials: how many settings a search tries; 0 for none, so that only the
            defaults run.
        tuning_seeds: on how many seeds each of them is tried.
        report_seeds: on how many others the chosen one runs, and the default.
        most_steps: a bound on the evaluations of a run, below the problem's.
    """

    problems: tuple[str, ...]
    optimizers: tuple[str, ...]
    trials: int
    tuning_seeds: int
    report_seeds: int
    most_steps: int | None = None

    def __post_init__(self) -> None:
        least = {"trials": 0, "tuning_seeds": 1, "report_seeds": FEWEST_SEEDS}
        if self.most_steps is not None:
            least["most_steps"] = 1
        for name, number in least.items():
            check_whole("Plan", name, getattr(self, name), least=number)
        for names, find in (
            (self.problems, problem),
            (self.optimizers, entrant),
        ):
            for name in names:
                find(name)
        if self.tuning_seeds > FIRST_REPORT_SEED:
            raise ValueError(
                f"Plan: tuning_seeds must be {FIRST_REPORT_SEED} at most, "
                f"where those of the report begin, got {self.tuning_seeds}"
            )

    def first(self) -> list[Job]:
        """The jobs that need no other's end: searches and defaults."""
        jobs = []
        for name, who in product(self.problems, self.optimizers):
            for trial, settings in enumerate(self.settings(who)):
                for seed in range(self.tuning_seeds):
                    jobs.append(
                        self._job(name, who, "tuning", trial, seed, settings)
                    )
            jobs += self._reports(name, who, "default", -1, {})
        return jobs

    def second(self, done: Iterable[Run]) -> list[Job]:
        """The jobs of the report, from the runs of the search."""
        jobs = []
        for (name, who), trial in choose(done).items():
            settings = self.settings(who)[trial]
            jobs += self._reports(name, who, "report", trial, settings)
        return jobs

    def settings(self, optimizer: str) -> list[dict[str, float]]:
        """What a search tries of an optimizer, in order."""
        if not self.trials:
            return []
        return draws(entrant(optimizer).space, self.trials)

    def __len__(self) -> int:
        """How many runs there are in all."""
        tuning = self.trials * self.tuning_seeds
        report = self.report_seeds * (2 if self.trials else 1)
        pairs = len(self.problems) * len(self.optimizers)
        return pairs * (tuning + report)

    def _reports(
        self, name: str, who: str, role: str, trial: int,
        settings: dict[str, float],
    ) -> list[Job]:  # fmt: skip
        first = FIRST_REPORT_SEED
        return [
            self._job(name, who, role, trial, seed, settings)
            for seed in range(first, first + self.report_seeds)
        ]

    def _job(
        self, name: str, who: str, role: str, trial: int, seed: int,
        settings: dict[str, float],
    ) -> Job:  # fmt: skip
        steps = problem(name).steps
        if self.most_steps is not None:
            steps = min(steps, self.most_steps)
        return Job(name, who, role, trial, seed, tuple(settings.items()), steps)


def choose(runs: Iterable[Run]) -> dict[tuple[str, str], int]:
    """The trial that tuning chooses, for each problem and optimizer.

    It is the one of the highest mean score on the tuning seeds. Of several the
    one that is at the target first on average, where a run that never is counts
    all its evaluations; of several the one that was tried first.
    """
    tried: dict[tuple[str, str], dict[int, list[Run]]] = {}
    for run in runs:
        if run.role == "tuning":
            trials = tried.setdefault((run.problem, run.optimizer), {})
            trials.setdefault(run.trial, []).append(run)
    return {pair: min(trials, key=lambda t: _rank(t, trials[t]))
            for pair, trials in tried.items()}  # fmt: skip


def _rank(trial: int, runs: Sequence[Run]) -> tuple[float, float, int]:
    waited = [run.steps if run.reached is None else run.reached for run in runs]
    return -fmean(run.score for run in runs), fmean(waited), trial


RACED = (
    "ravine", "rosenbrock", "himmelblau", "eigenvalue", "mixture",
    "logistic", "logistic-batches", "digits",
)  # fmt: skip
SEEDS_TEN = tuple(f"seed-{number}" for number in range(1, 11))
QUICK = [
    Plan(
        ("rosenbrock", "eigenvalue", "logistic-batches"), tuple(ENTRANTS),
        trials=4, tuning_seeds=1, report_seeds=10, most_steps=40,
    )
]  # fmt: skip
"""A race of half a minute, to see one: 40 evaluations reach few targets."""
FULL = [Plan(RACED, tuple(ENTRANTS), trials=8, tuning_seeds=1, report_seeds=10)]
"""The whole race."""
TEN = [
    Plan(
        SEEDS_TEN, ("GradientAscent", "Legacy"), trials=0, tuning_seeds=1,
        report_seeds=10,
    )
]  # fmt: skip
"""The ten published, repaired, with their optimizer and ours at defaults."""
