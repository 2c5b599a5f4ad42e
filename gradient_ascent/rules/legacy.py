"""The seed package's rule, faults included, to be explained and not used."""

from typing import NamedTuple

from gradient_ascent.arguments import NonNegative
from gradient_ascent.ops import Number, clip, maximum, sqrt, square


class LegacyState(NamedTuple):
    """Steps taken, velocity, scale, and what decay has left of the rate.

    The package keeps one rate for all parameters and decays it after each of
    them: hand `lr_factor` on from one parameter's state to the next parameter's
    to see that.
    """

    step: Number = 0
    momentum_buffer: Number = 0
    square_avg: Number = 0
    lr_factor: Number = 1


def legacy(
    gradient: Number,
    state: LegacyState = LegacyState(),
    *,
    lr: Number = 1e-2,
    momentum: Number = 0.9,
    beta: Number = 0.999,
    eps: Number = 1e-8,
    nesterov: bool = False,
    clip_value: Number | None = None,
    lr_decay: Number | None = None,
    warmup_steps: NonNegative = 0,
) -> tuple[Number, LegacyState]:
    r"""One parameter's update in PyPI's `gradient-ascent` 0.0.2.

    .. math::
        g_t &\leftarrow g_t + \mu v_{t-1} \quad \text{(if nesterov)} \\
        v_t &= \mu v_{t-1} + g_t \\
        s_t &= \beta s_{t-1} + (1 - \beta) g_t^2 \\
        \theta_t &= \theta_{t-1}
            + \eta_t \min(1, t / W) \frac{v_t}{\sqrt{s_t} + \epsilon}, \qquad
        \eta_{t+1} = \gamma \eta_t

    Its faults: the velocity is a raw sum and the scale has no bias correction,
    so the first step is 1/√(1 - β) ≈ 31.6 rates long; `nesterov` doubles the
    feedback, v = 2μv + g, and diverges for μ >= 1/2; `clip_value` raises
    inside, the error is swallowed, and nothing moves; decay runs through the
    warmup, and once for every parameter. Its arguments are not checked, as
    there.

    Returns:
        The step to add to the parameter, and the new state.
    """
    if clip_value is not None:
        return 0 * gradient, state
    t = state.step + 1
    rate = lr * state.lr_factor * clip(t / maximum(warmup_steps, 1), 0, 1)
    if nesterov:
        gradient = gradient + momentum * state.momentum_buffer
    velocity = momentum * state.momentum_buffer + gradient
    scale = beta * state.square_avg + (1 - beta) * square(gradient)
    step = rate * velocity / (sqrt(scale) + eps)
    factor = state.lr_factor if lr_decay is None else state.lr_factor * lr_decay
    return step, LegacyState(t, velocity, scale, factor)
