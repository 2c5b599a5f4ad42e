"""The tensors that move, one run or several at once."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from gradient_ascent.constraints import Constraint
from gradient_ascent.constraints.intersection import as_one
from gradient_ascent.maximization.flat import fill, flatten, flatten_parts
from gradient_ascent.maximization.points import Form, telling_dtypes
from gradient_ascent.maximization.rows import (
    RowByRow,
    difference,
    norm,
    same,
    spread,
)

_CLOSE = 1e-2
"""How far along the gradient to project a second time, in units of the reach,
where a set is not convex."""


class MovingTensors:
    """The tensors of one run, or a row in each for every run of several.

    `rows` and `gradients` see both alike: a row for each run.
    """

    def __init__(
        self,
        f: Callable[[Any], Tensor],
        form: Form,
        tensors: Sequence[Tensor],
        constraints: Sequence[Constraint],
        *,
        several: bool,
    ) -> None:
        self.f, self.form, self.constraints = f, form, constraints
        self.objectives = RowByRow(self._objective)
        self.set_of_all = as_one(constraints)
        self.projections = RowByRow(self.set_of_all.project)
        self.tensors = [x.requires_grad_() for x in tensors]
        self.several = several
        self.runs = len(tensors[0]) if several else 1
        self.evaluations = 0
        self.values = torch.zeros(0)
        self._seen: list[Tensor] = []
        self.set(self.projected(self.rows))

    @property
    def rows(self) -> list[Tensor]:
        """The tensors as they are stored, outside of any graph."""
        detached = [x.detach() for x in self.tensors]
        return detached if self.several else [x[None] for x in detached]

    @property
    def gradients(self) -> list[Tensor]:
        """The gradients; zero where f does not depend on a tensor."""
        gradients = [
            torch.zeros_like(x) if x.grad is None else x.grad
            for x in self.tensors
        ]
        return gradients if self.several else [g[None] for g in gradients]

    @property
    def point(self) -> Any:
        """Where it is, in the form of x0, outside of any graph."""
        return self.form.build([x.detach() for x in self.tensors])

    @property
    def vector(self) -> Tensor:
        """Where a single run is."""
        return flatten([x[0] for x in self.rows])

    def set(self, rows: Sequence[Tensor]) -> None:
        """Move to `rows`."""
        for x, row in zip(self.rows, rows, strict=True):
            x.copy_(row)

    def projected(self, rows: list[Tensor]) -> list[Tensor]:
        """The feasible rows nearest to `rows`."""
        if not self.several:
            return [x[None] for x in self.project([x[0] for x in rows])]
        if not self.constraints:
            return rows
        return [self.projections(x) for x in rows]

    def project(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """The feasible tensors of a single run nearest to others."""
        if not self.constraints:
            return list(tensors)
        return [self.set_of_all.project(x) for x in tensors]

    def nearest(self, vector: Tensor) -> Tensor:
        """The feasible point of a single run nearest to another."""
        tensors = [torch.empty_like(x[0]) for x in self.rows]
        fill(tensors, vector)
        return flatten(self.project(tensors))

    def evaluate(self) -> Tensor:
        """The objective of each run; its gradient is left in `grad`.

        The graph is kept until the next call, for `hessian`.
        """
        self.evaluations += self.runs
        self.values = torch.zeros(0)  # the graph of the last point goes first
        with torch.enable_grad():
            if self.several:
                values = self.objectives(*self.tensors)
            else:
                values = self._objective(*self.tensors)[None]
            slopes = self._slopes(values.sum(), self.tensors)
        for x, g in zip(self.tensors, slopes):
            x.grad = g
        self.values, self._seen = values, [x.clone() for x in self.rows]
        return values.detach().clone()  # f may return what moves on

    def heights(self) -> Tensor:
        """The objective of each run of several, without gradients."""
        self.evaluations += self.runs
        with torch.no_grad():
            return self.objectives(*self.rows).to("cpu", torch.float64)

    @property
    def evaluated(self) -> bool:
        """Whether `values` and the gradients are those of where it is."""
        return bool(self._seen) and same(self.rows, self._seen)

    def look(self, vector: Tensor) -> tuple[float, Tensor]:
        """Objective and gradient of a single run at another point."""
        self.evaluations += 1
        here = [x[0] for x in self.rows]
        tensors = self.tensors  # a module is moved there and back
        if not self.form.module:
            tensors = [torch.empty_like(x).requires_grad_() for x in here]
        back = self.vector
        fill(tensors, vector)
        with torch.enable_grad():
            value = self._objective(*tensors)
            slopes = self._slopes(value, tensors)
        if self.form.module:
            fill(tensors, back)
        return float(value.detach()), flatten_parts(here, slopes)

    def hessian(self, run: int) -> Callable[[Tensor], Tensor]:
        """From a vector to the Hessian of a run, where it is, times it.

        Raises:
            RuntimeError: f can be differentiated only once; the product may
                raise it as well.
        """
        value, tensors = self.values[0], self.tensors
        if self.several:  # by itself, since the graph is of all runs
            self.evaluations += 1
            tensors = [x[run].clone().requires_grad_() for x in self.rows]
            with torch.enable_grad():
                value = self._objective(*tensors)
        if _has_function_of_ones_own(value):
            raise RuntimeError("its backward may not be differentiable")
        slope = flatten_parts(
            tensors,
            torch.autograd.grad(
                value, tensors, create_graph=True, allow_unused=True
            ),
        )

        if not slope.requires_grad:
            raise RuntimeError("it is linear, or its backward says so")

        def times(vector: Tensor) -> Tensor:
            twice = torch.autograd.grad(
                slope, tensors, vector, retain_graph=True, allow_unused=True
            )
            return flatten_parts(tensors, twice)

        return times

    def curving(self) -> tuple[Callable[[Tensor], Tensor], float]:
        """From a vector to the Hessian of a single run, where it is, times it.

        By differences of gradients, if f can be differentiated only once. And
        its rounding, in units that make its diagonal one.
        """
        x = self.vector
        eps = float(torch.finfo(x.dtype).eps)
        try:
            times = self.hessian(0)
            times(x)
        except (RuntimeError, NotImplementedError):
            size = float(x.norm()) or 1.0
            return lambda way: self.differences(x, way, size), eps ** (2 / 3)
        return times, 100 * eps * len(x)

    def hessian_matrix(self) -> tuple[Tensor, float]:
        """The same as a matrix, and its rounding."""
        (times, rounding), x = self.curving(), self.vector
        ways = torch.eye(len(x), device="cpu").to(x)
        matrix = torch.stack([times(way) for way in ways])
        return (matrix + matrix.T) / 2, rounding

    def differences(self, x: Tensor, way: Tensor, size: float) -> Tensor:
        """The Hessian of a single run at x times a vector, by gradients beside.

        Args:
            x: where, a vector.
            way: the vector.
            size: the scale of x.
        """
        length = float(way.norm())
        if length == 0:
            return way
        h = size * torch.finfo(x.dtype).eps ** (1 / 3)
        _, ahead = self.look(x + h / length * way)
        _, behind = self.look(x - h / length * way)
        product: Tensor = (ahead - behind) * (length / 2 / h)
        return product

    def _slopes(
        self, value: Tensor, tensors: Sequence[Tensor]
    ) -> Sequence[Tensor | None]:
        slopes: Sequence[Tensor | None] = [None]
        if value.requires_grad:
            slopes = torch.autograd.grad(
                value, tensors, retain_graph=True, allow_unused=True
            )
        if all(slope is None for slope in slopes):
            raise TypeError(
                "maximize: f must return a tensor that depends on x through "
                "torch's operations, got one that has no gradient for x"
            )
        return slopes

    def _objective(self, *tensors: Tensor) -> Tensor:
        with telling_dtypes(tensors):
            value = self.f(self.form.build(tensors))
        if not isinstance(value, Tensor):
            got = f"{value!r} ({type(value).__name__})"
            raise TypeError(f"maximize: f must return a tensor, got {got}")
        if value.numel() != 1 or value.is_complex():
            takes = "a tensor of one real number"
            got = f"shape {tuple(value.shape)}, {value.dtype}"
            raise TypeError(f"maximize: f must return {takes}, got {got}")
        return value.reshape(())

    def silence(self, which: Tensor) -> None:
        """Make the gradients of the runs in `which` zero."""
        for x in self.tensors:
            if x.grad is not None:
                x.grad = torch.where(spread(which, x), 0, x.grad)

    def slope(self, reach: Tensor) -> Tensor:
        """The length of each run's gradient, or what projection leaves of it.

        Args:
            reach: how far along the gradient to go before projecting back.
        """
        length = norm(self.gradients)
        if not self.constraints:
            return length
        left = self._left(reach)
        if self.set_of_all.convex:
            return left
        # If the gradient leads inward, that may be beyond a sphere's center.
        return torch.minimum(left, self._left(_CLOSE * reach))

    def _left(self, reach: Tensor) -> Tensor:
        """The length of what projection leaves of each run's gradient."""
        length = norm(self.gradients)
        stride = torch.where(length > 0, reach / length, 0)
        ahead = [
            x + spread(stride, x) * g for x, g in zip(self.rows, self.gradients)
        ]
        moved = norm(difference(self.projected(ahead), self.rows))
        return torch.where(stride > 0, moved / stride, length)


def _has_function_of_ones_own(value: Tensor) -> bool:
    """Whether a `torch.autograd.Function` made it; it may not seem to bend."""
    seen: set[Any] = set()
    nodes = [value.grad_fn]
    while nodes:
        node = nodes.pop()
        if node is None or node in seen:
            continue
        if isinstance(node, torch.autograd.function.BackwardCFunction):
            return True
        seen.add(node)
        nodes += [following for following, _ in node.next_functions]
    return False
