"""The published package's rule, faults kept: to be explained, not used."""

from typing import Annotated, NamedTuple

from gradient_ascent.ops import Number, clip, maximum, sqrt, square
from gradient_ascent.rules.declaration import Control, Declaration, Odd
from gradient_ascent.rules.hyperparameters import (
    BETA,
    BOUNDS,
    EPSILON,
    FACTORS,
    LEARNING_RATE,
    MOMENTUM,
    WarmupSteps,
)

# Numbers without an interval, as they are not checked there.
LearningRate = Annotated[Number, LEARNING_RATE]
Momentum = Annotated[Number, MOMENTUM]
Beta = Annotated[Number, BETA]
Epsilon = Annotated[Number, EPSILON]
FeedsBackTwice = Annotated[
    bool, Control("nesterov: feed the velocity back twice")
]
StandsStill = Annotated[
    Number,
    Control(
        "clipping, at which it stands still", "gradient units", BOUNDS, on=1
    ),
]
LrDecay = Annotated[
    Number,
    Control("decay from the first step on", "times a step", FACTORS, on=0.99),
]


class LegacyState(NamedTuple):
    """Steps taken, velocity, scale, and what decay has left of the rate.

    The package keeps one rate for all parameters and decays it after each of
    them: hand `lr_factor` on from one parameter's state to the next parameter's
    to see that.
    """

    step: Number = 0
    momentum_buffer: Odd = 0
    square_avg: Number = 0
    lr_factor: Number = 1


@Declaration(
    title="The published GradientAscent",
    idea="Momentum and scale, its faults kept",
    memory="a sum, an average square",
    chapter="practice/published",
)
def legacy(
    gradient: Number,
    state: LegacyState = LegacyState(),
    *,
    lr: LearningRate = 1e-2,
    momentum: Momentum = 0.9,
    beta: Beta = 0.999,
    eps: Epsilon = 1e-8,
    nesterov: FeedsBackTwice = False,
    clip_value: StandsStill | None = None,
    lr_decay: LrDecay | None = None,
    warmup_steps: WarmupSteps = 0,
) -> tuple[Number, LegacyState]:
    r"""One parameter's update in the repository of PyPI's `gradient-ascent`.

    .. math::
        v_t &= \mu v_{t-1} + g_t \\
        s_t &= \beta s_{t-1} + (1 - \beta) g_t^2 \\
        \theta_t &= \theta_{t-1} + \eta \frac{v_t}{\sqrt{s_t} + \epsilon}

    With `nesterov` the gradient is first made g + μ v. Warmup and decay
    multiply the rate by :math:`\min(1, t / W) \, \gamma^{t-1}`.

    Its faults: the velocity is a raw sum and the scale has no bias correction,
    so the first step is 1/√(1 - β) ≈ 31.6 learning rates long; `nesterov`
    doubles the feedback, v = 2μv + g, and diverges for μ >= 1/2; `clip_value`
    raises inside, the error is swallowed, and nothing moves; decay runs through
    the warmup, and once for every parameter. Its arguments are not checked, as
    there.

    This is the repository's later code. It still calls itself 0.0.2, but the
    0.0.2 on PyPI is older. That one has neither `warmup_steps` nor a log, and
    swallows no errors: with `clip_value` its step raises torch's RuntimeError.
    In all else the two take the same steps.

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
