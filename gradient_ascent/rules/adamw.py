"""AdamW: Adam with decoupled weight decay."""

from gradient_ascent.ops import Number
from gradient_ascent.rules.adam import AdamState, adam
from gradient_ascent.rules.declaration import (
    BETAS,
    Declaration,
    Odd,
    TorchClass,
)
from gradient_ascent.rules.direction import decayed
from gradient_ascent.rules.hyperparameters import (
    Beta1,
    Beta2,
    Epsilon,
    LearningRate,
    WeightDecay,
)


@Declaration(
    title="AdamW",
    idea="Adam, and a pull to zero that Adam does not rescale",
    memory="an average, an average square",
    chapter="adaptive/adamw",
    torch=TorchClass("AdamW", BETAS),
)
def adamw(
    gradient: Number,
    state: AdamState = AdamState(),
    *,
    parameter: Odd,
    lr: LearningRate = 1e-3,
    beta1: Beta1 = 0.9,
    beta2: Beta2 = 0.999,
    eps: Epsilon = 1e-8,
    weight_decay: WeightDecay = 0.01,
) -> tuple[Number, AdamState]:
    r"""Take Adam's step, and shrink the parameter by a share of its own.

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t \\
        v_t &= \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        \theta_t &= (1 - \eta \lambda) \theta_{t-1}
            + \eta \frac{m_t / (1 - \beta_1^t)}
            {\sqrt{v_t / (1 - \beta_2^t)} + \epsilon}

    Args:
        gradient: the uphill gradient g, any shape, without the decay.
        state: the step count t and the averages m and v, each of the gradient's
            shape.
        parameter: θ, of the gradient's shape.
        lr: learning rate η, in parameter units: the length of a step on
            gradients that agree, but for the decay.
        beta1: the share β₁ of the average gradient that survives a step.
        beta2: the share β₂ of the average squared gradient that survives a
            step.
        eps: ε, in gradient units.
        weight_decay: λ; a step takes the share ηλ of the parameter away.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Loshchilov, Hutter (2019); the convention of `torch.optim.AdamW`,
        where the decay carries the learning rate.
    """
    step, state = adam.function(
        gradient, state, lr=lr, beta1=beta1, beta2=beta2, eps=eps
    )
    return decayed(step, parameter, weight_decay=lr * weight_decay), state
