"""AMSGrad."""

from typing import Annotated, NamedTuple

from gradient_ascent.ops import Number, maximum, power, sqrt, square
from gradient_ascent.rules.declaration import (
    BETAS,
    Control,
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

CorrectBeforeMax = Annotated[
    bool, Control("bias correction before the maximum")
]


class AMSGradState(NamedTuple):
    """As Adam's, with the largest average squared gradient so far."""

    step: Number = 0
    exp_avg: Odd = 0
    exp_avg_sq: Number = 0
    max_exp_avg_sq: Number = 0


@Declaration(
    title="AMSGrad",
    idea="Adam, whose scale never shrinks again",
    memory="as Adam, and the largest square",
    chapter="adaptive/amsgrad",
    torch=TorchClass("Adam", BETAS, {"amsgrad": True}),
)
def amsgrad(
    gradient: Number,
    state: AMSGradState = AMSGradState(),
    *,
    lr: LearningRate = 1e-3,
    beta1: Beta1 = 0.9,
    beta2: Beta2 = 0.999,
    eps: Epsilon = 1e-8,
    bias_correction: BiasCorrection = True,
    correct_before_max: CorrectBeforeMax = False,
) -> tuple[Number, AMSGradState]:
    r"""Adam with a scale that never shrinks.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        u_t &= \max(u_{t-1}, v_t) \\
        \theta_t &= \theta_{t-1}
            + \eta \frac{m_t / (1 - \beta_1^t)}
            {\sqrt{u_t / (1 - \beta_2^t)} + \epsilon}

    Args:
        gradient: the uphill gradient g, any shape.
        state: the step count t, the averages m and v, and the maximum u, each
            of the gradient's shape.
        lr: learning rate η, in parameter units.
        beta1: the share β₁ of the average gradient that survives a step.
        beta2: the share β₂ of the average squared gradient that survives a
            step.
        eps: ε, in gradient units.
        bias_correction: as in Adam; the paper has none.
        correct_before_max: take the maximum of the corrected averages (optax);
            else correct the maximum (torch).

    Returns:
        The step to add to the parameter, and the new state.

    Source: Reddi, Kale, Kumar (2018); the convention of
        `torch.optim.Adam(amsgrad=True)`.
    """
    t = state.step + 1
    m = beta1 * state.exp_avg + (1 - beta1) * gradient
    v = beta2 * state.exp_avg_sq + (1 - beta2) * square(gradient)
    weight1 = 1 - power(beta1, t) if bias_correction else 1
    weight2 = 1 - power(beta2, t) if bias_correction else 1
    before, after = (weight2, 1) if correct_before_max else (1, weight2)
    largest = maximum(v / before, state.max_exp_avg_sq)
    step = lr * (m / weight1) / (sqrt(largest / after) + eps)
    return step, AMSGradState(t, m, v, largest)
