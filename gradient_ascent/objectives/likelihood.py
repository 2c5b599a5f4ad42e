"""The logarithm of a likelihood, and what it tells of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.maximization.flat import flatten_parts
from gradient_ascent.maximization.points import read


@dataclass(frozen=True)
class LogLikelihood:
    r"""The log-likelihood of independent samples, an f for `maximize`.

    .. math:: f(\theta) = \sum_i \log p(y_i \mid z_i), \qquad z = z(\theta)

    >>> x, y = torch.tensor([0.0, 1, 2, 3]), torch.tensor([0.0, 1, 0, 1])
    >>> logistic = LogLikelihood(
    ...     lambda z: y * z - torch.nn.functional.softplus(z),
    ...     outputs=lambda theta: theta[0] + theta[1] * x,
    ... )
    >>> round(float(logistic(torch.zeros(2))), 4)  # 4 log(1/2)
    -2.7726

    Args:
        density: from the outputs z to the log-densities of the samples, shape
            (n,); without `outputs` from θ itself.
        outputs: from θ to z, shape (n,) or (n, k): a row for each sample, which
            alone decides its density.
    """

    density: Callable[[Any], Tensor]
    outputs: Callable[[Any], Tensor] | None = None

    def __post_init__(self) -> None:
        for name in ("density", "outputs"):
            given = getattr(self, name)
            if not callable(given) and (given is not None or name == "density"):
                raise TypeError(
                    f"LogLikelihood: {name} must be a function, got {given!r}"
                )

    def __call__(self, theta: Any) -> Tensor:
        """The sum over all samples."""
        return self.each(theta).sum()

    def each(self, theta: Any) -> Tensor:
        """The log-density of each sample, shape (n,).

        Raises:
            TypeError: `density` returns something else.
        """
        found = self.density(self.outputs(theta) if self.outputs else theta)
        if not isinstance(found, Tensor) or found.dim() != 1:
            got = tuple(found.shape) if isinstance(found, Tensor) else found
            raise TypeError(
                "LogLikelihood: density must return a tensor of shape (n,), "
                f"got {got}"
            )
        return found

    def _outputs(self, theta: Any) -> Tensor:
        """The outputs, without their graph."""
        if self.outputs is None:
            raise ValueError(
                "LogLikelihood.information: outputs must be given, got None"
            )
        found: Any = self.outputs(theta)
        if not isinstance(found, Tensor) or found.dim() not in (1, 2):
            got: object = type(found).__name__
            if isinstance(found, Tensor):
                got = tuple(found.shape)
            raise TypeError(
                "LogLikelihood: outputs must return a tensor of shape (n,) or "
                f"(n, k), got {got}"
            )
        return found.detach()

    def scores(self, theta: Any) -> Tensor:
        """The gradient of each log-density, shape (n, numbers in θ)."""
        return _jacobian(self.each, theta)

    def information(self, theta: Any) -> Tensor:
        r"""The Fisher information, shape (numbers in θ, numbers in θ).

        .. math:: \sum_i J_i^\top \Bigl(-\frac{\partial^2 \log p(y_i \mid z_i)}
            {\partial z_i^2}\Bigr) J_i, \qquad J_i = \frac{\partial z_i}
            {\partial \theta}

        It is that if the outputs are the natural parameters of an exponential
        family, as the logit of a probability, or the logarithm of a Poisson
        mean: then the factor in the middle does not depend on y. With other
        outputs it is the generalized Gauss-Newton matrix.

        Raises:
            TypeError: they have another layout than a row for each sample.
            ValueError: there are no `outputs`.

        Source: Martens (2020), section 9.2.
        """
        found = self._outputs(theta)
        z = found.reshape(len(found), -1).requires_grad_()
        with torch.enable_grad():
            each = self.density(z.reshape(found.shape))
            if not isinstance(each, Tensor) or each.shape != found.shape[:1]:
                made = each.shape if isinstance(each, Tensor) else each
                got = tuple(made) if isinstance(made, torch.Size) else made
                raise TypeError(
                    "LogLikelihood: outputs must have a row for each sample, "
                    f"shape (n,) or (n, k); got {tuple(found.shape)}, of which "
                    f"density makes {got}"
                )
            rows = [_slope(g.sum(), z) for g in _slope(each.sum(), z).T]
        bend = -torch.stack(rows, dim=1).detach()
        jacobian = _jacobian(self.outputs or self.density, theta)
        columns = jacobian.reshape(*z.shape, -1)
        return torch.einsum("nka,nkl,nlb->ab", columns, bend, columns)


def _slope(value: Tensor, z: Tensor) -> Tensor:
    """The gradient; zero where the value does not depend on z."""
    if not value.requires_grad:
        return torch.zeros_like(z)
    (slope,) = torch.autograd.grad(
        value, z, create_graph=True, materialize_grads=True
    )
    return slope


def _jacobian(function: Callable[[Any], Tensor], theta: Any) -> Tensor:
    """Of a function of a point in any form: a column for each number in it.

    Column by column: the gradient that weights u of the outputs make is linear
    in u, and its derivative by u is the Jacobian's transpose.
    """
    form, tensors = read(theta)
    if form.module:
        takes = "tensors, or a list or dict of them"
        raise TypeError(f"LogLikelihood: theta must be {takes}, got a module")
    leaves = [x.requires_grad_() for x in tensors]
    with torch.enable_grad():
        outputs = function(form.build(leaves)).flatten()
        u = torch.zeros_like(outputs, requires_grad=True)
        slope = flatten_parts(
            leaves,
            torch.autograd.grad(
                outputs, leaves, u, create_graph=True, allow_unused=True
            ),
        )
        columns = [
            torch.autograd.grad(g, u, retain_graph=True)[0] for g in slope
        ]
    return torch.stack(columns, dim=1)
