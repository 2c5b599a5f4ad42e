"""Runs that no optimizer made: a gap that shrinks by a factor, and some luck."""

from __future__ import annotations

import math

import numpy as np

from gradient_ascent.benchmarks.runs import Run

POINTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def run(
    optimizer: str, problem: str, seed: int, *, exponent: float, plateau: float = 0.0,
    luck: float = 1.0, role: str = "report", fails: bool = False,
) -> Run:  # fmt: skip
    """A run whose gap is n to minus an exponent, and no less than a plateau."""
    gaps = [max(luck * n**-exponent, plateau) for n in POINTS]
    if fails:
        gaps[5:] = [math.inf] * len(gaps[5:])
    reached = next((n for n, gap in zip(POINTS, gaps) if gap <= 1e-3), None)
    return Run(
        problem, optimizer, role, 0, seed, {"lr": 0.1}, POINTS[-1],
        50 if fails else POINTS[-1], 0.01, 1.0, 1e-3, gaps[-1], min(gaps), reached,
        fails, tuple(zip(POINTS, gaps)),
    )  # fmt: skip


def race(seeds: int = 10) -> list[Run]:
    """Three methods on two problems: fast to a plateau, slow and steady, twice."""
    random = np.random.default_rng(0)
    about = {
        "hare": {"exponent": 2.0, "plateau": 3e-2},
        "tortoise": {"exponent": 0.8, "plateau": 0.0},
        "twin": {"exponent": 0.8, "plateau": 0.0},
    }
    return [
        run(
            name,
            problem,
            seed,
            luck=float(random.lognormal(0, 0.2)),
            role=role,
            fails=name == "hare" and problem == "hill" and seed == 0,
            **how,
        )
        for problem in ("bowl", "hill")
        for name, how in about.items()
        for role in ("report", "default")
        for seed in range(seeds)
    ]
