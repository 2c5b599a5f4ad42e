"""The update rules as `torch.optim.Optimizer`s. They climb by default.

Arguments, defaults and checkpoints are torch's, but for `maximize=True`.
"""

from torch.optim.optimizer import Optimizer

from gradient_ascent.optim.adagrad import Adagrad
from gradient_ascent.optim.adam import Adam, AMSGrad
from gradient_ascent.optim.gradient_ascent import GradientAscent
from gradient_ascent.optim.lbfgs import LBFGS
from gradient_ascent.optim.momentum import Momentum, Nesterov
from gradient_ascent.optim.plateau import PlateauScheduler
from gradient_ascent.optim.rmsprop import RMSprop
from gradient_ascent.optim.steepest import SteepestAscent

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "amsgrad": AMSGrad,
    "gradient_ascent": GradientAscent,
    "lbfgs": LBFGS,
}
"""Every optimizer, by name."""

__all__ = [
    "LBFGS",
    "OPTIMIZERS",
    "AMSGrad",
    "Adagrad",
    "Adam",
    "GradientAscent",
    "Momentum",
    "Nesterov",
    "PlateauScheduler",
    "RMSprop",
    "SteepestAscent",
]
