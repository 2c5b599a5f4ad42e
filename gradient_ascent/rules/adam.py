"""Adam."""

from typing import NamedTuple

from gradient_ascent.ops import Number, power, sqrt, square
from gradient_ascent.rules.declaration import (
    BETAS,
    Declaration,
    Odd,
    TorchClass,
)
from gradient_ascent.rules.hyperparameters import (
    Beta1,
    Beta2,
    BiasCorrection,
    Epsilon,
    LearningRate,
)


class AdamState(NamedTuple):
    """Steps taken, and moving averages of the gradient and of its square."""

    step: Number = 0
    exp_avg: Odd = 0
    exp_avg_sq: Number = 0


@Declaration(
    title="Adam",
    idea="Velocity, in units of typical gradients",
    memory="an average, an average square",
    chapter="adaptive/adam",
    torch=TorchClass("Adam", BETAS),
)
def adam(
    gradient: Number,
    state: AdamState = AdamState(),
    *,
    lr: LearningRate = 1e-3,
    beta1: Beta1 = 0.9,
    beta2: Beta2 = 0.999,
    eps: Epsilon = 1e-8,
    bias_correction: BiasCorrection = True,
) -> tuple[Number, AdamState]:
    r"""Step along the average gradient, in units of its root mean square.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        \theta_t &= \theta_{t-1}
            + \eta \frac{m_t / (1 - \beta_1^t)}
            {\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}

    Args:
        gradient: the uphill gradient g, any shape.
        state: the step count t and the averages m and v, each of the gradient's
            shape.
        lr: learning rate η, in parameter units: the length of a step on
            gradients that agree.
        beta1: the share β₁ of the average gradient that survives a step.
        beta2: the share β₂ of the average squared gradient that survives a
            step.
        eps: ε, in gradient units.
        bias_correction: divide each average by the total weight it has gathered
            since its start at zero.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Kingma, Ba (2015); the convention of `torch.optim.Adam`.
    """
    t = state.step + 1
    m = beta1 * state.exp_avg + (1 - beta1) * gradient
    v = beta2 * state.exp_avg_sq + (1 - beta2) * square(gradient)
    weight1 = 1 - power(beta1, t) if bias_correction else 1
    weight2 = 1 - power(beta2, t) if bias_correction else 1
    step = lr * (m / weight1) / (sqrt(v / weight2) + eps)
    return step, AdamState(t, m, v)
