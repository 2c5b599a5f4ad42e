"""`maximize_penalized`: climb f minus a penalty to its top."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.arguments import (
    NonNegative,
    Positive,
    check_whole,
    checked,
)
from gradient_ascent.maximization.points import Point, read
from gradient_ascent.proximal.ascent import ProximalAscent
from gradient_ascent.proximal.penalties import (
    Costs,
    Penalty,
    Within,
    as_penalty,
)


@dataclass(frozen=True)
class Penalized:
    """Where a run of `maximize_penalized` ended.

    Attributes:
        x: the highest point it saw, in the form of x0.
        value: f - h there.
        success: whether it came to rest.
        message: how it ended.
        steps: how many it took.
        evaluations: how often f was evaluated.
        lr: the learning rate of the last step.
        objective: f - h at the start and after each step, shape (steps + 1,).
    """

    x: Any
    value: float
    success: bool
    message: str
    steps: int
    evaluations: int
    lr: float | None
    objective: Tensor


@checked
def maximize_penalized(
    f: Callable[[Any], Tensor],
    x0: Point,
    penalty: Costs,
    *,
    lr: Positive | None = None,
    accelerated: bool = True,
    steps: int = 10_000,
    tol: NonNegative = 1e-10,
) -> Penalized:
    r"""Find where f minus a penalty is highest, by `ProximalAscent`.

    >>> from gradient_ascent.proximal import L1
    >>> b = torch.tensor([3.0, 0.5])
    >>> best = maximize_penalized(
    ...     lambda x: -((x - b) ** 2).sum() / 2, torch.zeros(2), L1(1.0)
    ... )
    >>> [round(each, 4) for each in best.x.tolist()], best.success
    ([2.0, 0.0], True)

    It comes to rest where a step moves less than

    .. math:: \lVert \theta_t - y_t \rVert \le \tau
        (\lVert \theta_t \rVert + \lVert \theta_t - \theta_0 \rVert)

    For a concave f that is the global maximum, as far as so short a step tells.
    `maximize` is not for this: it looks at f alone.

    Args:
        f: the smooth part: takes a point in the form of `x0` and returns a
            tensor of one real number, computed by torch.
        x0: the start, in any form that `maximize` takes, but for a module.
        penalty: h; each tensor of a point pays by itself. A constraint is one.
        lr: learning rate η; None, to read it off f.
        accelerated: FISTA with restarts (True) or ISTA, which never falls.
        steps: how many to take at most.
        tol: τ; no smaller than four times the rounding of x's dtype.

    Raises:
        TypeError: an argument of the wrong kind, or an f that returns no tensor
            of one real number that depends on x.
        ValueError: a number outside its interval, or an f that is not finite at
            the start; the start is put within a constraint first.
    """
    check_whole("maximize_penalized", "steps", steps, least=0)
    run = _Run(f, x0, as_penalty("maximize_penalized", penalty))
    optimizer = ProximalAscent(
        run.tensors, run.penalty, lr, accelerated=accelerated
    )
    tol = max(tol, 4 * max(torch.finfo(x.dtype).eps for x in run.tensors))
    heights, start = [run.height()], run.here()
    if not math.isfinite(heights[0]):
        raise ValueError(
            f"maximize_penalized: f must be finite at x0, got {heights[0]}"
        )
    best, message = start, f"all {steps} steps used: use more"
    for step in range(1, steps + 1):
        optimizer.step(run.closure)
        heights.append(run.height())
        if not math.isfinite(heights[-1]):
            message = f"not finite at step {step}: f - h is {heights.pop()}"
            break
        here = run.here()
        if heights[-1] >= max(heights) - tol * abs(heights[-1]):
            best = here
        reach = _norm(here) + _norm([x - y for x, y in zip(here, start)])
        if optimizer.moved <= tol * reach < math.inf:
            message = f"converged at step {step}"
            break
    return Penalized(
        x=run.form.build(best),
        value=max(heights),
        success=message.startswith("converged"),
        message=message,
        steps=len(heights) - 1,
        evaluations=run.evaluations,
        lr=optimizer.param_groups[0]["lr"],
        objective=torch.tensor(heights, dtype=torch.float64),
    )


class _Run:
    """What moves, and what is evaluated there."""

    def __init__(
        self, f: Callable[[Any], Tensor], x0: Point, penalty: Penalty
    ) -> None:
        self.f, self.penalty, self.evaluations = f, penalty, 0
        self.form, tensors = read(x0)
        if self.form.module:
            takes = "tensors, numbers, or a list or dict of them"
            raise TypeError(
                f"maximize_penalized: x0 must be {takes}, got a module"
            )
        if isinstance(penalty, Within):  # it holds from the start
            tensors = [penalty.proximal(x, 1.0) for x in tensors]
        self.tensors = [x.detach().requires_grad_() for x in tensors]

    def here(self) -> list[Tensor]:
        """The point, outside of any graph."""
        return [x.detach().clone() for x in self.tensors]

    def height(self) -> float:
        """What is climbed, f - h."""
        with torch.no_grad():
            cost = sum(float(self.penalty(x)) for x in self.tensors)
            return float(self._evaluate()) - cost

    def closure(self) -> float:
        """Evaluate f, and leave its gradient."""
        value = self._evaluate()
        if not value.requires_grad:
            raise TypeError(
                "maximize_penalized: f must return a tensor that depends on x "
                "through torch's operations, got one that does not"
            )
        slopes = torch.autograd.grad(value, self.tensors, allow_unused=True)
        for x, slope in zip(self.tensors, slopes, strict=True):
            x.grad = slope
        return float(value.detach())

    def _evaluate(self) -> Tensor:
        self.evaluations += 1
        value = self.f(self.form.build(self.tensors))
        if not isinstance(value, Tensor) or value.numel() != 1:
            takes = "a tensor of one real number"
            raise TypeError(
                f"maximize_penalized: f must return {takes}, got {value!r}"
            )
        return value.reshape(())


def _norm(parts: list[Tensor]) -> float:
    return float(torch.stack([x.norm() for x in parts]).norm())
