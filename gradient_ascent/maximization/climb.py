"""The loop of `maximize`: evaluate, judge, step, perturb, project."""

import math
from collections import deque
from collections.abc import Callable

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.maximization.bounded import BoundedQuasiNewton
from gradient_ascent.maximization.choosing import (
    disagreement,
    evaluate_twice,
    needs_closure,
    suited,
)
from gradient_ascent.maximization.closing import conclude
from gradient_ascent.maximization.flat import OnVector, Searching, fill
from gradient_ascent.maximization.moving import MovingTensors
from gradient_ascent.maximization.perturbations import Kick, Kicks, Noise
from gradient_ascent.maximization.plan import (
    Plan,
    Progress,
    progress_bar,
    wants_to_stop,
)
from gradient_ascent.maximization.result import Result
from gradient_ascent.maximization.rows import (
    choose,
    difference,
    dot,
    indices,
    norm,
    same,
    total,
)
from gradient_ascent.maximization.stopping import (
    AT_REST,
    LOST,
    NO_OPTIMIZER,
    NOTHING_HIGHER,
    SHORTER,
    STRIDE,
    STUCK,
    VAIN,
    Watch,
)
from gradient_ascent.maximization.verdict import Judge, Verdict


class Climb:
    """Runs that climb at once; `results` takes their steps."""

    def __init__(self, plan: Plan, moving: MovingTensors) -> None:
        self.plan, self.moving = plan, moving
        if plan.make:
            self._use(plan.make(moving))
            bounded = isinstance(self.optimizer, BoundedQuasiNewton)
            if self.needs_closure and moving.constraints and not bounded:
                raise ValueError(
                    f"maximize: {self.name} searches along lines that leave "
                    "the constraint; choose another optimizer, or none"
                )
        self.start = [x.clone() for x in moving.rows]
        self.best = self.before = self.start
        self.marks = deque([self.start], VAIN // STRIDE + 1)
        self.slope = [torch.zeros_like(x) for x in self.start]
        self.slopes_before = self.slope
        self.watch = Watch(moving.runs, plan.tol)
        self.judge = Judge(moving, plan.tol)
        self.kicks = Kicks(moving.runs)
        self.uphill = self.undone = torch.zeros_like(self.watch.running)
        self.remark, self.noisy, self.endless = "", False, False
        self._leap: Tensor | None = None

    def _use(self, optimizer: Optimizer) -> None:
        self.optimizer, self.name = optimizer, type(optimizer).__name__
        self.needs_closure = needs_closure(optimizer)

    def _begin(self) -> None:
        """Choose the method, if that is left to us."""
        if self.plan.make:
            return
        self.remark = evaluate_twice(self.moving)
        self.noisy = bool(self.remark)
        noisy = self.noisy or isinstance(self.plan.perturb, Noise)
        self._use(suited(self.moving, noisy=noisy))

    def results(self) -> list[Result]:
        """Run until all have ended; a result for each run."""
        self._begin()
        try:
            self._run()
            if self.noisy:
                self._end_at_average()
        finally:  # f may have raised
            if self.moving.form.module:
                self.moving.set(self.best)
            for x in self.moving.tensors:
                x.grad = None
        return [conclude(self, *x) for x in enumerate(self.watch.histories())]

    def _run(self) -> None:
        with progress_bar(self.plan) as bar:
            for step in range(self.plan.steps + 1):
                values = self._values()
                kicked = self._record(values, step)
                if not self.watch.running.any():
                    break
                self._step(values, step + 1, kicked)
                if self.plan.progress:
                    best = float(self.watch.best.max())
                    bar.set_postfix(objective=best, refresh=False)
                    bar.update()

    def _values(self) -> Tensor:
        """The objective of each run, evaluated unless it just was."""
        if self.needs_closure and self.moving.evaluated:
            return self.moving.values.detach()
        return self.moving.evaluate()

    def _record(self, values: Tensor, step: int) -> Tensor:
        """Measure; end the runs that are done; return which ones to kick."""
        moving, watch = self.moving, self.watch
        here, change = moving.rows, difference(moving.rows, self.before)
        size = norm(here) + norm(difference(here, self.start))
        if step % STRIDE == 0:
            self.marks.append([x.clone() for x in here])
        higher = watch.see(values, moving.slope(size), norm(change))
        self.best = choose(higher, here, self.best)
        self.slope = choose(higher, moving.gradients, self.slope)
        if step == 0:
            self.first = moving.gradients
        if step == 1:
            self.uphill = dot(self.first, change) > 0
        for run in watch.not_finite():
            watch.end([run], f"not finite at step {step}: {self._culprit(run)}")
        if self.endless:
            watch.end(range(moving.runs), f"f is infinite beyond step {step}")
        kicked = self._judge(size, step)
        if step > 0 and self.plan.callback:
            self._report(self.plan.callback, step)
        if step == self.plan.steps:
            watch.end(range(moving.runs), f"all {step} steps used")
        return kicked

    def _judge(self, size: Tensor, step: int) -> Tensor:
        """Judge the runs at rest, but for those to kick: return these."""
        watch, kick = self.watch, self.plan.perturb
        rest = watch.settled(size, still=not self.needs_closure)
        stuck = watch.motionless(size)
        if self.needs_closure:  # then it has found nothing higher
            rest = rest | stuck
        kicked = torch.zeros_like(rest)
        after = ""
        if isinstance(kick, Kick):
            after = ", where a kick led no higher"
            kicked, rest = self.kicks.judge(
                rest, watch.best, self.plan.tol * watch.range,
                step=step, patience=kick.patience,
            )  # fmt: skip
        for run in indices(rest):
            if self.noisy:
                watch.end([run], f"came to rest at step {step}")
                continue
            verdict = self.judge.verdict(
                run, reach=float(size[run]), rise=float(watch.range[run]),
                slope=watch.slope(run), stuck=bool(stuck[run]),
                unmoved=step == 0,
            )  # fmt: skip
            if verdict.kind != "top":
                reach, no_move = float(size[run]), bool(stuck[run])
                self._go_on(run, verdict, reach, no_move, step)
            elif self._is_noisy(step):
                self._take_over()
            elif watch.lost(run) and not kick:
                advice = "" if self.plan.automatic else f"; {SHORTER}"
                watch.end([run], f"came to rest at step {step}, {LOST}{advice}")
            else:
                watch.end([run], f"converged at step {step}{after}")
                self._keep(run)
        return kicked

    def _is_noisy(self, step: int) -> bool:
        """Whether f, of a method of ours, does not rise as its gradients say.

        From one point to the next it rises by the mean of both slopes, on a
        parabola. Where it does not, f is asked again.
        """
        if not self.plan.automatic or self.noisy:
            return False
        here, before = self.moving.gradients, self.slopes_before
        change = difference(self.moving.rows, self.before)
        rise = (
            self.watch.objective[-1] - self.watch.objective[-min(2, step + 1)]
        )
        says = dot([(x + y) / 2 for x, y in zip(here, before)], change)
        if step > 0 and bool((rise - says).abs() <= 0.01 * rise.abs()):
            return False
        return bool(self._ask_again())

    def _ask_again(self) -> str:
        """How f differs from itself here, in words; empty if it does not."""
        again, _ = self.moving.look(self.moving.vector)
        return disagreement(float(self.moving.values.detach()), again)

    def _keep(self, run: int) -> None:
        """Where it arrived is the best point, as far as rounding tells."""
        if self.watch.equals_best(run):
            here = torch.arange(self.moving.runs, device="cpu") == run
            self.best = choose(here, self.moving.rows, self.best)
            self.slope = choose(here, self.moving.gradients, self.slope)
            self.watch.best[run] = self.watch.objective[-1][run]

    def _go_on(
        self, run: int, verdict: Verdict, reach: float, stuck: bool, step: int
    ) -> None:
        """Go on from a place that is no top, where that can be done."""
        automatic = self.plan.automatic
        ours = isinstance(self.optimizer, Searching)
        if verdict.kind == "higher" and isinstance(self.optimizer, OnVector):
            self._leap = verdict.higher
        elif verdict.kind in AT_REST:
            why = AT_REST[verdict.kind]
            self.watch.end([run], f"came to rest at step {step}, {why}")
        elif ours and self._levels_off(run, reach, step):
            advice = "" if automatic else NO_OPTIMIZER
            ending = f"came to rest at step {step}: {NOTHING_HIGHER}{advice}"
            self.watch.end([run], ending)
        elif not (stuck and self.needs_closure):
            self.watch.doubt(run)
        elif automatic:
            self._take_over()
        else:
            why = NOTHING_HIGHER + NO_OPTIMIZER if ours else STUCK
            ending = f"{self.name} moved no more at step {step}: {why}"
            self.watch.end([run], ending)

    def _levels_off(self, run: int, reach: float, step: int) -> bool:
        """Whether f levels off along the way from the oldest mark."""
        way = norm(difference(self.moving.rows, self.marks[0]))
        n = VAIN + step % STRIDE
        return self.watch.levels_off(run, reach, float(way[run]), n)

    def _take_over(self) -> None:
        """Go on without a line search, which noise or a kink defeats."""
        self.remark = self._ask_again()
        self.noisy = bool(self.remark)
        self._use(suited(self.moving, noisy=True))

    def _end_at_average(self) -> None:
        """Where f is noisy, the best value seen is chance: average instead."""
        average = self.optimizer.average  # type: ignore[attr-defined]
        fill([x[0] for x in self.moving.rows], average)
        self.moving.set(self.moving.projected(self.moving.rows))
        self.watch.best = self.moving.evaluate().to("cpu", torch.float64)
        self.best = [x.clone() for x in self.moving.rows]
        self.slope = [g.clone() for g in self.moving.gradients]

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
        progress = Progress(step, moving.point, watch.objective[-1])
        if wants_to_stop(callback, progress):
            ending = f"stopped by the callback at step {step}"
            watch.end(range(moving.runs), ending)

    def _step(self, values: Tensor, step: int, kicked: Tensor) -> None:
        plan, moving, running = self.plan, self.moving, self.watch.running
        self.before = [x.clone() for x in moving.rows]
        if plan.automatic:
            self.slopes_before = [g.clone() for g in moving.gradients]
        if not running.all():
            moving.silence(~running)
        self._move(values)
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
        if not same(rows, moving.rows):  # writing would spoil the graph
            moving.set(rows)

    def _move(self, values: Tensor) -> None:
        """Let the optimizer move, or leap to the higher point that was seen."""
        if self._leap is not None:
            fill([x[0] for x in self.moving.rows], self._leap)
            self._leap = None
        elif self.needs_closure:
            known = [values]  # what the first call of the closure asks for

            def closure() -> float:
                value = float(known.pop() if known else self.moving.evaluate())
                self.endless |= value == math.inf
                return value

            self.optimizer.step(closure)
        else:
            self.optimizer.step()
