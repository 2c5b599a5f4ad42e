"""Trace labs' controls, as the rules declare them: for the scripts, and ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradient_ascent.arguments import check
from gradient_ascent.rules import RULES
from gradient_ascent.rules.declaration import Hyperparameter

Ranges = dict[str, dict[str, list[float]]]


def hyperparameters(rule: str) -> list[dict[str, Any]]:
    """Describe a rule's hyperparameters, for the scripts."""
    return described(RULES[rule].hyperparameters)


def described(found: Sequence[Hyperparameter]) -> list[dict[str, Any]]:
    """Describe what has a control, for the scripts."""
    return [
        {"name": each.name, "default": each.default} | each.control._asdict()
        for each in found
    ]


def ranges(given: Mapping[str, Any], rules: Sequence[str]) -> Ranges:
    """Return a lab's own ranges of sliders, by rule and name.

    They hold for its rules, and for those that a reader may choose instead, as far as a
    name means the same there; these reach to their defaults.

    Raises:
        TypeError, ValueError: A range of what has no slider, or that is none, or that
            leaves what a rule allows.
    """
    meanings = {rule: _sliders(rule) for rule in RULES}
    own = {meaning for rule in rules for meaning in meanings[rule].items()}
    known = dict.fromkeys(name for rule in rules for name in meanings[rule])
    for name, ends in given.items():
        if name not in known:
            raise ValueError(
                f"ranges: no slider of {' or '.join(rules)} sets {name!r}; "
                f"there are {', '.join(known)}"
            )
        if not _is_range(ends):
            raise ValueError(f"ranges: {name} must be [low, high], got {ends!r}")
    found = {
        rule: {
            name: ends if rule in rules else _with_usual(rule, name, ends)
            for name, ends in given.items()
            if (name, meanings[rule].get(name)) in own
        }
        for rule in RULES
    }
    for rule, held in found.items():
        for name, ends in held.items():
            for end in ends:
                check(RULES[rule], {name: end})
    return found


def _with_usual(rule: str, name: str, ends: Any) -> list[float]:
    """Return a range, made so wide that the rule's default is in it."""
    usual = RULES[rule].arguments[name].default
    return ends if usual is None else [min(usual, *ends), max(usual, *ends)]


def _sliders(rule: str) -> dict[str, str]:
    """Return the labels of a rule's sliders: the same label is the same meaning."""
    found = RULES[rule].hyperparameters
    return {p.name: p.control.label for p in found if p.control.range}


def _is_range(ends: Any) -> bool:
    numbers = isinstance(ends, list) and all(type(x) in (int, float) for x in ends)
    return numbers and len(ends) == 2 and ends[0] < ends[1]
