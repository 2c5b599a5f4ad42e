"""What is wrong with a run, by what was measured of its steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradient_ascent.optim.checks import Check

GROWN = 1000.0
LASTING, AGREEING, IN_A_ROW = 20, 5, 3
TWICE, NEAR = 2.0, 0.1


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        name: "wrong sign", "learning rate too high", "exploding", "non-finite",
            "frozen" or "stale".
        step: the look at which it was found.
        sentence: what was measured.
        remedy: what to try.
    """

    name: str
    step: int
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name} (step {self.step}): {self.sentence} {self.remedy}"


def wrong_sign(checks: Sequence[Check], start: float) -> Finding | None:
    r"""The objective changes by the opposite of what the gradients say.

    On a quadratic it changes along a step by (g + g')·Δ / 2 whatever the
    learning rate is, elsewhere up to third powers of Δ. So a quotient of -1,
    five times in a row to a tenth, is a sign.

    Args:
        checks: so far.
        start: the first objective that was told, turned so that larger is
            better.
    """
    last = [each for each in checks if abs(each.rise) > each.exact]
    last = last[-AGREEING:]
    if len(last) < AGREEING or last[-1] is not checks[-1]:
        return None
    quotients = [(x.told[1] - x.told[0]) / x.rise for x in last]
    agree = all(abs(each + 1) <= NEAR for each in quotients)
    if not agree or not all(x.rise > 0 and x.told[1] < start for x in last):
        return None
    return Finding(
        "wrong sign",
        last[-1].step + 1,
        f"in each of the last {AGREEING} checks the objective got worse by "
        "what the steps should gain: it changed by "
        f"{min(quotients):.2f} to {max(quotients):.2f} times (g + g')·Δ/2, "
        "which is 1 if it is what is differentiated and climbed.",
        "Tell the objective whose gradient is taken, and see that `maximize` "
        "says what you want.",
    )


def learning_rate(
    checks: Sequence[Check], start: float, first: float
) -> Finding | None:
    r"""The steps carry the run away from its start, and keep it there.

    A step gains g·Δ (1 - q/2) on a quadratic, with q = 1 - g'·Δ / g·Δ, which is
    ηλ for plain steps along a curvature λ: past 2 it loses. Five losses in a
    row, ever larger, are a run that diverges. One that flies about without end
    is seen by its place: at twenty checks it is lower than at the start, and
    the gradient at least twice as large. Noise alone makes it so at a summit
    when ηλ > 1.5: the squared gradient is 2 / (2 - ηλ) times that of the noise.

    Args:
        checks: so far.
        start: as in `wrong_sign`.
        first: the size of the first gradient.
    """
    return _diverges(checks, start) or _flies(checks, start, first)


def _diverges(checks: Sequence[Check], start: float) -> Finding | None:
    last = checks[-AGREEING:]
    over = all(x.promised > 0 and x.overshoot > 2 for x in last)
    told = [start, *(x.told[1] for x in last)]
    sizes = [x.gradient for x in last]
    grows = _falls([-size for size in sizes])
    if len(last) < AGREEING or not (over and grows and _falls(told)):
        return None
    return _too_high(
        last,
        f"and worse at each of the last {AGREEING} checks, while the gradient "
        f"grew from {sizes[0]:.2g} to {sizes[-1]:.2g}",
    )


def _flies(
    checks: Sequence[Check], start: float, first: float
) -> Finding | None:
    last = checks[-LASTING:]
    least = min((x.gradient for x in last), default=0.0)
    lower = all(x.told[1] < start for x in last)
    if len(last) < LASTING or not lower or not least >= TWICE * first > 0:
        return None
    return _too_high(
        last,
        f"at each of the last {LASTING} checks, where the gradient is at least "
        f"{least / first:.2g} times the first",
    )


def _too_high(last: Sequence[Check], how: str) -> Finding:
    promised = math.fsum(x.promised for x in last)
    found = math.fsum(x.found for x in last)
    q = 1 - found / promised if promised else math.nan
    return Finding(
        "learning rate too high",
        last[-1].step + 1,
        f"the objective is worse than at the start {how}. The steps measure "
        f"q = {q:.3g}; on a quadratic a step loses from 2 on.",
        "Divide the learning rate by 3 to 10, or warm up.",
    )


def exploding(
    checks: Sequence[Check], start: float, first: float
) -> Finding | None:
    """The gradient is a thousand times the first, and the run falls.

    It falls in three checks in a row, each worse than all before: a run that
    leaves a saddle has growing gradients too, and rises.

    Args:
        checks: so far.
        start: as in `wrong_sign`.
        first: the size of the first gradient.
    """
    last = checks[-IN_A_ROW:]
    told = [start, *(x.told[1] for x in last)]
    grown = last[-1].gradient if last else 0.0
    if (
        len(last) < IN_A_ROW
        or not _falls(told)
        or not grown >= GROWN * first > 0
    ):
        return None
    return blown_up(last[-1].step + 1, first, grown)


def blown_up(step: int, first: float, last: float) -> Finding:
    """The finding that gradients explode."""
    return Finding(
        "exploding",
        step,
        f"the largest element of the gradient grew from {first:.2g} to "
        f"{last:.2g}.",
        "Clip the gradient, lower the learning rate, or start elsewhere.",
    )


def _falls(numbers: Sequence[float]) -> bool:
    return all(a > b for a, b in pairwise(numbers))
