"""The hyperparameters that rules share: their intervals and their controls.

What only one rule has stands in its signature.
"""

from typing import Annotated

from gradient_ascent.arguments import FACTOR, NON_NEGATIVE, POSITIVE, SHARE
from gradient_ascent.ops import Number
from gradient_ascent.rules.declaration import Control

RATES = (1e-4, 10)
SHARES = (0, 0.999)
FACTORS = (0.9, 1)
BOUNDS = (0.001, 100)

LEARNING_RATE = Control("learning rate", "parameter units", RATES, first=True)
LearningRate = Annotated[Number, NON_NEGATIVE, LEARNING_RATE]
"""Of a rule that divides by the gradient's size: a step on steady gradients."""

LearningRatePerGradient = Annotated[
    Number,
    NON_NEGATIVE,
    Control("learning rate", "parameter per gradient", RATES, first=True),
]
"""Of a rule whose steps grow with the gradient."""

MOMENTUM = Control("momentum", "share", SHARES, on=0.9, first=True)
Momentum = Annotated[Number, SHARE, MOMENTUM]

LrInVelocity = Annotated[bool, Control("learning rate inside the velocity")]

Beta1 = Annotated[
    Number,
    SHARE,
    Control("beta1, memory of the gradient", "share", SHARES, first=True),
]
Beta2 = Annotated[
    Number,
    SHARE,
    Control("beta2, memory of its square", "share", SHARES, first=True),
]
BETA = Control("beta, memory of the square", "share", SHARES, first=True)
Beta = Annotated[Number, SHARE, BETA]

EPSILON = Control("epsilon, least divisor", "gradient units", (1e-10, 1))
Epsilon = Annotated[Number, NON_NEGATIVE, EPSILON]
EpsilonInSqrt = Annotated[
    bool, Control("epsilon inside the root, in squared units")
]

WeightDecay = Annotated[
    Number,
    NON_NEGATIVE,
    Control("weight decay", "per unit of learning rate", (0, 1), first=True),
]

BiasCorrection = Annotated[bool, Control("bias correction of the averages")]

ClipValue = Annotated[
    Number,
    POSITIVE,
    Control("clipping of each slope", "gradient units", BOUNDS, on=1),
]
LrDecay = Annotated[
    Number,
    FACTOR,
    Control("decay past the warmup", "times a step", FACTORS, on=0.99),
]
WarmupSteps = Annotated[
    Number, NON_NEGATIVE, Control("warmup", "steps", (0, 200), whole=True)
]
