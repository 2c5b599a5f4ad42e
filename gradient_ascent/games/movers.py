"""Which optimizers can move the players of a game."""

from collections.abc import Sequence
from inspect import Parameter, signature

from torch.optim.optimizer import Optimizer

from gradient_ascent.games.undo import parameters_of


def checked(optimizer: Optimizer | Sequence[Optimizer]) -> list[Optimizer]:
    """The optimizers of a game.

    Raises:
        TypeError, ValueError: as `MinMax`.
    """
    if isinstance(optimizer, Optimizer):
        _check_step(optimizer)
        _check_groups(optimizer)
        return [optimizer]
    if not isinstance(optimizer, Sequence):
        _refuse(optimizer)
    for each in optimizer:
        if not isinstance(each, Optimizer):
            _refuse(each)
        _check_step(each)
    if len(optimizer) < 2:
        raise ValueError(
            "MinMax: optimizer must be one with a parameter group for each "
            "player, or one optimizer for each of two players or more, got a "
            f"sequence of {len(optimizer)}"
        )
    everything = [p for each in optimizer for p in parameters_of(each)]
    if len(set(everything)) < len(everything):
        raise ValueError(
            "MinMax: optimizer must give each parameter to one player, got one "
            "that two optimizers move"
        )
    return list(optimizer)


def _refuse(optimizer: object) -> None:
    got = f"{optimizer!r} ({type(optimizer).__name__})"
    raise TypeError(f"MinMax: optimizer must be torch's, got {got}")


def _check_step(optimizer: Optimizer) -> None:
    """Raise unless it moves on the gradients that are there."""
    if any(
        each.default is Parameter.empty
        # Of its class: a scheduler puts a wrapper into the optimizer itself.
        for each in [*signature(type(optimizer).step).parameters.values()][1:]
        if each.kind is Parameter.POSITIONAL_OR_KEYWORD
    ):
        raise TypeError(
            "MinMax: optimizer must step on the gradients that it finds; "
            f"{type(optimizer).__name__} needs a closure of its own"
        )


def _check_groups(optimizer: Optimizer) -> None:
    """Raise unless each group can be a player with a direction of its own."""
    groups = optimizer.param_groups
    if len(groups) < 2:
        raise ValueError(
            "MinMax: optimizer must have a parameter group for each of two "
            f"players or more, got {len(groups)}"
        )
    if not all("maximize" in group for group in groups):
        raise TypeError(
            "MinMax: optimizer must take maximize, so that players can "
            f"differ in direction; {type(optimizer).__name__} does not"
        )
