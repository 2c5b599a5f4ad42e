"""The update rules: pure functions, written once for every kind of number.

    step, state = rule(gradient, state, **hyperparameters)        # parameter +=
    step

`gradient` points uphill (see `uphill`), and `step` is what to add. Leave
`state` out at the first step: its default is the state a rule starts from. No
rule branches on the value of a number, so each also runs on symbols.
"""

from collections.abc import Callable
from typing import Any

from gradient_ascent.ops import Number
from gradient_ascent.rules.adagrad import AdagradState, adagrad
from gradient_ascent.rules.adam import AdamState, adam
from gradient_ascent.rules.amsgrad import AMSGradState, amsgrad
from gradient_ascent.rules.direction import decayed, uphill
from gradient_ascent.rules.gradient_ascent import (
    GradientAscentState,
    gradient_ascent,
)
from gradient_ascent.rules.legacy import LegacyState, legacy
from gradient_ascent.rules.momentum import MomentumState, momentum
from gradient_ascent.rules.nesterov import lookahead, nesterov
from gradient_ascent.rules.plain import plain
from gradient_ascent.rules.rmsprop import RMSpropState, rmsprop
from gradient_ascent.rules.schedule import rate_factor

Rule = Callable[..., tuple[Number, Any]]

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        plain, momentum, nesterov, adagrad, rmsprop,
        adam, amsgrad, gradient_ascent, legacy,
    )
}  # fmt: skip

__all__ = [
    "RULES",
    "AMSGradState",
    "AdagradState",
    "AdamState",
    "GradientAscentState",
    "LegacyState",
    "MomentumState",
    "RMSpropState",
    "Rule",
    "adagrad",
    "adam",
    "amsgrad",
    "decayed",
    "gradient_ascent",
    "legacy",
    "lookahead",
    "momentum",
    "nesterov",
    "plain",
    "rate_factor",
    "rmsprop",
    "uphill",
]
