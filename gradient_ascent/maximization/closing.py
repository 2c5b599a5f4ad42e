"""What a run that has ended leaves behind."""

from typing import TYPE_CHECKING

from gradient_ascent.maximization.history import History
from gradient_ascent.maximization.result import Result
from gradient_ascent.maximization.stopping import NOISY, advise, explain

if TYPE_CHECKING:
    from gradient_ascent.maximization.climb import Climb


def conclude(climb: "Climb", run: int, trace: History) -> Result:
    """The result of a run that has ended."""
    ending = climb.watch.endings[run]
    advice = advise(climb.optimizer, climb.plan.automatic)
    uphill = bool(climb.uphill[run])
    if climb.undone[run]:
        advice = (
            f"the projection undoes each step of {climb.name}, which does "
            "not go along the gradient; leave out `optimizer`"
        )
    message = explain(ending, trace.objective, uphill, advice)
    if climb.noisy:
        message = f"{ending}: {climb.remark}; {NOISY}"
    evaluations = climb.moving.evaluations
    if climb.moving.several:
        evaluations = len(trace) + 1
    return Result(
        x=climb.moving.form.build([x[run] for x in climb.best]),
        value=float(climb.watch.best[run]),
        success=message.startswith("converged"),
        message=message,
        steps=len(trace),
        evaluations=evaluations,
        trace=trace,
        gradient=climb.moving.form.build_gradient(
            [g[run] for g in climb.slope]
        ),
        status=_status(ending),
        start=climb.moving.form.build_gradient([x[run] for x in climb.start]),
        tol=climb.plan.tol,
        climbed=(climb.moving.f, climb.moving.constraints),
    )


def _status(ending: str) -> int:
    """SciPy's number for an ending."""
    if ending.startswith("converged"):
        return 0
    if ending.startswith("all"):
        return 1
    if ending.startswith("not finite"):
        return 3
    return 99 if ending.startswith("stopped") else 2
