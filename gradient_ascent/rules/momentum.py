"""Momentum, also called the heavy ball."""

from typing import Annotated, NamedTuple

from gradient_ascent.ops import Number
from gradient_ascent.rules.declaration import (
    Control,
    Declaration,
    Odd,
    TorchClass,
)
from gradient_ascent.rules.hyperparameters import (
    LearningRatePerGradient,
    LrInVelocity,
    Momentum,
)

Dampening = Annotated[
    Number, Control("dampening of each new gradient", "share", (0, 1))
]


class MomentumState(NamedTuple):
    """The velocity; None lets the first step take the whole gradient (torch).

    Start from `MomentumState(0)` to make the velocity a moving average from
    zero.
    """

    momentum_buffer: Odd | None = None


@Declaration(
    title="Momentum",
    idea="Keep rolling the way you went",
    memory="a velocity",
    chapter="momentum/momentum",
    torch=TorchClass("SGD"),
)
def momentum(
    gradient: Number,
    state: MomentumState = MomentumState(),
    *,
    lr: LearningRatePerGradient = 1e-3,
    momentum: Momentum = 0.9,
    dampening: Dampening = 0,
    lr_in_velocity: LrInVelocity = False,
) -> tuple[Number, MomentumState]:
    r"""Step along a velocity that remembers past gradients.

    .. math::
        v_t = \mu v_{t-1} + g_t, \qquad \theta_t = \theta_{t-1} + \eta v_t

    Args:
        gradient: the uphill gradient g, any shape.
        state: the velocity v, of the gradient's shape.
        lr: learning rate η.
        momentum: the share μ of the velocity that survives a step.
        dampening: d; every gradient but the first enters as (1 - d) g. With 0
            the velocity is a sum of past gradients, with d = μ an average.
        lr_in_velocity: scale each gradient as it enters, v = μ v + η g, then
            step by v (Sutskever). The two agree while η is constant; when η
            changes, only the outer form changes the very next step in full.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Polyak (1964); the convention of `torch.optim.SGD`. Sutskever et al.
        (2013) for the other.
    """
    push = lr * gradient if lr_in_velocity else gradient
    if state.momentum_buffer is None:
        velocity = push
    else:
        velocity = momentum * state.momentum_buffer + (1 - dampening) * push
    return velocity if lr_in_velocity else lr * velocity, MomentumState(
        velocity
    )
