"""The update rules: pure functions, written once for every kind of number.

    step, state = rule(gradient, state, **hyperparameters)  # parameter += step

`gradient` points uphill (see `uphill`), and `step` is what to add. Leave
`state` out at the first step: its default is the state a rule starts from. A
rule that shrinks the parameter is given it as well, `parameter=parameter`. No
rule branches on the value of a number, so each also runs on symbols. Each is
odd: against the gradient it steps the other way. What else is known of a rule
stands in its declaration, an `UpdateRule`.
"""

from typing import Any

from .declaration import Odd as Odd
from .declaration import Rule as Rule
from .declaration import UpdateRule as UpdateRule
from .direction import decayed as decayed
from .direction import uphill as uphill
from .schedule import rate_factor as rate_factor

# The registry: every rule, a line each, in the order in which the book has them
# isort: off
from .plain import plain as plain
from .momentum import momentum as momentum
from .nesterov import nesterov as nesterov
from .adagrad import adagrad as adagrad
from .rmsprop import rmsprop as rmsprop
from .adam import adam as adam
from .adamw import adamw as adamw
from .amsgrad import amsgrad as amsgrad
from .signum import signum as signum
from .lion import lion as lion
from .gradient_ascent import gradient_ascent as gradient_ascent
from .legacy import legacy as legacy
# isort: on

from .adagrad import AdagradState as AdagradState
from .adam import AdamState as AdamState
from .amsgrad import AMSGradState as AMSGradState
from .gradient_ascent import GradientAscentState as GradientAscentState
from .legacy import LegacyState as LegacyState
from .lion import LionState as LionState
from .momentum import MomentumState as MomentumState
from .nesterov import lookahead as lookahead
from .plain import PlainState as PlainState
from .rmsprop import RMSpropState as RMSpropState
from .signum import SignumState as SignumState

RULES: dict[str, UpdateRule[..., Any]] = {
    name: each
    for name, each in globals().items()
    if isinstance(each, UpdateRule)
}
"""Every rule, by its name."""
