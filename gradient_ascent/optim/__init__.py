"""The update rules as `torch.optim.Optimizer`s. They climb by default.

Arguments, defaults and checkpoints are torch's, but for `maximize=True` and the
momentum of `Momentum`, which torch calls SGD and leaves at 0. Its schedulers
and averages work with them, and stand here under their own names.
"""

from torch.optim import lr_scheduler as lr_scheduler
from torch.optim import swa_utils as swa_utils
from torch.optim.optimizer import Optimizer

# Here as well: another distribution may have overwritten the package's own.
from gradient_ascent import foreign as _foreign  # noqa: F401

from .adagrad import Adagrad as Adagrad
from .adam import Adam as Adam
from .adam import AdamW as AdamW
from .adam import AMSGrad as AMSGrad
from .bfloat16 import keep_in_bfloat16 as keep_in_bfloat16
from .climbing import uphill as uphill
from .direction_contract import check_direction as check_direction
from .doctor import Doctor as Doctor
from .gradient_ascent import GradientAscent as GradientAscent
from .in_backward import step_in_backward as step_in_backward
from .lbfgs import LBFGS as LBFGS
from .lion import Lion as Lion
from .momentum import SGD as SGD
from .momentum import Momentum as Momentum
from .momentum import Nesterov as Nesterov
from .plateau import PlateauScheduler as PlateauScheduler
from .rmsprop import RMSprop as RMSprop
from .signum import Signum as Signum
from .steepest import SteepestAscent as SteepestAscent
from .verdicts import Finding as Finding

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "plain": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
    "amsgrad": AMSGrad,
    "signum": Signum,
    "lion": Lion,
    "gradient_ascent": GradientAscent,
    "lbfgs": LBFGS,
}
"""Every optimizer, by name."""
