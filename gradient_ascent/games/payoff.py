"""What a game is worth where the players stand, and each player's gradients."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor

from gradient_ascent.optim.sharded import any_sharded

Payoff: TypeAlias = Tensor | Sequence[Tensor]
"""One scalar that the players pull their own ways, or one for each of them."""
Gradients: TypeAlias = dict[Tensor, Tensor]


def evaluate(
    closure: Callable[[], Payoff],
    players: Sequence[Sequence[Tensor]],
    movers: Sequence[int],
) -> tuple[Payoff, Gradients]:
    """Call the closure, and differentiate what it returns.

    By `backward`, as in any training loop, so that whoever listens there
    (DistributedDataParallel, FSDP) does its part.

    Args:
        closure: returns the payoff; it may have called `backward` on it.
        players: the parameters of each.
        movers: the players whose gradients are wanted.

    Returns:
        The payoff, and the gradients of those parameters that have one, each
        of its own player's payoff.

    Raises:
        TypeError, ValueError, RuntimeError: as `MinMax.step`.
    """
    everything = [p for player in players for p in player]
    wanted = [p for index in movers for p in players[index]]
    forget(everything)
    with torch.enable_grad():
        payoff = closure()
    is_done = any(p.grad is not None for p in everything)
    if isinstance(payoff, Tensor):
        if not is_done:
            _differentiate(payoff, wanted)
        return payoff, _gradients(wanted)
    _check_sequence(payoff, len(players))
    if is_done:
        raise RuntimeError(
            "MinMax: closure must not call backward where it returns a scalar "
            "for each player; MinMax does, for each of them alone"
        )
    gradients: Gradients = {}
    for index in movers:
        keep = index != movers[-1]
        _differentiate(payoff[index], players[index], keep_graph=keep)
        gradients |= _gradients(players[index])
        forget(everything)
    return payoff, gradients


def forget(parameters: Iterable[Tensor]) -> None:
    """Leave the parameters without gradients."""
    for parameter in parameters:
        parameter.grad = None


def _gradients(parameters: Iterable[Tensor]) -> Gradients:
    return {p: p.grad for p in parameters if p.grad is not None}


def _differentiate(
    value: Tensor, parameters: Sequence[Tensor], keep_graph: bool = False
) -> None:
    """Give the parameters the gradients of a scalar."""
    _check_scalar(value)
    moving = [p for p in parameters if p.requires_grad]
    if not moving:
        return
    if not value.requires_grad:
        raise TypeError(
            "MinMax: closure must return a scalar that depends on the "
            "parameters, got one without a graph"
        )
    # FSDP's shards stand outside the graph; its hooks bring them theirs.
    is_sharded = any_sharded(moving)
    torch.autograd.backward(
        value, retain_graph=keep_graph, inputs=None if is_sharded else moving
    )


def _check_scalar(value: object) -> None:
    if (
        not isinstance(value, Tensor)
        or value.numel() != 1
        or not value.is_floating_point()
    ):
        raise TypeError(
            f"MinMax: closure must return real scalars, got {value!r}"
        )


def _check_sequence(payoff: object, players: int) -> None:
    if not isinstance(payoff, Sequence):
        raise TypeError(_takes(payoff, players))
    if len(payoff) != players:
        raise ValueError(_takes(payoff, players))
    for value in payoff:
        _check_scalar(value)


def _takes(payoff: object, players: int) -> str:
    """Told only of what is wrong: to print tensors takes long."""
    return (
        "MinMax: closure must return one scalar, or one for each of "
        f"{players} players, got {payoff!r}"
    )
