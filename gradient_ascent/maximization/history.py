"""What a run measured, and its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from torch import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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


def draw(
    trace: History, others: Sequence[History], what: Quantity, ax: Axes | None
) -> Axes:
    """Draw a quantity of a run against the step, and of others behind it."""
    known = get_args(Quantity)
    if what not in known:
        raise ValueError(
            f"plot: what must be one of {', '.join(known)}; got {what!r}"
        )
    from gradient_ascent import plots  # it says how to get matplotlib

    import matplotlib.pyplot as plt  # isort: skip

    with plt.style.context(plots.STYLE):
        ax = ax or plt.figure().gca()
        for other in others:
            ax.plot(*_series(other, what), color=plots.GRAY, linewidth=0.8)
        steps, best = _series(trace, what)
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
