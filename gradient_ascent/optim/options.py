"""The options of a parameter group: how they are kept, checked and called."""

from __future__ import annotations

import inspect
from numbers import Real
from typing import Any, TypeAlias

from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.arguments import SHARE, Arguments

Group: TypeAlias = dict[str, Any]


def as_python(value: Any) -> Any:
    """NumPy's numbers as Python's: `torch.load` takes no others."""
    if isinstance(value, dict):
        return {name: as_python(each) for name, each in value.items()}
    if type(value) in (tuple, list):
        return type(value)(map(as_python, value))
    scalar = hasattr(value, "item") and getattr(value, "shape", None) == ()
    return value.item() if scalar and not isinstance(value, Tensor) else value


def check_options(
    kind: type[Optimizer], options: Group, owner: str | None = None
) -> None:
    """Check those options that the constructor of a class names.

    Args:
        kind: the class.
        options: its options, and maybe others.
        owner: the class of whom an error speaks, if it is another.

    Raises:
        TypeError: a value of the wrong kind.
        ValueError: a number outside the interval it may lie in.
    """
    known = inspect.signature(kind.__init__).parameters.keys() - {"params"}
    values = {k: v for k, v in options.items() if k in known}
    for name, value in values.items():
        if isinstance(value, Tensor):
            if value.numel() != 1:
                raise ValueError(
                    f"{owner or kind.__name__}: {name} must have one element, "
                    f"got a tensor of shape {tuple(value.shape)}"
                )
            values[name] = value.item()
    arguments = Arguments(kind.__init__)
    arguments.owner = owner or kind.__name__
    arguments.check(values)


def check_betas(owner: str, betas: object) -> None:
    """Check the shares of two averages that survive a step.

    Raises:
        TypeError: they are not two real numbers.
        ValueError: one is not in [0, 1).
    """
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise TypeError(f"{owner}: betas must be two numbers, got {betas!r}")
    for index, beta in enumerate(betas):
        one = isinstance(beta, Tensor) and beta.numel() == 1
        value = beta.item() if one else beta
        if not isinstance(value, Real) or isinstance(value, bool):
            raise TypeError(
                f"{owner}: betas[{index}] must be a real number, got {beta!r}"
            )
        if value not in SHARE:
            raise ValueError(
                f"{owner}: betas[{index}] must lie in [0, 1), got {beta!r}"
            )


def parameter_name(group: Group, index: int) -> str:
    """What an error calls a parameter of a group."""
    if "param_names" in group:
        return f"parameter {group['param_names'][index]!r}"
    shape = tuple(group["params"][index].shape)
    return f"parameter {index} of its group, of shape {shape}"
