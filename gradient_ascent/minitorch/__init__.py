"""Mini-Torch: automatic differentiation and optimizers, on scalars.

It has torch's shape (`backward`, `zero_grad`, `step`) and nothing behind the
curtain.
"""

from gradient_ascent.minitorch.optimizers import (
    Adagrad,
    Adam,
    AMSGrad,
    GradientAscent,
    GradientDescent,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
)
from gradient_ascent.minitorch.tensor import Tensor

__all__ = [
    "AMSGrad",
    "Adagrad",
    "Adam",
    "GradientAscent",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "Tensor",
]
