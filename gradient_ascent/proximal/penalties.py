"""What a penalty is here: a cost whose proximal map has a formula."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor

from gradient_ascent.arguments import NonNegative, Positive, check
from gradient_ascent.constraints import Constraint, Constraints
from gradient_ascent.constraints.intersection import as_one
from gradient_ascent.optim.steepest import Dim, length


class Penalty(ABC):
    r"""A cost h of a point, known by its proximal map.

    .. math:: \operatorname{prox}_{\eta h}(x) = \arg\min_z \;
        h(z) + \frac{1}{2\eta} \lVert z - x \rVert^2

    The nearer z must stay to x, the smaller the learning rate η.

    Source: Moreau (1965); Parikh and Boyd (2014).
    """

    def __call__(self, x: Tensor) -> Tensor:
        """The cost h(x), a tensor of one number.

        Raises:
            TypeError, ValueError: as `proximal`.
        """
        self._check(x)
        return self._cost(x)

    def proximal(self, x: Tensor, lr: Positive) -> Tensor:
        """The point that best trades its cost against its distance from `x`.

        Args:
            x: a real floating-point tensor of any shape.
            lr: η, the learning rate of the step that led to `x`.

        Returns:
            A new tensor of the shape, dtype and device of `x`.

        Raises:
            TypeError: `x` is no real floating-point tensor, or `lr` no number.
            ValueError: an `lr` that is not above zero, or a `dim` that `x`
                lacks.
        """
        check(Penalty.proximal, {"lr": lr})
        self._check(x)
        return self._proximal(x, lr)

    def _check(self, x: Tensor) -> None:
        owner = type(self).__name__
        if not isinstance(x, Tensor) or not x.is_floating_point():
            kind = x.dtype if isinstance(x, Tensor) else type(x).__name__
            takes = "x must be a real floating-point tensor"
            raise TypeError(f"{owner}: {takes}, got {kind}")

    @abstractmethod
    def _cost(self, x: Tensor) -> Tensor:
        """The cost of a tensor that has been checked."""

    @abstractmethod
    def _proximal(self, x: Tensor, lr: float) -> Tensor:
        """The proximal map of a tensor that has been checked."""


@dataclass(frozen=True)
class L1(Penalty):
    r"""The sum of the coordinates' sizes; its map is the soft threshold.

    .. math:: h(x) = \lambda \sum_i |x_i|, \qquad
        \operatorname{prox}_{\eta h}(x)_i =
        \operatorname{sign}(x_i) \max(|x_i| - \eta\lambda, 0)

    A coordinate of a size of at most ηλ becomes exactly zero.

    Args:
        weight: λ ≥ 0, in units of f per parameter unit.

    Raises:
        TypeError, ValueError: a weight that is no number of at least zero.

    Source: Donoho (1995), for the map; Tibshirani (1996), for the penalty.
    """

    weight: NonNegative

    def __post_init__(self) -> None:
        check(L1.__init__, {"weight": self.weight})

    def _cost(self, x: Tensor) -> Tensor:
        return self.weight * x.abs().sum()

    def _proximal(self, x: Tensor, lr: float) -> Tensor:
        threshold = lr * self.weight
        return x - x.clamp(-threshold, threshold)


@dataclass(frozen=True)
class GroupL1(Penalty):
    r"""The sum of the lengths of vectors, which makes whole vectors zero.

    .. math:: h(x) = \lambda \sum_j \lVert x_j \rVert_2, \qquad
        \operatorname{prox}_{\eta h}(x)_j =
        \max\!\left(1 - \frac{\eta\lambda}{\lVert x_j \rVert_2}, 0\right) x_j

    Args:
        weight: λ ≥ 0, in units of f per parameter unit.
        dim: the dimensions that one vector fills; the others count vectors.

    Raises:
        TypeError, ValueError: a weight that is no number of at least zero.

    Source: Yuan and Lin (2006).
    """

    weight: NonNegative
    dim: Dim = -1

    def __post_init__(self) -> None:
        check(GroupL1.__init__, {"weight": self.weight})

    def _check(self, x: Tensor) -> None:
        super()._check(x)
        dim = (self.dim,) if isinstance(self.dim, int) else self.dim or ()
        if not all(-x.ndim <= each < x.ndim for each in dim):
            raise ValueError(
                f"GroupL1: dim must be among those of x, got {self.dim!r} for "
                f"shape {tuple(x.shape)}"
            )

    def _cost(self, x: Tensor) -> Tensor:
        norms: Tensor = torch.linalg.vector_norm(x, dim=self.dim)
        return self.weight * norms.sum()

    def _proximal(self, x: Tensor, lr: float) -> Tensor:
        norms = length(x, self.dim)
        share = lr * self.weight / torch.where(norms > 0, norms, 1)
        return (1 - share).clamp(min=0) * x


@dataclass(frozen=True)
class SquaredL2(Penalty):
    r"""Half the squared length, which shrinks and never makes zero.

    .. math:: h(x) = \frac{\lambda}{2} \lVert x \rVert_2^2, \qquad
        \operatorname{prox}_{\eta h}(x) = \frac{x}{1 + \eta\lambda}

    Args:
        weight: λ ≥ 0, in units of f per squared parameter unit.

    Raises:
        TypeError, ValueError: a weight that is no number of at least zero.
    """

    weight: NonNegative

    def __post_init__(self) -> None:
        check(SquaredL2.__init__, {"weight": self.weight})

    def _cost(self, x: Tensor) -> Tensor:
        return self.weight / 2 * x.square().sum()

    def _proximal(self, x: Tensor, lr: float) -> Tensor:
        return x / (1 + lr * self.weight)


@dataclass(frozen=True)
class Within(Penalty):
    r"""No cost within a set, an infinite one outside: a constraint.

    Its proximal map is the projection onto the set, whatever η is.

    Args:
        constraint: one of `constraints`, or several that all hold.

    Raises:
        TypeError: something else.
    """

    constraint: Constraints

    def __post_init__(self) -> None:
        object.__setattr__(self, "constraint", as_one(self.constraint))

    @property
    def _set(self) -> Constraint:
        assert isinstance(self.constraint, Constraint)
        return self.constraint

    def _cost(self, x: Tensor) -> Tensor:
        return x.new_tensor(0.0 if self._set.contains(x) else torch.inf)

    def _proximal(self, x: Tensor, lr: float) -> Tensor:
        return self._set.project(x)


Costs: TypeAlias = Penalty | Constraint | Sequence[Constraint]
"""A penalty, or a constraint, which is one."""


def as_penalty(owner: str, penalty: Any) -> Penalty:
    """A penalty as it is; constraints as the penalty that they are.

    Raises:
        TypeError: the error of `owner`, for anything else.
    """
    if isinstance(penalty, Penalty):
        return penalty
    several = isinstance(penalty, Sequence) and len(penalty) > 0
    for each in penalty if several else [penalty]:
        if not isinstance(each, Constraint):
            takes = "a Penalty, such as L1(0.1), or a Constraint"
            raise TypeError(f"{owner}: penalty must be {takes}, got {each!r}")
    return Within(penalty)
