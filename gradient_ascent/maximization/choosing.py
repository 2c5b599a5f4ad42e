"""Which method climbs where `maximize` is not told one."""

from __future__ import annotations

import torch
from torch.optim import Optimizer

from gradient_ascent.maximization.distance_over_gradients import (
    DistanceOverGradients,
)
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.projected_gradient import ProjectedGradient
from gradient_ascent.maximization.quasi_newton import QuasiNewton


def suited(moving: MovingTensors, *, noisy: bool) -> Optimizer:
    """The method for an f that is noisy or not, in a set or not."""
    if noisy:
        return DistanceOverGradients(moving.tensors)
    if moving.constraints:
        return ProjectedGradient(moving.tensors, moving.project)
    return QuasiNewton(moving.tensors)


def evaluate_twice(moving: MovingTensors) -> str:
    """Evaluate f where it is; if it drew random numbers, once more.

    Returns:
        How its values differ, in words; empty if they do not.
    """
    before = torch.get_rng_state()
    first = float(moving.evaluate())
    if torch.equal(before, torch.get_rng_state()):
        return ""
    return disagreement(first, float(moving.evaluate()))


def disagreement(first: float, second: float) -> str:
    """In words, how two values at one point differ; empty if they do not."""
    if first == second or first != first:
        return ""
    return f"f is noisy ({first:.6g} and {second:.6g} at one point)"
