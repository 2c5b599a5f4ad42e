"""Signum, and sign ascent."""

from typing import NamedTuple

from gradient_ascent.ops import Number, sign
from gradient_ascent.rules.declaration import Declaration, Odd
from gradient_ascent.rules.direction import decayed
from gradient_ascent.rules.hyperparameters import (
    LearningRate,
    Momentum,
    WeightDecay,
)


class SignumState(NamedTuple):
    """The velocity, an average of the gradients."""

    momentum_buffer: Odd = 0


@Declaration(
    title="Signum",
    idea="Only the velocity's sign: each coordinate as far as the next",
    memory="a velocity",
    chapter="adaptive/sign",
)
def signum(
    gradient: Number,
    state: SignumState = SignumState(),
    *,
    parameter: Odd,
    lr: LearningRate = 1e-3,
    momentum: Momentum = 0.9,
    weight_decay: WeightDecay = 0,
) -> tuple[Number, SignumState]:
    r"""Step by the sign of the velocity; without momentum, of the gradient.

    .. math::
        v_t &= \mu v_{t-1} + (1 - \mu) g_t \\
        \theta_t &= (1 - \eta \lambda) \theta_{t-1}
            + \eta \operatorname{sign}(v_t)

    Args:
        gradient: the uphill gradient g, any shape, without the decay.
        state: the velocity v, of the gradient's shape.
        parameter: θ, of the gradient's shape.
        lr: learning rate η, in parameter units: how far each coordinate goes,
            but for the decay. One whose velocity is 0 stays.
        momentum: the share μ of the velocity that survives a step; with 0 the
            rule is sign ascent.
        weight_decay: λ; a step takes the share ηλ of the parameter away.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Bernstein et al. (2018), Algorithm 2.
    """
    velocity = momentum * state.momentum_buffer + (1 - momentum) * gradient
    step = decayed(
        lr * sign(velocity), parameter, weight_decay=lr * weight_decay
    )
    return step, SignumState(velocity)
