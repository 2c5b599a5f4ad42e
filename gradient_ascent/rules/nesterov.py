"""Nesterov's accelerated gradient."""

from gradient_ascent.ops import Number
from gradient_ascent.rules.declaration import Declaration, TorchClass
from gradient_ascent.rules.hyperparameters import (
    LearningRatePerGradient,
    LrInVelocity,
    Momentum,
)
from gradient_ascent.rules.momentum import MomentumState


@Declaration(
    title="Nesterov momentum",
    idea="Look ahead before you roll on",
    memory="a velocity",
    chapter="momentum/nesterov",
    torch=TorchClass("SGD", options={"nesterov": True}),
)
def nesterov(
    gradient: Number,
    state: MomentumState = MomentumState(0),
    *,
    lr: LearningRatePerGradient = 1e-3,
    momentum: Momentum = 0.9,
    lr_in_velocity: LrInVelocity = False,
) -> tuple[Number, MomentumState]:
    r"""Step along the velocity one step ahead.

    This is the form that needs the gradient only where the parameter is.

    .. math::
        v_t = \mu v_{t-1} + g_t, \qquad
        \theta_t = \theta_{t-1} + \eta (g_t + \mu v_t)

    Args:
        gradient: the uphill gradient g, any shape.
        state: the velocity v, of the gradient's shape.
        lr: learning rate η.
        momentum: the share μ of the velocity that survives a step.
        lr_in_velocity: scale each gradient as it enters the velocity, v = μ v +
            η g, and step by η g + μ v.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Nesterov (1983); the convention of `torch.optim.SGD(nesterov=True)`.
    """
    push = lr * gradient if lr_in_velocity else gradient
    velocity = momentum * state.momentum_buffer + push
    step = push + momentum * velocity
    return step if lr_in_velocity else lr * step, MomentumState(velocity)


def lookahead(
    state: MomentumState = MomentumState(0),
    *,
    lr: LearningRatePerGradient = 1e-3,
    momentum: Momentum = 0.9,
    lr_in_velocity: LrInVelocity = False,
) -> Number:
    r"""How far ahead of the parameter the look-ahead form takes its gradient.

    .. math::
        v_t = \mu v_{t-1} + \nabla f(\theta_{t-1} + \eta \mu v_{t-1}), \qquad
        \theta_t = \theta_{t-1} + \eta v_t

    Add the result to the parameter, take the gradient there, and give it to
    `momentum`. The points where it takes its gradients are the parameters of
    `nesterov`: the two forms are one method.
    """
    ahead = momentum * state.momentum_buffer
    return ahead if lr_in_velocity else lr * ahead
