"""What three looks in a row measure: one step, from both of its ends."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent.optim.climbing import Uphill


@dataclass(frozen=True)
class Check:
    r"""One step Δ from θ to θ', seen from both of its ends.

    Attributes:
        step: the number of the step.
        told: the objectives told at θ and at θ', turned so that larger is
            better; nan where none was told.
        promised: g·Δ, turned so that the optimizer's own way is up.
        found: the same with the gradient at θ'.
        gradient: the largest element of g, in size.
        update: the Euclidean norm of Δ over that of θ'.
        exact: what the told objectives must differ by to be told apart from
            rounding.
    """

    step: int
    told: tuple[float, float]
    promised: float
    found: float
    gradient: float
    update: float
    exact: float

    @property
    def rise(self) -> float:
        """(g + g')·Δ / 2, by how much a quadratic rises along Δ."""
        return (self.promised + self.found) / 2

    @property
    def overshoot(self) -> float:
        """1 - g'·Δ / g·Δ: from 2 on, a step ends below where it began."""
        return 1 - self.found / self.promised if self.promised else math.nan


@dataclass(frozen=True)
class Seen:
    """What one look has read.

    Attributes:
        objective: as it was told; nan where none was.
        gradient: the largest element of the gradient in size; nan if there is
            none.
        finite: whether objective, gradients and parameters are.
        silent: the parameters without a gradient, or with one of zeros only.
        check: what the third of three looks completes.
    """

    objective: float
    gradient: float
    finite: bool
    silent: frozenset[int]
    check: Check | None = None


class Checkup:
    """Takes the three looks: copies θ, then keeps Δ, then needs neither."""

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self._start: dict[int, Tensor] = {}
        self._move: dict[int, Tensor] = {}
        self._half: Check | None = None

    def parameters(self) -> Iterator[tuple[Tensor, int]]:
        """The parameters, each with 1 if it climbs, and -1 if it descends."""
        turned = isinstance(self.optimizer, Uphill)
        for group in self.optimizer.param_groups:
            way = 1 if turned or group.get("maximize") else -1
            yield from ((p, way) for p in group["params"])

    @torch.no_grad()
    def first(self, objective: float) -> Seen:
        """Copy θ, from where the next step sets out."""
        self._start = {id(p): p.detach().clone() for p, _ in self.parameters()}
        return self._read(objective, [])

    @torch.no_grad()
    def second(self, step: int, objective: float, better: int) -> Seen:
        """Measure the step; `better` is 1 if the objective is to grow."""
        own = [(p, d) for p, d in self.parameters() if id(p) in self._start]
        self._move = {id(p): p.detach() - self._start[id(p)] for p, _ in own}
        self._start = {}
        moves = list(self._move.values())
        numbers = _norms(moves), _norms([p.detach() for p, _ in own])
        self._half = Check(
            step, (better * objective, math.nan), self._dot(), math.nan,
            0.0, _ratio(*numbers), _rounding(own) * abs(objective),
        )  # fmt: skip
        seen = self._read(objective, moves)
        self._half = replace(self._half, gradient=seen.gradient)
        return seen

    @torch.no_grad()
    def third(self, objective: float, better: int) -> Seen:
        """Look back along the step from where it has led."""
        found = self._dot()
        self._move = {}
        seen = self._read(objective, [])
        if self._half is None:
            return seen
        told = self._half.told[0], better * objective
        return replace(seen, check=replace(self._half, told=told, found=found))

    def _dot(self) -> float:
        """The gradient times the step, uphill by the optimizer's own way."""
        if isinstance(self.optimizer, torch.optim.LBFGS):
            return math.nan  # of its many iterations it leaves the last slope
        numbers = _numbers([
            d * (_double(p.grad).conj() * _double(self._move[id(p)])).real.sum()
            for p, d in self.parameters()
            if p.grad is not None and id(p) in self._move
        ])  # fmt: skip
        finite = all(map(math.isfinite, numbers))
        return math.fsum(numbers) if finite else math.nan

    def _read(self, objective: float, moves: Sequence[Tensor]) -> Seen:
        own = [p for p, _ in self.parameters()]
        slopes = {id(p): p.grad for p in own if p.grad is not None}
        sizes = dict(zip(slopes, _largest(list(slopes.values()))))
        finite = all(map(math.isfinite, [*sizes.values(), *_largest(moves)]))
        known = not math.isinf(objective)
        silent = frozenset(id(p) for p in own if not sizes.get(id(p), 0.0))
        return Seen(
            objective,
            max(sizes.values(), default=math.nan),
            finite and known,
            silent,
        )


def _double(x: Tensor) -> Tensor:
    """In full, in double precision."""
    dense = x if x.layout == torch.strided else x.to_dense()
    return dense.to(torch.complex128 if x.is_complex() else torch.float64)


def _numbers(scalars: Sequence[Tensor]) -> list[float]:
    """Scalars from any devices, read at once."""
    if not scalars:
        return []
    at = scalars[0].device
    alike = [x.to(at, torch.float64) for x in scalars]
    read: list[float] = torch.stack(alike).tolist()
    return read


def _largest(tensors: Sequence[Tensor]) -> list[float]:
    """The largest element of each, in size; an inf or a nan comes through."""
    return _numbers([
        _double(x).abs().amax() if x.numel() else torch.zeros(())
        for x in tensors
    ])  # fmt: skip


def _norms(tensors: Sequence[Tensor]) -> float:
    sizes = _numbers([_double(x).abs().norm() for x in tensors])
    return math.hypot(*sizes)


def _ratio(move: float, weight: float) -> float:
    return move / weight if weight else math.inf


def _rounding(own: Sequence[tuple[Tensor, int]]) -> float:
    """A hundred roundings of the coarsest parameter."""
    kinds = {p.dtype for p, _ in own}
    return 100 * max((torch.finfo(kind).eps for kind in kinds), default=0.0)
