"""Keep what an optimizer moves, and what a copy of it moves, within sets."""

import copyreg
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer
from torch.utils.hooks import RemovableHandle

from gradient_ascent.constraints.constraint import Constraint
from gradient_ascent.constraints.intersection import Constraints, as_one
from gradient_ascent.optim.torch_private import step_post_hooks


def constrain(
    optimizer: Optimizer,
    constraint: Constraints,
    params: Iterable[Tensor] | None = None,
) -> RemovableHandle:
    """Project parameters now, and after every step of `optimizer`.

    The step itself, and what the optimizer remembers, know nothing of the
    constraint. A rule that scales each coordinate by itself (Adam, RMSprop)
    finds the best point of a box, but on a ball, simplex or sphere it stops
    where its own step, not the gradient, points straight out. A line search
    (LBFGS) looks at points outside. A copy of the optimizer, from a pickle or
    not, is constrained as well; what loads its `state_dict` is not.

    Args:
        optimizer: any torch optimizer.
        constraint: one, or several that all hold: see `Intersection`.
        params: those of its parameters to project; by default all.

    Returns:
        A handle; `handle.remove()` ends it.

    Raises:
        TypeError: as `project`.
        ValueError: a parameter that is not the optimizer's; or several
            constraints without a common point.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            "constrain: optimizer must be a torch.optim.Optimizer, got "
            f"{optimizer!r}"
        )
    if not isinstance(params, Iterable | None):
        raise TypeError(
            f"constrain: params must be several tensors or None, got {params!r}"
        )
    stay = Stay(as_one(constraint), None if params is None else list(params))
    owned = {id(p) for p in _parameters(optimizer)}
    for parameter in stay.params or ():
        if id(parameter) not in owned:
            raise ValueError(
                "constrain: params must be among the optimizer's, got one of "
                f"shape {tuple(parameter.shape)} that is not"
            )
    stay(optimizer)
    copyreg.pickle(type(optimizer), _parts)  # for copies
    return optimizer.register_step_post_hook(stay)


@dataclass(frozen=True, eq=False)
class Stay:
    """What projects an optimizer's parameters, all or some, after a step."""

    constraint: Constraint
    params: list[Tensor] | None

    @torch.no_grad()
    def __call__(self, optimizer: Optimizer, *_: Any) -> None:
        """Project them."""
        chosen = self.params
        moved = _parameters(optimizer) if chosen is None else chosen
        nearest = [self.constraint.project(p) for p in moved]  # all, or none
        for p, point in zip(moved, nearest, strict=True):
            p.copy_(point)


def _parameters(optimizer: Optimizer) -> list[Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]


# torch leaves hooks out when it copies or pickles an optimizer. Those that keep
# it in a set go along, by the way that `copyreg` has for a class.


def _parts(optimizer: Optimizer) -> tuple[Any, ...]:
    """What `copy` and `pickle` make an optimizer from."""
    parts: Any = optimizer.__reduce_ex__(2)
    hooks = step_post_hooks(optimizer).values()
    stays = [hook for hook in hooks if isinstance(hook, Stay)]
    return (_constrained, (*parts[:3], stays)) if stays else parts


def _constrained(
    make: Callable[..., Optimizer], args: Any, state: Any, stays: list[Stay]
) -> Optimizer:
    """Make the optimizer again, with what keeps it in its sets."""
    optimizer = make(*args)
    optimizer.__setstate__(state)
    copyreg.pickle(type(optimizer), _parts)
    for stay in stays:
        optimizer.register_step_post_hook(stay)
    return optimizer
