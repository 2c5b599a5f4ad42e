"""Adam, AMSGrad and AdamW."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent import rules
from gradient_ascent.arguments import NonNegative
from gradient_ascent.optim.engines import Slot, columns_of, steps_of
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import Group
from gradient_ascent.optim.torch_private import fused


class Adam(RuleOptimizer):
    r"""Step along the average gradient, in units of its root mean square.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        \theta_t &= \theta_{t-1}
            + \eta \frac{m_t / (1 - \beta_1^t)}
            {\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}

    The rule is `rules.adam`, with `amsgrad` `rules.amsgrad`. State and
    checkpoints are those of `torch.optim.Adam`.

    Args:
        params: tensors of any shape, pairs of a name and a tensor, or dicts
            that describe groups.
        lr: learning rate η, in parameter units.
        betas: the shares β₁, β₂ of each average that survive a step.
        eps: ε, in gradient units.
        weight_decay: λ; the gradient becomes that of f(θ) - (λ/2) ‖θ‖².
        amsgrad: use the largest v so far, so that the scale never shrinks.
        foreach: all tensors at once, one operation at a time.
        maximize: climb (the default here) or descend (torch's).
        capturable: keep the step count on the parameter's device, unseen.
        differentiable: let autograd see the step.
        fused: all in one pass over memory, the default.
        decoupled_weight_decay: shrink the parameter by 1 - ηλ instead (AdamW).

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside the interval it may lie in.

    Source: Kingma, Ba (2015); Loshchilov, Hutter (2019) for AdamW.

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.Adam([x], lr=0.1)
    >>> for _ in range(300):
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
        lr: NonNegative | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: NonNegative = 1e-8,
        weight_decay: NonNegative = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = True,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        super().__init__(params, {
            "lr": lr, "betas": betas, "eps": eps,
            "weight_decay": weight_decay, "amsgrad": amsgrad,
            "maximize": maximize, "foreach": foreach, "capturable": capturable,
            "differentiable": differentiable, "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        })  # fmt: skip

    def rule(self, group: Group) -> rules.UpdateRule[..., Any]:
        """AMSGrad's, AdamW's or Adam's, as the group says."""
        if group["amsgrad"]:
            return rules.amsgrad
        decoupled = group["decoupled_weight_decay"]
        return rules.adamw if decoupled else rules.adam

    def kernel(self, group: Group, slots: Sequence[Slot], fresh: bool) -> None:
        """Take the step by torch's kernel."""
        decoupled = group["decoupled_weight_decay"]
        kernel = fused.adamw if decoupled else fused.adam
        beta1, beta2 = map(float, group["betas"])
        parameters, gradients, averages, squares, *largest = columns_of(slots)
        kernel(
            parameters, gradients, averages, squares,
            largest[0] if largest else [], steps_of(slots),
            lr=group["lr"], beta1=beta1, beta2=beta2,
            weight_decay=group["weight_decay"], eps=group["eps"],
            amsgrad=group["amsgrad"], maximize=group["maximize"],
        )  # fmt: skip


class AMSGrad(Adam):
    r"""Adam with a scale that never shrinks.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        u_t &= \max(u_{t-1}, v_t) \\
        \theta_t &= \theta_{t-1}
            + \eta \frac{m_t / (1 - \beta_1^t)}
            {\sqrt{u_t / (1 - \beta_2^t)} + \epsilon}

    `Adam(amsgrad=True)` under its own name: arguments, shapes and errors are
    Adam's, checkpoints those of `torch.optim.Adam(amsgrad=True)`.

    Source: Reddi, Kale, Kumar (2018), with Adam's bias correction, as torch.

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.AMSGrad([x], lr=0.1)
    >>> for _ in range(300):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    fixed: ClassVar = {"amsgrad": True}

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: NonNegative = 1e-8,
        weight_decay: NonNegative = 0,
        **options: Any,
    ) -> None:
        super().__init__(
            params, lr, betas, eps, weight_decay, **self.fixed, **options
        )


class AdamW(Adam):
    r"""Adam with decoupled weight decay.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        \theta_t &= (1 - \eta \lambda) \theta_{t-1}
            + \eta \frac{m_t / (1 - \beta_1^t)}
            {\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}

    The rule is `rules.adamw`. It is `Adam(decoupled_weight_decay=True)` under
    its own name: arguments, shapes and errors are Adam's, checkpoints those of
    `torch.optim.AdamW`.

    Args:
        params: as of `Adam`, and so are all that are not named here.
        weight_decay: λ; a step takes the share ηλ of the parameter away.

    Source: Loshchilov, Hutter (2019), with the decay times η, as torch.

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.AdamW([x], lr=0.1)
    >>> for _ in range(300):
    ...     optimizer.zero_grad()
    ...     (-(x - 3).square().sum()).backward()
    ...     optimizer.step()
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    fixed: ClassVar = {"decoupled_weight_decay": True}

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: NonNegative = 1e-8,
        weight_decay: NonNegative = 1e-2,
        amsgrad: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad,
            **self.fixed, **options,
        )  # fmt: skip
