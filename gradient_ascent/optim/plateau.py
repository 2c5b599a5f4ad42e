"""Lower the learning rate when the objective stops getting better."""

import math
from typing import Annotated, Literal

from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.optim.optimizer import Optimizer

from gradient_ascent.arguments import NON_NEGATIVE, NonNegative, Share, check
from gradient_ascent.optim.climbing import Uphill

Mode = Literal["min", "max"]


class PlateauScheduler(ReduceLROnPlateau):
    r"""Multiply the learning rate by `factor` once `patience` is exhausted.

    torch's scheduler, with two differences. The direction is that of the
    optimizer, unless `mode` names another. And a value is better only if it
    beats the best so far by a margin, whatever the sign of the values:

    .. math:: f_t > f^* + \delta \quad (\text{max}), \qquad
        f_t < f^* - \delta \quad (\text{min}), \qquad
        \delta = \begin{cases}
            \varepsilon \, |f^*| & \text{rel} \\
            \varepsilon & \text{abs}
        \end{cases}

    torch compares with (1 ± ε) f*, which for a negative f* is a value *worse*
    than the best, so that a constant -1 counts as progress forever.

    Call `step(value)` with the objective, once an epoch or once a step.

    Args:
        optimizer: the optimizer whose groups' `lr` is lowered.
        mode: "max" if larger is better, "min" if smaller is; None: "max" if the
            optimizer maximizes.
        factor: what the rate is multiplied by, in [0, 1).
        patience: how many values in a row may bring nothing better.
        threshold: ε.
        threshold_mode: "rel" or "abs". A best value of exactly 0 has no
            relative margin: any improvement counts.
        cooldown: how many values to wait after a reduction before counting.
        min_lr: the rate is not lowered beyond this, for all groups or for each.
        eps: a reduction by less is not done.

    Raises:
        TypeError: an argument of the wrong kind.
        ValueError: a number outside its interval, an unknown mode, or groups
            that differ in direction and no mode.

    Source: `torch.optim.lr_scheduler.ReduceLROnPlateau`, whose state dict it
        shares; pytorch issue 47513.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: Mode | None = None,
        factor: Share = 0.1,
        patience: Annotated[int, NON_NEGATIVE] = 10,
        threshold: NonNegative = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: Annotated[int, NON_NEGATIVE] = 0,
        min_lr: list[float] | float = 0,
        eps: NonNegative = 1e-8,
    ) -> None:
        given = {
            "factor": factor, "patience": patience, "threshold": threshold,
            "cooldown": cooldown, "eps": eps,
        }  # fmt: skip
        check(PlateauScheduler.__init__, given)
        for name, value, known in (
            ("mode", mode, (None, "min", "max")),
            ("threshold_mode", threshold_mode, ("rel", "abs")),
        ):
            if value not in known:
                raise ValueError(
                    f"PlateauScheduler: {name} must be one of {known}, "
                    f"got {value!r}"
                )
        super().__init__(
            optimizer, mode or _mode(optimizer), factor, patience, threshold,
            threshold_mode, cooldown, min_lr, eps,
        )  # fmt: skip

    def _is_better(self, a: float, best: float) -> bool:
        """Whether `a` beats `best`, infinite before the first value."""
        relative = self.threshold_mode == "rel" and math.isfinite(best)
        margin = self.threshold * (abs(best) if relative else 1)
        up = self.mode == "max"
        return bool(a > best + margin if up else a < best - margin)


def _mode(optimizer: Optimizer) -> Mode:
    """The direction of an optimizer; one that knows none minimizes."""
    if isinstance(optimizer, Uphill):
        return "max"
    ways = {bool(g.get("maximize")) for g in optimizer.param_groups}
    if len(ways) > 1:
        raise ValueError(
            "PlateauScheduler: mode must be given where some of the "
            "optimizer's groups maximize and some minimize, got None"
        )
    return "max" if ways.pop() else "min"
