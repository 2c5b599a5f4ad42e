"""The points that several sets have in common, and the nearest of them."""

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, check
from gradient_ascent.constraints.constraint import Constraint, wide
from gradient_ascent.constraints.dykstra import distance, nearest_of_all
from gradient_ascent.constraints.linear import Box

Constraints: TypeAlias = Constraint | Sequence[Constraint]
"""One constraint, or several that hold together."""

_IN_TURN = 10_000
"""How many rounds are made at most."""


@dataclass(frozen=True, eq=False)
class Intersection(Constraint):
    r"""The points that lie in each of several sets.

    To project on one set after the other need not lead into all of them, nor to
    the nearest point. Dykstra's algorithm gives each set back, before its turn,
    what it took from the point the last time:

    .. math::
        y = x + e_i, \qquad x \leftarrow P_i(y), \qquad e_i \leftarrow y - x

    with all e zero at first. For convex sets it converges to the nearest point
    of the intersection, and extrapolation makes it fast (see
    `dykstra.nearest_of_all`). Then it goes on in turn with all e zero, until no
    set moves a coordinate by more than rounding does. Duality says how far the
    nearest point may be; where its coordinates are, in the root mean square, a
    millionth of the largest number of x and the sets away, it warns. If one of
    the sets is not convex (a `Sphere`), it goes in turn from the start, and the
    common point need not be the nearest. Boxes and linf balls are made one box
    first. Where gradients are recorded, plain rounds are made, 1000 at most.
    `torch.func.vmap` cannot go through such loops.

    Args:
        sets: the sets; of none, every point.

    Raises:
        TypeError: a set that is no `Constraint`.
        ValueError: at `project`, if no common point is found: the sets have
            none, or only touch, or cross at a very small angle; or if sums of
            their numbers overflow.

    Warns:
        UserWarning: at `project`, if the nearest point may be another.

    Source: Boyle and Dykstra (1986).
    """

    sets: Sequence[Constraint]

    def __post_init__(self) -> None:
        if not isinstance(self.sets, Iterable):
            takes = "a sequence of constraints"
            raise TypeError(
                f"Intersection: sets must be {takes}, got {self.sets!r}"
            )
        object.__setattr__(self, "sets", tuple(self.sets))
        for each in self.sets:
            if not isinstance(each, Constraint):
                raise TypeError(
                    "constraint must be a Constraint, such as Box(0, 1), or "
                    f"several, got {each!r}"
                )

    @property
    def convex(self) -> bool:
        """Whether each of the sets is."""
        return all(each.convex for each in self.sets)

    def contains(self, x: Tensor, tol: NonNegative | None = None) -> bool:
        """Whether no set moves a coordinate of `x` by more than `tol`.

        Args:
            x: as for `project`.
            tol: in units of `x`; by default what each set allows, or what
                rounding makes of the largest number, if that is more.

        Raises:
            TypeError, ValueError: as `project`; or a negative `tol`.
        """
        check(Constraint.contains, {"tol": tol})
        if all(each.contains(x, tol) for each in self.sets):
            return True
        if tol is not None or not x.isfinite().all():
            return False
        tol = len(self.sets) * self._rounding(x)
        return all(each.contains(x, tol) for each in self.sets)

    def _check_dim(self, x: Tensor) -> None:
        for each in self.sets:
            each._check_dim(x)

    def _nearest(self, x: Tensor) -> Tensor:
        if not self.sets:
            return x.clone()
        # Near a common point the sets are nearer by far: digits are needed.
        start = x if x.device.type == "mps" else x.double()
        unit = float(self._size(start).amax()) or 1.0
        if 4 * x.numel() * unit > torch.finfo(start.dtype).max:
            raise ValueError(
                "Intersection: x and the sets must be small enough for sums in "
                f"{start.dtype}, got {unit:.2g}"
            )
        sets = self._with_one_box(start)
        eps = torch.finfo(start.dtype).eps
        if not self.convex:
            return self._in_turn(start, sets, 64 * eps * unit)[0].to(x.dtype)
        last = nearest_of_all(start, sets, unit)
        point, off = self._in_turn(last.x, sets, 64 * last.rounding(unit))
        with torch.no_grad():
            farthest = last.farthest(start, point, off, unit)
        self._warn(farthest, 64 * (eps * x.numel()) ** 0.5 * unit)
        return point.to(x.dtype)

    def _warn(self, distance: float, allowed: float) -> None:
        if distance > allowed:
            names = " and ".join(type(each).__name__ for each in self.sets)
            warnings.warn(
                f"Intersection: a point that {names} have in common was found, "
                f"but the nearest may be {distance:.2g} away from it (they "
                "cross at a very small angle)",
                stacklevel=4,
            )

    def bounds(self, x: Tensor) -> tuple[Tensor, Tensor] | None:
        """Those of all sets, if each has some."""
        sets = self._with_one_box(x)
        return sets[0].bounds(x) if len(sets) == 1 else None

    def _with_one_box(self, x: Tensor) -> Sequence[Constraint]:
        """The sets; if several only bound each coordinate, one for them."""
        bounds = [each.bounds(x) for each in self.sets]
        boxes = [bound for bound in bounds if bound is not None]
        if len(boxes) < 2:
            return self.sets
        lower = torch.stack([low for low, _ in boxes]).amax(0)
        upper = torch.stack([high for _, high in boxes]).amin(0)
        gap = float((lower - upper).amax())
        if gap > self._rounding(x):
            self._refuse(gap)
        box = Box(lower, torch.maximum(lower, upper))
        return [box, *(s for s, b in zip(self.sets, bounds) if b is None)]

    def _in_turn(
        self, x: Tensor, sets: Sequence[Constraint], allowed: float
    ) -> tuple[Tensor, float]:
        """Go from one set to the next until none moves x by more than rounding.

        Or, where that takes too many rounds, by more than is allowed. Also how
        far one moved it.
        """
        moved, allowed = math.inf, min(1e-6, allowed)
        for _ in range(_IN_TURN):
            last, moved, before = moved, 0.0, x
            for each in sets:
                nearest = each._nearest(x)
                moved = max(moved, distance(x, nearest))
                x = nearest
            if not moved > self._rounding(x) or torch.equal(x, before):
                break
            if last / 2 < moved <= allowed:
                break
        if moved > max(self._rounding(x), allowed):
            self._refuse(moved)
        return x, moved

    def _refuse(self, gap: float) -> NoReturn:
        names = " and ".join(type(each).__name__ for each in self.sets)
        raise ValueError(
            f"Intersection: {names} must have a point in common, but none was "
            f"found: the best is {gap:.2g} away from one of them (sets that "
            "only touch, or cross at a small angle, are not served)"
        )

    def _rounding(self, x: Tensor) -> float:
        """How far numbers of the size of x and of the sets are rounded."""
        return 4 * torch.finfo(x.dtype).eps * float(self._size(wide(x)).amax())

    def _size(self, x: Tensor) -> Tensor:
        sizes = [each._size(x.detach()).expand_as(x) for each in self.sets]
        return torch.stack([x.detach().abs(), *sizes]).amax(0)


def as_one(constraint: Constraints) -> Constraint:
    """One constraint as it is; several as the set where all hold."""
    if not isinstance(constraint, Iterable):
        constraint = [constraint]
    several = Intersection(tuple(constraint))
    return several.sets[0] if len(several.sets) == 1 else several


def project(x: Tensor, constraint: Constraints) -> Tensor:
    """Project `x` onto a constraint, or where several hold: see `Intersection`.

    Raises:
        TypeError: a constraint that is none; or as its own `project`.
        ValueError: no common point is found.
    """
    return as_one(constraint).project(x)
