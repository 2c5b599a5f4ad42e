"""Landscapes to race on, each from a start drawn evenly from its domain."""

from __future__ import annotations

from functools import partial

import torch

from gradient_ascent.benchmarks.problem import Problem, Task, generator
from gradient_ascent.landscapes import LANDSCAPES

STEPS = 200


def _task(name: str, target: float, seed: int) -> Task:
    """Climb a landscape, or minus it, from a start that is not solved yet."""
    landscape = LANDSCAPES[name]
    sign = 1 if landscape.maximize else -1
    low, high = torch.tensor(landscape.domain, dtype=torch.float64).T
    draws = generator(seed)
    x = torch.zeros_like(low).requires_grad_()
    top = sign * float(landscape(*landscape.optima[0]))
    task = Task([x], lambda: sign * landscape(*x.unbind()), top)
    while True:
        drawn = torch.rand(len(low), generator=draws, dtype=torch.float64)
        x.data = low + (high - low) * drawn
        if task.gap() > 10 * target:
            return task


def _problem(name: str, target: float, title: str) -> Problem:
    return Problem(
        name,
        title,
        random="the start, drawn evenly from the domain",
        steps=STEPS,
        target=target,
        source=f"closed form, `landscapes.{name}`",
        make=partial(_task, name, target),
    )


PROBLEMS = [
    _problem("ravine", 1e-6, "minus a quadratic of curvatures 100 and 2"),
    _problem("rosenbrock", 1e-4, "minus Rosenbrock's curved valley"),
    _problem("himmelblau", 1e-6, "minus Himmelblau's four wells, alike"),
    _problem("beale", 1e-4, "minus Beale's flat floor between sharp walls"),
    _problem("ackley", 0.1, "minus Ackley's rippled funnel, a cone in it"),
    _problem("rastrigin", 1e-4, "minus Rastrigin's dimpled bowl"),
    _problem("peaks", 1e-6, "four hills, one of them the highest"),
]
