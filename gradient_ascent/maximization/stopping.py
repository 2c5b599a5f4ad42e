"""When a run has arrived, and how to say how it went."""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.optim import Optimizer

from gradient_ascent.maximization.history import History
from gradient_ascent.maximization.rows import indices

AT_REST = {
    "higher": "where the gradient vanishes but f rises another way: a saddle "
    "or a minimum; try perturb=Kick(radius), another start, or no `optimizer`",
    "flat": "where f is flat all around, as on a plateau; start elsewhere",
    "unsure": "where rounding hides the top, or that there is none, because f "
    "curves far less one way than another; use float64, if not yet, or less "
    "slanting coordinates",
}
"""Why a verdict is no success."""
STUCK = "it stops by tolerances of its own; try others, or no `optimizer`"
NOTHING_HIGHER = (
    "it found nothing higher and no top, as where f levels off toward "
    "infinity; try another start"
)
NO_OPTIMIZER = ", or no `optimizer`"
NOISY = (
    "x is the average of the last points; to have a top, fix the random draws "
    "in f, or average more of them"
)
LOST = "lower than it had been"
SHORTER = "take shorter steps, or leave out `optimizer`"
VAIN, STRIDE = 40, 10
"""Over how many steps, and up to how many more, f does not rise where it
levels off."""
NOT_FINITE = (
    "take shorter steps, or a constraint that keeps x where f is finite"
)


class Watch:
    """What is known of runs that climb at once; a float64 entry for each.

    Attributes:
        best: the highest objective seen.
        lowest: the lowest.
        running: which runs have not ended.
        endings: how each ended.
        objective: its values, a tensor for each step.
    """

    def __init__(self, runs: int, tol: float) -> None:
        double, cpu = torch.float64, "cpu"  # not torch's default device
        self.best = torch.full((runs,), -torch.inf, dtype=double, device=cpu)
        self.lowest = -self.best
        self.tol = torch.full_like(self.best, tol)
        self.running = torch.ones_like(self.best, dtype=torch.bool)
        self._finite = self.running.clone()
        self.endings = [""] * runs
        self.objective: list[Tensor] = []
        self._slope: list[Tensor] = []
        self._moved: list[Tensor] = []
        self._steps = [0] * runs
        self._rounding = 0.0

    @property
    def range(self) -> Tensor:
        """Between which heights each run has been: the scale of its gains."""
        return self.best - self.lowest

    def see(self, values: Tensor, slope: Tensor, moved: Tensor) -> Tensor:
        """Note where the runs are; return which have never been as high."""
        self._rounding = torch.finfo(values.dtype).eps
        if self.objective:
            self._moved.append(moved)
        value = values.to("cpu", torch.float64)
        self.objective.append(value)
        self._slope.append(slope)
        self._finite = value.isfinite() & slope.isfinite()
        valid = self._finite & self.running
        higher = valid & (value > self.best)
        self.best = torch.where(higher, value, self.best)
        lower = valid & (value < self.lowest)
        self.lowest = torch.where(lower, value, self.lowest)
        return higher

    def not_finite(self) -> list[int]:
        """The runs that have an infinite or undefined objective or gradient."""
        return indices(self.running & ~self._finite)

    def settled(self, size: Tensor, *, still: bool) -> Tensor:
        """Which runs meet the stopping rule that `maximize` states.

        Args:
            size: X.
            still: whether the step must be small as well as the gradient.
        """
        slope, rounding = self._slope[-1], self._rounding
        error = rounding * self.objective[-1].abs()
        flat = slope * size <= self.tol * self.range + error
        flat = torch.where(size > 0, flat, slope == 0)
        if still:
            moved = self._moved[-1] if self._moved else torch.inf
            flat = flat & (moved <= self.tol * size)
        return self.running & flat

    def slope(self, run: int) -> float:
        """The last length of a run's gradient."""
        return float(self._slope[-1][run])

    def doubt(self, run: int) -> None:
        """From now on ask ten times as much of a run before it has settled."""
        self.tol[run] /= 10

    def levels_off(self, run: int, reach: float, far: float, n: int) -> bool:
        """Whether a run goes on and on, and f neither rises nor promises to.

        What rounding would take from f, or from all that f rose, is none. Its
        steps lead on and on: those that rounding sends about a top turn back,
        those toward a flat top get shorter.

        Args:
            run: which.
            reach: X.
            far: how far it is from where it was `n` steps ago.
            n: how many steps to look back.
        """
        if len(self._moved) < n:
            return False
        before, now = (
            float(moved.sum())
            for moved in torch.stack(self._moved[-n:])[:, run].tensor_split(2)
        )
        if far < 0.9 * (before + now) or now < 0.65 * before:
            return False
        rose = float(self.objective[-1][run] - self.objective[-1 - n][run])
        promised = self.slope(run) * reach
        scale = max(float(self.best[run].abs()), float(self.range[run]))
        return max(rose, promised) <= 4 * self._rounding * scale

    def lost(self, run: int) -> bool:
        """Whether a run has been clearly higher than it is now."""
        most = self.tol[run] * self.range[run] + self._error(run)
        return bool(self.best[run] - self.objective[-1][run] > most)

    def equals_best(self, run: int) -> bool:
        """Whether a run is as high as it ever was, but for rounding."""
        fall = self.best[run] - self.objective[-1][run]
        return bool(fall <= self._error(run))

    def _error(self, run: int) -> Tensor:
        return 4 * self._rounding * self.best[run].abs()

    def motionless(self, size: Tensor) -> Tensor:
        """Which runs the last step did not move by more than rounding does."""
        if not self._moved:
            return torch.zeros_like(self.running)
        most = torch.where(size < torch.inf, 2 * self._rounding * size, 0)
        return self.running & (self._moved[-1] <= most)

    def end(self, runs: Iterable[int], ending: str) -> None:
        """End those of `runs` that have not ended."""
        running = self.running.tolist()
        ended = [run for run in runs if running[run]]
        self.running[ended] = False
        for run in ended:
            self.endings[run] = ending
            self._steps[run] = len(self._moved)

    def histories(self) -> list[History]:
        """What each run measured, up to its end."""
        f, g, moved = (
            torch.stack([torch.zeros_like(self.best), *series]).T[:, 1:]
            for series in (self.objective, self._slope, self._moved)
        )
        return [
            History(values[: n + 1], slopes[: n + 1], lengths[:n])
            for values, slopes, lengths, n in zip(f, g, moved, self._steps)
        ]


