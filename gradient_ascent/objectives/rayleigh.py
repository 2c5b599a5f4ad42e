"""The Rayleigh quotient, whose stationary points are eigenvectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from gradient_ascent.arguments import check_whole


class Eigenpairs(NamedTuple):
    """Eigenvalues and eigenvectors, or what comes near.

    Attributes:
        values: the numbers λ, the largest first, shape (k,).
        vectors: unit vectors v, as columns, shape (n, k).
        residuals: the lengths of A v - λ v, shape (k,). As near to each number
            there is an eigenvalue.
    """

    values: Tensor
    vectors: Tensor
    residuals: Tensor


@dataclass(frozen=True, eq=False)
class Rayleigh:
    r"""The quadratic form of a symmetric matrix, an f for `maximize`.

    .. math:: f(X) = \sum_{j=1}^{k} w_j \, x_j^\top A \, x_j

    of the columns of X, or :math:`x^\top A x` of a vector. On the `Sphere` it
    is the Rayleigh quotient, and highest at an eigenvector of the largest
    eigenvalue. Among `Orthonormal` columns it is highest where they span the
    eigenvectors of the k largest; with unlike positive weights, the largest
    first, where they are these, each its own.

    >>> A = torch.tensor([[2.0, 1.0], [1.0, 2.0]])
    >>> round(float(Rayleigh(A)(torch.tensor([1.0, 1.0]) / 2**0.5)), 4)
    3.0

    Args:
        matrix: A, shape (n, n), real and symmetric: a tensor, dense or sparse;
            or a function from x to A x, linear and symmetric, which is taken at
            its word.
        weights: w, k finite numbers; by default all 1.

    Raises:
        TypeError: a matrix that is neither, or of whole numbers.
        ValueError: one that is complex, not square, not finite or not
            symmetric; or weights that are not finite.

    Source: Golub and Van Loan (2013), section 8.1; with weights, Brockett
        (1991).
    """

    matrix: Tensor | Callable[[Tensor], Tensor]
    weights: Sequence[float] | Tensor | None = None

    def __post_init__(self) -> None:
        if isinstance(self.matrix, Tensor):
            _check_matrix(self.matrix)
        elif not callable(self.matrix):
            raise TypeError(
                "Rayleigh: matrix must be a tensor or a function from x to "
                f"A x, got {type(self.matrix).__name__}"
            )
        if self.weights is not None:
            weights = torch.as_tensor(self.weights, dtype=torch.float64)
            if weights.ndim != 1 or not weights.isfinite().all():
                raise ValueError(
                    "Rayleigh: weights must be finite numbers, one for each "
                    f"column, got {self.weights!r}"
                )
            object.__setattr__(self, "weights", weights.detach().clone())

    def __call__(self, x: Tensor) -> Tensor:
        """The weighted sum over the columns.

        Raises:
            ValueError: x is not of shape (n,) or (n, k).
        """
        each = (x * self.times(x)).sum(0)
        if self.weights is None:
            return each.sum()
        weights = torch.as_tensor(self.weights).to(x)
        if each.numel() != len(weights):
            raise ValueError(
                f"Rayleigh: x must have a column for each of the "
                f"{len(weights)} weights, got shape {tuple(x.shape)}"
            )
        return (weights * each).sum()

    def times(self, x: Tensor) -> Tensor:
        """A x, of the shape of x.

        Raises:
            ValueError: x is not of shape (n,) or (n, k).
        """
        if not isinstance(self.matrix, Tensor):
            return self.matrix(x)
        n = len(self.matrix)
        if x.ndim not in (1, 2) or len(x) != n:
            raise ValueError(
                f"Rayleigh: x must have shape ({n},) or ({n}, k), got "
                f"{tuple(x.shape)}"
            )
        return self.matrix @ x

    def eigenpairs(self, x: Tensor) -> Eigenpairs:
        r"""What is best within the span of columns: Rayleigh and Ritz.

        With an orthonormal basis Q of that span, the eigenvalues of :math:`Q^
        \top A Q`, and Q times its eigenvectors. If the span holds k
        eigenvectors, they are found, whatever basis x is; of an eigenvalue that
        occurs several times, some.

        Args:
            x: a vector, shape (n,), or k independent columns, shape (n, k).
        """
        with torch.no_grad():
            q, _ = torch.linalg.qr(x.reshape(len(x), -1))
            image = self.times(q)
            inner = q.mT @ image
            values, turn = torch.linalg.eigh((inner + inner.mT) / 2)
            values, turn = values.flip(0), turn.flip(1)
            off = image @ turn - q @ turn * values
            return Eigenpairs(
                values, q @ turn, torch.linalg.vector_norm(off, dim=0)
            )


def growth(values: Sequence[float], lr: float, k: int = 1) -> float:
    r"""By what a step of projected ascent multiplies the error, at last.

    .. math:: \frac{\max_{i > k} |1 + 2 \eta \lambda_i|}
        {\min_{i \le k} |1 + 2 \eta \lambda_i|}

    It is the tangent of the angle between the k columns and the eigenvectors of
    the k largest eigenvalues that is multiplied so; above 1 the run ends
    elsewhere.

    Args:
        values: all eigenvalues, in any order.
        lr: η, the learning rate; infinite for the power method.
        k: how many are sought, fewer than there are.

    Raises:
        TypeError, ValueError: k is no whole number, or there are no k + 1.
    """
    check_whole("growth", "k", k, least=1)
    ordered = sorted(map(float, values), reverse=True)
    if k >= len(ordered):
        raise ValueError(
            f"growth: k must be less than the {len(ordered)} values, got {k}"
        )
    endless = lr == float("inf")
    sizes = [abs(x if endless else 1 + 2 * lr * x) for x in ordered]
    least, most = min(sizes[:k]), max(sizes[k:])
    return most / least if least else float("inf")


def _check_matrix(matrix: Tensor) -> None:
    """Raise unless it is a real symmetric matrix, up to rounding."""
    shape = tuple(matrix.shape)
    if matrix.is_complex():
        raise ValueError(
            "Rayleigh: matrix must be real, got a complex one; of a Hermitian "
            "A + iB take [[A, -B], [B, A]], which has its eigenvalues twice"
        )
    if not matrix.is_floating_point():
        raise TypeError(
            f"Rayleigh: matrix must be of floating point, got {matrix.dtype}"
        )
    if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
        raise ValueError(
            f"Rayleigh: matrix must have shape (n, n), got {shape}"
        )
    with torch.no_grad():
        if matrix.layout == torch.strided:
            entries, apart = matrix, matrix - matrix.mT
        else:
            listed = torch.Tensor.to_sparse(matrix, 2).coalesce()
            entries = listed.values()
            apart = (listed - listed.mT).coalesce().values()
    if not entries.isfinite().all():
        raise ValueError("Rayleigh: matrix must be finite, got nan or inf")
    if not entries.numel() or not apart.numel():
        return
    off, size = float(apart.abs().max()), float(entries.abs().max())
    if off > torch.finfo(matrix.dtype).eps ** 0.5 * size:
        raise ValueError(
            "Rayleigh: matrix must be symmetric, got entries that differ by "
            f"{off:.2g} from those across; (A + A.T) / 2 has the same "
            "quadratic form"
        )
