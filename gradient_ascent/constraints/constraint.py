"""What a set is here: what a tensor can be projected onto."""

from abc import ABC, abstractmethod
from copy import copy
from typing import ClassVar

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, check
from gradient_ascent.optim.sharded import is_sharded, shared_out, whole


class Constraint(ABC):
    """A set of points, known by the projection onto it."""

    _lengths: ClassVar[tuple[str, ...] | None] = None
    """The fields in the units of a point; None: it knows no units."""

    @property
    def convex(self) -> bool:
        """Whether it holds all that lies between two of its points."""
        return True

    def project(self, x: Tensor) -> Tensor:
        """The nearest point of the set, in Euclidean distance.

        Args:
            x: a real floating-point tensor; which of its dimensions one point
                fills is up to the constraint.

        Returns:
            A new tensor, of the shape, dtype and device of `x`, differentiable
            in `x` almost everywhere. A coordinate of the nearest point that the
            dtype cannot hold is infinite.

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
        if is_sharded(x):  # the nearest point is that of the whole
            return shared_out(self.project(whole(x)), like=x)
        self._check_dim(x)
        same, point, factor = self._with_room(wide(x))
        return (same._nearest(point) / factor).to(x.dtype)

    def _with_room(self, x: Tensor) -> tuple["Constraint", Tensor, Tensor]:
        """The set and x, both times a factor with which no sum overflows.

        It is 1, but for the largest numbers, and always a power of 2.
        """
        if self._lengths is None:
            return self, x, x.new_ones(())
        fields = {
            name: as_tensor(getattr(self, name)) for name in self._lengths
        }
        fields = {name: value.to(x) for name, value in fields.items()}
        largest = [
            value.detach().abs().amax() for value in (x, *fields.values())
        ]
        room = 2.0 ** -(8 * x.numel()).bit_length()
        crowded = torch.stack(largest) > torch.finfo(x.dtype).max * room
        factor = torch.where(crowded.any(), room, 1.0).to(x.dtype)
        same = copy(self)
        for name, value in fields.items():
            object.__setattr__(same, name, value * factor)
        return same, x * factor, factor

    def _check_dim(self, x: Tensor) -> None:
        """Raise if x lacks a dimension that a point is to fill."""
        dim, n = getattr(self, "dim", None), max(x.ndim, 1)
        dims = () if dim is None else (dim,) if isinstance(dim, int) else dim
        owner = type(self).__name__
        if not all(-n <= each < n for each in dims):
            raise ValueError(
                f"{owner}.project: dim must be among those of x, got "
                f"{dim!r} for shape {tuple(x.shape)}"
            )
        if len({each % n for each in dims}) < len(dims):
            raise ValueError(
                f"{owner}.project: dim must have each dimension once, got "
                f"{dim!r} for shape {tuple(x.shape)}"
            )

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
        x = whole(x)
        moved = (self.project(x) - x).abs()
        if not x.numel():
            return True
        same, point, factor = self._with_room(wide(x))
        eps = torch.finfo(x.dtype).eps
        rounding = 2 * eps * same._size(point) / factor
        allowed = rounding.clamp(min=1e-6) if tol is None else tol
        return bool(((moved <= allowed) & moved.isfinite()).all())

    def _size(self, x: Tensor) -> Tensor:
        """Of the numbers whose rounding can move each coordinate of `x`.

        As for `_nearest`, `x` is of a dtype that holds sums.
        """
        return x.abs()

    def bounds(self, x: Tensor) -> tuple[Tensor, Tensor] | None:
        """Between what each coordinate of `x` must lie, if that is all."""
        return None

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

    def _keep(self, *names: str, finite: bool = False) -> None:
        """Check `dim`, numbers and tensors, and copy tensors.

        The set stays where it is when its center is the very parameter that is
        going to move.
        """
        owner = type(self).__name__
        dim = getattr(self, "dim", None)
        dims = dim if isinstance(dim, tuple) else (0 if dim is None else dim,)
        if not all(type(each) is int for each in dims):
            raise TypeError(
                f"{owner}: dim must be an int, a tuple of ints or None, got "
                f"{dim!r}"
            )
        for name in names:
            value = getattr(self, name)
            try:
                kept = as_tensor(value).detach().clone()
            except (TypeError, ValueError, RuntimeError):
                raise TypeError(
                    f"{owner}: {name} must be a real number or a tensor, got "
                    f"{value!r}"
                ) from None
            if kept.is_complex() or kept.isnan().any():
                raise ValueError(
                    f"{owner}: {name} must be real and not nan, got {value!r}"
                )
            if finite and not kept.isfinite().all():
                raise ValueError(
                    f"{owner}: {name} must be finite, got {value!r}"
                )
            if isinstance(value, Tensor):
                object.__setattr__(self, name, kept)


def as_tensor(value: float | Tensor) -> Tensor:
    """A tensor as it is; a number with all its digits, and on the CPU."""
    if isinstance(value, Tensor):
        return value
    return torch.as_tensor(value, dtype=torch.float64, device="cpu")


def wide(x: Tensor) -> Tensor:
    """The tensor in a dtype that can hold sums, as half precision cannot."""
    return x.float() if x.dtype.itemsize < 4 else x
