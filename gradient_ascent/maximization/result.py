"""What `maximize` returns."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from gradient_ascent.arguments import NonNegative, Share, check
from gradient_ascent.constraints import Constraint
from gradient_ascent.maximization.certificate import Certificate, certify
from gradient_ascent.maximization.flat import flatten
from gradient_ascent.maximization.history import History, Quantity, draw
from gradient_ascent.maximization.inference import (
    Information,
    covariance,
    delta,
    quantile,
)
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.points import read, telling_dtypes
from gradient_ascent.maximization.summits import Summit, summits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UNDER = "\n" + " " * 13  # to the next line of a value


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The best point of a run, and how the run went.

    Attributes:
        x: the best point seen, not the last, in the form of x0.
        value: the objective there.
        success: whether the run converged. It does not where rounding may hide
            the top by a tenth of the size of x (of at most 50 numbers): in
            float32 where f curves a million times less one way than another.
        message: how it ended, in words.
        steps: how many steps it took.
        evaluations: how often f was evaluated, over all runs.
        trace: objective, gradient norm and step size at each step.
        gradient: that of f at x, in the form of x0; of a module, a dict.
        status: 0 converged, 1 all steps used, 2 came to rest elsewhere, 3 not
            finite, 99 stopped by the callback: as SciPy counts.
        start: where it started, projected, in the form of x0; of a module, a
            dict.
        runs: with restarts, the Result of each in the order of their starts;
            the fields above are the best one's.
        tol: what counted as no gradient.
        climbed: the f and the constraints, for the methods below; a pickle is
            without.

    SciPy's names lead to the same: `fun`, `jac`, `nit` and `nfev`.
    """

    x: Any
    value: float
    success: bool
    message: str
    steps: int
    evaluations: int
    trace: History
    gradient: Any = None
    status: int = 2
    start: Any = None
    runs: tuple["Result", ...] = ()
    tol: float = 1e-5
    climbed: tuple[Callable[[Any], Tensor], Sequence[Constraint]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "climbed": None}  # f is often a lambda

    @property
    def fun(self) -> float:
        """The `value`."""
        return self.value

    @property
    def jac(self) -> Any:
        """The `gradient`."""
        return self.gradient

    @property
    def nit(self) -> int:
        """The `steps`."""
        return self.steps

    @property
    def nfev(self) -> int:
        """The `evaluations`."""
        return self.evaluations

    @property
    def summits(self) -> tuple[Summit, ...]:
        """The maxima that the runs reached, the highest first.

        Two runs are at one if they are nearer than a thousandth of the size of
        x and its way, and f is nowhere lower on the line between, as far as it
        was asked: up to seven times for two runs. A run without success is at
        none. A pickle, which lacks f, tells them by the distance alone.
        """
        if self.climbed is None or len(self.runs) < 2:
            return summits(self.runs or (self,), None)
        with self._again("summits") as moving:
            return summits(
                self.runs, lambda x: moving.look(moving.nearest(x))[0]
            )

    def certify(self, tol: NonNegative | None = None) -> Certificate:
        """Say what x is, from the first and second derivatives of f there.

        A success of `maximize` has a gradient that counts as none, or is at a
        kink, unless f or x has been changed since. How f curves is looked at
        anew, in all directions where `maximize` looks at 50.

        Args:
            tol: how small a gradient counts as none, as in `maximize`; by
                default what counted there, and its success counts.

        Returns:
            What it is: see `Certificate`; printed, a sentence.

        Raises:
            ValueError: the result lacks f, because it was pickled or copied.
        """
        check(Result.certify, {"tol": tol})
        seen = self.trace.objective[self.trace.objective.isfinite()]
        rise = float(seen.max() - seen.min())
        with self._again("certify") as moving:
            arrived = self.success and tol is None and self._holds(moving)
            tol = self.tol if tol is None else tol
            return certify(moving, self._reach(), rise, tol, arrived)

    def standard_errors(
        self,
        kind: Information = "observed",
        *,
        transform: Callable[[Any], Tensor] | None = None,
    ) -> Any:
        r"""The standard errors of x, where f is a log-likelihood.

        It must be the sum of the samples' log-densities: of their mean, the
        errors would be too large.

        .. math::
            \text{observed: } (-H)^{-1}, \qquad
            \text{expected: } I^{-1}, \qquad
            \text{sandwich: } H^{-1} \Bigl(\sum_i s_i s_i^\top\Bigr) H^{-1}

        are the covariances, with f's Hessian H, its `information` I and its
        `scores` s, of one sample each, at x. The last holds where the model is
        wrong as well. The information of a `LogLikelihood` is the expected one
        if its outputs are natural parameters, as the logit of a probability.

        Args:
            kind: which.
            transform: of a function of x instead, by the delta method. It is
                differentiable, and its derivative does not vanish at x.

        Returns:
            In the form of x, of a module a dict; or of what `transform` makes.

        Raises:
            TypeError: a transform that does not return real numbers.
            ValueError: x is no maximum, or on the boundary of a constraint; the
                information is singular; f lacks what the kind needs; or the
                result lacks f.

        Source: White (1982) for the sandwich; Efron and Hinkley (1978) compare
            the other two.
        """
        return self._estimate(kind, transform)[1]

    def intervals(
        self,
        level: Share = 0.95,
        *,
        kind: Information = "observed",
        transform: Callable[[Any], Tensor] | None = None,
    ) -> tuple[Any, Any]:
        r"""The ends of Wald's confidence intervals, coordinate by coordinate.

        .. math:: \theta_i \pm z \, \text{error}_i

        Args:
            level: how often, in the long run, one holds its parameter.
            kind: as in `standard_errors`.
            transform: likewise.

        Returns:
            The lower ends and the upper, each as `standard_errors` returns.

        Raises:
            TypeError, ValueError: as `standard_errors`; or a level outside
                [0, 1).

        Source: Wald (1943).
        """
        check(Result.intervals, {"level": level})
        value, errors = self._estimate(kind, transform)
        width, form = quantile(level), read(value)[0]
        sides = zip(read(value)[1], read(errors)[1], strict=True)
        ends = [(x - width * e, x + width * e) for x, e in sides]
        low, high = zip(*ends, strict=True)
        return form.build(low), form.build(high)

    def _estimate(
        self, kind: Information, transform: Callable[[Any], Tensor] | None
    ) -> tuple[Any, Any]:
        with self._again("standard_errors") as moving:
            if not self.success:
                raise ValueError(
                    f"standard_errors: x is no maximum: {self.message}"
                )
            if not self._holds(moving):
                raise ValueError(
                    "standard_errors: x and f must be as `maximize` left them, "
                    f"with the value {self.value:.9g}, got "
                    f"{float(moving.values.detach()):.9g}"
                )
            if moving.constraints and self.certify().on_the_boundary:
                raise ValueError(
                    "standard_errors: x must lie inside the constraint, got "
                    "one on its boundary, where estimates are not normal"
                )
            hessian, rounding = moving.hessian_matrix()
            with telling_dtypes(moving.tensors):
                found = covariance(moving.f, self.x, hessian, kind, rounding)
            return delta(found, self.x, transform)

    def _holds(self, moving: MovingTensors) -> bool:
        """Whether f, evaluated at x, is what it was."""
        error = 16 * torch.finfo(moving.values.dtype).eps * abs(self.value)
        return abs(float(moving.values.detach()) - self.value) <= error

    @contextmanager
    def _again(self, method: str) -> Iterator[MovingTensors]:
        """A run that stands at x, evaluated; a module is left as it was."""
        if self.climbed is None:
            raise ValueError(
                f"{method}: the result must know f, which no pickle or copy "
                "keeps; call it on what `maximize` returned"
            )
        if torch.is_inference_mode_enabled():
            raise RuntimeError(
                f"{method}: inference mode records no gradients; leave it, as "
                "by `with torch.inference_mode(False):`"
            )
        f, constraints = self.climbed
        form, tensors = read(self.x)
        slopes = [x.grad for x in tensors]
        moving = MovingTensors(f, form, tensors, constraints, several=False)
        try:
            moving.evaluate()
            yield moving
        finally:
            for x, slope in zip(tensors, slopes, strict=True):
                x.grad = slope

    def _reach(self) -> float:
        """The scale of x: its size and how far it came."""
        x, start = flatten(read(self.x)[1]), flatten(read(self.start)[1])
        return float((x.norm() + (x - start).norm()).detach())

    def __repr__(self) -> str:
        rows = {
            "message": fill(self.message, 64).replace("\n", _UNDER),
            "success": self.success,
            "value": f"{self.value:.9g}",
            "x": _short(self.x),
            "steps": self.steps,
            "evaluations": self.evaluations,
        }
        if self.runs:
            values = sorted(run.value for run in self.runs)
            low, high = f"{values[0]:.6g}", f"{values[-1]:.6g}"
            rows["runs"] = f"{len(values)}, with values from {low} to {high}"
        return "\n".join(f"{name:>11}: {text}" for name, text in rows.items())

    def plot(
        self, what: Quantity = "objective", *, ax: "Axes | None" = None
    ) -> "Axes":
        """Draw a quantity of the trace against the step.

        The best run is drawn in color, the others in gray behind it, and a star
        marks the best objective.

        Args:
            what: a field of the trace; all but the objective on a logarithmic
                scale.
            ax: where to draw; a new figure by default.

        Raises:
            ImportError: matplotlib is not installed.
            ValueError: an unknown quantity.
        """
        return draw(self.trace, [run.trace for run in self.runs], what, ax)


def _short(x: Any) -> str:
    if isinstance(x, nn.Module):
        return f"{type(x).__name__} (its parameters are at the best point)"
    return repr(x).replace("\n", _UNDER)
