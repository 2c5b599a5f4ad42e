"""Time things beside each other: a noisy machine is as noisy for all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple


def in_turns(
    calls: Mapping[str, Callable[[], object]],
    rounds: int,
    enough: float = float("inf"),
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Call all of them in each round; return the seconds of each call.

    Each round has an order of its own, drawn with a fixed seed: what a call
    finds in the caches is what the one before it has left there. A round before
    the first is not timed: memory is touched, kernels compiled.

    Args:
        calls: what to time, by name.
        rounds: how many rounds are timed.
        enough: seconds after which one sits out the rounds that are left, when
            it has been timed twice.
        clock: what tells the time. `time.process_time` leaves out what others
            do on the machine, and adds up over threads.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    draw = Random(0)
    for turn in range(1 + rounds):
        for name, call in draw.sample([*calls.items()], len(calls)):
            if len(taken[name]) >= 2 and sum(taken[name]) > enough:
                continue
            start = clock()
            call()
            seconds = clock() - start
            if turn:
                taken[name].append(seconds)
    return taken


class Line(NamedTuple):
    """What a call costs, and each element: seconds = a + b n."""

    call: float
    element: float


def line_of(sizes: Sequence[int], seconds: Sequence[float]) -> Line:
    """The line whose errors, as shares of the times, have the least squares.

    Args:
        sizes: how many elements, at least two.
        seconds: what each takes.

    Raises:
        ValueError: there are not as many times as sizes, or fewer than two.
    """
    if len(sizes) != len(seconds) or len(sizes) < 2:
        raise ValueError(
            "line_of: sizes and seconds must be as many, two or more, "
            f"got {len(sizes)} and {len(seconds)}"
        )
    # Least squares of the relative errors: of (a + b n) / t - 1.
    u = [1 / t for t in seconds]
    v = [n / t for n, t in zip(sizes, seconds)]
    uu = sum(x * x for x in u)
    uv = sum(x * y for x, y in zip(u, v))
    vv = sum(x * x for x in v)
    su, sv = sum(u), sum(v)
    det = uu * vv - uv * uv
    return Line((su * vv - sv * uv) / det, (sv * uu - su * uv) / det)
