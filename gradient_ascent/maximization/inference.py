"""What a maximized log-likelihood tells of its parameters' errors."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import unit_diagonal
from gradient_ascent.maximization.flat import fill, flatten
from gradient_ascent.maximization.points import read

Information = Literal["observed", "expected", "sandwich"]


def covariance(f: Any, x: Any, hessian: Tensor, kind: Information) -> Tensor:
    """The covariance of the estimate, by the information at x.

    Raises:
        ValueError: an unknown kind, or one for which `f` lacks a method; x is
            no maximum, or the information is singular.
    """
    if kind not in get_args(Information):
        raise ValueError(
            f"standard_errors: kind must be one of "
            f"{', '.join(get_args(Information))}; got {kind!r}"
        )
    needs = {"expected": "information", "sandwich": "scores"}.get(kind)
    if needs and not hasattr(f, needs):
        raise ValueError(
            f"standard_errors: {kind!r} needs an f that has `{needs}`, as a "
            f"LogLikelihood does, got {f!r}"
        )
    if kind == "expected":
        return _inverse(f.information(x))
    inverse = _inverse(-hessian)
    if kind == "observed":
        return inverse
    scores = f.scores(x).to(inverse)
    sandwich: Tensor = inverse @ (scores.T @ scores) @ inverse
    return sandwich


def _inverse(information: Tensor) -> Tensor:
    """The inverse, in units that make the diagonal one.

    Raises:
        ValueError: it is not positive definite, as far as rounding tells.
    """
    matrix = information.to("cpu", torch.float64)
    unit = unit_diagonal(matrix)
    values, vectors = torch.linalg.eigh(unit[:, None] * matrix * unit)
    least = torch.finfo(information.dtype).eps ** (2 / 3)
    if values[0] < -least:
        raise ValueError(
            "standard_errors: x is no maximum: f curves up along "
            f"{_way(unit * vectors[:, 0])}"
        )
    if values[0] < least:
        raise ValueError(
            "standard_errors: the information is singular: the data do not "
            f"tell where x lies along {_way(unit * vectors[:, 0])}"
        )
    inverse: Tensor = (vectors / values) @ vectors.T
    return unit[:, None] * inverse * unit


def _way(direction: Tensor) -> str:
    """A direction, by its largest numbers."""
    way = direction / direction.abs().max()
    first = way.abs().argsort(descending=True, stable=True)[:3]
    terms = [
        f"{float(way[i]):+.2g} x[{int(i)}]"
        for i in first
        if way[i].abs() > 0.01
    ]
    return " ".join(terms) + (" ..." if len(way) > 3 else "")


def delta(
    covariance: Tensor, x: Any, transform: Callable[[Any], Tensor] | None
) -> tuple[Any, Any]:
    r"""What x, or a function of it, is, and its standard errors.

    By the delta method, with the Jacobian J of the function at x:

    .. math:: \operatorname{cov}(h(\theta)) \approx J \operatorname{cov}
        (\theta) J^\top
    """
    form, tensors = read(x)
    if transform is None:
        errors = [torch.empty_like(t) for t in tensors]
        fill(errors, covariance.diagonal().sqrt())
        return x, form.build(errors)
    leaves = [t.clone().requires_grad_() for t in tensors]
    with torch.enable_grad():
        value = torch.as_tensor(transform(form.build(leaves)))
        rows = [
            flatten(
                torch.autograd.grad(
                    part, leaves, retain_graph=True, materialize_grads=True
                )
            )
            for part in value.flatten()
        ]
    jacobian = torch.stack(rows).to(covariance)
    variances = ((jacobian @ covariance) * jacobian).sum(1)
    return value.detach(), variances.sqrt().reshape(value.shape).to(value.dtype)


def quantile(level: float) -> float:
    """Between minus and plus this a standard normal number is with `level`."""
    return NormalDist().inv_cdf((1 + level) / 2)
