"""AdaGrad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent import rules
from gradient_ascent.arguments import NonNegative
from gradient_ascent.optim.engines import (
    Slot,
    columns_of,
    rounded_alike,
    steps_of,
)
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group
from gradient_ascent.optim.torch_private import fused


class Adagrad(RuleOptimizer):
    r"""Divide each coordinate's rate by the root of its squared gradients' sum.

    .. math::
        \eta_t = \frac{\eta}{1 + (t - 1) d}, \qquad
        s_t = s_{t-1} + g_t^2, \qquad
        \theta_t = \theta_{t-1} + \frac{\eta_t}{\sqrt{s_t} + \epsilon} g_t

    The rule is `rules.adagrad`; state and checkpoints are those of
    `torch.optim.Adagrad`.

    Args:
        params: tensors of any shape, pairs of a name and a tensor, or dicts
            that describe groups.
        lr: learning rate η, in parameter units.
        lr_decay: d, how fast the rate itself decays with the step count.
        weight_decay: λ; the gradient becomes that of f(θ) - (λ/2) ‖θ‖².
        initial_accumulator_value: the sum s before the first step, in squared
            gradient units.
        eps: ε, in gradient units.
        foreach: all tensors at once, one operation at a time.
        maximize: climb (the default here) or descend (torch's).
        differentiable: let autograd see the step.
        fused: all in one pass over memory, the default.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside the interval it may lie in.

    Source: Duchi, Hazan, Singer (2011).

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.Adagrad([x], lr=1)
    >>> for _ in range(100):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    has_kernel = True

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-2,
        lr_decay: NonNegative = 0,
        weight_decay: NonNegative = 0,
        initial_accumulator_value: NonNegative = 0,
        eps: NonNegative = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = True,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "lr_decay": lr_decay, "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach, "maximize": maximize,
            "differentiable": differentiable, "fused": fused,
        })  # fmt: skip
        # torch's has its state from the start, and expects it in a checkpoint.
        for group in self.param_groups:
            for parameter in group["params"]:
                self.prepare(group, parameter)

    def rule(self, group: Group) -> rules.UpdateRule[..., Any]:
        """AdaGrad's."""
        return rules.adagrad

    def initial(self, group: Group, parameter: Tensor) -> Tensor:
        """The sum that the group starts from, in both parts if complex."""
        value = group["initial_accumulator_value"]
        start = complex(value, value) if parameter.is_complex() else value
        return torch.full_like(
            parameter, start, memory_format=torch.preserve_format
        )

    def kernel(self, group: Group, slots: Sequence[Slot], fresh: bool) -> None:
        """Take the step by torch's kernel."""
        parameters, gradients, sums = columns_of(slots)
        gradients, maximize = rounded_alike(gradients, group["maximize"])
        fused.adagrad(
            parameters, gradients, sums, steps_of(slots),
            lr=group["lr"], lr_decay=group["lr_decay"],
            weight_decay=group["weight_decay"], eps=group["eps"],
            maximize=maximize,
        )  # fmt: skip
