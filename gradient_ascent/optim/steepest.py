"""Steepest ascent: go a fixed distance, whichever norm measures it."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, get_args, overload

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer, ParamsT

from gradient_ascent.arguments import NonNegative
from gradient_ascent.optim.options import as_python, check_options
from gradient_ascent.optim.sharded import is_sharded, shared_out, whole
from gradient_ascent.rules import uphill

Norm: TypeAlias = Literal["l2", "linf"]
Dim: TypeAlias = int | tuple[int, ...] | None
"""The dimensions that one point fills; None: all of them."""


def length(x: Tensor, dim: Dim = None) -> Tensor:
    r"""The Euclidean norm, with `dim` kept as size 1, right at any scale.

    .. math:: \lVert x \rVert_2 = s \, \lVert x / s \rVert_2,
        \qquad s = \max_i |x_i|

    Without the scale s a square overflows above 1e19 in float32, and vanishes
    below 1e-23.
    """
    peak = largest(x.detach(), dim)
    peak = torch.where((peak > 0) & peak.isfinite(), peak, 1)
    norm: Tensor = torch.linalg.vector_norm(x / peak, dim=dim, keepdim=True)
    return peak * norm


def largest(x: Tensor, dim: Dim = None) -> Tensor:
    """The size of the largest coordinate, with `dim` kept as size 1."""
    return x.abs().amax(() if dim is None else dim, keepdim=True)


def steepest(gradient: Tensor, norm: Norm = "l2", dim: Dim = None) -> Tensor:
    r"""The step of length 1 along which a linear function rises most.

    .. math::
        \arg\max_{\lVert d \rVert \le 1} \langle g, d \rangle =
        \begin{cases}
            g / \lVert g \rVert_2 & \text{l2} \\
            \operatorname{sign}(g) & \text{linf}
        \end{cases}

    Args:
        gradient: g, any shape; where it is zero, so is the step.
        norm: what the length is measured by: "l2" (Euclidean) or "linf" (the
            largest coordinate).
        dim: the dimensions that one vector fills; the others count vectors,
            each with a step of its own. None: the tensor is one vector.

    Returns:
        A tensor of the gradient's shape.

    Raises:
        ValueError: another norm.

    Source: Boyd and Vandenberghe (2004), section 9.4; for the sign, Goodfellow
        et al. (2015).
    """
    check_norm("steepest", norm)
    if norm == "linf" or not gradient.numel():
        return torch.sgn(gradient)
    if is_sharded(gradient):  # its length is that of the whole
        return shared_out(steepest(whole(gradient), norm, dim), like=gradient)
    norms = length(gradient, dim)
    return gradient / torch.where(norms == 0, 1, norms)


def check_norm(
    owner: str, norm: object, known: tuple[str, ...] = get_args(Norm)
) -> None:
    """Raise the error of `owner` unless `norm` is one of those it knows."""
    if norm not in known:
        names = " or ".join(map(repr, known))
        raise ValueError(f"{owner}: norm must be {names}, got {norm!r}")


class SteepestAscent(Optimizer):
    r"""Move every parameter by `lr` along its steepest step.

    .. math:: \theta_t = \theta_{t-1} + \eta \, \arg\max_{\lVert d \rVert \le 1}
        \langle g_t, d \rangle

    How long the gradient is does not matter, only where it points. With a
    projection after each step it is projected gradient descent as Madry et al.
    (2018) use it against a classifier:

        x = image.clone().requires_grad_()
        attack = SteepestAscent([x], lr=2 / 255, norm="linf")
        constrain(attack, [Ball(8 / 255, image, "linf"), Box(0, 1)])

    Args:
        params: the parameters, or groups of them.
        lr: learning rate η: how far a step goes, in the parameter's units.
        norm: what the distance is measured by, "l2" or "linf"; see `steepest`.
        dim: the dimensions of a parameter that one vector fills; None: all.
        maximize: climb (True) or descend (False).

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: another norm, or a negative lr.
        RuntimeError: a sparse gradient, at the step.

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.SteepestAscent([x], lr=0.02)
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
        lr: NonNegative | Tensor,
        norm: Norm = "l2",
        dim: Dim = None,
        *,
        maximize: bool = True,
    ) -> None:
        defaults = {"lr": lr, "norm": norm, "dim": dim, "maximize": maximize}
        super().__init__(params, as_python(defaults))

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group of parameters, with options of its own."""
        param_group = as_python(param_group)
        options = {**self.defaults, **param_group}
        check_options(type(self), options)
        check_norm(type(self).__name__, options["norm"])
        super().add_param_group(param_group)

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Take one step; `closure`, if given, computes the gradients first."""
        value = None
        if closure is not None:
            with torch.enable_grad():
                value = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                if parameter.grad.is_sparse:
                    owner = type(self).__name__
                    raise RuntimeError(f"{owner} takes no sparse gradients")
                g = uphill(parameter.grad, maximize=group["maximize"])
                direction = steepest(g, group["norm"], group["dim"])
                parameter.add_(group["lr"] * direction)
        return value
