"""What is read of a checkpoint before anything of it is taken."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from numbers import Real
from typing import TYPE_CHECKING, Any

from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.optim.options import Group, parameter_name
from gradient_ascent.rules import RULES

if TYPE_CHECKING:
    from gradient_ascent.optim.stateful import StatefulOptimizer


def check_checkpoint(
    optimizer: StatefulOptimizer,
    groups: Sequence[Group],
    states: Mapping[Any, Any],
) -> None:
    """Raise unless a checkpoint fits an optimizer; say if it turns it around.

    A flag may be missing: torch's class may be older than it.

    Args:
        optimizer: what loads it, still as it was.
        groups: the groups of the checkpoint, with the optimizer's parameters.
        states: the states of the checkpoint, by parameter.

    Raises:
        ValueError: the checkpoint is of another class, or a tensor of its state
            has not its parameter's shape.
    """
    for group in groups:
        kept = {
            name
            for parameter in group["params"]
            for name, value in states.get(parameter, {}).items()
            if value is not None
        }
        _check_class(optimizer, group, kept)
        _check_shapes(optimizer, group, states)
    tell_direction(optimizer, groups)


def _check_class(
    optimizer: StatefulOptimizer, group: Group, kept: set[str]
) -> None:
    ours = optimizer.defaults
    wanted = set(optimizer.fields({**ours, **group}))
    # More than is wanted may be left from before an option was switched off.
    foreign = _fields() & kept - wanted if wanted - kept else set()
    needed = {option for option, value in ours.items() if _is_number(value)}
    fixed = optimizer.fixed.items()
    unlike = {name for name, x in fixed if group.get(name, x) != x}
    for said, options in (
        ("lacks", needed - set(group)),
        ("has", (_hyperparameters() - set(ours)) & set(group) | foreign),
        ("has another", unlike),
    ):
        if options:
            raise ValueError(
                f"{type(optimizer).__name__}: the checkpoint is of another "
                f"class: it {said} {', '.join(sorted(options))}"
            )


@cache
def _hyperparameters() -> set[str]:
    """What options are called that belong to some rule, here or in torch."""
    return {
        name
        for rule in RULES.values()
        for each in rule.hyperparameters
        for name in (each.name, rule.declaration.place(each.name)[0])
    }


@cache
def _fields() -> set[str]:
    """What the state is called that belongs to some rule."""
    return {name for rule in RULES.values() for name in rule.start._fields}


def _check_shapes(
    optimizer: Optimizer, group: Group, states: Mapping[Any, Any]
) -> None:
    for index, parameter in enumerate(group["params"]):
        for name, value in states.get(parameter, {}).items():
            kept = isinstance(value, Tensor) and name != "step"
            if kept and value.shape != parameter.shape:
                raise ValueError(
                    f"{type(optimizer).__name__}: in the checkpoint {name} of "
                    f"{parameter_name(group, index)} has the shape "
                    f"{tuple(value.shape)}"
                )


def tell_direction(optimizer: Optimizer, groups: Sequence[Group]) -> None:
    """Warn if the groups of a checkpoint go the other way."""
    for before, after in zip(optimizer.param_groups, groups):
        climbs = after.get("maximize", False)  # older ones of torch's descend
        if climbs != before["maximize"]:
            name = type(optimizer).__name__
            way = "climbs" if climbs else "descends"
            warnings.warn(
                f"{name}: the checkpoint {way}, and so does this optimizer "
                f"from here on; it was made with maximize={not climbs}",
                stacklevel=7,
            )
            return


def _is_number(value: Any) -> bool:
    first = value[0] if isinstance(value, (tuple, list)) else value
    return isinstance(first, (Real, Tensor)) and not isinstance(first, bool)
