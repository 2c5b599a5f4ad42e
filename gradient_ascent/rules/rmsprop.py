"""RMSProp."""

from typing import NamedTuple

from gradient_ascent.arguments import Fraction, NonNegative
from gradient_ascent.ops import Number, sqrt, square


class RMSpropState(NamedTuple):
    """Moving averages of squared gradient and gradient, and the velocity."""

    square_avg: Number = 0
    grad_avg: Number = 0
    momentum_buffer: Number = 0


def rmsprop(
    gradient: Number,
    state: RMSpropState = RMSpropState(),
    *,
    lr: NonNegative = 1e-2,
    alpha: Fraction = 0.99,
    eps: NonNegative = 1e-8,
    momentum: Fraction | None = None,
    centered: bool = False,
    eps_in_sqrt: bool = False,
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
        m = alpha * m + (1 - alpha) * gradient
        spread = s - square(m)
    direction = gradient / (
        sqrt(spread + eps) if eps_in_sqrt else sqrt(spread) + eps
    )
    if momentum is None:
        return lr * direction, RMSpropState(s, m, state.momentum_buffer)
    velocity = momentum * state.momentum_buffer + direction
    return lr * velocity, RMSpropState(s, m, velocity)
