"""Which method of ours climbs: one asked for, or the one that suits f."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.maximization.bounded import BoundedQuasiNewton
from gradient_ascent.maximization.distance_over_gradients import (
    DistanceOverGradients,
)
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.newton import Newton
from gradient_ascent.maximization.points import telling_dtypes
from gradient_ascent.maximization.projected_gradient import ProjectedGradient
from gradient_ascent.maximization.quasi_newton import QuasiNewton


def newton(moving: MovingTensors) -> Optimizer:
    """`Newton`, by the Hessian of f."""
    return Newton(moving.tensors, lambda: moving.hessian_matrix()[0])


def fisher(moving: MovingTensors) -> Optimizer:
    """`Newton`, by the expected information of a log-likelihood."""
    information = getattr(moving.f, "information", None)
    if information is None or getattr(moving.f, "outputs", True) is None:
        raise ValueError(
            "maximize: optimizer 'fisher' needs an f that has `information`, "
            "as a LogLikelihood with outputs does; 'newton' takes any f"
        )

    def curving() -> Tensor:
        with telling_dtypes(moving.tensors):
            found, n = information(moving.point), len(moving.vector)
        if not isinstance(found, Tensor) or found.shape != (n, n):
            got = found.shape if isinstance(found, Tensor) else repr(found)
            raise TypeError(
                "maximize: optimizer 'fisher' needs an f whose `information` "
                f"returns a tensor of shape ({n}, {n}), got {got}"
            )
        return -found

    return Newton(moving.tensors, curving)


def bounded(moving: MovingTensors) -> Optimizer:
    """`BoundedQuasiNewton`, in a box."""
    if not _bounded(moving):
        raise ValueError(
            "maximize: optimizer 'lbfgsb' climbs within a Box, got constraint="
            f"{moving.constraints or None!r}; without an optimizer any is "
            "served"
        )
    return BoundedQuasiNewton(moving.tensors, moving.nearest)


def _bounded(moving: MovingTensors) -> bool:
    """Whether bounds are all that is to be kept."""
    bounds = moving.set_of_all.bounds
    return all(bounds(x) is not None for x in moving.tensors)


OF_RUN: dict[str, Callable[[MovingTensors], Optimizer]] = {
    "newton": newton,
    "fisher": fisher,
    "lbfgsb": bounded,
}
"""The methods of `maximize` that one asks for by name, made for a run."""


def suited(moving: MovingTensors, *, noisy: bool) -> Optimizer:
    """The method for an f that is noisy or not, in a set or not."""
    if noisy:
        return DistanceOverGradients(moving.tensors)
    if moving.constraints and _bounded(moving):
        return BoundedQuasiNewton(moving.tensors, moving.nearest)
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


def needs_closure(optimizer: Optimizer) -> bool:
    """Whether a step evaluates the objective itself, as a line search does."""
    closure = signature(optimizer.step).parameters.get("closure")
    return closure is not None and closure.default is Parameter.empty
