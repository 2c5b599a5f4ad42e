"""What a maximized log-likelihood tells of its parameters' errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from gradient_ascent.maximization.curvature import unit_diagonal
from gradient_ascent.maximization.flat import fill, flatten_parts
from gradient_ascent.maximization.points import read

Information = Literal["observed", "expected", "sandwich"]


def covariance(
    f: Any, x: Any, hessian: Tensor, kind: Information, rounding: float
) -> Tensor:
    """The covariance of the estimate, by the information at x.

    Args:
        f: the log-likelihood.
        x: the estimate.
        hessian: H.
        kind: which information.
        rounding: of H, in units that make its diagonal one.

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
        return _inverse(f.information(x), "the information", rounding)
    inverse = _inverse(-hessian, "the information, -H,", rounding)
    if kind == "observed":
        return inverse
    scores = f.scores(x).to(inverse)
    sandwich: Tensor = inverse @ (scores.T @ scores) @ inverse
    return sandwich


def _inverse(information: Tensor, name: str, rounding: float) -> Tensor:
    """The inverse, in units that make the diagonal one.

    Raises:
        ValueError: it is not positive definite, as far as rounding tells.
    """
    matrix = information.to("cpu", torch.float64)
    unit = unit_diagonal(matrix)
    values, vectors = torch.linalg.eigh(unit[:, None] * matrix * unit)
    way = _way(unit * vectors[:, 0])
    if values[0] < -rounding:
        raise ValueError(
            f"standard_errors: {name} must be positive definite, as at a "
            f"maximum it is; it is negative along {way}"
        )
    if values[0] < rounding:
        raise ValueError(
            f"standard_errors: {name} is singular: the data do not tell where "
            f"x lies along {way}"
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

    By the delta method, with the Jacobian J of the function at x, which says
    nothing where it vanishes:

    .. math:: \operatorname{cov}(h(\theta)) \approx J \operatorname{cov}
        (\theta) J^\top
    """
    form, leaves = read(x)
    if transform is None:
        errors = [torch.empty_like(t) for t in leaves]
        fill(errors, covariance.diagonal().sqrt())
        here = [t.detach().clone() for t in leaves]
        return form.build_gradient(here), form.build_gradient(errors)
    with torch.enable_grad():  # a module's own parameters are its leaves
        value = _transformed(
            transform, form.build([t.requires_grad_() for t in leaves])
        )
        rows = [
            flatten_parts(leaves, _slopes(part, leaves))
            for part in value.flatten()
        ]
    if not rows:
        return value.detach(), value.detach()
    jacobian = torch.stack(rows).to(covariance)
    variances = ((jacobian @ covariance) * jacobian).sum(1)
    return value.detach(), variances.sqrt().reshape(value.shape).to(value.dtype)


def _transformed(transform: Callable[[Any], Tensor], x: Any) -> Tensor:
    """What `transform` makes of x, several numbers in a list as one tensor."""
    if not callable(transform):
        raise TypeError(
            "standard_errors: transform must be a function of x or None, got "
            f"{transform!r}"
        )
    found: Any = transform(x)
    if isinstance(found, list | tuple) and found:
        parts = [p for p in found if isinstance(p, Tensor) and p.dim() == 0]
        found = torch.stack(parts) if len(parts) == len(found) else found
    if not isinstance(found, Tensor) or not found.is_floating_point():
        got = found.dtype if isinstance(found, Tensor) else repr(found)
        raise TypeError(
            "standard_errors: transform must return a tensor of real numbers, "
            f"or a list of such numbers, computed from x by torch; got {got}"
        )
    return found


def _slopes(part: Tensor, leaves: Sequence[Tensor]) -> Sequence[Tensor | None]:
    if not part.requires_grad:  # a constant
        return [None] * len(leaves)
    return torch.autograd.grad(
        part, leaves, retain_graph=True, allow_unused=True
    )


def quantile(level: float) -> float:
    """Between minus and plus this a standard normal number is with `level`."""
    return NormalDist().inv_cdf((1 + level) / 2)
