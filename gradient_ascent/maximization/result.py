"""What `maximize` returns."""

from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

from torch import Tensor, nn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_UNDER = "\n" + " " * 13  # to the next line of a value
Quantity = Literal["objective", "gradient_norm", "step_size"]


@dataclass(frozen=True, eq=False)
class History:
    """What a run measured at each step; float64 tensors on the CPU.

    Entry 0 of `objective` and `gradient_norm` belongs to the start, entry t to
    the point after step t, as in a `Trace`.

    Attributes:
        objective: the value of f, shape (steps + 1,).
        gradient_norm: the Euclidean length of the gradient, shape (steps + 1,).
        step_size: the Euclidean length of each step, shape (steps,).
    """

    objective: Tensor
    gradient_norm: Tensor
    step_size: Tensor

    def __len__(self) -> int:
        """How many steps were taken."""
        return len(self.step_size)


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
        runs: with restarts, the Result of each in the order of their starts;
            the fields above are the best one's.

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
    runs: tuple["Result", ...] = ()

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
        known = ("objective", "gradient_norm", "step_size")
        if what not in known:
            raise ValueError(
                f"plot: what must be one of {', '.join(known)}; got {what!r}"
            )
        from gradient_ascent import plots  # it says how to get matplotlib

        import matplotlib.pyplot as plt  # isort: skip

        with plt.style.context(plots.STYLE):
            ax = ax or plt.figure().gca()
            for run in self.runs:
                ax.plot(
                    *_series(run.trace, what), color=plots.GRAY, linewidth=0.8
                )
            steps, best = _series(self.trace, what)
            ax.plot(steps, best, color=plots.COLORS[0])
        if what == "objective":
            ax.plot(best.index(max(best)), max(best), "k*", markersize=11)
        else:
            ax.set_yscale("log")
        ax.set(xlabel="step", ylabel=what.replace("_", " "))
        return ax


def _series(trace: History, what: Quantity) -> tuple[range, list[float]]:
    series = getattr(trace, what).tolist()
    return range(len(trace) + 1 - len(series), len(trace) + 1), series


def _short(x: Any) -> str:
    if isinstance(x, nn.Module):
        return f"{type(x).__name__} (its parameters are at the best point)"
    return repr(x).replace("\n", _UNDER)
