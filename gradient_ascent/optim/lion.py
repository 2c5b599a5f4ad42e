"""Lion."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent import rules
from gradient_ascent.arguments import NonNegative
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group


class Lion(RuleOptimizer):
    r"""Step by the sign of a mix of the average and the newest gradient.

    .. math::
        c_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        m_t &= \beta_2 m_{t-1} + (1 - \beta_2) g_t \\
        \theta_t &= (1 - \eta \lambda) \theta_{t-1}
            + \eta \operatorname{sign}(c_t)

    The rule is `rules.lion`; torch has none like it.

    Args:
        params: tensors of any shape, pairs of a name and a tensor, or dicts
            that describe groups.
        lr: learning rate η, in parameter units: how far each coordinate goes.
        betas: the share β₁ of the average in the mix, and β₂, the share of it
            that survives a step.
        weight_decay: λ; a step takes the share ηλ of the parameter away.
        maximize: climb (the default here) or descend.
        foreach: all tensors at once, one operation at a time.
        differentiable: let autograd see the step.
        fused: all in one pass over memory, the default.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside the interval it may lie in.

    Source: Chen et al. (2023).

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.Lion([x], lr=0.002)
    >>> for _ in range(2000):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    counts_steps = False

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-4,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.99),
        weight_decay: NonNegative = 0,
        *,
        maximize: bool = True,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "betas": betas, "weight_decay": weight_decay,
            "maximize": maximize, "foreach": foreach,
            "differentiable": differentiable, "fused": fused,
        })  # fmt: skip

    def rule(self, group: Group) -> rules.UpdateRule[..., Any]:
        """The rule of its name."""
        return rules.lion
