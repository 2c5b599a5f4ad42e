"""Steps of an optimizer under watch, as `check_direction` takes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import Parameter, signature
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

Maker: TypeAlias = Callable[..., Optimizer]
Objective: TypeAlias = Callable[[Tensor, int], Tensor]

STEPS = 6
_SHAPES = ((3, 4), (2, 2))  # some optimizers move matrices only


def start() -> list[Tensor]:
    """Parameters of both signs, none of them near zero or the top."""
    drawn = [torch.arange(a * b).reshape(a, b) for a, b in _SHAPES]
    return [
        (torch.where(x % 2 == 0, 1.5, -1.5) + 0.1 * x).requires_grad_()
        for x in drawn
    ]


def waves(p: Tensor, t: int) -> Tensor:
    """A concave function that changes from step to step."""
    noise = torch.linspace(1, 2, p.numel()).mul(t + 1).sin().reshape(p.shape)
    return ((4 + noise) * p - (p - 0.5).square() - p.cos()).sum()


def flat(p: Tensor, t: int) -> Tensor:
    """A function whose gradient is zero."""
    return (0 * p).sum()


@dataclass
class Path:
    """Where some steps have led.

    Attributes:
        points: the parameters at the start and after each step.
        slopes: the gradients at the start.
        touched: what a step has done to `p.grad`, in words.
        told: what the closure returned first, and what `step` then did.
    """

    points: list[list[Tensor]]
    slopes: list[Tensor] = field(default_factory=list)
    touched: str = ""
    told: list[tuple[Any, Any]] = field(default_factory=list)

    def parts_from(self, other: Path) -> int:
        """The first step at which two paths differ in a bit; 0 if none does."""
        for step, (mine, theirs) in enumerate(zip(self.points, other.points)):
            if not all(map(_same, mine, theirs)):
                return step
        return 0

    def rises(self, beside: Path | None = None) -> float:
        """Gradient times first step that moved: above 0 uphill; 0 if none.

        Of two paths that draw the same noise, the difference is without it.
        """
        start = self.points[0]
        others = beside.points if beside else [start] * len(self.points)
        for point, other in zip(self.points[1:], others[1:]):
            moves = [now - then for now, then in zip(point, other)]
            if any(move.any() for move in moves):
                return _dot(moves, self.slopes)
        return 0.0


@dataclass(frozen=True)
class Trial:
    """What makes the optimizer, and how it is fed."""

    make: Maker
    sparse: bool

    def optimizer(self, params: Any, maximize: bool) -> Optimizer:
        """Make one."""
        made = self.make(params, maximize=maximize)
        if not isinstance(made, Optimizer):
            raise TypeError(
                "check_direction: make_optimizer must make a "
                f"torch.optim.Optimizer, got {made!r}"
            )
        if any(group.get("differentiable") for group in made.param_groups):
            raise ValueError(
                f"check_direction: this {type(made).__name__} must be made "
                "with differentiable=False, got True: that is for parameters "
                "that autograd made, and it takes the same steps"
            )
        return made

    def path(
        self,
        maximize: bool,
        sign: float = 1.0,
        options: dict[str, Any] | None = None,
        objective: Objective = waves,
    ) -> Path:
        """Take steps on sign times the objective, other options set before."""
        params = start()
        optimizer = self.optimizer(params, maximize)
        for group in optimizer.param_groups:
            group.update(options or {})
        return self.follow(optimizer, params, sign, objective)

    def follow(
        self,
        optimizer: Optimizer,
        params: list[Tensor],
        sign: float | Sequence[float] = 1.0,
        objective: Objective = waves,
    ) -> Path:
        """Take the steps of an optimizer, and note what they do.

        Args:
            optimizer: what steps.
            params: what it moves.
            sign: what each parameter's objective is multiplied by.
            objective: of each parameter.
        """
        path = Path([[p.detach().clone() for p in params]])
        signs = sign if isinstance(sign, Sequence) else [sign] * len(params)
        for t in range(STEPS):
            closure = _Closure(params, objective, t, signs, self.sparse)
            with _seeded(t), self._fed(optimizer):
                if _takes_closure(optimizer):
                    told = optimizer.step(closure)  # type: ignore[arg-type]
                    path.told.append((told, closure.values[0]))
                else:
                    closure()
                    optimizer.step()
            path.slopes = path.slopes or closure.slopes
            path.touched = path.touched or closure.touched()
            path.points.append([p.detach().clone() for p in params])
        return path

    @contextmanager
    def _fed(self, optimizer: Optimizer) -> Iterator[None]:
        """Say which gradients were refused, if that is why a step raises."""
        try:
            yield
        except RuntimeError as error:
            if "sparse" not in str(error) and "dense" not in str(error):
                raise
            fed = "sparse" if self.sparse else "dense"
            raise ValueError(
                f"check_direction: this {type(optimizer).__name__} refuses "
                f"{fed} gradients ({error}); call it with "
                f"sparse={not self.sparse}"
            ) from error


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """The same draws each time, and then those that were due before."""
    due = random.getstate()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(due)


@dataclass
class _Closure:
    """Evaluates an objective, and remembers the gradients it has left."""

    params: list[Tensor]
    objective: Objective
    t: int
    signs: Sequence[float]
    sparse: bool
    values: list[Tensor] = field(default_factory=list)
    slopes: list[Tensor] = field(default_factory=list)

    def __call__(self) -> Tensor:
        terms = self.params
        if self.sparse:
            rows = torch.tensor([0, 1, 1])
            look = torch.nn.functional.embedding
            terms = [look(rows, p, sparse=True) for p in terms]
        values = [
            sign * self.objective(x, self.t)
            for sign, x in zip(self.signs, terms, strict=True)
        ]
        value = torch.stack(values).sum()
        for p in self.params:
            p.grad = None
        value.backward()  # type: ignore[no-untyped-call]
        self.left = [g for p in self.params if (g := p.grad) is not None]
        self.bits = [g.clone().to_dense() for g in self.left]
        self.slopes = self.slopes or [
            sign * bits for sign, bits in zip(self.signs, self.bits)
        ]
        self.values.append(value.detach())
        return value.detach()

    def touched(self) -> str:
        """What has become of the gradients, in words; "" if nothing has."""
        for p, left, bits in zip(self.params, self.left, self.bits):
            if p.grad is None:
                return "removes p.grad"
            now = p.grad.to_dense()
            if bits.any() and _same(now, -bits):
                return "leaves p.grad negated"
            if not _same(now, bits):
                return "changes p.grad"
            if p.grad is not left:
                return "puts another tensor in the place of p.grad"
        return ""


def _takes_closure(optimizer: Optimizer) -> bool:
    ways = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    # Of its class: a scheduler puts a wrapper into the optimizer itself.
    parameters = [*signature(type(optimizer).step).parameters.values()][1:]
    return any(each.kind in ways for each in parameters)


def _same(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)


def _dot(one: list[Tensor], other: list[Tensor]) -> float:
    return sum(float((a * b).sum()) for a, b in zip(one, other))
