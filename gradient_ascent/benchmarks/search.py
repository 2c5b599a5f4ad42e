"""Where a search looks for hyperparameters, and what it draws there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from torch.quasirandom import SobolEngine

from gradient_ascent.rules import UpdateRule
from gradient_ascent.rules.declaration import Hyperparameter

LEAST_DECAY = 1e-4
SEED = 0
"""Of the scrambling of the draws, alike for every optimizer."""


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, drawn evenly on a logarithmic scale.

    Attributes:
        low: the lower end, above 0.
        high: the upper end.
        of_rest: whether 1 - x lies there: for a share x that is near 1.
    """

    low: float
    high: float
    of_rest: bool = False

    def at(self, share: float) -> float:
        """The number so far along the scale, to four digits of what is drawn.

        >>> Range(1e-4, 1).at(0.5), Range(1e-3, 1, of_rest=True).at(0)
        (0.01, 0.999)
        """
        drawn = float(f"{self.low * (self.high / self.low) ** share:.4g}")
        return round(1 - drawn, 8) if self.of_rest else drawn

    def __str__(self) -> str:
        """As a list shows it."""
        return f"{'1 - ' * self.of_rest}[{self.low:g}, {self.high:g}]"


Space: TypeAlias = Mapping[str, Range]


def declared(rule: UpdateRule[..., object]) -> dict[str, Range]:
    """The search space that a rule's declaration gives.

    It has the hyperparameters that a lab shows at once and that are on by
    default, with the ends of their sliders. A share is searched by what is left
    of 1.
    """
    space = {}
    for each in rule.hyperparameters:
        off = each.default is None or (
            each.name == "weight_decay" and not each.default
        )
        if each.control.first and each.control.range and not off:
            space[each.name] = _range(each)
    return space


def _range(each: Hyperparameter) -> Range:
    """A slider as an interval of a search."""
    assert each.control.range is not None
    low, high = each.control.range
    if low > 0:
        return Range(low, high)
    if each.name == "weight_decay":
        return Range(LEAST_DECAY, high)
    return Range(float(f"{1 - high:.4g}"), 1, of_rest=True)


def draws(space: Space, trials: int) -> list[dict[str, float]]:
    """The settings that a search tries, the same at every call.

    They are scrambled Sobol points: a power of two of them leaves no gaps.

    >>> draws({"lr": Range(0.1, 10)}, 2)[0].keys()
    dict_keys(['lr'])

    Source: Sobol (1967); Owen (1998) for the scrambling.
    """
    engine: Any = SobolEngine
    points = engine(len(space), scramble=True, seed=SEED).draw(trials)
    return [
        {name: r.at(float(x)) for (name, r), x in zip(space.items(), point)}
        for point in points
    ]
