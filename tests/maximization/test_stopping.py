"""When a run ends, and what it says."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent.constraints import Simplex
from gradient_ascent.maximization import Kick, Noise, maximize

START = torch.tensor([3.0, -1.0], dtype=torch.float64)


def bowl(x: Tensor) -> Tensor:
    """A concave function with its maximum, 0, at (1, 1)."""
    return -((x[0] - 1) ** 2) - 3 * (x[1] - 1) ** 2


def climb(
    f: Callable[[Tensor], Tensor], start: Tensor = START, lr: float = 0.05
) -> Any:
    return maximize(f, start, optimizer="momentum", lr=lr)


@pytest.mark.parametrize("power", [-60, -1, 30])
def test_a_unit_changes_nothing(power: int) -> None:
    unit = 2.0**power  # exact, so the runs are the same to the last bit
    plain = climb(bowl)
    scaled = climb(lambda x: unit * bowl(x), lr=0.05 / unit)
    longer = climb(lambda x: bowl(x / unit), START * unit, lr=0.05 * unit**2)
    assert plain.success
    assert plain.steps == scaled.steps == longer.steps
    assert scaled.value == unit * plain.value and longer.value == plain.value


@pytest.mark.parametrize("offset", [-1e6, -20.0, -1e-9, 1e-9, 20.0, 1e6])
def test_an_offset_changes_no_more_than_rounding_does(offset: float) -> None:
    best = climb(lambda x: bowl(x) + offset)
    assert best.success
    assert (best.x - 1).norm() < 1e-4
    if abs(offset) <= 20:
        assert best.steps == pytest.approx(climb(bowl).steps, abs=2)


@settings(max_examples=15)
@given(
    x=st.floats(-100, 100), y=st.floats(-100, 100), tol=st.sampled_from([1e-3, 1e-6])
)
def test_converged_means_near_the_top(x: float, y: float, tol: float) -> None:
    start = torch.tensor([x, y], dtype=torch.float64)
    best = maximize(bowl, start, optimizer="momentum", lr=0.05, tol=tol)
    assert best.success
    reach = (start - 1).norm() + start.norm() + 2
    assert (best.x - 1).norm() <= 10 * tol * reach


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ["momentum", "adam", "gradient_ascent", "lbfgs"])
def test_a_start_at_the_top_has_converged(name: str, dtype: torch.dtype) -> None:
    best = maximize(bowl, torch.ones(2, dtype=dtype), optimizer=name)
    assert best.success and best.steps <= 1 and best.value == 0


@pytest.mark.parametrize("start", [(0.0, 0.0), (3.0, -1.0), (1000.0, 1000.0)])
@pytest.mark.parametrize("name", ["momentum", "adam"])
def test_tiny_steps_are_not_taken_for_arrival(
    name: str, start: tuple[float, float]
) -> None:
    best = maximize(bowl, start, optimizer=name, lr=1e-10, steps=300)
    assert not best.success


def test_a_flat_place_crossed_at_speed_is_not_taken_for_arrival() -> None:
    def terrace(x: Tensor) -> Tensor:
        return x**3 * (4 - x)  # level at 0, highest at 3

    best = maximize(terrace, -1.0, optimizer="momentum", lr=1 / 16, momentum=0.5)
    assert best.trace.gradient_norm[1] == 0, "the first step lands on the level"
    assert best.success and best.value == pytest.approx(27)


def test_warmup_is_not_taken_for_arrival() -> None:
    best = maximize(
        bowl, START, optimizer="gradient_ascent", lr=0.1, warmup_steps=400, steps=2000
    )
    assert best.steps > 200
    assert (best.x - 1).norm() < 1e-3


def test_a_float32_run_arrives() -> None:
    best = maximize(bowl, START.float(), optimizer="adam", lr=0.05)
    assert best.success
    assert (best.x - 1).norm() < 1e-3


class TestWords:
    """The message says what happened, and why where that shows."""

    def test_all_steps(self) -> None:
        best = maximize(bowl, START, optimizer="adam", lr=0.1, steps=20)
        assert not best.success
        assert best.message == (
            "all 20 steps used: lr=0.1 may be too small, or too large to settle; "
            "try 1 or 0.01, or leave out `optimizer`"
        )

    @pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
    def test_a_slope_without_end(self, dtype: torch.dtype) -> None:
        slope = torch.tensor([2.0, -1.0], dtype=dtype)
        endless = maximize(
            lambda x: slope @ x, slope * 0, optimizer="adam", lr=0.1, steps=50
        )
        assert not endless.success
        assert endless.message.startswith("all 50 steps used, and the objective rises")
        assert "may grow without bound (to minimize f, maximize -f)" in endless.message

    def test_growth_until_it_overflows(self) -> None:
        steep = maximize(lambda x: x**2, 1.0, optimizer=torch.optim.SGD, lr=1.0)
        assert not steep.success
        assert steep.message.startswith("the objective grows without bound (not finite")
        assert steep.steps < 1000
        assert steep.value == steep.trace.objective[:-1].max() < torch.inf

    def test_a_value_that_is_not_finite(self) -> None:
        def f(x: Tensor) -> Tensor:
            return x.log() - 5 * x

        nan = maximize(f, 1.0, optimizer=torch.optim.SGD, lr=1.0)
        assert nan.message.startswith("not finite at step 1: the objective is nan; ")
        assert "a constraint that keeps x where f is finite" in nan.message
        inf = maximize(f, 1.0, optimizer=Landing, lr=1.0)
        assert inf.message.startswith("not finite at step 1: the objective is -inf; ")
        for bad in (nan, inf):
            assert (bad.success, bad.steps, bad.value, bad.x) == (False, 1, -5, 1)

    def test_the_parameter_whose_gradient_is_not_finite_is_named(self) -> None:
        def f(x: dict[str, Tensor]) -> Tensor:
            return x["safe"].sum() - x["edge"].abs().sqrt().sum()

        start = {"safe": torch.ones(2), "edge": torch.tensor([1.0, 0.5])}
        bad = maximize(f, start, optimizer=Landing, lr=1.0)
        said = "not finite at step 1: the gradient of x['edge']; "
        assert bad.message.startswith(said)
        assert bad.steps == 1 and bad.value == float(f(start))

    @pytest.mark.parametrize("batched", [False, True])
    def test_no_start_that_is_finite(self, batched: bool) -> None:
        start = -torch.ones(2) if batched else -1.0
        with pytest.raises(ValueError, match="x0 is no start: not finite at step 0"):
            maximize(lambda x: x.log(), start, batched=batched)

    def test_steps_that_are_too_long(self) -> None:
        wild = maximize(
            lambda x: -(x**2), 1.0, optimizer=torch.optim.SGD, lr=1.1, steps=40
        )
        assert not wild.success and wild.value == -1
        assert wild.message.startswith("the objective kept falling, from -1 to -")
        assert "the steps are too long; try a smaller lr" in wild.message

    @pytest.mark.parametrize("f", [lambda x: -(x**2), lambda x: x**2 + 1])
    def test_an_optimizer_that_only_says_that_it_climbs(
        self, f: Callable[[Tensor], Tensor]
    ) -> None:
        fallen = maximize(f, 1.0, optimizer=Descends, lr=0.1)
        assert not fallen.success and fallen.value == float(f(torch.tensor(1.0)))
        assert "the objective kept falling, from" in fallen.message
        assert "the optimizer goes downhill; did you pass -f?" in fallen.message

    @pytest.mark.parametrize("perturb", [Noise(0.1), Kick(0.1)])
    def test_a_wobble_about_the_top_is_no_fall(self, perturb: Any) -> None:
        best = maximize(bowl, [1.0, 1.0], optimizer="adam", lr=0.05, perturb=perturb)
        assert "falling" not in best.message


class Descends(torch.optim.SGD):
    """Goes downhill whatever `maximize` says, as some published optimizers do."""

    def step(self, closure: Any = None) -> None:
        for group in self.param_groups:
            for x in group["params"]:
                x.data -= group["lr"] * x.grad


class Landing(torch.optim.SGD):
    """Lands on zero exactly."""

    def step(self, closure: Any = None) -> None:
        for x in self.param_groups[0]["params"]:
            x.data.zero_()


def test_says_when_the_projection_undoes_every_step() -> None:
    slope = torch.tensor([1.0, 2.0, 0.5])
    start = torch.ones(3) / 3
    stuck = maximize(lambda p: p @ slope, start, optimizer="adam", constraint=Simplex())
    assert not stuck.success
    assert "projection undoes each step of Adam" in stuck.message
    assert stuck.message.endswith("leave out `optimizer`")
    best = maximize(lambda p: p @ slope, start, constraint=Simplex())
    assert best.success and best.value == pytest.approx(2)
