"""Two players choose a row and a column; matrices say what each is paid."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class MatrixGame:
    r"""What two players are paid on average who choose at random.

    .. math:: u_1(x, y) = x^\top A y, \qquad u_2(x, y) = x^\top B y

    where x has the probability of each row and y that of each column.

    >>> pennies = MatrixGame(torch.tensor([[1.0, -1.0], [-1.0, 1.0]]))
    >>> heads, half = torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5])
    >>> float(pennies.exploitability(half, half))
    0.0
    >>> float(pennies.exploitability(heads, half))  # the second shows tails
    1.0

    Args:
        rows: A, what the player of the rows is paid, shape (m, n), or
            (..., m, n) for many games.
        columns: B, what the other is paid, of the same shape; -A by default,
            so that one's gain is the other's loss.

    Raises:
        TypeError: a payoff that is no tensor of real numbers.
        ValueError: a payoff that is not of that shape, or not finite.

    Source: von Neumann (1928); Nash (1951).
    """

    rows: Tensor
    columns: Tensor | None = None

    def __post_init__(self) -> None:
        _check("rows", self.rows)
        if self.columns is None:
            object.__setattr__(self, "columns", -self.rows)
        else:
            _check("columns", self.columns)
            if self.columns.shape != self.rows.shape:
                raise ValueError(
                    "MatrixGame: columns must have the shape of rows, "
                    f"{tuple(self.rows.shape)}, got "
                    f"{tuple(self.columns.shape)}"
                )

    def payoffs(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """What each is paid, shape (...).

        Args:
            x: a number for each row, shape (..., m).
            y: a number for each column, shape (..., n).

        Raises:
            ValueError: another number of them.
        """
        for name, point, size in zip("xy", (x, y), self.rows.shape[-2:]):
            if point.shape[-1:] != (size,):
                raise ValueError(
                    f"MatrixGame: {name} must have the shape (..., {size}), "
                    f"got {tuple(point.shape)}"
                )
        assert self.columns is not None
        first, second = (
            torch.einsum("...m,...mn,...n->...", x, payoff, y)
            for payoff in (self.rows, self.columns)
        )
        return first, second

    def exploitability(self, x: Tensor, y: Tensor) -> Tensor:
        r"""What both could gain if each alone chose anew, shape (...).

        .. math:: \max_i (A y)_i - x^\top A y + \max_j (B^\top x)_j - x^\top B y

        At probabilities it is at least zero, and zero at a Nash equilibrium
        alone. In a zero-sum game it is the duality gap.

        Raises:
            ValueError: x or y are no probabilities, or not as many as there
                are rows and columns.
        """
        first, second = self.payoffs(x, y)
        for name, point in (("x", x), ("y", y)):
            slack = 16 * point.shape[-1] * torch.finfo(point.dtype).eps
            away = (point.sum(-1) - 1).abs().amax()
            if not (point.amin() >= -slack and away <= slack):
                raise ValueError(
                    f"MatrixGame: {name} must be probabilities, at least 0 and "
                    f"with the sum 1, got {point}"
                )
        assert self.columns is not None
        of_rows = torch.einsum("...mn,...n->...m", self.rows, y)
        of_columns = torch.einsum("...m,...mn->...n", x, self.columns)
        return of_rows.amax(-1) - first + of_columns.amax(-1) - second


def _check(name: str, payoff: object) -> None:
    if not isinstance(payoff, Tensor) or not payoff.is_floating_point():
        raise TypeError(
            f"MatrixGame: {name} must be a tensor of real numbers, got "
            f"{payoff!r}"
        )
    if payoff.dim() < 2 or not payoff.numel():
        raise ValueError(
            f"MatrixGame: {name} must have the shape (..., m, n), got "
            f"{tuple(payoff.shape)}"
        )
    if not payoff.isfinite().all():
        raise ValueError(f"MatrixGame: {name} must be finite, got {payoff}")
