"""The loop of `maximize`: evaluate, judge, step, perturb, project."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.maximization.moving import (
    MovingTensors,
    choose,
    difference,
    dot,
    indices,
    norm,
    total,
)
from gradient_ascent.maximization.perturbations import Kick, Kicks, Noise
from gradient_ascent.maximization.result import History, Result
from gradient_ascent.maximization.stopping import Watch, explain


@dataclass(frozen=True)
class Progress:
    """What a callback gets after each step.

    Attributes:
        step: how many steps have been taken.
        x: the point, in the form of x0; in a batch each tensor has a row for
            each run. Clone what you keep: the run moves it on.
        value: the objective there, a float64 tensor, shape (runs,).
    """

    step: int
    x: Any
    value: Tensor


@dataclass(frozen=True)
class Plan:
    """What the runs of one `maximize` have in common."""

    make: Callable[[list[Tensor]], Optimizer]
    steps: int
    tol: float
    perturb: Noise | Kick | None
    generator: torch.Generator
    callback: Callable[[Progress], object] | None
    progress: bool


def progress_bar(plan: Plan) -> AbstractContextManager[Any]:
    """The bar that the runs move on, if it is asked for."""
    if not plan.progress:
        return nullcontext()
    from tqdm import tqdm  # type: ignore[import-untyped]

    bar: AbstractContextManager[Any] = tqdm(total=plan.steps)
    return bar


class Climb:
    """Runs that climb at once; `results` takes their steps."""

    def __init__(self, plan: Plan, moving: MovingTensors) -> None:
        self.plan, self.moving = plan, moving
        self.optimizer = plan.make(moving.tensors)
        self.needs_closure = needs_closure(self.optimizer)
        if self.needs_closure and moving.constraints:
            raise ValueError(
                f"maximize: {type(self.optimizer).__name__} searches along "
                "lines that leave the constraint; choose another optimizer"
            )
        self.start = [x.clone() for x in moving.rows]
        self.best = self.before = self.start
        self.watch = Watch(moving.runs, plan.tol)
        self.kicks = Kicks(moving.runs)
        self.uphill = self.undone = torch.zeros_like(self.watch.running)

    def results(self) -> list[Result]:
        """Run until all have ended; a result for each run."""
        with progress_bar(self.plan) as bar:
            for step in range(self.plan.steps + 1):
                values = self.moving.evaluate()
                kicked = self._record(values, step)
                if not self.watch.running.any():
                    break
                self._step(values, step + 1, kicked)
                if self.plan.progress:
                    best = float(self.watch.best.max())
                    bar.set_postfix(objective=best, refresh=False)
                    bar.update()
        if self.moving.form.module:
            self.moving.set(self.best)
        for x in self.moving.tensors:
            x.grad = None
        return [
            self._result(*each) for each in enumerate(self.watch.histories())
        ]

    def _record(self, values: Tensor, step: int) -> Tensor:
        """Measure; end the runs that are done; return which ones to kick."""
        moving, watch = self.moving, self.watch
        here, change = moving.rows, difference(moving.rows, self.before)
        size = norm(here) + norm(difference(here, self.start))
        higher = watch.see(values, moving.slope(size), norm(change))
        self.best = choose(higher, here, self.best)
        if step == 0:
            self.first = moving.gradients
        if step == 1:
            self.uphill = dot(self.first, change) > 0
        for run in watch.not_finite():
            watch.end([run], f"not finite at step {step}: {self._culprit(run)}")
        kicked = self._judge(watch.settled(size), step)
        if step > 0 and self.plan.callback:
            self._report(self.plan.callback, step)
        if step == self.plan.steps:
            watch.end(range(moving.runs), f"all {step} steps used")
        return kicked

    def _judge(self, settled: Tensor, step: int) -> Tensor:
        """End the settled runs, but for those to kick: return these."""
        watch, kick = self.watch, self.plan.perturb
        ending = f"converged at step {step}"
        if self.needs_closure:  # such an optimizer stops by tolerances as well
            settled = settled | watch.motionless
        kicked = torch.zeros_like(settled)
        if isinstance(kick, Kick):
            ending += ", where a kick led no higher"
            kicked, settled = self.kicks.judge(
                settled, watch.best, self.plan.tol * watch.range,
                step=step, patience=kick.patience,
            )  # fmt: skip
        watch.end(indices(settled), ending)
        return kicked

    def _culprit(self, run: int) -> str:
        value = float(self.watch.objective[-1][run])
        if not math.isfinite(value):
            return f"the objective is {value:g}"
        gradients = zip(self.moving.form.names, self.moving.gradients)
        names = [x for x, g in gradients if not g[run].isfinite().all()]
        what = " and ".join(names) or "all x: its length overflows"
        return f"the gradient of {what}"

    def _report(
        self, callback: Callable[[Progress], object], step: int
    ) -> None:
        moving, watch = self.moving, self.watch
        x = moving.form.build([x.detach() for x in moving.tensors])
        try:
            stop = _is_true(callback(Progress(step, x, watch.objective[-1])))
        except StopIteration:
            stop = True
        if stop:
            ending = f"stopped by the callback at step {step}"
            watch.end(range(moving.runs), ending)

    def _step(self, values: Tensor, step: int, kicked: Tensor) -> None:
        plan, moving, running = self.plan, self.moving, self.watch.running
        self.before = [x.clone() for x in moving.rows]
        if not running.all():
            moving.silence(~running)
        if self.needs_closure:
            known = [values]  # what the first call of the closure asks for
            self.optimizer.step(
                lambda: float(known.pop() if known else moving.evaluate())
            )
        else:
            self.optimizer.step()
        rows = moving.rows
        if isinstance(plan.perturb, Noise):
            rows = total(rows, plan.perturb.draw(rows, step, plan.generator))
        elif isinstance(plan.perturb, Kick) and kicked.any():
            draws = plan.perturb.draw(rows, plan.generator)
            rows = choose(kicked, total(rows, draws), rows)
        proposed, rows = rows, moving.projected(rows)
        if moving.constraints:
            stride = norm(difference(proposed, self.before))
            left = norm(difference(rows, self.before))
            self.undone = (left <= plan.tol * stride) & (stride > 0)
        if not running.all():
            rows = choose(running, rows, self.best)
        moving.set(rows)

    def _result(self, run: int, trace: History) -> Result:
        ending = self.watch.endings[run]
        message = explain(ending, trace.objective, bool(self.uphill[run]))
        if self.undone[run] and ending.startswith("all"):
            name = type(self.optimizer).__name__
            message += (
                f", but the projection undoes each step of {name}, which does "
                "not go along the gradient: try optimizer='momentum'"
            )
        evaluations = self.moving.evaluations
        if self.moving.several:
            evaluations = len(trace) + 1
        return Result(
            x=self.moving.form.build([x[run] for x in self.best]),
            value=float(self.watch.best[run]),
            success=message.startswith("converged"),
            message=message,
            steps=len(trace),
            evaluations=evaluations,
            trace=trace,
        )


def _is_true(answer: object) -> bool:
    """Whether it is True; NumPy's or a tensor's, too, if all of it is."""
    dtype = str(getattr(answer, "dtype", type(answer).__name__))
    return dtype.endswith("bool") and bool(torch.as_tensor(answer).all())


def needs_closure(optimizer: Optimizer) -> bool:
    """Whether a step evaluates the objective itself, as a line search does."""
    closure = signature(optimizer.step).parameters.get("closure")
    return closure is not None and closure.default is Parameter.empty
