"""Keep what an optimizer remembers in half the memory."""

from __future__ import annotations

from random import Random

from gradient_ascent.arguments import check_whole
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.optim.options import parameter_name
from gradient_ascent.optim.stateful import NARROW


def keep_in_bfloat16(optimizer: RuleOptimizer, seed: int = 0) -> None:
    """Keep the state in bfloat16 from here on, rounded up or down by chance.

    Every step reads it, computes in float32 as before, and rounds the new
    state so that its expectation is what was computed. To the nearest number
    it would stand still: with β₂ = 0.999 Adam's scale moves by less than half
    of a bfloat16's last place. Parameters and gradients stay what they are.
    AMSGrad's largest v so far is a little too large then, since v wavers.

    A checkpoint has the state, the seed and the count of the roundings, so a
    run that is resumed goes on bit for bit. With `step_in_backward` each
    parameter counts as a rounding of its own, so that the chances are others
    than when all move together. In torch's classes it is read as
    float32. On a CPU the rule's own kernel rounds; without a
    compiler, on a GPU, or with `foreach`, the steps are taken a tensor at a
    time, with the same random numbers.

    Args:
        optimizer: one of ours that follows a rule, before its first step or
            after it: what it remembers then is rounded to the nearest.
        seed: from 0 on; the same seed rounds alike. `maximize` makes no
            difference: maximizing f and minimizing -f stay the same to the last
            bit.

    Raises:
        TypeError: another optimizer, a seed that is no int, or a parameter
            that is not float32, bfloat16 or float16.
        ValueError: a seed below zero; or an optimizer whose steps are seen by
            autograd or captured in a graph, where the chance would be lost; or
            a centered RMSprop, whose difference of averages would be.

    Source: Gupta et al. (2015) for training with this rounding.
    """
    owner = "keep_in_bfloat16"
    check_whole(owner, "seed", seed, least=0)
    if not isinstance(optimizer, RuleOptimizer):
        raise TypeError(
            f"{owner}: optimizer must follow a rule, as optim.Adam; got "
            f"{type(optimizer).__name__}"
        )
    for group in optimizer.param_groups:
        for option in ("differentiable", "capturable", "centered"):
            if group.get(option):
                raise ValueError(f"{owner}: {option} must be False, got True")
        for index, p in enumerate(group["params"]):
            if p.dtype not in NARROW:
                raise TypeError(
                    f"{owner}: parameters must be float32, bfloat16 or "
                    f"float16, but {parameter_name(group, index)} is {p.dtype}"
                )
    for index, group in enumerate(optimizer.param_groups):
        group["rounding"] = _first_key(seed, index)
    optimizer.defaults["rounding"] = _first_key(seed, -1)  # of groups to come
    for group in optimizer.param_groups:
        optimizer.narrow(group)


def _first_key(seed: int, group: int) -> int:
    """A key of its own for each group, with room to count the steps."""
    return Random(f"{seed} {group}").getrandbits(30) << 32
