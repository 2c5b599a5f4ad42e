"""What may be chosen of a rule, by its declaration: flags, and what may be off."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any

import pytest

from gradient_ascent.rules import RULES, UpdateRule
from gradient_ascent.rules.declaration import Hyperparameter, takes_parameter

Rule = UpdateRule[..., Any]


def where_its_slider_starts(hyperparameter: Hyperparameter) -> float:
    """A value of what is off by default."""
    assert hyperparameter.control.on is not None
    return hyperparameter.control.on


def choices(
    hyperparameters: Iterable[Hyperparameter],
    on: Callable[[Hyperparameter], Any] = where_its_slider_starts,
) -> Iterator[dict[str, Any]]:
    """Every combination of the flags, and of what may be None or `on`."""
    switches: dict[str, list[Any]] = {}
    for each in hyperparameters:
        if isinstance(each.default, bool):
            switches[each.name] = [False, True]
        elif each.default is None:
            switches[each.name] = [None, on(each)]
    for values in product(*switches.values()):
        yield dict(zip(switches, values))


def numbers(hyperparameters: Iterable[Hyperparameter]) -> list[Hyperparameter]:
    """Those that are a number, always."""
    return [each for each in hyperparameters if type(each.default) in (int, float)]


def own(rule: Callable[..., Any], parameter: Any = 0.5) -> dict[str, Any]:
    """The parameter, for a rule that takes it."""
    return {"parameter": parameter} if takes_parameter(rule) else {}


every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
every_choice = pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        pytest.param(rule, chosen, id="-".join([name, *map(str, chosen.values())]))
        for name, rule in RULES.items()
        for chosen in choices(rule.hyperparameters)
    ],
)
