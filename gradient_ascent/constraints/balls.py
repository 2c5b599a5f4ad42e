"""Sets that a norm or a sum bounds: balls, spheres, simplices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, get_args

import torch
from torch import Tensor
from torch.linalg import vector_norm

from gradient_ascent.arguments import Positive, check
from gradient_ascent.constraints.constraint import Constraint
from gradient_ascent.optim.steepest import Dim, check_norm, largest, length

BallNorm: TypeAlias = Literal["l1", "l2", "linf"]


@dataclass(frozen=True, eq=False)
class Ball(Constraint):
    r"""The points no farther from a center than a radius.

    .. math::
        P(x) = \begin{cases}
            c + (x - c) \min(1, r / \lVert x - c \rVert_2) & \text{l2} \\
            c + \operatorname{sign}(x - c) \max(|x - c| - \tau, 0)
                & \text{l1} \\
            \min(\max(x, c - r), c + r) & \text{linf}
        \end{cases}

    where in l1 a point inside stays, and τ is for others what it is for the
    nearest point to the sizes of x - c on the `Simplex` of total r.

    Args:
        radius: r > 0.
        center: c, a number or a tensor that broadcasts to the point; copied.
        norm: what the distance to the center is measured by: "l2" (Euclidean),
            "l1" (the sum of the coordinates' sizes) or "linf" (the largest).
        dim: the dimensions that one point fills; the others count points, each
            with a ball of its own. None: the tensor is one point. With "linf"
            it makes no difference.

    Raises:
        ValueError: a radius that is not above zero, or another norm.

    Source: for l1, Duchi et al. (2008).
    """

    _lengths = ("radius", "center")

    radius: Positive
    center: float | Tensor = 0.0
    norm: BallNorm = "l2"
    dim: Dim = None

    def __post_init__(self) -> None:
        check(Ball.__init__, {"radius": self.radius})
        check_norm("Ball", self.norm, get_args(BallNorm))
        self._keep("center", finite=True)

    def _nearest(self, x: Tensor) -> Tensor:
        bounds = self.bounds(x)
        if bounds is not None:
            return x.clamp(*bounds)
        center, r = self._on(x, "center"), self.radius
        if self.norm == "l1":
            away = x - center
            distance = vector_norm(away, 1, self.dim, keepdim=True)
            edge = _in_a_row(partial(_shrunk, total=r), away, self.dim)
        else:
            distance = length(x - center, self.dim)
            edge = r * _direction(x, center, self.dim)
        # A point inside is returned as it is: center + away would round it.
        return torch.where(distance <= r, x, center + edge)

    def bounds(self, x: Tensor) -> tuple[Tensor, Tensor] | None:
        """Those of an linf ball."""
        if self.norm != "linf":
            return None
        center = self._on(x, "center")
        return center - self.radius, center + self.radius

    def _size(self, x: Tensor) -> Tensor:
        size = _around(x, self._on(x, "center"), self.dim)
        return size.clamp(min=self.radius) if self.norm == "l1" else size


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

    _lengths = ("radius", "center")

    radius: Positive = 1.0
    center: float | Tensor = 0.0
    dim: Dim = None

    def __post_init__(self) -> None:
        check(Sphere.__init__, {"radius": self.radius})
        self._keep("center", finite=True)

    @property
    def convex(self) -> bool:
        """No: the center lies between two of its points."""
        return False

    def _nearest(self, x: Tensor) -> Tensor:
        center = self._on(x, "center")
        return center + self.radius * _direction(x, center, self.dim)

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

    _lengths = ("total",)

    total: Positive = 1.0
    dim: int = -1

    def __post_init__(self) -> None:
        check(Simplex.__init__, {"total": self.total})
        self._keep()

    def _nearest(self, x: Tensor) -> Tensor:
        sunk = partial(_sunk, total=self.total)
        return _in_a_row(sunk, x, self.dim)

    def _size(self, x: Tensor) -> Tensor:
        return largest(x, self.dim).clamp(min=self.total)  # a sum is rounded


def _sunk(x: Tensor, total: float) -> Tensor:
    """The nearest points with coordinates at least 0 that add up to `total`.

    The last dimension holds the coordinates of a point.
    """
    # A common shift changes nothing, and small numbers add up exactly.
    x = x - x.detach().amax(-1, keepdim=True)
    ordered = x.sort(-1, descending=True).values
    k = torch.arange(1, x.shape[-1] + 1, device=x.device)
    tau = ((ordered.cumsum(-1) - total) / k).amax(-1, keepdim=True)
    sunk = (x - tau).clamp(min=0)
    # Of many numbers rounding leaves a little, which a second time removes.
    left = (sunk.sum(-1, keepdim=True) - total) / (sunk > 0).sum(-1, True)
    return torch.where(sunk > 0, (sunk - left).clamp(min=0), sunk)


def _shrunk(x: Tensor, total: float) -> Tensor:
    """The nearest points whose coordinates' sizes add up to `total`."""
    return x.sgn() * _sunk(x.abs(), total)


def _in_a_row(
    nearest: Callable[[Tensor], Tensor], x: Tensor, dim: Dim
) -> Tensor:
    """What works along the last dimension, for points that fill others."""
    dims = tuple(range(x.ndim)) if dim is None else dim
    dims = (dims,) if isinstance(dims, int) else dims
    last = tuple(range(-len(dims), 0))
    moved = x.movedim(dims, last)
    found = nearest(moved.flatten(-len(dims)))
    return found.reshape(moved.shape).movedim(last, dims)


def _direction(x: Tensor, center: Tensor, dim: Dim) -> Tensor:
    """The vectors of length 1 from the center; along (1, ..., 1) if at it."""
    away = x - center
    # Of its length neither the square nor the inverse need be finite.
    peak = largest(away.detach(), dim)
    away = torch.where(peak == 0, 1, away / torch.where(peak == 0, 1, peak))
    return away / length(away, dim)


def _around(x: Tensor, center: Tensor, dim: Dim) -> Tensor:
    """The same of points and their center."""
    return torch.maximum(largest(x, dim), largest(center, dim))
