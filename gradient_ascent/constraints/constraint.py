"""What a set is here, and how a tensor is projected onto one or several."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, check


class Constraint(ABC):
    """A set of points, known by the projection onto it."""

    def project(self, x: Tensor) -> Tensor:
        """The nearest point of the set, in Euclidean distance.

        Args:
            x: a real floating-point tensor; which of its dimensions one point
                fills is up to the constraint.

        Returns:
            A new tensor, of the shape, dtype and device of `x`, differentiable
            in `x` almost everywhere.

        Raises:
            TypeError: `x` is no real floating-point tensor.
            ValueError: the constraint has a tensor that does not broadcast to
                the shape of `x`, or a `dim` that `x` lacks.
        """
        owner = type(self).__name__
        if not isinstance(x, Tensor) or not x.is_floating_point():
            kind = x.dtype if isinstance(x, Tensor) else type(x).__name__
            takes = "x must be a real floating-point tensor"
            raise TypeError(f"{owner}.project: {takes}, got {kind}")
        if not x.numel():
            return x.clone()
        try:
            return self._nearest(_wide(x)).to(x.dtype)
        except IndexError:
            raise ValueError(
                f"{owner}.project: dim must be among those of x, got "
                f"{getattr(self, 'dim', None)!r} for shape {tuple(x.shape)}"
            ) from None

    @abstractmethod
    def _nearest(self, x: Tensor) -> Tensor:
        """The nearest point, in the dtype of `x`."""

    def contains(self, x: Tensor, tol: NonNegative | None = None) -> bool:
        """Whether the projection moves no coordinate of `x` by more than `tol`.

        Args:
            x: as for `project`.
            tol: in units of `x`; by default 1e-6, or what rounding makes of
                numbers of that size and dtype, if that is more.

        Raises:
            TypeError, ValueError: as `project`; or a negative `tol`.
        """
        check(Constraint.contains, {"tol": tol})
        moved = (self.project(x) - x).abs()
        if not x.numel():
            return True
        rounding = 2 * torch.finfo(x.dtype).eps * self._size(_wide(x))
        allowed = rounding.clamp(min=1e-6) if tol is None else tol
        return bool(((moved <= allowed) & moved.isfinite()).all())

    def _size(self, x: Tensor) -> Tensor:
        """Of the numbers whose rounding can move each coordinate of `x`.

        As for `_nearest`, `x` is of a dtype that holds sums.
        """
        return x.abs()

    def _on(self, x: Tensor, name: str) -> Tensor:
        """The attribute `name`, number or tensor, as a tensor beside `x`."""
        value = as_tensor(getattr(self, name)).to(x)
        try:
            return value.expand_as(x)
        except RuntimeError:
            owner, got = type(self).__name__, tuple(value.shape)
            raise ValueError(
                f"{owner}: {name} must broadcast to the shape of x, "
                f"{tuple(x.shape)}, got {got}"
            ) from None

    def _keep(self, *names: str) -> None:
        """Check numbers and tensors, and copy tensors.

        The set stays where it is when its center is the very parameter that is
        going to move.
        """
        for name in names:
            value = getattr(self, name)
            kept = as_tensor(value).detach().clone()
            if kept.is_complex() or kept.isnan().any():
                owner = type(self).__name__
                raise ValueError(
                    f"{owner}: {name} must be real and not nan, got {value!r}"
                )
            if isinstance(value, Tensor):
                object.__setattr__(self, name, kept)


def as_tensor(value: float | Tensor) -> Tensor:
    """A tensor as it is; a number with all its digits, and on the CPU."""
    if isinstance(value, Tensor):
        return value
    return torch.as_tensor(value, dtype=torch.float64, device="cpu")


def _wide(x: Tensor) -> Tensor:
    """The tensor in a dtype that can hold sums, as half precision cannot."""
    return x.float() if x.dtype.itemsize < 4 else x


Constraints: TypeAlias = Constraint | Sequence[Constraint]
"""One constraint, or several that are applied one after the other."""


def project(x: Tensor, constraint: Constraints) -> Tensor:
    """Project `x` onto each constraint in turn.

    The last one holds in the end. All hold, at the nearest point, for boxes and
    linf balls that have a point in common. All hold for an l2 ball and then a
    box that contains its center, but the nearest point may be another. In
    general neither is sure.

    Raises:
        TypeError: a constraint that is none; or as its own `project`.
    """
    for each in several(constraint):
        x = each.project(x)
    return x


def several(constraint: Constraints) -> Sequence[Constraint]:
    """The constraints, each seen to be one."""
    if isinstance(constraint, Constraint):
        return [constraint]
    sets = (
        list(constraint) if isinstance(constraint, Iterable) else [constraint]
    )
    for each in sets:
        if not isinstance(each, Constraint):
            raise TypeError(
                "constraint must be a Constraint, such as Box(0, 1), or a "
                f"sequence of them, got {each!r}"
            )
    return sets
