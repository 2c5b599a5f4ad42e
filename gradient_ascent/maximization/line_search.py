"""A search along a line for a point that is higher, and where f levels off."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_GAIN = 1e-4
LEVEL = 0.5
_FARTHEST = 10.0
_TRIALS = 60
_CUTS = 20


@dataclass(frozen=True)
class Trial:
    """What is known at one point of the line.

    Attributes:
        at: how far along the line, in lengths of its direction.
        height: the objective there.
        slope: its derivative along the line.
        point: whatever the caller wants to have back.
    """

    at: float
    height: float
    slope: float
    point: Any = None

    @property
    def finite(self) -> bool:
        """Whether the line can be judged here."""
        return math.isfinite(self.height) and math.isfinite(self.slope)


def search(
    look: Callable[[float], Trial],
    start: Trial,
    first: float,
    rounding: float,
    level: float = LEVEL,
) -> Trial:
    r"""Find a point that meets the (weak) Wolfe conditions on the way up.

    With the height φ(a) at distance a, it has risen enough and is less steep:

    .. math::
        \varphi(a) \ge \varphi(0) + c_1 a \varphi'(0), \qquad
        \varphi'(a) \le c_2 \varphi'(0)

    with c₁ = 1e-4. Where rounding hides what φ gains, its slope
    decides: :math:`\varphi'(a) \ge (2 c_1 - 1) \varphi'(0)` stands for the
    first condition, as it does on a parabola. Where φ is infinite or undefined,
    the way was too long.

    Args:
        look: evaluates the objective at a distance.
        start: the trial at distance 0; it rises there.
        first: the distance to try first.
        rounding: by how much the heights may err.
        level: c₂.

    Returns:
        The point found; or the highest that rises enough, `start` itself if
        there is none, after 60 trials or 20 of an interval that has both ends.

    Source: Nocedal, Wright (2006), section 3.1; Hager, Zhang (2005), section
        4.1, for the condition by slopes.
    """
    low, high, distance, cuts = start, None, first, 0
    for _ in range(_TRIALS):
        trial = look(distance)
        risen = _has_risen(trial, start, rounding)
        if risen and trial.slope <= level * start.slope:
            return trial
        if not risen or trial.height < low.height - rounding:
            high = trial
        else:
            before, low = low, trial
        if high is None:
            distance = _ahead(before, low)
        else:
            distance, cuts = _between(low, high), cuts + 1
            if cuts > _CUTS or not low.at < distance < high.at:
                break
    return low


def _has_risen(trial: Trial, start: Trial, rounding: float) -> bool:
    if not trial.finite:
        return False
    if trial.height >= start.height + _GAIN * trial.at * start.slope:
        return True
    level = trial.height >= start.height - rounding
    return level and trial.slope >= (2 * _GAIN - 1) * start.slope


def _ahead(before: Trial, low: Trial) -> float:
    """Where the slope vanishes if it goes on as between two trials."""
    farthest = _FARTHEST * low.at
    fall = before.slope - low.slope
    if fall <= 0:
        return farthest
    top = low.at + low.slope * (low.at - before.at) / fall
    return min(max(top, 1.1 * low.at), farthest)


def _between(low: Trial, high: Trial) -> float:
    """Where the cubic through both is highest, but not close to an end."""
    width = high.at - low.at
    if not high.finite:
        return low.at + 0.1 * width
    top = _top_of_cubic(low, high)
    return min(max(top, low.at + 0.1 * width), high.at - 0.1 * width)


def _top_of_cubic(low: Trial, high: Trial) -> float:
    width, middle = high.at - low.at, (low.at + high.at) / 2
    bend = low.slope + high.slope - 3 * (high.height - low.height) / width
    square = bend * bend - low.slope * high.slope
    if not 0 <= square < math.inf:
        return middle
    root = math.sqrt(square)
    divisor = high.slope - low.slope - 2 * root
    if divisor == 0:
        return middle
    return high.at - width * (high.slope - root - bend) / divisor