def explain(ending: str, objective: Tensor, uphill: bool, advice: str) -> str:
    """How a run ended, why, where its course shows the cause, and what to do.

    Args:
        ending: what ended it.
        objective: its values, shape (steps + 1,).
        uphill: whether its first step went along the gradient.
        advice: what to change where the course shows nothing else.
    """
    overflowed = ending.startswith("not finite")
    if ending.startswith("f is infinite"):
        return f"the objective grows without bound ({ending})"
    f = objective[:-1] if overflowed else objective
    used_up = ending.startswith("all")
    plain = f"{ending}: {advice}" if used_up else ending
    if overflowed:
        plain = f"{ending}; {NOT_FINITE}"
    if len(f) < 3:
        return plain
    first, middle, last = map(float, (f[0], f[len(f) // 2], f[-1]))
    best = int(f.argmax())
    if best == 0 and last < (first + float(f.min())) / 2 and _trend(f) < -0.5:
        cause = "the optimizer goes downhill; did you pass -f?"
        if uphill:
            cause = "the steps are too long; try a smaller lr"
        fall = f"from {first:.6g} to {last:.6g}"
        return f"the objective kept falling, {fall}: {cause} ({ending})"
    endless = last - middle > 0.9 * (middle - first) > 0
    if best == len(f) - 1 and endless and _trend(f) > 0.5:
        if overflowed:
            return f"the objective grows without bound ({ending})"
        if used_up:
            return (
                f"{ending}, and the objective rises as fast as ever: it may "
                f"grow without bound (to minimize f, maximize -f), or {advice}"
            )
    return plain


def advise(optimizer: Optimizer, automatic: bool) -> str:
    """What to change where all steps were used."""
    if automatic:
        return "use more steps"
    lr = optimizer.param_groups[0].get("lr")
    if not isinstance(lr, float | int | Tensor):
        return "use more steps, or leave out `optimizer`"
    rate = float(lr)
    if rate == 0:
        return "lr=0 moves nothing"
    return (
        f"lr={rate:g} may be too small, or too large to settle; try "
        f"{10 * rate:g} or {rate / 10:g}, or leave out `optimizer`"
    )


def _trend(objective: Tensor) -> float:
    """From 1, if the objective rises at each step, to -1, if it falls."""
    return float(objective.diff().sign().mean())
