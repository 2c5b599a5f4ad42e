"""Proximal ascent, plain and accelerated, as an optimizer of torch's kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer, ParamsT

from gradient_ascent.arguments import Positive
from gradient_ascent.optim.options import Group, as_python, check_options
from gradient_ascent.proximal.penalties import Costs, as_penalty
from gradient_ascent.rules import uphill

Closure = Callable[[], Any]

_FIRST, _DOUBLINGS = 1e-3, 60
"""With what share of 0.3 |x| the search for a learning rate begins, and how
often it doubles that: longer only where f does not bend."""


class ProximalAscent(Optimizer):
    r"""Climb f minus a penalty h: step along the gradient of f, then pay for h.

    .. math::
        \theta_t = \operatorname{prox}_{\eta h}(y_t + \eta \nabla f(y_t))

    Plain (ISTA), it steps from where it is, :math:`y_t = \theta_{t-1}`.
    Accelerated (FISTA), from a point ahead of it,

    .. math::
        y_t = \theta_{t-1} + \frac{k_{t-1} - 1}{k_t}
            (\theta_{t-1} - \theta_{t-2}), \qquad
        k_t = \frac{1 + \sqrt{1 + 4 k_{t-1}^2}}{2},

    with :math:`k_1 = 1`. Between steps the parameters are θ, where the zeros
    are exact. Plain and with η ≤ 1/L, f - h never falls.

        x = torch.zeros(10, requires_grad=True)
        optimizer = ProximalAscent([x], L1(0.1), lr=0.01)

    Args:
        params: the parameters, or groups of them, each with a `penalty` and an
            `lr` of its own if it has them. Each tensor pays by itself.
        penalty: h, a `Penalty`, or constraints: then it is projected ascent.
        lr: learning rate η, in parameter units per gradient unit; 1/L is right
            for an f of smoothness L. None: it is read off f, the same for all
            groups: the first step doubles it from a small one while

            .. math:: f(\theta_t) \ge f(y_t) + \langle \nabla f(y_t), \theta_t -
                y_t \rangle - \frac{1}{2\eta} \lVert \theta_t - y_t \rVert^2

            holds, and every step halves it until this holds.
        accelerated: take the gradient ahead. `step` then needs a closure.
        restart: let an accelerated run begin anew, with k = 1, where the last
            move and the step point apart.
        maximize: climb f - h (True) or descend f + h (False).

    Attributes:
        moved: how far the last step went from y, over all parameters. It is
            zero where y is an optimum (of a concave f), and nowhere else.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: an lr that is not above zero; or groups with an lr beside
            groups without.

    Source: Daubechies, Defrise, De Mol (2004), for ISTA; Beck and Teboulle
        (2009), for FISTA and the search; O'Donoghue and Candès (2015), for the
        restart.
    """

    moved = math.inf
    penalized = True  # which `maximize` asks about

    def __init__(
        self,
        params: ParamsT,
        penalty: Costs,
        lr: Positive | None = None,
        *,
        accelerated: bool = False,
        restart: bool = True,
        maximize: bool = True,
    ) -> None:
        super().__init__(params, as_python({
            "penalty": as_penalty(type(self).__name__, penalty), "lr": lr,
            "accelerated": accelerated, "restart": restart,
            "maximize": maximize,
        }))  # fmt: skip

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group of parameters, with options of its own."""
        owner = type(self).__name__
        options = {**self.defaults, **as_python(param_group)}
        check_options(type(self), options)
        options["penalty"] = as_penalty(owner, options["penalty"])
        groups = self.param_groups
        if groups and groups[0]["searches"] != (options["lr"] is None):
            raise ValueError(
                f"{owner}: lr must be given for all groups or for none, got "
                f"{groups[0]['lr']!r} and {options['lr']!r}"
            )
        options["searches"] = options["lr"] is None
        super().add_param_group(options)

    def step(self, closure: Closure | None = None) -> Any:
        """Take one step.

        Args:
            closure: evaluates f, leaves its gradient in `grad`, and returns f.
                It can be left out if the run is plain and has an lr.

        Returns:
            What the closure returned first: f at y.

        Raises:
            TypeError: a closure is needed and missing.
            RuntimeError: a sparse or complex gradient.
        """
        searches = self.param_groups[0]["searches"]
        ahead = any(group["accelerated"] for group in self.param_groups)
        if closure is None and (searches or ahead):
            raise TypeError(
                f"{type(self).__name__}.step: closure must evaluate f, got "
                "None; an accelerated run, or one without lr, looks at f itself"
            )
        before = {p: p.detach().clone() for p, _ in self._all()}
        start = self._look_ahead()
        try:
            value = self._evaluate(closure)
            moved = dict(self._gradients())
            self._move(start, moved, value, closure if searches else None)
        except BaseException:
            self._write(before)
            raise
        for p in before.keys() - moved.keys():  # f does not depend on it
            self._write({p: before[p]})
        self._remember(before, start, moved)
        return value

    def _all(self) -> Iterator[tuple[Tensor, Group]]:
        for group in self.param_groups:
            for p in group["params"]:
                yield p, group

    def _gradients(self) -> Iterator[tuple[Tensor, Tensor]]:
        for p, group in self._all():
            if p.grad is None:
                continue
            if p.grad.is_sparse or p.grad.is_complex():
                owner = type(self).__name__
                raise RuntimeError(
                    f"{owner} takes no sparse or complex gradients"
                )
            g = uphill(p.grad, maximize=group["maximize"])
            yield p, g.detach().clone()

    @torch.no_grad()
    def _look_ahead(self) -> dict[Tensor, Tensor]:
        """Go to y; return where it is, for each parameter."""
        for p, group in self._all():
            if group["accelerated"] and "last" in self.state[p]:
                last, k = self.state[p]["last"], self.state[p]["k"]
                p.add_(p - last, alpha=(k - 1) / _next(k))
        return {p: p.detach().clone() for p, _ in self._all()}

    @staticmethod
    def _evaluate(closure: Closure | None) -> Any:
        if closure is None:
            return None
        with torch.enable_grad():
            return closure()

    @torch.no_grad()
    def _move(
        self,
        start: dict[Tensor, Tensor],
        gradients: dict[Tensor, Tensor],
        value: Any,
        closure: Closure | None,
    ) -> None:
        """Go to the proximal point; with a closure, search for the lr first."""
        if closure is None:
            self._write(self._proximal(start, gradients))
            return
        growing = self.param_groups[0]["lr"] is None
        if growing:
            steepness = _norm(gradients.values())
            size = _norm(start.values())
            self._set(_FIRST * (0.3 * size or 1.0) / (steepness or 1.0))
        doublings = 0
        while True:
            reached = self._proximal(start, gradients)
            self._write(reached)
            holds = self._holds(start, gradients, reached, value, closure)
            lr = self.param_groups[0]["lr"]
            still = all(torch.equal(start[p], reached[p]) for p in reached)
            if still or (holds and (not growing or doublings == _DOUBLINGS)):
                return
            growing = growing and holds
            doublings += 1
            self._set(lr * (2 if holds else 0.5))

    def _set(self, lr: float) -> None:
        for group in self.param_groups:
            group["lr"] = lr

    def _holds(
        self,
        start: dict[Tensor, Tensor],
        gradients: dict[Tensor, Tensor],
        reached: dict[Tensor, Tensor],
        value: Any,
        closure: Closure,
    ) -> bool:
        """Whether f lies above the parabola on which the step is built.

        Where rounding hides that, the gradients tell: on a parabola they fall
        over the step by as much as it bends.
        """
        there = _number(self._evaluate(closure)) - _number(value)
        sign = 1 if self.param_groups[0]["maximize"] else -1
        ways = {p: reached[p] - start[p] for p in gradients}
        slope = sum(_dot(g, ways[p]) for p, g in gradients.items())
        bend = sum(_dot(d, d) for d in ways.values())
        bend /= 2 * self.param_groups[0]["lr"]
        gain = sign * there
        if gain >= slope - bend:
            return True
        eps = max(torch.finfo(p.dtype).eps for p in start)
        if not slope - bend - gain <= 100 * eps * abs(_number(value)):
            return False
        falls = {p: g - h for (p, g), (_, h) in zip(
            gradients.items(), self._gradients(), strict=True)}  # fmt: skip
        fall = sum(_dot(d, ways[p]) for p, d in falls.items())
        return bool(fall <= 2 * bend)

    def _proximal(
        self, start: dict[Tensor, Tensor], gradients: dict[Tensor, Tensor]
    ) -> dict[Tensor, Tensor]:
        reached = {}
        for p, group in self._all():
            if p in gradients:
                goal = start[p] + group["lr"] * gradients[p]
                reached[p] = group["penalty"].proximal(goal, float(group["lr"]))
        return reached

    @torch.no_grad()
    def _remember(
        self,
        before: dict[Tensor, Tensor],
        start: dict[Tensor, Tensor],
        moved: dict[Tensor, Tensor],
    ) -> None:
        """Note the step, for the next look ahead."""
        ways = {p: p.detach() - start[p] for p in moved}
        self.moved = _norm(ways.values())
        against = sum(_dot(-d, p - before[p]) for p, d in ways.items())
        for p, group in self._all():
            if group["accelerated"]:
                state = self.state[p]
                anew = "k" not in state or (group["restart"] and against > 0)
                state["k"] = 1.0 if anew else _next(state["k"])
                state["last"] = before[p]

    @staticmethod
    @torch.no_grad()
    def _write(points: dict[Tensor, Tensor]) -> None:
        for p, point in points.items():
            p.copy_(point)


def _number(value: Any) -> float:
    return float(value.detach() if isinstance(value, Tensor) else value)


def _next(k: float) -> float:
    return (1 + math.sqrt(1 + 4 * k * k)) / 2


def _dot(x: Tensor, y: Tensor) -> float:
    return float((x * y).sum())


def _norm(parts: Any) -> float:
    return math.sqrt(sum(_dot(x, x) for x in parts))
