"""Go back to where the players stood before a step that failed."""

from collections import deque
from collections.abc import Callable, MutableMapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer


def parameters_of(optimizer: Optimizer) -> list[Tensor]:
    """All that an optimizer moves."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def remember(optimizers: Sequence[Optimizer]) -> Callable[[], None]:
    """Remember parameters, gradients, state and groups.

    Returns:
        What goes back. It does so for tensors, dicts and lists, however they
        are nested, but not for other objects that a step changes from within.
    """
    backs = [_remember(optimizer) for optimizer in optimizers]

    def back() -> None:
        for each in backs:
            each()

    return back


def _remember(optimizer: Optimizer) -> Callable[[], None]:
    parameters = parameters_of(optimizer)
    gradients = [p.grad for p in parameters]
    # The groups hold the parameters, and some rules keep counters there.
    restore = _memory([optimizer.state, optimizer.param_groups])

    @torch.no_grad()
    def back() -> None:
        restore()
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient

    return back


def _memory(value: Any) -> Callable[[], None]:
    """What brings tensors, lists and dicts back, however they are nested.

    In place, each the very object it was: an engine may hold on to them.
    """
    backs: list[Callable[[], None]] = []
    seen: set[int] = set()

    def visit(value: Any) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, Tensor):
            backs.append(partial(_rewrite, value, value.detach().clone()))
        elif isinstance(value, MutableMapping):
            backs.append(partial(_refill, value, dict(value)))
            list(map(visit, value.values()))
        elif isinstance(value, list | deque):
            backs.append(partial(_relist, value, list(value)))
            list(map(visit, value))
        elif isinstance(value, tuple):
            list(map(visit, value))

    visit(value)

    def back() -> None:
        for each in backs:
            each()

    return back


def _rewrite(tensor: Tensor, copy: Tensor) -> None:
    tensor.copy_(copy)


def _refill(mapping: MutableMapping[Any, Any], items: dict[Any, Any]) -> None:
    mapping.clear()
    mapping.update(items)


def _relist(values: list[Any] | deque[Any], items: list[Any]) -> None:
    values.clear()
    values.extend(items)
