"""GradientAscent: the published package's optimizer, made right."""

from typing import Annotated, NamedTuple

from gradient_ascent.arguments import NON_NEGATIVE
from gradient_ascent.ops import Number, clip, power, sqrt, square
from gradient_ascent.rules.declaration import (
    Control,
    Declaration,
    Odd,
    TorchClass,
)
from gradient_ascent.rules.hyperparameters import (
    LEARNING_RATE,
    Beta,
    BiasCorrection,
    ClipValue,
    Epsilon,
    LrDecay,
    Momentum,
    WarmupSteps,
)
from gradient_ascent.rules.schedule import rate_factor

EITHER = "parameter units; without adaptive, parameter per gradient"
LearningRate = Annotated[
    Number, NON_NEGATIVE, LEARNING_RATE._replace(unit=EITHER)
]
LooksAhead = Annotated[bool, Control("nesterov: look one step ahead")]
Adaptive = Annotated[bool, Control("adaptive: divide by the root mean square")]


class GradientAscentState(NamedTuple):
    """Steps taken, the velocity, and the average of squared gradients."""

    step: Number = 0
    momentum_buffer: Odd = 0
    square_avg: Number = 0


@Declaration(
    title="GradientAscent",
    idea="Momentum, scale, clipping, schedule, each optional",
    memory="an average, an average square",
    chapter="practice/gradient-ascent",
    torch=TorchClass("Adam", {"momentum": "betas[0]", "beta": "betas[1]"}),
)
def gradient_ascent(
    gradient: Number,
    state: GradientAscentState = GradientAscentState(),
    *,
    lr: LearningRate = 1e-2,
    momentum: Momentum = 0.9,
    beta: Beta = 0.999,
    eps: Epsilon = 1e-8,
    nesterov: LooksAhead = False,
    clip_value: ClipValue | None = None,
    lr_decay: LrDecay | None = None,
    warmup_steps: WarmupSteps = 0,
    adaptive: Adaptive = True,
    bias_correction: BiasCorrection = True,
) -> tuple[Number, GradientAscentState]:
    r"""Momentum, adaptive scale, clipping, warmup and decay, each optional.

    .. math::
        v_t &= \mu v_{t-1} + (1 - \mu) g_t \\
        s_t &= \beta s_{t-1} + (1 - \beta) g_t^2 \\
        \theta_t &= \theta_{t-1}
            + \eta \frac{v_t / (1 - \mu^t)}
            {\sqrt{s_t / (1 - \beta^t)} + \epsilon}

    With `nesterov` the numerator looks one step ahead, μ v + (1 - μ) g, and its
    weights sum to :math:`1 - \mu^{t+1}`. Without `adaptive` the denominator is
    1. Without clipping, schedule or Nesterov it is Adam.

    Args:
        gradient: the uphill gradient g, any shape.
        state: the step count t, the velocity v and the scale s, each of the
            gradient's shape.
        lr: learning rate η, multiplied by `rate_factor(t)` where there is a
            schedule.
        momentum: the share μ of the velocity that survives a step.
        beta: the share β of the scale that survives a step.
        eps: ε, in gradient units.
        nesterov: look one step ahead.
        clip_value: clip each element of the gradient to [-clip_value,
            clip_value], before anything else.
        lr_decay: factor on the rate after each step past the warmup.
        warmup_steps: steps over which the rate rises in a line.
        adaptive: divide by the root of the scale.
        bias_correction: divide each average by the weight it has gathered since
            its start at zero.

    Returns:
        The step to add to the parameter, and the new state.

    Source: the signature of the class in the repository of PyPI's
        `gradient-ascent`, whose own rule is `legacy`.
    """
    t = state.step + 1
    rate = lr * rate_factor(t, lr_decay=lr_decay, warmup_steps=warmup_steps)
    if clip_value is not None:
        gradient = clip(gradient, -clip_value, clip_value)
    v = momentum * state.momentum_buffer + (1 - momentum) * gradient
    s = beta * state.square_avg + (1 - beta) * square(gradient)
    ahead = momentum * v + (1 - momentum) * gradient if nesterov else v
    seen = t + 1 if nesterov else t  # it counts the newest gradient once more
    weight_v = 1 - power(momentum, seen) if bias_correction else 1
    weight_s = 1 - power(beta, t) if bias_correction else 1
    scale = sqrt(s / weight_s) + eps if adaptive else 1
    return rate * (ahead / weight_v) / scale, GradientAscentState(t, v, s)
