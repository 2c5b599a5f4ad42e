"""Numbers that tell why a run goes wrong."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor

from gradient_ascent.arguments import Positive, checked


def update_ratio(before: Iterable[Tensor], after: Iterable[Tensor]) -> float:
    r"""How far a step goes, in units of where it leads.

    .. math:: \lVert \theta_t - \theta_{t-1} \rVert_2
        \,/\, \lVert \theta_t \rVert_2

    Args:
        before: the parameters before the step, any shapes.
        after: the same, in the same order, after it.

    Returns:
        The ratio; 0 if nothing moved, infinity if all has become zero.

    Raises:
        ValueError: they differ in number or shape.

    >>> import torch
    >>> update_ratio([torch.tensor([3.0, 3.5])], [torch.tensor([3.0, 4.0])])
    0.1
    """
    pairs = [*zip(map(_double, before), map(_double, after), strict=True)]
    for old, new in pairs:
        if old.shape != new.shape:
            raise ValueError(
                "update_ratio: before and after must have the same shapes, got "
                f"{tuple(old.shape)} and {tuple(new.shape)}"
            )
    move = math.hypot(*(float((new - old).norm()) for old, new in pairs))
    size = math.hypot(*(float(new.norm()) for _, new in pairs))
    if not move:
        return 0.0
    return move / size if size else math.inf


@checked
def noise_scale(
    small: Positive, large: Positive, sizes: tuple[float, float]
) -> tuple[float, float]:
    r"""The noise of one datum's gradient and the signal, from two batch sizes.

    A batch of B has :math:`\mathbb{E} \lVert \hat g \rVert^2 =
    \lVert g \rVert^2 + \sigma^2 / B`. Two sizes b < B give two equations:

    .. math::
        \sigma^2 = \frac{\text{small} - \text{large}}{1/b - 1/B}, \qquad
        \lVert g \rVert^2 = \frac{B \, \text{large} - b \, \text{small}}{B - b}

    Their quotient is the noise scale: the batch whose noise is as large as the
    gradient. Both are without bias, their quotient is not: take means over many
    batches first. Either may come out below zero by chance.

    Args:
        small: the mean squared norm of the gradients of batches of b.
        large: that of batches of B.
        sizes: b and B, in data.

    Returns:
        :math:`\sigma^2` and :math:`\lVert g \rVert^2`.

    Raises:
        ValueError: not 0 < b < B.

    Source: McCandlish et al. (2018), appendix A.1.

    >>> noise_scale(small=1 + 8 / 2, large=1 + 8 / 4, sizes=(2, 4))
    (8.0, 1.0)
    """
    b, most = sizes
    if not 0 < b < most:
        raise ValueError(
            f"noise_scale: sizes must be two numbers, 0 < b < B, got {sizes!r}"
        )
    noise = (small - large) / (1 / b - 1 / most)
    return noise, (most * large - b * small) / (most - b)


def _double(x: Tensor) -> Tensor:
    kind = torch.complex128 if x.is_complex() else torch.float64
    return x.detach().to(kind)
