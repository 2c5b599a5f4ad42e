"""Every problem has the optimum that it says, and is drawn by its seed alone."""

import math

import numpy as np
import pytest
import torch

from gradient_ascent.benchmarks import data_problems, objective_problems, seed_problems
from gradient_ascent.benchmarks.jobs import Job, do
from gradient_ascent.benchmarks.problems import PROBLEMS, problem

NAMES = list(PROBLEMS)


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_gives_the_same_start_and_another_seed_another(name: str) -> None:
    first, again, other = (problem(name).make(seed) for seed in (3, 3, 4))
    assert first.gap() == again.gap()
    assert first.gap() != other.gap()
    for a, b in zip(first.parameters, again.parameters):
        assert torch.equal(a, b)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_starts_unsolved_and_stays_below_the_optimum(name: str) -> None:
    steps = min(problem(name).steps, 100)
    run = do(Job(name, "Adam", "tuning", 0, 1000, (("lr", 0.05),), steps))
    assert run.start > run.target > 0
    assert not run.failed
    lowest = min(gap for _, gap in run.curve)
    assert lowest >= -1e-6  # float32 rounds
    assert run.best < run.start


def test_an_unknown_problem_is_told_with_the_one_meant() -> None:
    with pytest.raises(ValueError, match="no problem 'rosenbrok'; did you mean rosen"):
        problem("rosenbrok")


def test_batches_take_each_sample_once_before_any_comes_again() -> None:
    draw = data_problems.batches(10, 3, torch.Generator().manual_seed(0))
    taken = torch.cat([draw() for _ in range(3)])
    assert len(taken.unique()) == 9
    assert not torch.equal(taken, torch.cat([draw() for _ in range(3)]))


def test_the_logistic_optimum_is_where_the_slope_is_zero() -> None:
    from sklearn.linear_model import LogisticRegression

    x, signs = data_problems.tumors()
    # scikit-learn's penalty is |w|^2 / 2 beside C times the sum of losses.
    c = 1 / (data_problems.PENALTY * len(x))
    solver = LogisticRegression(C=c, tol=1e-10, max_iter=10_000, solver="newton-cg")
    solver.fit(x.numpy(), signs.numpy())
    w = torch.from_numpy(np.append(solver.coef_[0], solver.intercept_))
    w.requires_grad_()
    height = data_problems.log_likelihood(w, x, signs)
    (slope,) = torch.autograd.grad(height, w)
    f = float(height.detach())
    assert slope.abs().max() < 1e-6
    # f is concave: where its slope is zero is its top.
    assert abs(f - data_problems.LOGISTIC_OPTIMUM) < 1e-11


def test_no_em_from_other_starts_climbs_above_the_mixtures_optimum() -> None:
    f, ends = objective_problems.petals(), []
    components = objective_problems.COMPONENTS
    starts = f.starts(components, 25, full=False, seed=77)
    for i in range(25):
        theta = {name: part[i] for name, part in starts.items()}
        for _ in range(120):
            theta = f.em_step(theta)
        ends.append(float(f(theta)) / len(f.data))
    optimum = objective_problems.MIXTURE_OPTIMUM
    assert max(ends) <= optimum + 1e-12
    assert max(ends) > optimum - 1e-9
    near = sum(end > optimum - problem("mixture").target for end in ends)
    assert near >= 20  # nearly any start will do: it is no lottery


def test_the_largest_eigenvalue_is_one() -> None:
    values = np.linalg.eigvalsh(objective_problems.matrix().numpy())
    assert abs(values[-1] - 1) < 1e-12
    assert abs(values[-2] / values[-1] - objective_problems.RATIO) < 1e-12


def test_the_highest_ripple_is_found_by_its_slope_and_by_a_grid() -> None:
    def slope(x: float) -> float:
        turn = 5 * math.pi * x
        return -math.sin(turn) - turn * math.cos(turn)

    low, high = 0.65, 0.75
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    grid = torch.linspace(-1, 1, 200_001, dtype=torch.float64)
    heights = -(grid * (5 * math.pi * grid).sin())
    at = seed_problems.ripples(torch.tensor([low], dtype=torch.float64))
    assert abs(float(at) - seed_problems.PEAK) < 1e-14
    assert float(heights.max()) <= seed_problems.PEAK
    assert round(low, 4) == 0.7057


@pytest.mark.parametrize("number", [3, 4, 5])
def test_no_climb_from_other_starts_ends_above_a_nets_highest(number: int) -> None:
    net, radius = seed_problems.net(number), seed_problems.RADIUS
    draws = torch.Generator().manual_seed(900 + number)
    shape = 150, seed_problems.NETS[number][0]
    x = torch.randn(shape, generator=draws, dtype=torch.float64)
    for step in range(300):
        x = x * (radius / x.norm(dim=1, keepdim=True)).clamp(max=1)
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(net(x).sum(), x)
        x = x + 3 * 0.98**step * slope
    x = x * (radius / x.norm(dim=1, keepdim=True)).clamp(max=1)
    best = float(net(x.detach()).max())
    assert best <= seed_problems.HIGHEST[number] + 1e-6
    assert best > seed_problems.HIGHEST[number] - 6e-3  # many lower ones are near


def test_the_convolution_is_highest_at_its_slopes_over_lambda() -> None:
    task = problem("seed-8").make(0)
    f = task.objective()
    slopes = torch.autograd.grad(f, list(task.parameters))
    penalty = seed_problems.PENALTY
    with torch.no_grad():
        for parameter, slope in zip(task.parameters, slopes):
            parameter.copy_(slope / penalty + parameter)  # f's slope is c - lambda p
    assert abs(task.gap()) < 1e-6
    flat = torch.autograd.grad(task.objective(), list(task.parameters))
    assert max(float(g.abs().max()) for g in flat) < 1e-6


def test_the_bound_of_an_lstm_is_neared_by_gates_that_are_open() -> None:
    task = problem("seed-10").make(0)
    with torch.no_grad():
        for weight in task.parameters:
            weight.zero_()
            if weight.dim() == 1 and len(weight) == 80:
                weight.fill_(20.0)  # all gates open, all candidates 1
    # A cell that starts below zero should be forgotten once; here it is kept.
    assert 0 < task.gap() < 0.2
    cell = torch.zeros(3)
    mean = sum(math.tanh(t) for t in range(1, 6)) / 5
    assert abs(seed_problems.lstm_bound(cell) - mean) < 1e-12
    assert seed_problems.lstm_bound(cell + 1) > mean > 0.9


def test_inputs_and_the_box_are_stayed_in() -> None:
    for name in ("seed-3", "seed-6"):
        task = problem(name).make(0)
        assert task.within is not None
        (x,) = task.parameters
        assert torch.equal(task.within.project(x), x)
