"""Momentum and Nesterov's accelerated gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent import rules
from gradient_ascent.arguments import Interval, NonNegative, Share
from gradient_ascent.optim.engines import Slot, columns_of, rounded_alike
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group
from gradient_ascent.optim.torch_private import fused

Finite = Annotated[float, Interval(-math.inf, open_low=True)]


class Momentum(RuleOptimizer):
    r"""Step along a velocity that remembers past gradients.

    .. math::
        v_t = \mu v_{t-1} + g_t, \qquad \theta_t = \theta_{t-1} + \eta v_t

    The rule is `rules.momentum`; state and checkpoints are those of
    `torch.optim.SGD(momentum=...)`.

    Args:
        params: tensors of any shape, pairs of a name and a tensor, or dicts
            that describe groups.
        lr: learning rate η, in parameter units per gradient unit.
        momentum: the share μ of the velocity that survives a step; 0 is plain
            gradient ascent.
        dampening: d; every gradient but the first enters as (1 - d) g.
        weight_decay: λ; the gradient becomes that of f(θ) - (λ/2) ‖θ‖².
        nesterov: step along the velocity one step ahead, as `Nesterov`.
        maximize: climb (the default here) or descend (torch's).
        foreach: all tensors at once, one operation at a time.
        differentiable: let autograd see the step.
        fused: all in one pass over memory, the default.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside the interval it may lie in.

    Source: Polyak (1964); Nesterov (1983).

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.Momentum([x], lr=0.01)
    >>> for _ in range(300):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    counts_steps = False
    has_kernel = True

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-3,
        momentum: Share = 0.9,
        dampening: Finite = 0,
        weight_decay: NonNegative = 0,
        nesterov: bool = False,
        *,
        maximize: bool = True,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "dampening": dampening,
            "weight_decay": weight_decay, "nesterov": nesterov,
            "maximize": maximize, "foreach": foreach,
            "differentiable": differentiable, "fused": fused,
        })  # fmt: skip

    def check(self, group: Group) -> None:
        """See `RuleOptimizer.check`; Nesterov's needs the whole gradient."""
        super().check(group)
        if group["nesterov"] and (not group["momentum"] or group["dampening"]):
            raise ValueError(
                f"{type(self).__name__}: nesterov needs momentum above 0 and "
                f"dampening 0, got momentum {group['momentum']!r} and "
                f"dampening {group['dampening']!r}"
            )

    def rule(self, group: Group) -> rules.UpdateRule[..., Any]:
        """Nesterov's, momentum's or plain ascent's, as the group says."""
        if group["nesterov"]:
            return rules.nesterov
        return rules.momentum if group["momentum"] else rules.plain

    def kernel(self, group: Group, slots: Sequence[Slot], fresh: bool) -> None:
        """Take the step by torch's kernel."""
        parameters, gradients, *velocities = columns_of(slots)
        gradients, maximize = rounded_alike(gradients, group["maximize"])
        fused.sgd(
            parameters, gradients, *velocities or [[]],
            weight_decay=group["weight_decay"], momentum=group["momentum"],
            lr=group["lr"], dampening=group["dampening"],
            nesterov=group["nesterov"], maximize=maximize,
            is_first_step=fresh,
        )  # fmt: skip


class Nesterov(Momentum):
    r"""Step along the velocity one step ahead.

    .. math::
        v_t = \mu v_{t-1} + g_t, \qquad
        \theta_t = \theta_{t-1} + \eta (g_t + \mu v_t)

    The rule is `rules.nesterov`; arguments, shapes and errors are those of
    `Momentum`, checkpoints those of `torch.optim.SGD(nesterov=True)`.

    Source: Nesterov (1983); Sutskever et al. (2013).

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.Nesterov([x], lr=0.01)
    >>> for _ in range(300):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    fixed: ClassVar = {"nesterov": True}

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-3,
        momentum: Share = 0.9,
        weight_decay: NonNegative = 0,
        **options: Any,
    ) -> None:
        super().__init__(
            params, lr, momentum, 0, weight_decay, **self.fixed, **options
        )


class SGD(Momentum):
    """`Momentum` under torch's name and with torch's default: no momentum.

    The rule is `rules.plain` then; arguments, shapes and errors are those of
    `Momentum`, checkpoints those of `torch.optim.SGD`.

    Source: Cauchy (1847).

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.SGD([x], lr=0.1)
    >>> for _ in range(100):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-3,
        momentum: Share = 0,
        dampening: Finite = 0,
        weight_decay: NonNegative = 0,
        nesterov: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(
            params, lr, momentum, dampening, weight_decay, nesterov, **options
        )
