"""AdaGrad."""

from typing import Annotated, NamedTuple

from gradient_ascent.arguments import NON_NEGATIVE
from gradient_ascent.ops import Number, sqrt, square
from gradient_ascent.rules.declaration import Control, Declaration, TorchClass
from gradient_ascent.rules.hyperparameters import (
    Epsilon,
    EpsilonInSqrt,
    LearningRate,
)

LrDecay = Annotated[
    Number,
    NON_NEGATIVE,
    Control("decay with the steps taken", "a step", (0, 1)),
]


class AdagradState(NamedTuple):
    """Steps taken, and the sum of squared gradients.

    Start the sum elsewhere for torch's `initial_accumulator_value`.
    """

    step: Number = 0
    sum: Number = 0


@Declaration(
    title="AdaGrad",
    idea="Shorter steps where gradients were large",
    memory="a sum of squares",
    chapter="adaptive/adagrad",
    torch=TorchClass("Adagrad"),
)
def adagrad(
    gradient: Number,
    state: AdagradState = AdagradState(),
    *,
    lr: LearningRate = 1e-2,
    lr_decay: LrDecay = 0,
    eps: Epsilon = 1e-10,
    eps_in_sqrt: EpsilonInSqrt = False,
) -> tuple[Number, AdagradState]:
    r"""Divide each coordinate's rate by the root of its squared gradients' sum.

    .. math::
        \eta_t = \frac{\eta}{1 + (t - 1) d}, \qquad
        s_t = s_{t-1} + g_t^2, \qquad
        \theta_t = \theta_{t-1} + \frac{\eta_t}{\sqrt{s_t} + \epsilon} g_t

    Args:
        gradient: the uphill gradient g, any shape.
        state: the step count t and the sum s, of the gradient's shape.
        lr: learning rate η, in parameter units.
        lr_decay: d, how fast the rate itself decays with the step count.
        eps: ε, in gradient units outside the root, in squared ones inside.
        eps_in_sqrt: divide by √(s + ε) instead of √s + ε.

    Returns:
        The step to add to the parameter, and the new state.

    Source: Duchi, Hazan, Singer (2011); the convention of
        `torch.optim.Adagrad`.
    """
    rate = lr / (1 + state.step * lr_decay)
    total = state.sum + square(gradient)
    scale = sqrt(total + eps) if eps_in_sqrt else sqrt(total) + eps
    return rate * gradient / scale, AdagradState(state.step + 1, total)
