"""The nearest common point of convex sets: Dykstra's algorithm, sped up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from gradient_ascent.constraints.constraint import Constraint

_PLAIN, _SPED_UP = 1_000, 100
"""How many rounds are made at most, without guesses and with them."""
_MEMORY = 6
"""From how many rounds a guess is made."""
_HALVINGS = 30
"""How often the way to a far point is halved."""


@dataclass(frozen=True)
class Round:
    """How a round of all sets ended."""

    x: Tensor
    taken: Tensor  # from the point by each set
    moved: float  # the farthest that a set moved a coordinate
    cost: float  # what rounds lower: minus the dual function, in units squared

    def is_still(self, unit: float) -> bool:
        """Whether no set moved the point by more than rounding does."""
        return not self.moved > 4 * self.rounding(unit)

    def rounding(self, unit: float) -> float:
        """How far what was taken is rounded; at a small angle it is large."""
        size = max(unit, float(self.taken.detach().abs().amax()))
        return torch.finfo(self.x.dtype).eps * size

    def farthest(
        self, start: Tensor, point: Tensor, outside: float, unit: float
    ) -> float:
        """How far from a point the nearest common point may be.

        What a common point is above the dual function bounds half the square;
        the point itself may lie a little outside of a set.
        """
        gap = self.cost + dot(point / 2 - start, point, unit)
        rounding = self.rounding(max(unit, float(point.abs().amax())))
        pull = rounding / torch.finfo(self.x.dtype).eps / unit
        slack = len(self.taken) * pull * (outside + rounding) / unit
        return unit * math.sqrt(2 * (max(0.0, gap) + slack))


def nearest_of_all(
    start: Tensor, sets: Sequence[Constraint], unit: float
) -> Round:
    r"""Rounds until no set moves a coordinate by more than rounding does.

    Whatever the sets have taken at first, each of them raises, in its turn, the
    dual function

    .. math:: -\tfrac12 \lVert x_0 - \textstyle\sum_i e_i \rVert^2
        - \sum_i \max_{y \in C_i} \langle e_i, y \rangle

    So a guess at what they will take in the end is welcome, if it is higher.
    Anderson's extrapolation of the last rounds makes it. From far away the sets
    take little in each round and much in the end; so a point near them goes off
    to the start, doubling its distance, and what is taken with it. Where
    gradients are recorded there are no guesses: the rounds are derived.

    Args:
        start: the point.
        sets: convex sets, at least one.
        unit: the size of the numbers of the point and the sets.

    Returns:
        The last round.

    Source: Boyle and Dykstra (1986); for the guesses, Walker and Ni (2011).
    """
    none = torch.stack([torch.zeros_like(start)] * len(sets))
    if start.requires_grad and torch.is_grad_enabled():
        return _rounds(start, none, sets, unit, guess=False)
    last = _rounds(start, none, sets, unit)
    if last.is_still(unit):
        return last
    near, taken = last.x, none
    for halvings in range(_HALVINGS, 0, -1):
        target = near + (start - near) / 2**halvings
        last = _rounds(target, taken, sets, unit)
        if not last.is_still(unit):
            return _rounds(start, last.taken * 2**halvings, sets, unit)
        taken = 2 * last.taken
    return _rounds(start, taken, sets, unit)


def _rounds(
    start: Tensor,
    taken: Tensor,
    sets: Sequence[Constraint],
    unit: float,
    *,
    guess: bool = True,
) -> Round:
    """Rounds until they are still, or too many."""
    last = one_round(start, taken, sets, unit)
    seen: list[tuple[Tensor, Tensor]] = []
    for _ in range(_SPED_UP if guess else _PLAIN):
        if last.is_still(unit):
            break
        if guess:
            seen = [*seen[-_MEMORY:], (last.taken, last.taken - taken)]
        if len(seen) > 1:
            taken = _extrapolated(seen)
            tried = one_round(start, taken, sets, unit)
            if _is_better(tried, last):
                last = tried
                continue
            seen = []
        taken = last.taken
        last = one_round(start, taken, sets, unit)
    return last


def one_round(
    start: Tensor, taken: Tensor, sets: Sequence[Constraint], unit: float
) -> Round:
    """Give each set back what it took, and let it take what it needs."""
    x, parts = start - taken.sum(0), []
    moved = cost = 0.0
    for each, part in zip(sets, taken, strict=True):
        wanted = x + part
        nearest = each._nearest(wanted)
        moved = max(moved, distance(x, nearest))
        x, part = nearest, wanted - nearest
        cost += dot(part, x, unit)
        parts.append(part)
    taken = torch.stack(parts)
    left = start - taken.sum(0)
    return Round(x, taken, moved, cost + dot(left, left, unit) / 2)


def _extrapolated(seen: list[tuple[Tensor, Tensor]]) -> Tensor:
    """Where what is taken would no longer change, if rounds were linear."""
    ends, changes = (torch.stack(each, -1) for each in zip(*seen, strict=True))
    bends = changes.diff(dim=-1).flatten(0, -2)
    q, r = torch.linalg.qr(bends)
    shares = torch.linalg.pinv(r) @ (q.mT @ changes[..., -1].flatten())
    end: Tensor = ends[..., -1] - ends.diff(dim=-1) @ shares
    return end


def _is_better(tried: Round, last: Round) -> bool:
    """Whether the cost is lower; where rounding hides it, what moved."""
    noise = 4 * torch.finfo(last.x.dtype).eps * abs(last.cost)
    if abs(tried.cost - last.cost) <= noise:
        return tried.moved < last.moved
    return -math.inf < tried.cost < last.cost


def distance(x: Tensor, y: Tensor) -> float:
    """The farthest that a coordinate of one is from that of the other."""
    return float((x - y).detach().abs().amax())


def dot(x: Tensor, y: Tensor, unit: float) -> float:
    """Their product, in units squared, which alone could overflow."""
    return float(((x.detach() / unit) * (y.detach() / unit)).sum())
