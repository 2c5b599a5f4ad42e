"""The largest and the smallest curvature of an objective at a point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from gradient_ascent.arguments import check_whole
from gradient_ascent.maximization.curvature import lanczos, normal_vector


def curvature_ends(
    objective: Callable[[], Tensor],
    params: Sequence[Tensor],
    directions: int = 30,
    seed: int = 0,
) -> tuple[float, float]:
    r"""The most negative and the most positive eigenvalue of the Hessian.

    The Hessian is never formed: its product with a vector v is the gradient of
    :math:`\nabla f \cdot v`. Lanczos' method makes `directions` directions of
    such products, and takes the eigenvalues among them. They are not outside
    the true ones, and the ends come near first.

    Args:
        objective: computes f from the parameters, always the same.
        params: the parameters, real, which require gradients.
        directions: products with the Hessian; as many as there are numbers, at
            most. As many copies of all parameters are kept, in float64.
        seed: of the first direction.

    Returns:
        The two, in units of f over squared units of the parameters. To climb
        with the learning rate η, plain steps need η times minus the first
        below 2; to descend, η times the second.

    Raises:
        TypeError: `directions` is no int.
        ValueError: it is below 1, or there are no parameters.

    Source: Pearlmutter (1994) for the product; Golub, Van Loan (2013), section
        10.1.

    >>> import torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> low, high = curvature_ends(lambda: x[0] ** 2 - 3 * x[1] ** 2, [x])
    >>> round(low, 4), round(high, 4)
    (-6.0, 2.0)
    """
    check_whole("curvature_ends", "directions", directions, least=1)
    sizes = [p.numel() for p in params]
    if not sum(sizes):
        raise ValueError("curvature_ends: params must hold a number, got none")
    with torch.enable_grad():
        slopes = torch.autograd.grad(
            objective(), params, create_graph=True, materialize_grads=True
        )

    def times(way: Tensor) -> Tensor:
        ways = [
            v.view_as(p).to(p) for v, p in zip(torch.split(way, sizes), params)
        ]
        if not any(slope.requires_grad for slope in slopes):
            return torch.zeros_like(way)
        images = torch.autograd.grad(
            slopes, params, ways, retain_graph=True, materialize_grads=True
        )
        return torch.cat([x.detach().flatten() for x in images]).to(way)

    generator = torch.Generator().manual_seed(seed)

    def draw() -> Tensor:
        return normal_vector(sum(sizes), generator)

    rows, images = lanczos(times, draw(), draw, min(directions, sum(sizes)))
    matrix = images @ rows.T
    found = torch.linalg.eigvalsh(matrix / 2 + matrix.T / 2)
    return float(found[0]), float(found[-1])
