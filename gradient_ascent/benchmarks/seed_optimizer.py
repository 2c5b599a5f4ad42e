"""The optimizer that the ten published benchmarks were run with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer, ParamsT

from gradient_ascent.rules import legacy, uphill


class Legacy(Optimizer):
    """The published GradientAscent, faults kept: `rules.legacy` on tensors.

    Args:
        params: tensors, or groups of them.
        lr: learning rate.
        momentum: what is fed back of the velocity.
        beta: the share of the scale that survives a step.
        maximize: climb or descend.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-2,
        momentum: float = 0.9,
        beta: float = 0.999,
        *,
        maximize: bool = True,
    ) -> None:
        options = {"lr": lr, "momentum": momentum, "beta": beta}
        super().__init__(params, {**options, "maximize": maximize})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient."""
        value = None
        if closure is not None:
            with torch.enable_grad():
                value = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._move(parameter, parameter.grad, group)
        return value

    def _move(
        self, parameter: Tensor, gradient: Tensor, group: dict[str, Any]
    ) -> None:
        options = {name: group[name] for name in ("lr", "momentum", "beta")}
        g = uphill(gradient, maximize=group["maximize"])
        kept = self.state[parameter]
        before = kept.get("memory", legacy.start)
        step: Any
        step, kept["memory"] = legacy.function(g, before, **options)
        parameter.add_(step)
