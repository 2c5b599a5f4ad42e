"""L-BFGS, uphill."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature, unwrap
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from gradient_ascent.arguments import NonNegative, check_whole
from gradient_ascent.optim.checkpoint import tell_direction
from gradient_ascent.optim.options import as_python, check_options
from gradient_ascent.optim.sharded import any_sharded

TORCHS_CLIMBS = "maximize" in signature(torch.optim.LBFGS).parameters
"""Whether torch's class turns around by itself when its group says so."""

_step = unwrap(torch.optim.LBFGS.step)
"""Torch's step, without the hooks it runs once an optimizer of it was made."""


class LBFGS(torch.optim.LBFGS):
    r"""torch's limited-memory BFGS, which can climb as well.

    .. math::
        \theta_t = \theta_{t-1} + \eta_t H_t g_t

    H is built from the last `history_size` changes of parameter and gradient.
    To climb, torch's method is shown -f and its gradient, so its line search
    finds a point where f has grown enough (strong Wolfe conditions on -f). The
    sign never reaches `p.grad`, and `step` returns f.

    It looks at all parameters at once, so each process must hold them whole.
    Where several train replicas (`DistributedDataParallel`), the closure must
    return one number in all of them, the mean of theirs: the steps depend on
    it, and processes that step apart wait for each other forever. For the same
    reason `ZeroRedundancyOptimizer`, which deals the parameters out, is not for
    this class, be it ours or torch's.

    Args:
        params: tensors of any shape, in one group.
        lr: learning rate η; with a line search, the first step it tries.
        max_iter: iterations a step.
        max_eval: evaluations of the closure a step; 5/4 of `max_iter` if None.
        tolerance_grad: stop when no element of the gradient is larger.
        tolerance_change: stop when parameter or objective change by less.
        history_size: how many changes H remembers.
        line_search_fn: "strong_wolfe" or None for steps of length η.
        maximize: climb (the default here) or descend (torch's).

    Raises:
        TypeError: an argument of the wrong kind, or a parameter whose parts lie
            in several processes.
        ValueError: a number outside its interval, or more than one group.

    Source: Nocedal, Wright (2006), algorithms 7.4, 3.5 and 3.6;
        `torch.optim.LBFGS`.

    >>> import torch
    >>> from gradient_ascent import optim
    >>> x = torch.zeros(2, requires_grad=True)
    >>> optimizer = optim.LBFGS([x])
    >>> def height():
    ...     optimizer.zero_grad()
    ...     f = -(x - 3).square().sum()
    ...     f.backward()
    ...     return f
    >>> for _ in range(3):
    ...     f = optimizer.step(height)
    >>> x.detach().round(decimals=1)
    tensor([3., 3.])
    """

    def __init__(
        self,
        params: ParamsT,
        lr: NonNegative | Tensor = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: NonNegative = 1e-7,
        tolerance_change: NonNegative = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
        *,
        maximize: bool = True,
    ) -> None:
        lr, max_iter, history_size = map(
            as_python, (lr, max_iter, history_size)
        )
        check_options(LBFGS, {
            "lr": lr, "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change, "maximize": maximize,
        })  # fmt: skip
        counts = {"max_iter": max_iter, "history_size": history_size}
        if max_eval is not None:
            counts["max_eval"] = max_eval
        for name, value in counts.items():
            check_whole("LBFGS", name, value, least=1)
        if line_search_fn not in (None, "strong_wolfe"):
            raise ValueError(
                "LBFGS: line_search_fn must be 'strong_wolfe' or None, "
                f"got {line_search_fn!r}"
            )
        super().__init__(
            params, lr, max_iter, max_eval, tolerance_grad, tolerance_change,
            history_size, line_search_fn,
        )  # fmt: skip
        if any_sharded(self.param_groups[0]["params"]):
            raise TypeError(
                "LBFGS: each of params must lie whole in every process, got a "
                "DTensor, whose parts lie in several (as after fully_shard); "
                "replicate the model instead"
            )
        self.defaults["maximize"] = maximize
        self.param_groups[0]["maximize"] = maximize

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "defaults" not in state:  # a checkpoint's, not a copy's
            tell_direction(self, state["param_groups"])
        super().__setstate__(state)
        (group,) = self.param_groups
        group.setdefault("maximize", False)  # a checkpoint of torch's descends
        # torch leaves these two out of a copy, and could not step it.
        self._params, self._numel_cache = group["params"], None

    @torch.no_grad()
    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]
        """Take up to `max_iter` iterations.

        Args:
            closure: computes the objective anew, calls `backward` and returns
                the objective. It is called several times.

        Returns:
            The objective at the start of the step.
        """
        if not self._turns():
            return _step(self, closure)
        return -_step(self, lambda: -closure())

    def _gather_flat_grad(self) -> Tensor:
        for parameter in self.param_groups[0]["params"]:
            if parameter.grad is not None:  # torch's cannot view it otherwise
                parameter.grad = parameter.grad.resolve_conj()
        gradient: Tensor = super()._gather_flat_grad()  # type: ignore[no-untyped-call]
        return -gradient if self._turns() else gradient

    def _turns(self) -> bool:
        """Whether objective and gradient are turned around for torch's."""
        return self.param_groups[0]["maximize"] and not TORCHS_CLIMBS
