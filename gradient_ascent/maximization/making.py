"""What makes the optimizer of a run, and whose the options are."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any

from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.maximization.choosing import OF_RUN
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.optim import OPTIMIZERS
from gradient_ascent.optim.climbing import Uphill

Maker = Callable[..., Optimizer]

# What others call the same: SciPy's names, and Keras's.
_ELSEWHERE = {
    "args": "a lambda that fixes them",
    "bfgs": "lbfgs, or no optimizer at all",
    "bounds": "constraint=Box(lower, upper)",
    "learning_rate": "lr",
    "maxiter": "steps",
    "method": "optimizer",
    "sgd": "plain, or momentum",
}


def maker_of_run(
    optimizer: str | Maker, options: dict[str, Any], own: Sequence[str]
) -> Callable[[MovingTensors], Optimizer]:
    """What makes the optimizer of a run: as `maker`, or one of `OF_RUN`."""
    if not isinstance(optimizer, str) or optimizer not in OF_RUN:
        make = maker(optimizer, options, own)
        return lambda moving: make(moving.tensors)
    for name in options:
        raise TypeError(
            f"maximize takes no argument {name!r}, nor does its optimizer "
            f"{optimizer!r}{_close(name, own)}"
        )
    return OF_RUN[optimizer]


def maker(
    optimizer: str | Maker, options: dict[str, Any], own: Sequence[str]
) -> Callable[[list[Tensor]], Optimizer]:
    """What makes the optimizer of given parameters, and sees that it climbs.

    Args:
        optimizer: a name, a class, or a function of parameters.
        options: those of the optimizer.
        own: the names that `maximize` takes itself.

    Raises:
        TypeError: `optimizer` is none of these, or an option is nobody's.
        ValueError: an unknown name.
    """
    if isinstance(optimizer, str):
        if optimizer not in OPTIMIZERS:
            known = [*OPTIMIZERS, *OF_RUN]
            raise ValueError(
                f"maximize: optimizer must be one of {', '.join(known)}; got "
                f"{optimizer!r}{_close(optimizer, known)}"
            )
        optimizer = OPTIMIZERS[optimizer]
    if not callable(optimizer):
        takes = "a name, an optimizer class or a function"
        raise TypeError(
            f"maximize: optimizer must be {takes}, got {optimizer!r}"
        )
    _check_options(optimizer, options, own)
    is_class = isinstance(optimizer, type)  # a function knows what it makes
    if is_class and "maximize" in signature(optimizer).parameters:
        options = {"maximize": True, **options}

    def make(parameters: list[Tensor]) -> Optimizer:
        made = optimizer(parameters, **options)
        if not isinstance(made, Optimizer):
            takes = "must make a torch.optim.Optimizer"
            raise TypeError(f"maximize: optimizer {takes}, got {made!r}")
        if getattr(made, "penalized", False):
            raise ValueError(
                f"maximize: optimizer {type(made).__name__} climbs f minus a "
                "penalty, and maximize looks at f alone; take "
                "proximal.maximize_penalized"
            )
        climbs = isinstance(made, Uphill) or all(
            group.get("maximize") for group in made.param_groups
        )
        if not climbs:
            raise ValueError(
                f"maximize: optimizer {type(made).__name__} does not maximize: "
                "each of its param_groups must have maximize=True, or `uphill` "
                "must have turned it (to minimize f, maximize -f)"
            )
        return made

    return make


def _check_options(
    optimizer: Maker, options: dict[str, Any], own: Sequence[str]
) -> None:
    """Raise an error that names the first option that nobody takes."""
    parameters = signature(optimizer).parameters
    if any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values()):
        return
    of_optimizer = list(parameters)[1:]  # the first are what it moves
    taken = [x for x in (*own, *of_optimizer) if x != "maximize"]
    for name in options:
        if name not in of_optimizer:
            maker = getattr(optimizer, "__name__", repr(optimizer))
            hint = _close(name, taken) or f"; {maker} takes " + (
                ", ".join(of_optimizer) or "nothing"
            )
            raise TypeError(
                f"maximize takes no argument {name!r}, nor does its optimizer "
                f"{maker}{hint}"
            )


def _close(name: str, known: Iterable[str]) -> str:
    """A question whether another name was meant; empty if none is close."""
    if name.lower() in _ELSEWHERE:
        return f"; did you mean {_ELSEWHERE[name.lower()]}?"
    close = get_close_matches(name.lower(), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
