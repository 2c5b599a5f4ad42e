"""Sets, each known by the projection onto it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, Positive, check
from gradient_ascent.optim.steepest import Dim, Norm, check_norm, length


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
        # Half precision cannot hold the sums.
        wide = x.float() if x.dtype.itemsize < 4 else x
        try:
            return self._nearest(wide).to(x.dtype)
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
        rounding = 2 * torch.finfo(x.dtype).eps * self._size(x)
        allowed = rounding.clamp(min=1e-6) if tol is None else tol
        return bool(((moved <= allowed) & moved.isfinite()).all())

    def _size(self, x: Tensor) -> Tensor:
        """Of the numbers whose rounding can move each coordinate of `x`."""
        return x.abs()

    def _on(self, x: Tensor, name: str) -> Tensor:
        """The attribute `name`, number or tensor, as a tensor beside `x`."""
        value = _tensor(getattr(self, name)).to(x)
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
            kept = _tensor(value).detach().clone()
            if kept.is_complex() or kept.isnan().any():
                owner = type(self).__name__
                raise ValueError(
                    f"{owner}: {name} must be real and not nan, got {value!r}"
                )
            if isinstance(value, Tensor):
                object.__setattr__(self, name, kept)


def _tensor(value: float | Tensor) -> Tensor:
    """A tensor as it is; a number on the CPU, whatever torch's default is."""
    if isinstance(value, Tensor):
        return value
    return torch.as_tensor(value, device="cpu")


Constraints: TypeAlias = Constraint | Sequence[Constraint]
"""One constraint, or several that are applied one after the other."""


@dataclass(frozen=True, eq=False)
class Box(Constraint):
    r"""The points whose every coordinate lies between two bounds.

    .. math:: P(x)_i = \min(\max(x_i, a_i), b_i)

    Args:
        lower: a, a number or a tensor that broadcasts to the point; -inf for no
            bound.
        upper: b, likewise.

    Raises:
        ValueError: a lower bound above the upper one, or nan.
    """

    lower: float | Tensor
    upper: float | Tensor

    def __post_init__(self) -> None:
        self._keep("lower", "upper")
        a, b = _tensor(self.lower), _tensor(self.upper)
        if (a.to(b.device) > b).any():
            raise ValueError(
                "Box: lower must nowhere be above upper, got "
                f"{self.lower!r} and {self.upper!r}"
            )

    def _nearest(self, x: Tensor) -> Tensor:
        return x.clamp(self._on(x, "lower"), self._on(x, "upper"))


@dataclass(frozen=True, eq=False)
class Ball(Constraint):
    r"""The points no farther from a center than a radius.

    .. math::
        P(x) = \begin{cases}
            c + (x - c) \min(1, r / \lVert x - c \rVert_2) & \text{l2} \\
            \min(\max(x, c - r), c + r) & \text{linf}
        \end{cases}

    Args:
        radius: r > 0.
        center: c, a number or a tensor that broadcasts to the point; copied.
        norm: what the distance to the center is measured by: "l2" (Euclidean)
            or "linf" (the largest coordinate).
        dim: the dimensions that one point fills; the others count points, each
            with a ball of its own. None: the tensor is one point. With "linf"
            it makes no difference.

    Raises:
        ValueError: a radius that is not above zero, or another norm.
    """

    radius: Positive
    center: float | Tensor = 0.0
    norm: Norm = "l2"
    dim: Dim = None

    def __post_init__(self) -> None:
        check(Ball.__init__, {"radius": self.radius})
        check_norm("Ball", self.norm)
        self._keep("center")

    def _nearest(self, x: Tensor) -> Tensor:
        center, r = self._on(x, "center"), self.radius
        if self.norm == "linf":
            return x.clamp(center - r, center + r)
        away = x - center
        distance = length(away, self.dim)
        # A point inside is returned as it is: center + away would round it.
        on_the_sphere = center + away * (r / distance.clamp(min=r))
        return torch.where(distance <= r, x, on_the_sphere)

    def _size(self, x: Tensor) -> Tensor:
        return _around(x, self._on(x, "center"), self.dim)


