"""The factor that warmup and decay put on the learning rate."""

from gradient_ascent.ops import Number, clip, maximum, power
from gradient_ascent.rules.hyperparameters import LrDecay, WarmupSteps


def rate_factor(
    step: Number,
    *,
    lr_decay: LrDecay | None = None,
    warmup_steps: WarmupSteps = 0,
) -> Number:
    r"""Rise to 1 over `warmup_steps`, then shrink by `lr_decay` each step.

    The share of η in force at step t is :math:`\eta_t / \eta`, with

    .. math:: \eta_t = \eta \min\left(1, \frac{t}{\max(1, w)}\right)
        \gamma^{\max(0, t - \max(1, w))}

    Args:
        step: the step count t, 1 at the first step.
        lr_decay: γ; None leaves the learning rate.
        warmup_steps: w; 0 starts at the full learning rate, as 1 does.
    """
    full = maximum(warmup_steps, 1)
    warmup = clip(step / full, 0, 1)
    if lr_decay is None:
        return warmup
    return warmup * power(lr_decay, clip(step - full, 0))
