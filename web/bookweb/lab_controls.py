"""Trace labs' controls: what each hyperparameter is called, and how far it goes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gradient_ascent.arguments import check
from gradient_ascent.rules import RULES

Range = tuple[float, float]
Ranges = dict[str, dict[str, list[float]]]


class Control(NamedTuple):
    """How a hyperparameter is set: by a check box, or by a slider where it has a range.

    `on` is where the slider of one starts that is None by default, and is switched on.
    """

    label: str
    unit: str = ""
    range: Range | None = None  # where it spans powers of ten, they are evenly spaced
    on: float | None = None
    whole: bool = False


SHARE, FLOOR, FACTOR, BOUND = (0, 0.999), (1e-10, 1), (0.9, 1), (0.001, 100)
FIRST = ("lr", "momentum", "beta1", "beta2", "beta", "alpha")  # the rest is under More
CONTROLS = {
    "lr": Control("learning rate", "parameter units", (0.0001, 10)),
    "momentum": Control("momentum", "share", SHARE, on=0.9),
    "beta1": Control("beta1, memory of the gradient", "share", SHARE),
    "beta2": Control("beta2, memory of its square", "share", SHARE),
    "beta": Control("beta, memory of the square", "share", SHARE),
    "alpha": Control("alpha, memory of the square", "share", SHARE),
    "warmup_steps": Control("warmup", "steps", (0, 200), whole=True),
    "lr_decay": Control("decay past the warmup", "times a step", FACTOR, on=0.99),
    "clip_value": Control("clipping of each slope", "gradient units", BOUND, on=1),
    "adaptive": Control("adaptive: divide by the root mean square"),
    "nesterov": Control("nesterov: look one step ahead"),
    "bias_correction": Control("bias correction of the averages"),
    "correct_before_max": Control("bias correction before the maximum"),
    "centered": Control("centered: divide by the standard deviation"),
    "dampening": Control("dampening of each new gradient", "share", (0, 1)),
    "lr_in_velocity": Control("learning rate inside the velocity"),
    "eps": Control("epsilon, least divisor", "gradient units", FLOOR),
    "eps_in_sqrt": Control("epsilon inside the root, in squared units"),
}
PER_GRADIENT = Control("learning rate", "parameter per gradient", (0.0001, 10))
OWN_MEANING = {  # where a rule means something else by a name
    # A rule that does not divide by the gradient's size has another unit of rate.
    ("plain", "lr"): PER_GRADIENT,
    ("momentum", "lr"): PER_GRADIENT,
    ("nesterov", "lr"): PER_GRADIENT,
    ("adagrad", "lr_decay"): Control("decay with the steps taken", "a step", (0, 1)),
    ("legacy", "lr_decay"): Control(
        "decay from the first step on", "times a step", FACTOR, on=0.99
    ),
    ("legacy", "clip_value"): Control(
        "clipping, at which it stands still", "gradient units", BOUND, on=1
    ),
    ("legacy", "nesterov"): Control("nesterov: feed the velocity back twice"),
}


def control(rule: str, name: str) -> Control:
    """Return how a rule's hyperparameter is set."""
    return OWN_MEANING.get((rule, name)) or CONTROLS[name]


def names(rule: str) -> list[str]:
    """Return the names of a rule's hyperparameters, those that matter most first."""
    parameters = inspect.signature(RULES[rule]).parameters.values()
    taken = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]
    return sorted(taken, key=list(CONTROLS).index)


def hyperparameters(rule: str) -> list[dict[str, Any]]:
    """Describe a rule's hyperparameters, for the scripts."""
    parameters = inspect.signature(RULES[rule]).parameters
    return [
        {"name": name, "default": parameters[name].default, "first": name in FIRST}
        | control(rule, name)._asdict()
        for name in names(rule)
    ]


def ranges(given: Mapping[str, Any], rules: Sequence[str]) -> Ranges:
    """Return a lab's own ranges of sliders, by rule and name.

    They hold for its rules, and for those that a reader may choose instead, as far as a
    name means the same there.

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
            name: ends
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


def _sliders(rule: str) -> dict[str, str]:
    """Return the labels of a rule's sliders: the same label is the same meaning."""
    made = {name: control(rule, name) for name in names(rule)}
    return {name: each.label for name, each in made.items() if each.range}


def _is_range(ends: Any) -> bool:
    numbers = isinstance(ends, list) and all(type(x) in (int, float) for x in ends)
    return numbers and len(ends) == 2 and ends[0] < ends[1]
