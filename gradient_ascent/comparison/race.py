"""A fair race: each method tuned with one budget, all from the same starts."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean
from typing import Any, TypeAlias

from gradient_ascent.arguments import check_whole
from gradient_ascent.landscapes import Point

Settings: TypeAlias = Mapping[str, Any]
Runner: TypeAlias = Callable[..., Iterable[tuple[float, float]]]
"""Called as run(starts, **settings): best and end score from each start."""

FEWEST = 30
"""Starts that a race is run from."""


@dataclass(frozen=True)
class Entry:
    """What one method did in a race, by one of the two scores.

    Attributes:
        settings: those that were best on the tuning starts.
        scores: a score from each start, with these settings.
        tuning: the mean score of each of the settings on the tuning starts, in
            the order in which they were given.
    """

    settings: Settings
    scores: tuple[float, ...]
    tuning: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean score; of scores True and False, the share of successes."""
        return fmean(self.scores)


@dataclass(frozen=True)
class Race:
    """Two races: by the best point of a run, and by the point where it ends.

    A method is tuned for each of them by itself.

    Attributes:
        best: the `Entry` of each method, by the best point.
        end: the same by the end point.
    """

    best: dict[str, Entry]
    end: dict[str, Entry]


def draw_starts(
    domain: Sequence[tuple[float, float]], count: int, *, seed: int
) -> list[Point]:
    """Draw points evenly from a box; other seeds draw others.

    >>> draw_starts([(0, 1), (10, 20)], 1, seed=0)
    [(0.8444218515250481, 17.579544029403024)]

    Args:
        domain: for each coordinate the interval (low, high).
        count: how many.
        seed: of the draws.

    Raises:
        TypeError: a count or seed that is not whole.
        ValueError: a negative count or seed.
    """
    check_whole("draw_starts", "count", count, least=0)
    check_whole("draw_starts", "seed", seed, least=0)
    random = Random(seed)
    return [
        tuple(low + (high - low) * random.random() for low, high in domain)
        for _ in range(count)
    ]


def race(
    methods: Mapping[str, tuple[Runner, Sequence[Settings]]],
    *,
    tuning: Sequence[Any],
    starts: Sequence[Any],
) -> Race:
    """Tune each method on some starts, and run it from others.

    Every method tries as many settings as every other, and those with the
    highest mean score on the tuning starts (the first of several) are the ones
    that it runs with. Whether a run of one costs as much as a run of another is
    for the caller to see to.

    Args:
        methods: by name, how to run it and the settings to try. It is run as
            `run(starts, **settings)` and gives a pair for each start: the score
            of the best point that it saw and of the point where it ended.
            Higher is better; True and False will do.
        tuning: the starts to choose the settings on: seeds, or points as tuples
            of numbers.
        starts: those that count, 30 or more, none of them a tuning start.

    Raises:
        ValueError: no tuning starts, fewer than 30 others, one that is among
            both or twice in one, methods with a different number of settings or
            none, or scores that are nan or not one pair for each start.
    """
    _check_starts(tuning, starts)
    counts = {name: len(settings) for name, (_, settings) in methods.items()}
    if len(set(counts.values())) != 1 or 0 in counts.values():
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        raise ValueError(
            "race: every method must have the same number of settings to try, "
            f"one or more; got {told or 'no method'}"
        )
    best: dict[str, Entry] = {}
    end: dict[str, Entry] = {}
    for name, (run, settings) in methods.items():
        tried = [_scores(name, run, tuning, each) for each in settings]
        done: dict[int, list[tuple[float, ...]]] = {}
        for which, entries in enumerate((best, end)):
            means = tuple(fmean(scores[which]) for scores in tried)
            chosen = means.index(max(means))
            if chosen not in done:
                done[chosen] = _scores(name, run, starts, settings[chosen])
            scores = done[chosen][which]
            entries[name] = Entry(settings[chosen], scores, means)
    return Race(best, end)


def _check_starts(tuning: Sequence[Any], starts: Sequence[Any]) -> None:
    if len(tuning) == 0:
        raise ValueError("race: tuning must hold a start or more, got none")
    if len(starts) < FEWEST:
        raise ValueError(
            f"race: starts must hold {FEWEST} or more, got {len(starts)}"
        )
    seen = set()
    for start in (*tuning, *starts):
        if start in seen:
            raise ValueError(
                f"race: tuning and starts must all differ, got {start!r} twice"
            )
        seen.add(start)


def _scores(
    name: str, run: Runner, starts: Sequence[Any], settings: Settings
) -> list[tuple[float, ...]]:
    """The best scores and the end scores, each with one from each start."""
    pairs = [(float(best), float(end)) for best, end in run(starts, **settings)]
    if len(pairs) != len(starts):
        raise ValueError(
            f"race: {name} must give a pair of scores for each of the "
            f"{len(starts)} starts, got {len(pairs)}"
        )
    if any(math.isnan(score) for pair in pairs for score in pair):
        raise ValueError(
            f"race: {name} scored nan with {dict(settings)}; score a run that "
            "failed -inf"
        )
    return list(zip(*pairs))
