"""Noise and kicks: their sizes, and what they are for."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.maximization import Kick, Noise, maximize
from gradient_ascent.maximization.perturbations import Kicks

PLAIN = {"optimizer": "momentum", "momentum": 0}


def saddle(x: Tensor) -> Tensor:
    """A saddle at 0, maxima of height 1/4 at y = -+1/sqrt(2)."""
    return -(x[0] ** 2) + x[1] ** 2 - x[1] ** 4


def wells(x: Tensor) -> Tensor:
    """Maxima at -1 and, higher by about 0.4, at 1; a valley between."""
    return -((x**2 - 1) ** 2) + 0.2 * x


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_noise_has_the_size_it_says(dtype: torch.dtype) -> None:
    runs, steps = 2000, 5
    found = maximize(
        lambda x: 0 * x["a"].sum() + x["b"],
        {"a": torch.zeros(runs, 3, dtype=dtype), "b": torch.zeros(runs, dtype=dtype)},
        **PLAIN, lr=0, batched=True, steps=steps, perturb=Noise(0.5, 0.8),
    )  # fmt: skip
    moved = torch.stack([run.trace.step_size for run in found.runs])
    for t in range(1, steps + 1):
        variance = (0.5 * 0.8**t) ** 2
        mean = float((moved[:, t - 1] ** 2).mean() / variance)
        assert mean == pytest.approx(4, abs=4 * math.sqrt(2 * 4 / runs))


def test_noise_leaves_a_saddle_and_settles() -> None:
    stuck = maximize(saddle, [1.0, 0.0], **PLAIN, lr=0.1)
    assert stuck.value <= 0
    free = maximize(saddle, [1.0, 0.0], **PLAIN, lr=0.1, perturb=Noise(0.01, 0.97))
    assert free.success and free.value == pytest.approx(0.25)


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex128])
def test_a_kick_is_uniform_in_the_ball_over_all_tensors(dtype: torch.dtype) -> None:
    runs, kick = 4000, Kick(radius=2.0)
    rows = [torch.zeros(runs, dtype=dtype), torch.zeros(runs, 2, dtype=dtype)]
    a, b = kick.draw(rows, torch.Generator().manual_seed(0))
    length = torch.sqrt(a.abs() ** 2 + (b.abs() ** 2).sum(1))
    assert length.max() <= 2
    dimension = 6 if dtype.is_complex else 3
    volume = (length / 2) ** dimension  # uniform on [0, 1] if the kick is
    for share in (0.25, 0.5, 0.75):
        error = math.sqrt(share * (1 - share) / runs)
        assert float((volume < share).double().mean()) == pytest.approx(
            share, abs=4 * error
        )
    means = torch.cat([a[:, None], b], dim=1).mean(0).abs()
    assert means.max() < 4 * 2 / math.sqrt(runs)


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "lbfgs"])
def test_a_kick_leaves_a_saddle(optimizer: str) -> None:
    options: dict[str, Any] = {"optimizer": optimizer, "lr": 0.05}
    stuck = maximize(saddle, [1.0, 0.0], **options)
    assert not stuck.success and stuck.value <= 0
    assert "a saddle or a minimum; try perturb=Kick(radius)" in stuck.message
    free = maximize(saddle, [1.0, 0.0], **options, perturb=Kick(0.01, patience=20))
    assert free.success and free.value == pytest.approx(0.25)
    assert free.message.endswith("where a kick led no higher")


def test_a_wide_kick_crosses_a_valley_and_a_narrow_one_does_not() -> None:
    starts = torch.full((200,), -1.0, dtype=torch.float64)
    options: dict[str, Any] = {**PLAIN, "lr": 0.05, "batched": True}
    narrow = maximize(wells, starts, **options, perturb=Kick(0.5))
    wide = maximize(wells, starts, **options, perturb=Kick(2.0))
    assert all(float(run.x) < 0 for run in narrow.runs)
    crossed = sum(float(run.x) > 0 for run in wide.runs)
    assert 30 < crossed < 100, "a quarter of [-3, 1] lies beyond the valley, at least"
    assert all(run.success for run in (*narrow.runs, *wide.runs))


def test_a_kick_has_its_patience() -> None:
    plain = maximize(wells, -1.5, **PLAIN, lr=0.05)
    for patience in (0, 50, 300):
        kicked = maximize(
            wells,
            -1.5,
            **PLAIN,
            lr=0.05,
            perturb=Kick(1e-3, patience),
        )
        assert kicked.success
        assert kicked.steps >= plain.steps + patience
        assert kicked.value >= plain.value


def test_kicks_are_judged_by_what_they_gained() -> None:
    kicks, no, yes = Kicks(1), torch.tensor([False]), torch.tensor([True])
    enough = torch.tensor([0.1], dtype=torch.float64)

    def judge(settled: Tensor, height: float, step: int) -> tuple[bool, bool]:
        best = torch.tensor([height], dtype=torch.float64)
        kick, done = kicks.judge(settled, best, enough, step=step, patience=10)
        return bool(kick), bool(done)

    assert judge(no, 1.0, 5) == (False, False)
    assert judge(yes, 1.0, 6) == (True, False), "the first rest earns a kick"
    assert judge(yes, 9.0, 15) == (False, False), "too soon to tell"
    assert judge(yes, 2.0, 16) == (True, False), "it led higher: another"
    assert judge(yes, 2.05, 26) == (False, True), "not by enough: done"


@pytest.mark.parametrize(
    ("perturbation", "options", "says"),
    [
        (Noise, {"scale": -1.0}, r"scale must lie in \[0, inf\)"),
        (Noise, {"scale": 1.0, "decay": 1.5}, r"decay must lie in \(0, 1\]"),
        (Kick, {"radius": 0}, r"radius must lie in \(0, inf\)"),
        (Kick, {"radius": 1.0, "patience": -1}, "patience must lie in"),
    ],
)
def test_bad_sizes_are_refused(perturbation: Any, options: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        perturbation(**options)
