"""Go back to where the players stood before a step that failed."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer


def parameters_of(optimizer: Optimizer) -> list[Tensor]:
    """All that an optimizer moves."""
    return [p for group in optimizer.param_groups for p in group["params"]]


def remember(optimizers: Sequence[Optimizer]) -> Callable[[], None]:
    """Remember parameters, gradients and state; returns what goes back."""
    backs = [_remember(optimizer) for optimizer in optimizers]

    def back() -> None:
        for each in backs:
            each()

    return back


def _remember(optimizer: Optimizer) -> Callable[[], None]:
    state, parameters = optimizer.state, parameters_of(optimizer)
    gradients = [p.grad for p in parameters]
    kept = {p: dict(state[p]) for p in parameters if p in state}
    values = [
        value
        for entries in kept.values()
        for value in entries.values()
        if isinstance(value, Tensor)
    ]
    copies = [(x, x.detach().clone()) for x in (*parameters, *values)]

    @torch.no_grad()
    def back() -> None:
        # In place: an engine may hold on to the very tensors.
        for tensor, copy in copies:
            tensor.copy_(copy)
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient
            state.pop(parameter, None)
        state.update(kept)

    return back
