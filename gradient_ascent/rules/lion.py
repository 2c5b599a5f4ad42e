"""Lion: the sign of an average that looks ahead."""

from typing import Annotated, NamedTuple

from gradient_ascent.arguments import SHARE
from gradient_ascent.ops import Number, sign
from gradient_ascent.rules.declaration import Control, Declaration, Odd
from gradient_ascent.rules.direction import decayed
from gradient_ascent.rules.hyperparameters import (
    SHARES,
    LearningRate,
    WeightDecay,
)

InMix = Annotated[
    Number,
    SHARE,
    Control("beta1, the average in the mix", "share", SHARES, first=True),
]
Memory = Annotated[
    Number,
    SHARE,
    Control("beta2, memory of the gradient", "share", SHARES, first=True),
]


class LionState(NamedTuple):
    """The average gradient."""

    exp_avg: Odd = 0


@Declaration(
    title="Lion",
    idea="Signum, whose newest gradient counts for more",
    memory="an average",
    chapter="adaptive/sign",
)
def lion(
    gradient: Number,
    state: LionState = LionState(),
    *,
    parameter: Odd,
    lr: LearningRate = 1e-4,
    beta1: InMix = 0.9,
    beta2: Memory = 0.99,
    weight_decay: WeightDecay = 0,
) -> tuple[Number, LionState]:
    r"""Step by the sign of a mix of the average and the newest gradient.

    .. math::
        c_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        m_t &= \beta_2 m_{t-1} + (1 - \beta_2) g_t \\
        \theta_t &= (1 - \eta \lambda) \theta_{t-1}
            + \eta \operatorname{sign}(c_t)

    Args:
        gradient: the uphill gradient g, any shape, without the decay.
        state: the average m, of the gradient's shape.
        parameter: θ, of the gradient's shape.
        lr: learning rate η, in parameter units: how far each coordinate goes,
            but for the decay. One where c is 0 stays.
        beta1: the share β₁ of the average in the mix c.
        beta2: the share β₂ of the average that survives a step. If it is β₁,
            the rule is Signum.
        weight_decay: λ; a step takes the share ηλ of the parameter away.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Chen et al. (2023), Algorithm 2.
    """
    mix = beta1 * state.exp_avg + (1 - beta1) * gradient
    average = beta2 * state.exp_avg + (1 - beta2) * gradient
    step = decayed(lr * sign(mix), parameter, weight_decay=lr * weight_decay)
    return step, LionState(average)
