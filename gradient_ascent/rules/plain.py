"""Plain gradient ascent."""

from typing import NamedTuple

from gradient_ascent.ops import Number
from gradient_ascent.rules.declaration import Declaration, TorchClass
from gradient_ascent.rules.hyperparameters import LearningRatePerGradient


class PlainState(NamedTuple):
    """Nothing: plain ascent has no memory."""


@Declaration(
    title="Gradient ascent",
    idea="Step along the gradient, nothing else",
    memory="nothing",
    chapter="first-order/learning-rate",
    torch=TorchClass("SGD"),
)
def plain(
    gradient: Number,
    state: PlainState = PlainState(),
    *,
    lr: LearningRatePerGradient = 1e-3,
) -> tuple[Number, PlainState]:
    r"""Step along the gradient.

    .. math:: \theta_t = \theta_{t-1} + \eta g_t

    Args:
        gradient: the uphill gradient g, any shape.
        state: nothing.
        lr: learning rate η, in parameter units per gradient unit.

    Returns:
        The step to add to the parameter, and the state.

    Source: Cauchy (1847), Comptes Rendus 25; `torch.optim.SGD` without
        momentum.
    """
    return lr * gradient, state