@dataclass(frozen=True, eq=False)
class Simplex(Constraint):
    r"""The points with coordinates at least zero that add up to a total.

    .. math::
        P(x)_i = \max(x_i - \tau, 0), \qquad
        \tau = \max_k \frac{x_{(1)} + \dots + x_{(k)} - s}{k}

    where :math:`x_{(1)} \ge x_{(2)} \ge \dots` are the sorted coordinates.

    Args:
        total: s > 0, the sum of the coordinates; 1 makes them probabilities.
        dim: the dimension along which they add up; the others count points.

    Raises:
        ValueError: a total that is not above zero.

    Source: Held, Wolfe and Crowder (1974); Duchi et al. (2008).
    """

    total: Positive = 1.0
    dim: int = -1

    def __post_init__(self) -> None:
        check(Simplex.__init__, {"total": self.total})

    def _nearest(self, x: Tensor) -> Tensor:
        # A common shift changes nothing, and small numbers add up exactly.
        x = (x - x.detach().amax(self.dim, keepdim=True)).movedim(self.dim, -1)
        ordered = x.sort(-1, descending=True).values
        k = torch.arange(1, x.shape[-1] + 1, device=x.device)
        tau = ((ordered.cumsum(-1) - self.total) / k).amax(-1, keepdim=True)
        nearest: Tensor = (x - tau).clamp(min=0).movedim(-1, self.dim)
        return nearest

    def _size(self, x: Tensor) -> Tensor:
        return _largest(x, self.dim)


@dataclass(frozen=True, eq=False)
class Sphere(Constraint):
    r"""The points exactly at a radius from a center.

    .. math:: P(x) = c + r \frac{x - c}{\lVert x - c \rVert_2}

    From the center itself all points are equally near; it goes along
    (1, ..., 1).

    Args:
        radius: r > 0.
        center: c, a number or a tensor that broadcasts to the point; copied.
        dim: the dimensions that one point fills; the others count points, each
            with a sphere of its own. None: the tensor is one point.

    Raises:
        ValueError: a radius that is not above zero.
    """

    radius: Positive = 1.0
    center: float | Tensor = 0.0
    dim: Dim = None

    def __post_init__(self) -> None:
        check(Sphere.__init__, {"radius": self.radius})
        self._keep("center")

    def _nearest(self, x: Tensor) -> Tensor:
        center = self._on(x, "center")
        away = x - center
        peak = _largest(away.detach(), self.dim)
        # Only the direction counts; radius / length may overflow near zero.
        away = torch.where(peak == 0, 1, away / torch.where(peak == 0, 1, peak))
        return center + away * (self.radius / length(away, self.dim))

    def _size(self, x: Tensor) -> Tensor:
        return _around(x, self._on(x, "center"), self.dim)


def _largest(x: Tensor, dim: Dim) -> Tensor:
    """The size of the largest coordinate of each point."""
    return x.abs().amax(() if dim is None else dim, keepdim=True)


def _around(x: Tensor, center: Tensor, dim: Dim) -> Tensor:
    """The same of points and their center."""
    return torch.maximum(_largest(x, dim), _largest(center, dim))


def project(x: Tensor, constraint: Constraints) -> Tensor:
    """Project `x` onto each constraint in turn.

    The last one holds in the end. All hold, at the nearest point, for boxes and
    linf balls that have a point in common. All hold, near the nearest point,
    for an l2 ball and then a box that contains its center. In general neither
    is sure.

    Raises:
        TypeError: a constraint that is none; or as its own `project`.
    """
    for each in several(constraint):
        x = each.project(x)
    return x


def several(constraint: Constraints) -> Sequence[Constraint]:
    """The constraints, each seen to be one."""
    sets = [constraint] if isinstance(constraint, Constraint) else constraint
    for each in sets:
        if not isinstance(each, Constraint):
            raise TypeError(
                "constraint must be a Box, Ball, Simplex or Sphere, or a "
                f"sequence of them, got {each!r}"
            )
    return sets
