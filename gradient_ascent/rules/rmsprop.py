"""RMSProp."""

from typing import Annotated, NamedTuple

from gradient_ascent.arguments import SHARE
from gradient_ascent.ops import Number, maximum, sqrt, square
from gradient_ascent.rules.declaration import (
    Control,
    Declaration,
    Odd,
    TorchClass,
)
from gradient_ascent.rules.hyperparameters import (
    SHARES,
    Epsilon,
    EpsilonInSqrt,
    LearningRate,
    Momentum,
)

Alpha = Annotated[
    Number,
    SHARE,
    Control("alpha, memory of the square", "share", SHARES, first=True),
]
Centered = Annotated[
    bool, Control("centered: divide by the standard deviation")
]


class RMSpropState(NamedTuple):
    """Moving averages of squared gradient and gradient, and the velocity."""

    square_avg: Number = 0
    grad_avg: Odd = 0
    momentum_buffer: Odd = 0


@Declaration(
    title="RMSProp",
    idea="The same, but with fading memory",
    memory="an average square",
    chapter="adaptive/rmsprop",
    torch=TorchClass("RMSprop"),
)
def rmsprop(
    gradient: Number,
    state: RMSpropState = RMSpropState(),
    *,
    lr: LearningRate = 1e-2,
    alpha: Alpha = 0.99,
    eps: Epsilon = 1e-8,
    momentum: Momentum | None = None,
    centered: Centered = False,
    eps_in_sqrt: EpsilonInSqrt = False,
) -> tuple[Number, RMSpropState]:
    r"""Divide each coordinate's rate by its gradients' root mean square.

    .. math::
        s_t = \alpha s_{t-1} + (1 - \alpha) g_t^2, \qquad
        \theta_t = \theta_{t-1} + \frac{\eta}{\sqrt{s_t} + \epsilon} g_t

    Args:
        gradient: the uphill gradient g, any shape.
        state: the averages and the velocity, each of the gradient's shape.
        lr: learning rate η, in parameter units.
        alpha: the share α of the average that survives a step.
        eps: ε, in gradient units outside the root, in squared ones inside.
        momentum: if given, step along a velocity of the scaled gradients, v = μ
            v + g / (√s + ε).
        centered: divide by the standard deviation instead, √(s - m²), with m
            the average gradient.
        eps_in_sqrt: divide by √(s + ε) instead of √s + ε.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Hinton (2012), lecture 6e; the convention of `torch.optim.RMSprop`.
    """
    s = alpha * state.square_avg + (1 - alpha) * square(gradient)
    m, spread = state.grad_avg, s
    if centered:
        m = m + (1 - alpha) * (gradient - m)  # its rounding errors are smaller
        # Below zero it can only be by rounding.
        spread = maximum(s - square(m), 0)
    direction = gradient / (
        sqrt(spread + eps) if eps_in_sqrt else sqrt(spread) + eps
    )
    if momentum is None:
        return lr * direction, RMSpropState(s, m, state.momentum_buffer)
    velocity = momentum * state.momentum_buffer + direction
    return lr * velocity, RMSpropState(s, m, velocity)
