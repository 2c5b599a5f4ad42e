"""When a run has arrived, and how to say how it went."""

from collections.abc import Iterable

import torch
from torch import Tensor

from gradient_ascent.maximization.moving import indices
from gradient_ascent.maximization.result import History


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
        self.tol = tol
        double, cpu = torch.float64, "cpu"  # not torch's default device
        self.best = torch.full((runs,), -torch.inf, dtype=double, device=cpu)
        self.lowest = -self.best
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

    def settled(self, size: Tensor) -> Tensor:
        """Which runs meet the stopping rule that `maximize` states."""
        if not self._moved:
            return torch.zeros_like(self.running)
        still = self._moved[-1] <= self.tol * size
        rounding = self._rounding * self.objective[-1].abs()
        flat = self._slope[-1] * size <= self.tol * self.range + rounding
        return self.running & still & flat

    @property
    def motionless(self) -> Tensor:
        """Which runs the last step did not move."""
        if not self._moved:
            return torch.zeros_like(self.running)
        return self.running & (self._moved[-1] == 0)

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


def explain(ending: str, objective: Tensor, uphill: bool) -> str:
    """How a run ended, and why, where its course shows the cause.

    Args:
        ending: what ended it.
        objective: its values, shape (steps + 1,).
        uphill: whether its first step went along the gradient.
    """
    overflowed = ending.startswith("not finite")
    f = objective[:-1] if overflowed else objective
    if len(f) < 3:
        return ending
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
        if ending.startswith("all"):
            return (
                f"{ending}, and the objective rises as fast as ever: it may "
                "grow without bound (to minimize f, maximize -f), or lr is "
                "too small"
            )
    return ending


def _trend(objective: Tensor) -> float:
    """From 1, if the objective rises at each step, to -1, if it falls."""
    return float(objective.diff().sign().mean())
