"""RMSProp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent import rules
from gradient_ascent.arguments import NonNegative, Share
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group


class RMSprop(RuleOptimizer):
    r"""Divide each coordinate's rate by its gradients' root mean square.

    .. math::
        s_t = \alpha s_{t-1} + (1 - \alpha) g_t^2, \qquad
        \theta_t = \theta_{t-1} + \frac{\eta}{\sqrt{s_t} + \epsilon} g_t

    The rule is `rules.rmsprop`; state and checkpoints are those of
    `torch.optim.RMSprop`.

    Args:
        params: tensors of any shape, pairs of a name and a tensor, or dicts
            that describe groups.
        lr: learning rate η, in parameter units.
        alpha: the share α of the average that survives a step.
        eps: ε, in gradient units.
        weight_decay: λ; the gradient becomes that of f(θ) - (λ/2) ‖θ‖².
        momentum: step along a velocity of the scaled gradients, of which this
            share survives a step; 0 for none.
        centered: divide by the standard deviation instead.
        capturable: keep the step count on the parameter's device, unseen.
        foreach: all tensors at once, one operation at a time.
        maximize: climb (the default here) or descend (torch's).
        differentiable: let autograd see the step.
        fused: all in one pass over memory, the default.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside the interval it may lie in.

    Source: Hinton (2012), lecture 6e.

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.RMSprop([x], lr=0.02)
    >>> for _ in range(300):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-2,
        alpha: Share = 0.99,
        eps: NonNegative = 1e-8,
        weight_decay: NonNegative = 0,
        momentum: Share = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = True,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "momentum": momentum, "alpha": alpha, "eps": eps,
            "centered": centered, "weight_decay": weight_decay,
            "capturable": capturable, "foreach": foreach,
            "maximize": maximize, "differentiable": differentiable,
            "fused": fused,
        })  # fmt: skip

    def rule(self, group: Group) -> rules.UpdateRule[..., Any]:
        """RMSProp's."""
        return rules.rmsprop

    def hyperparameters(self, group: Group) -> dict[str, Any]:
        """The rule's; a momentum of 0 it calls None."""
        momentum = group["momentum"] or None
        return super().hyperparameters(group) | {"momentum": momentum}

    def fields(self, group: Group) -> Sequence[str]:
        """The averages and the velocity that the group needs."""
        names = ["square_avg"]
        if group["momentum"]:
            names.append("momentum_buffer")
        if group["centered"]:
            names.append("grad_avg")
        return names
