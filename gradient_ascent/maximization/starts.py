"""Where runs start: one where it is told, the others drawn."""

from collections.abc import Sequence

import torch
from torch import Tensor

from gradient_ascent.arguments import check_whole
from gradient_ascent.constraints import Box
from gradient_ascent.maximization.flat import flatten, parted
from gradient_ascent.maximization.moving import MovingTensors

_DIMENSIONS = torch.quasirandom.SobolEngine.MAXDIM


def check_starts(restarts: int, cover: Box | None, draws: int | None) -> None:
    """Raise an error of `maximize` unless so many starts can be drawn so."""
    check_whole("maximize", "restarts", restarts, least=1)
    if draws is not None:
        check_whole("maximize", "draws", draws, least=restarts - 1)
    if not isinstance(cover, Box | None):
        raise TypeError(f"maximize: cover must be a Box or None, got {cover!r}")
    if restarts == 1 and (cover is not None or draws is not None):
        raise ValueError(
            "maximize: restarts must be 2 or more with cover or draws, got 1"
        )


def scatter(
    tensors: Sequence[Tensor],
    count: int,
    spread: float,
    cover: Box | None,
    generator: torch.Generator,
) -> list[Tensor]:
    """Stack the given point and `count` others.

    They are normal draws around it; or those of a scrambled Sobol sequence,
    which cover a box evenly.
    """
    if cover is not None:
        others = _cover(tensors, count, cover, generator)
    else:
        others = [
            x + spread * normal(x.expand(count, *x.shape), generator)
            for x in tensors
        ]
    return [torch.stack([x, *y]) for x, y in zip(tensors, others, strict=True)]


def normal(like: Tensor, generator: torch.Generator) -> Tensor:
    """Standard normal numbers; drawn on the CPU, so alike on every device."""
    draw = torch.randn(
        like.shape, dtype=like.dtype, generator=generator, device="cpu"
    )
    return draw.to(like.device)


def highest(moving: MovingTensors, count: int) -> list[Tensor]:
    """The first row of each tensor, and of the others those where f is highest.

    Args:
        moving: the rows.
        count: how many of them.
    """
    values = moving.heights().nan_to_num(nan=-torch.inf)
    values[0] = torch.inf
    best = values.argsort(descending=True, stable=True)[:count]
    return [x[best.to(x.device)] for x in moving.rows]


def _cover(
    tensors: Sequence[Tensor],
    count: int,
    box: Box,
    generator: torch.Generator,
) -> list[Tensor]:
    """Points of a scrambled Sobol sequence, spread over the box."""
    dimension = len(flatten(tensors))
    if any(x.is_complex() for x in tensors):
        raise ValueError(
            "maximize: x0 must be real with cover, got complex numbers; leave "
            "cover out for normal draws"
        )
    if not 1 <= dimension <= _DIMENSIONS:
        raise ValueError(
            f"maximize: cover takes {_DIMENSIONS} real numbers in x0 at most, "
            f"and one at least, got {dimension}; leave it out for normal draws"
        )
    try:
        bounds = [box.bounds(x) for x in tensors]
    except ValueError as error:
        raise ValueError(f"maximize: cover does not fit x0: {error}") from None
    if not all(end.isfinite().all() for ends in bounds for end in ends):
        raise ValueError(
            f"maximize: cover must have finite bounds, got {box!r}"
        )
    seed = int(torch.randint(2**31, (), generator=generator, device="cpu"))
    engine = torch.quasirandom.SobolEngine(  # type: ignore[no-untyped-call]
        dimension, scramble=True, seed=seed
    )
    parts = parted(engine.draw(count, dtype=torch.float64), tensors)
    return [
        lower * (1 - part.to(x)) + upper * part.to(x)  # no sum overflows
        for x, part, (lower, upper) in zip(tensors, parts, bounds, strict=True)
    ]
