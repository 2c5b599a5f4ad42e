"""The optimizers that race, with what is tuned of each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pkgutil import resolve_name
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim, rules
from gradient_ascent.arguments import meant
from gradient_ascent.benchmarks.search import Range, Space, declared
from gradient_ascent.benchmarks.seed_optimizer import Legacy

Make = Callable[..., Optimizer]
LR = Range(1e-4, 10)
"""Where a search looks for the learning rate of one that declares nothing."""


@dataclass(frozen=True, eq=False)
class Entrant:
    """An optimizer in a race.

    Attributes:
        name: by which it is asked for.
        space: where its hyperparameters are searched.
        make: called with parameters and hyperparameters by name.
        needs_closure: whether its step evaluates f several times.
    """

    name: str
    space: Space
    make: Make
    needs_closure: bool = False


def _by_rule(
    kind: type[Optimizer],
    rule: rules.UpdateRule[..., Any],
    params: Sequence[Tensor],
    settings: Mapping[str, Any],
) -> Optimizer:
    """Make the optimizer of a rule, from the rule's hyperparameters."""
    taken = inspect.signature(kind).parameters
    options: dict[str, Any] = {}
    for name, default, _ in rule.hyperparameters:
        option, entry = rule.declaration.place(name)
        value = settings.get(name, default)
        if name in taken and name in settings:
            options[name] = value
        elif entry is not None and option in taken and settings:
            options[option] = (*options.get(option, ()), value)
    return kind(params, **options)


STEADY: dict[str, Any] = {
    "max_iter": 1, "max_eval": 30, "tolerance_grad": 0, "tolerance_change": 0,
}  # fmt: skip
"""A step of L-BFGS is one iteration, with room for a whole search of the line
(`max_eval` cuts it short). It goes on until rounding ends it: the race says
when a run is over."""


def _lbfgs(params: Sequence[Tensor], settings: Mapping[str, Any]) -> Optimizer:
    search = "strong_wolfe"
    return optim.LBFGS(params, line_search_fn=search, **STEADY, **settings)


def _torch_lbfgs(
    params: Sequence[Tensor], settings: Mapping[str, Any]
) -> Optimizer:
    return optim.uphill(torch.optim.LBFGS(params, **STEADY, **settings))


def _ours() -> list[Entrant]:
    """The optimizers of this package, their spaces from the declarations."""
    found = []
    for name, kind in optim.OPTIMIZERS.items():
        if name in rules.RULES:
            rule = rules.RULES[name]
            space = declared(rule)
            if kind is optim.GradientAscent:  # what it has that Adam has not
                space["lr_decay"] = Range(1e-4, 0.1, of_rest=True)
            make = partial(_by_rule, kind, rule)
            found.append(Entrant(kind.__name__, space, make))
    return found


LBFGS_SPACE = {"lr": Range(1e-2, 10)}
ENTRANTS: dict[str, Entrant] = {
    each.name: each
    for each in (
        *_ours(),
        Entrant("LBFGS", LBFGS_SPACE, _lbfgs, needs_closure=True),
        Entrant("torch-LBFGS", LBFGS_SPACE, _torch_lbfgs, needs_closure=True),
    )
}
"""Those that race unless others are asked for. Our L-BFGS searches along the
line; torch's, on -f, does not, as by its default."""
OTHERS = {
    "Legacy": Entrant(
        "Legacy",
        declared(rules.RULES["legacy"]),
        lambda params, settings: Legacy(params, **settings),
    )
}
"""Those that must be asked for."""


@cache
def entrant(name: str) -> Entrant:
    """An entrant by its name, or the class that `package.module:Class` names.

    What is searched of such a class is its learning rate, `lr`, from 0.0001 to
    10, unless it has an attribute `search_space`: for each hyperparameter the
    pair (low, high), between which it is drawn evenly on a logarithmic scale,
    or a `Range`. It climbs by its own `maximize`, or else by `optim.uphill`.

    Raises:
        ValueError: there is none of the name, or it is not an optimizer.
    """
    known = {**ENTRANTS, **OTHERS}
    if name in known:
        return known[name]
    if ":" not in name:
        raise ValueError(
            f"there is no optimizer {name!r}{meant(name, known)}; there are "
            f"{', '.join(known)}, and any package.module:Class"
        )
    try:
        kind = resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"optimizer {name!r} cannot be had: {error}") from None
    return _foreign(name, kind)


def _foreign(name: str, found: Any) -> Entrant:
    if not (inspect.isclass(found) and issubclass(found, Optimizer)):
        raise ValueError(
            f"optimizer {name!r} must be a class of torch.optim.Optimizer, got "
            f"{found!r}"
        )
    kind: Any = found
    taken = inspect.signature(kind).parameters
    space = _space(name, getattr(kind, "search_space", {"lr": LR}), taken)
    climbs = "maximize" in taken

    def make(
        params: Sequence[Tensor], settings: Mapping[str, Any]
    ) -> Optimizer:
        if climbs:
            settings = {**settings, "maximize": True}
        made: Optimizer = kind(params, **settings)
        return made if climbs else optim.uphill(made)

    closure = inspect.signature(kind.step).parameters.get("closure")
    needs = closure is not None and closure.default is closure.empty
    made = Entrant(name, space, make, needs)
    _try(made)
    return made


def _space(name: str, given: Any, taken: Mapping[str, Any]) -> dict[str, Range]:
    """A class's search space, from what it says."""
    space = {}
    for each, ends in dict(given).items():
        if each not in taken:
            raise ValueError(
                f"optimizer {name!r} takes no {each!r}, which would be "
                f"searched; it takes {', '.join(taken)}"
            )
        try:
            space[each] = ends if isinstance(ends, Range) else Range(*ends)
            right = 0 < space[each].low <= space[each].high
        except TypeError:
            right = False
        if not right:
            raise ValueError(
                f"optimizer {name!r}: search_space[{each!r}] must be a pair "
                f"(low, high), 0 < low <= high, got {ends!r}"
            )
    return space


def rehearse(entrant: Entrant, settings: Mapping[str, Any]) -> None:
    """Take two steps: all that is compiled or imported for them is there."""
    x = torch.ones(2, requires_grad=True)
    optimizer: Any = entrant.make([x], settings)

    def closure() -> Tensor:
        x.grad = None
        f = -x.square().sum()
        torch.autograd.backward(f)
        return f

    for _ in range(2):
        closure()
        optimizer.step(*[closure] * entrant.needs_closure)


def _try(entrant: Entrant) -> None:
    """Rehearse, to tell a fault of the class before the race."""
    settings = {name: each.at(0) for name, each in entrant.space.items()}
    try:
        rehearse(entrant, settings)
    except Exception as error:
        raise ValueError(
            f"optimizer {entrant.name!r} cannot take a step with {settings}: "
            f"{type(error).__name__}: {error}"
        ) from error
