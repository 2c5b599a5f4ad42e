"""Penalties by what their maps are defined to be, and ascent by its theorems."""

import copy
import math
import pickle
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso
from torch import Tensor

from gradient_ascent.constraints import Ball, Box, Simplex, constrain
from gradient_ascent.maximization import maximize
from gradient_ascent.optim import SGD, Adam
from gradient_ascent.proximal import (
    L1,
    GroupL1,
    Penalty,
    ProximalAscent,
    SquaredL2,
    Within,
    maximize_penalized,
)

PENALTIES: dict[str, Penalty] = {
    "l1": L1(0.7),
    "zero": L1(0.0),
    "group": GroupL1(0.7),
    "one group": GroupL1(0.7, dim=None),
    "squared": SquaredL2(0.7),
    "ball": Within(Ball(0.8)),
    "two sets": Within([Ball(0.8), Box(0, 1)]),
}
each = pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)


def normal(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


class Regression:
    """f(w) = -|y - X w|²/2 on random data, with its smoothness."""

    def __init__(self, seed: int, n: int = 30, k: int = 12) -> None:
        self.X = normal(seed, n, k) * torch.logspace(0, -1, k, dtype=torch.float64)
        self.y = self.X[:, :3].sum(1) + normal(seed + 1, n)
        self.L = float(torch.linalg.matrix_norm(self.X, 2)) ** 2

    def __call__(self, w: Tensor) -> Tensor:
        return -(self.y - self.X @ w).square().sum() / 2

    def gradient(self, w: Tensor) -> Tensor:
        return self.X.T @ (self.y - self.X @ w)

    def best(self, penalty: Penalty) -> Tensor:
        found = maximize_penalized(
            self, torch.zeros(12, dtype=torch.float64), penalty, tol=1e-14
        )
        return found.x


def run(
    f: Any, x0: Tensor, penalty: Any, steps: int, **options: Any
) -> tuple[Tensor, list[Tensor]]:
    x = x0.clone().requires_grad_()
    optimizer = ProximalAscent([x], penalty, **options)
    visited = [x0]

    def closure() -> float:
        optimizer.zero_grad()
        value = f(x)
        value.backward()
        return float(value.detach())

    for _ in range(steps):
        optimizer.step(closure)
        visited.append(x.detach().clone())
    return x.detach(), visited


@each
@pytest.mark.parametrize("lr", [0.1, 2.0])
def test_the_map_is_the_best_trade_among_points_around(
    penalty: Penalty, lr: float
) -> None:
    x = 1.5 * normal(3, 3, 2)
    best = penalty.proximal(x, lr)

    def trade(z: Tensor) -> float:
        return float(penalty(z) + (z - x).square().sum() / (2 * lr))

    assert math.isfinite(trade(best))
    slack = 1e-4 if isinstance(penalty, Within) else 1e-12  # `contains` rounds
    for size in (1e-4, 1e-2, 1.0):
        for seed in range(60):
            assert trade(best + size * normal(seed, 3, 2)) > trade(best) - slack
    toward = [best + share * (x - best) for share in (0.01, 0.5, 1.0)]
    assert all(trade(z) > trade(best) - slack for z in (*toward, 0 * x))


def test_the_soft_threshold_by_hand() -> None:
    x = torch.tensor([3.0, -0.5, 1.0, -2.0, 0.0])
    wanted = torch.tensor([2.0, 0.0, 0.0, -1.0, 0.0])
    assert torch.equal(L1(2.0).proximal(x, 0.5), wanted)
    assert torch.equal(L1(0.0).proximal(x, 0.5), x)
    assert float(L1(2.0)(x)) == 13
    pair = torch.tensor([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    wanted = torch.tensor([[2.4, 3.2], [0.0, 0.0], [0.0, 0.0]])
    assert torch.allclose(GroupL1(1.0).proximal(pair, 1.0), wanted)
    assert torch.allclose(SquaredL2(3.0).proximal(x, 1.0), x / 4)


def test_the_map_of_a_set_is_its_projection() -> None:
    for stay in (Ball(0.5, norm="l1"), Box(-1, 0.2), Simplex(dim=-1)):
        x = normal(1, 5, 3)
        for lr in (0.01, 1.0, 50.0):
            assert torch.equal(Within(stay).proximal(x, lr), stay.project(x))
        assert float(Within(stay)(stay.project(x))) == 0
        assert float(Within(stay)(x + 9)) == math.inf


def test_on_a_set_it_is_projected_ascent() -> None:
    f, x0, lr = Regression(5), normal(8, 12), 1e-2
    for stay in (Ball(0.5), Ball(1, norm="l1"), Box(-0.1, 0.3)):
        x = x0.clone().requires_grad_()
        plain = SGD([x], lr=lr)
        constrain(plain, stay)
        for _ in range(20):
            plain.zero_grad()
            f(x).backward()
            plain.step()
        ours, _ = run(f, stay.project(x0), stay, 20, lr=lr)
        assert torch.allclose(ours, x.detach(), atol=1e-13)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("accelerated", [False, True])
def test_a_fixed_point_is_an_optimum(seed: int, accelerated: bool) -> None:
    f, weight = Regression(seed), 2.0
    found = maximize_penalized(
        f, normal(seed, 12), L1(weight), accelerated=accelerated, steps=100_000,
        tol=1e-13,
    )  # fmt: skip
    g, x = f.gradient(found.x), found.x
    assert found.success
    assert ((x == 0) | (x.abs() > 1e-6)).all() and (x == 0).any()
    assert (g[x == 0].abs() <= weight).all()
    assert (g[x != 0] - weight * x[x != 0].sign()).abs().max() < 1e-8


@pytest.mark.parametrize("alpha", [0.01, 0.1, 1.0, 10.0])
def test_it_finds_the_lasso_that_scikit_learn_finds(alpha: float) -> None:
    data = load_diabetes(scaled=False)
    x = (data.data - data.data.mean(0)) / data.data.std(0)
    y = (data.target - data.target.mean()) / data.target.std()
    alpha = alpha / 20
    theirs = Lasso(alpha=alpha, fit_intercept=False, tol=1e-15, max_iter=10**6)
    coefficients = theirs.fit(x, y).coef_
    rows, target = torch.tensor(x), torch.tensor(y)

    def f(w: Tensor) -> Tensor:
        return -(target - rows @ w).square().mean() / 2

    start = torch.zeros(10, dtype=torch.float64)
    found = maximize_penalized(f, start, L1(alpha), tol=1e-13)
    assert found.success
    assert (found.x - torch.tensor(coefficients)).abs().max() < 1e-6
    assert ((found.x == 0).numpy() == (coefficients == 0)).all()


@pytest.mark.parametrize("penalty", [L1(0.5), L1(5.0), Ball(0.4), GroupL1(1.0)])
@pytest.mark.parametrize("seed", range(4))
def test_the_bounds_of_both(seed: int, penalty: Any) -> None:
    f = Regression(seed)
    h = penalty if isinstance(penalty, Penalty) else Within(penalty)
    x0 = h.proximal(2 * normal(seed + 9, 12), 1e-9)
    best = f.best(penalty)
    top, far = float(f(best) - h(best)), float((best - x0).square().sum())
    for accelerated in (False, True):
        options = {"lr": 1 / f.L, "accelerated": accelerated, "restart": False}
        _, visited = run(f, x0, penalty, 150, **options)
        gaps = [top - float(f(x) - h(x)) for x in visited]
        for t, gap in enumerate(gaps[1:], start=1):
            bound = 2 * f.L * far / (t + 1) ** 2 if accelerated else f.L * far / 2 / t
            assert gap <= bound + 1e-10
        if not accelerated:
            assert all(b <= a + 1e-10 for a, b in pairwise(gaps))


def test_restarts_cure_the_ripples() -> None:
    for seed in range(5):
        f, h = Regression(seed), L1(1.0)
        best = f.best(h)
        top = float(f(best) - h(best))
        for restart in (False, True):
            _, visited = run(
                f, torch.zeros_like(best), h, 300,
                lr=1 / f.L, accelerated=True, restart=restart,
            )  # fmt: skip
            gaps = [top - float(f(x) - h(x)) for x in visited]
            falls = sum(b > a + 1e-9 for a, b in pairwise(gaps))
            assert falls <= 3 if restart else falls > 5


def test_zero_and_a_large_penalty() -> None:
    f = Regression(2)
    free = torch.linalg.lstsq(f.X, f.y[:, None]).solution[:, 0]
    assert torch.allclose(f.best(L1(0.0)), free, atol=1e-8)
    edge = float(f.gradient(torch.zeros(12, dtype=torch.float64)).abs().max())
    start = torch.ones(12, dtype=torch.float64)
    for over in (1 + 1e-12, 1.5, 1e6):
        assert not maximize_penalized(f, start, L1(over * edge)).x.any()
    assert (f.best(L1(0.999 * edge)) != 0).sum() == 1


def test_a_learning_rate_read_off_is_safe_on_a_curved_hill() -> None:
    rows, y = normal(0, 60, 5), (normal(1, 60) > 0).double()

    def f(w: Tensor) -> Tensor:
        z = rows @ (30 * w)
        return (y * z - torch.nn.functional.softplus(z)).sum()

    for start in (0.0, 3.0):
        w0 = torch.full((5,), start, dtype=torch.float64)
        plain = maximize_penalized(
            f, w0, L1(20.0), accelerated=False, steps=50_000, tol=1e-12
        )
        fast = maximize_penalized(f, w0, L1(20.0), tol=1e-12)
        assert plain.success and fast.success
        assert (plain.objective.diff() > -1e-9).all()
        assert (plain.x - fast.x).abs().max() < 1e-7
        assert fast.evaluations < plain.evaluations


def test_adam_with_the_threshold_forgets_the_weight() -> None:
    b = torch.tensor([3.0, -0.4, 1.0], dtype=torch.float64)
    for weight, wanted in ((0.2, b), (0.5, b), (1.5, 0 * b)):
        x = torch.zeros(3, dtype=torch.float64, requires_grad=True)
        adam = Adam([x], lr=2e-3, betas=(0.9, 0.95))
        for _ in range(4000):
            x.grad = b - x.detach()
            adam.step()
            with torch.no_grad():
                x.copy_(L1(weight).proximal(x, 2e-3))
        assert (x.detach() - wanted).abs().max() < 0.01
        right = L1(weight).proximal(b, 1.0)
        assert (x.detach() - right).abs().max() > 0.15


def test_directions_copies_and_groups() -> None:
    f, x0 = Regression(4), normal(0, 12)
    options = {"lr": 1 / f.L, "accelerated": True}
    up, _ = run(f, x0, L1(1.0), 30, **options)
    down, _ = run(lambda w: -f(w), x0, L1(1.0), 30, maximize=False, **options)
    assert torch.equal(up, down)
    x = x0.clone().requires_grad_()
    optimizer: Any = ProximalAscent([x], L1(1.0), **options)

    def closure() -> float:
        x.grad = f.gradient(x.detach())
        return float(f(x.detach()))

    for step in range(30):
        if step == 10:
            state = pickle.loads(pickle.dumps(optimizer.state_dict()))
            optimizer = ProximalAscent([x], L1(9.0), lr=9.0)
            optimizer.load_state_dict(state)
        if step == 20:
            kept = x
            optimizer, x = copy.deepcopy((optimizer, kept))
        optimizer.step(closure)
    assert torch.equal(x.detach(), up)
    a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    two = ProximalAscent(
        [{"params": [a]}, {"params": [b], "penalty": Ball(0.5), "lr": 2.0}],
        L1(3.0),
        0.1,
    )
    a.grad, b.grad = torch.zeros(2), torch.zeros(2)
    two.step()
    assert torch.allclose(a.detach(), torch.tensor([0.7, 0.7]))
    assert math.isclose(float(b.detach().norm()), 0.5, rel_tol=1e-6)


def test_a_closure_that_raises_leaves_all_as_it_was() -> None:
    f, x = Regression(4), normal(0, 12).requires_grad_()
    optimizer = ProximalAscent([x], L1(1.0), 1 / f.L, accelerated=True)

    def good() -> None:
        x.grad = f.gradient(x.detach())

    def bad() -> None:
        raise KeyError

    for _ in range(4):
        optimizer.step(good)
    point, state = x.detach().clone(), copy.deepcopy(optimizer.state_dict())
    with pytest.raises(KeyError):
        optimizer.step(bad)
    assert torch.equal(x.detach(), point)
    assert str(optimizer.state_dict()) == str(state)
    x.grad = None
    optimizer.step(lambda: None)  # f depends on nothing
    assert torch.equal(x.detach(), point)


def test_points_of_several_tensors_and_one_start_outside() -> None:
    f = Regression(6)
    start = {"a": torch.ones(4).double(), "b": torch.ones(8).double()}
    found = maximize_penalized(
        lambda p: f(torch.cat([p["a"], p["b"]])), start, L1(1.0), tol=1e-13
    )
    whole = f.best(L1(1.0))
    together = torch.cat([found.x["a"], found.x["b"]])
    assert torch.allclose(together, whole, atol=1e-8)
    kept = maximize_penalized(f, torch.ones(12).double(), Ball(0.1))
    assert kept.success and abs(float(kept.x.norm()) - 0.1) < 1e-9
    single = maximize_penalized(lambda x: -((x - 3) ** 2), 0.0, L1(2.0))
    assert math.isclose(single.x, 2.0, rel_tol=1e-7)


def test_steps_run_out_and_hills_without_a_top() -> None:
    f = Regression(6)
    few = maximize_penalized(f, torch.zeros(12).double(), L1(1.0), steps=3)
    assert not few.success and "all 3 steps" in few.message and few.steps == 3
    assert len(few.objective) == 4 and few.value == float(few.objective.max())
    endless = maximize_penalized(
        lambda x: (3 * x).sum(), torch.ones(2), L1(1.0), steps=50
    )
    assert not endless.success
    flat = maximize_penalized(lambda x: (x / 2).sum(), torch.ones(2), L1(1.0))
    assert flat.success and not flat.x.any()


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda: L1(-1.0), ValueError, "L1: weight must lie in"),
        (lambda: GroupL1("a"), TypeError, "GroupL1: weight must be a real number"),
        (lambda: L1(1.0)(torch.ones(2).long()), TypeError, "L1: x must be a real"),
        (lambda: L1(1.0).proximal(torch.ones(2), 0.0), ValueError, "lr must lie in"),
        (lambda: GroupL1(1.0, 3)(torch.ones(2, 2)), ValueError, "dim must be among"),
        (lambda: ProximalAscent([torch.ones(2)], 0.1), TypeError, "must be a Penalty"),
        (lambda: ProximalAscent([torch.ones(2)], []), TypeError, "must be a Penalty"),
        (
            lambda: ProximalAscent([torch.ones(2, requires_grad=True)], L1(1.0)).step(),
            TypeError,
            "closure must evaluate f",
        ),
        (
            lambda: ProximalAscent([{"params": [torch.ones(2)], "lr": 1.0},
                                    {"params": [torch.ones(3)]}], L1(1.0)),
            ValueError,
            "lr must be given for all groups or for none",
        ),
        (
            lambda: maximize_penalized(lambda x: 3.0, 0.0, L1(1.0)),
            TypeError,
            "f must return a tensor of one real number",
        ),
        (
            lambda: maximize_penalized(lambda x: x.detach(), 0.0, L1(1.0)),
            TypeError,
            "depends on x",
        ),
        (
            lambda: maximize_penalized(lambda x: x.log(), -1.0, L1(1.0)),
            ValueError,
            "finite at x0",
        ),
        (
            lambda: maximize_penalized(sum, torch.nn.Linear(1, 1), L1(1.0)),
            TypeError,
            "got a module",
        ),
        (
            lambda: maximize(
                lambda x: -(x**2),
                1.0,
                optimizer=partial(ProximalAscent, penalty=L1(1.0)),
            ),
            ValueError,
            "proximal.maximize_penalized",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_told(call: Any, kind: type[Exception], says: str) -> None:
    with pytest.raises(kind, match=says):
        call()
