"""Sets that linear functions bound: boxes, half-spaces, hyperplanes."""

import math
from dataclasses import dataclass
from typing import Annotated, NoReturn

from torch import Tensor

from gradient_ascent.arguments import Interval, check
from gradient_ascent.constraints.constraint import Constraint, as_tensor
from gradient_ascent.optim.steepest import Dim, largest, length

Finite = Annotated[float, Interval(-math.inf, open_low=True)]


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
        a, b = as_tensor(self.lower), as_tensor(self.upper)
        try:
            above = bool((a.to(b.device) > b).any())
        except RuntimeError:
            raise ValueError(
                "Box: lower and upper must broadcast to one shape, got "
                f"{tuple(a.shape)} and {tuple(b.shape)}"
            ) from None
        if above:
            raise ValueError(
                "Box: lower must nowhere be above upper, got "
                f"{self.lower!r} and {self.upper!r}"
            )

    def _nearest(self, x: Tensor) -> Tensor:
        return x.clamp(*self.bounds(x))

    def bounds(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The two, in the shape of `x`."""
        return self._on(x, "lower"), self._on(x, "upper")


@dataclass(frozen=True, eq=False)
class HalfSpace(Constraint):
    r"""The points on one side of a plane.

    .. math:: P(x) = x - \max\!\left(0,
        \frac{\langle a, x \rangle - b}{\lVert a \rVert^2}\right) a

    for the points with :math:`\langle a, x \rangle \le b`.

    Args:
        normal: a, a number or a tensor that broadcasts to the point; copied. It
            points out of the set.
        offset: b, a finite number.
        dim: the dimensions that one point fills; the others count points, each
            projected by itself. None: the tensor is one point.

    Raises:
        ValueError: a normal that is zero or not finite, also that of one point
            among others, as soon as it is projected; or an offset that is not
            finite.
    """

    _lengths = ("offset",)

    normal: float | Tensor
    offset: Finite = 0.0
    dim: Dim = None

    def __post_init__(self) -> None:
        check(HalfSpace.__init__, {"offset": self.offset})
        self._keep("normal")
        normal = as_tensor(self.normal)
        if not (normal.isfinite().all() and normal.any()):
            self._refuse()

    def _nearest(self, x: Tensor) -> Tensor:
        # From far away rounding leaves a little, which the second time removes.
        return self._step(self._step(x))

    def _step(self, x: Tensor) -> Tensor:
        """Go along the normal, as far as a point lies outside."""
        normal, offset = self._unit(x)
        beyond = _sum(normal * x, self.dim) - offset
        return x - self._way(beyond) * normal

    def _way(self, beyond: Tensor) -> Tensor:
        """How far to go back, for a point so far along the unit normal."""
        return beyond.clamp(min=0)

    def _unit(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Normal and offset, divided by the length of the normal."""
        normal = self._on(x, "normal")
        peak = largest(normal, self.dim)
        if not ((peak > 0) & peak.isfinite()).all():
            self._refuse(f" in {x.dtype}")
        normal = normal / peak  # whose length cannot overflow
        norm = length(normal, self.dim)
        return normal / norm, self.offset / peak / norm

    def _refuse(self, where: str = "") -> NoReturn:
        raise ValueError(
            f"{type(self).__name__}: normal must be finite and not zero"
            f"{where}, got {self.normal!r}"
        )

    def _size(self, x: Tensor) -> Tensor:
        normal, offset = self._unit(x)
        summed = _sum((normal * x).abs(), self.dim) + offset.abs()
        return x.abs() + normal.abs() * summed


@dataclass(frozen=True, eq=False)
class Hyperplane(HalfSpace):
    r"""The points on a plane, that of a `HalfSpace`.

    .. math:: P(x) = x - \frac{\langle a, x \rangle - b}
        {\lVert a \rVert^2} a

    for the points with :math:`\langle a, x \rangle = b`. Arguments and errors
    are as there.
    """

    def _way(self, beyond: Tensor) -> Tensor:
        return beyond


def _sum(x: Tensor, dim: Dim) -> Tensor:
    """The sum over each point, with its dimensions kept."""
    return x.sum(() if dim is None else dim, keepdim=True)
