"""Success means a top: not a saddle, a plateau or a slope that levels off."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent.constraints import Ball, Box, Hyperplane, Simplex, Sphere
from gradient_ascent.maximization import Result, maximize
from gradient_ascent.maximization.curvature import curvature

F64 = torch.float64
RULES: dict[str, dict[str, Any]] = {
    "none": {},
    "momentum": {"optimizer": "momentum", "lr": 0.02},
    "adam": {"optimizer": "adam", "lr": 0.02},
    "lbfgs": {"optimizer": "lbfgs", "line_search_fn": "strong_wolfe"},
}
NO_TOP: dict[str, tuple[Callable[[Tensor], Tensor], list[float]]] = {
    "a constant": (lambda x: 0 * x.sum() + 5, [1.0, 2.0]),
    "a plateau": (lambda x: -torch.relu(x.norm() - 1), [0.1, 0.2]),
    "far from a bell": (lambda x: torch.exp(-x @ x), [30.0, 30.0]),
    "a saddle without a top": (lambda x: x[0] ** 2 - x[1] ** 2, [0.0, 1.0]),
    "a pass of third order": (lambda x: x[0] ** 3 - x[1] ** 2, [-1.0, 1.0]),
    "an asymptote": (lambda x: -torch.exp(-x).sum(), [0.0, 1.0]),
    "a sigmoid": (lambda x: torch.sigmoid(x).sum(), [0.0, 1.0]),
    "a root": (lambda x: x.abs().sqrt().sum(), [1.0, 2.0]),
    "a logarithm": (lambda x: x.log().sum(), [1.0, 2.0]),
    "an exponential": (lambda x: x.exp().sum(), [1.0, 2.0]),
    "a slope": (lambda x: x.sum(), [0.0, 0.0]),
    "a valley": (lambda x: (x**2).sum(), [0.0, 1.0]),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", NO_TOP)
def test_what_has_no_top_is_never_a_success(name: str, rule: str) -> None:
    f, start = NO_TOP[name]
    found = maximize(f, start, steps=300, **RULES[rule])
    assert not found.success, found
    assert found.status != 0


LEVEL: dict[str, Callable[[Tensor], Tensor]] = {
    "an asymptote": lambda x: -torch.exp(-x).sum(),
    "an error function": lambda x: torch.erf(x).sum(),
    "a softmax": lambda x: x.softmax(0) @ x.new_tensor([1.0, 0.7]),
    "a separable logistic regression": lambda x: (
        -(1 + torch.exp(-x @ x.new_ones(2))).log()
    ),
}


@pytest.mark.parametrize("dtype", [torch.float32, F64], ids=repr)
@pytest.mark.parametrize("name", LEVEL)
def test_where_f_levels_off_toward_infinity_it_ends_soon(
    name: str, dtype: torch.dtype
) -> None:
    found = maximize(LEVEL[name], torch.tensor([0.5, 1.0], dtype=dtype))
    assert not found.success
    assert found.evaluations < 250
    assert "levels off toward infinity" in found.message
    assert "no `optimizer`" not in found.message


SLANTING: dict[str, Callable[[Tensor, float], Tensor]] = {
    "an asymptote": lambda x, a: -torch.exp(-a * x[0]) - (x[1] - x[0]) ** 2,
    "another": lambda x, a: -torch.exp(-a * (x[0] + x[1] / 2)) - (x[1] - 2 * x[0]) ** 2,
    "a logistic function": lambda x, a: (
        -torch.nn.functional.softplus(-a * (x[0] + x[1])) - 4 * (x[1] - x[0]) ** 2
    ),
    "a fraction": lambda x, a: -1 / (1 + (a * x[0]) ** 2) - (x[1] - x[0]) ** 2,
}


@pytest.mark.parametrize("dtype", [torch.float32, F64], ids=repr)
@pytest.mark.parametrize("steepness", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("name", SLANTING)
def test_a_ridge_that_rises_for_ever_by_less_than_its_slope_tells_has_no_top(
    name: str, steepness: float, dtype: torch.dtype
) -> None:
    """For along a slanting ridge the gradient is lost in what it is across."""
    for seed in range(5):
        _, start = slanting(1, 2, seed)
        x0 = 3 * start.to(dtype)
        found = maximize(lambda x: SLANTING[name](x, steepness), x0)
        assert not found.success, found


@pytest.mark.parametrize("seed", range(5))
def test_a_ridge_of_tops_whose_height_is_rounding_is_a_success(seed: int) -> None:
    """Though that height may rise all along the ridge, as the scale of f falls."""
    _, start = slanting(1, 2, seed)
    found = maximize(
        lambda x: -((x[0] - 2 * x[1]) ** 2) / (1 + x @ x), 2 * start.to(F64)
    )
    assert found.success, found


def slanting(condition: float, size: int, seed: int) -> tuple[Tensor, Tensor]:
    """Curvatures of a concave quadratic, and a start."""
    curvatures = torch.logspace(0, -math.log10(condition), size, dtype=F64)
    random = torch.Generator().manual_seed(seed)
    start = torch.randn(size, generator=random, dtype=F64)
    return curvatures.float(), start.float()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("size", "condition", "offset", "constraint"),
    [
        (20, 1e4, 1e4, Box(-50, 50)),
        (20, 1e4, 1e3, Box(-50, 50)),
        (10, 1e3, 1e4, Ball(100)),
        (40, 1e4, 1e6, None),
    ],
)
def test_steps_that_rounding_sends_about_a_top_are_not_said_to_level_off(
    size: int, condition: float, offset: float, constraint: Any, seed: int
) -> None:
    curvatures, x0 = slanting(condition, size, seed)
    found = maximize(
        lambda x: offset - (curvatures * x**2).sum(), x0, constraint=constraint
    )
    assert found.success, found.message


@pytest.mark.parametrize("power", [4, 8, 12])
@pytest.mark.parametrize("offset", [0.0, 1.0, 1000.0])
def test_a_top_of_high_order_is_not_said_to_level_off(
    power: int, offset: float
) -> None:
    """Though f is level there for many steps."""
    found = maximize(
        lambda x: offset - x[0].abs() ** power - x[1] ** 2,
        torch.tensor([0.3, 0.2], dtype=F64),
    )
    assert found.success


HIDDEN: dict[str, tuple[Callable[[Tensor], Tensor], list[float], torch.dtype]] = {
    "by an offset": (
        lambda x: x[0] ** 2 - x[1] ** 2 - x[0] ** 4 + 1000, [0, 1], torch.float32
    ),
    "in a smaller unit": (
        lambda x: (1e3 * x[0]) ** 2 - (1e3 * x[0]) ** 4 - x[1] ** 2, [0, 1], F64
    ),
    "of fourth order": (lambda x: x[0] ** 4 - x[1] ** 4 - x[0] ** 6, [0, 0], F64),
    "of kinks": (lambda x: x[0].abs() - x[1].abs() - x[0] ** 2, [0, 0], F64),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_a_hidden_saddle_is_not_taken_for_a_top(name: str) -> None:
    f, start, dtype = HIDDEN[name]
    found = maximize(f, torch.tensor(start, dtype=dtype))
    saddle = f(torch.zeros(2, dtype=dtype))
    assert found.value > saddle or not found.success


@pytest.mark.parametrize(("condition", "dtype"), [(1e5, torch.float32), (1e12, F64)])
def test_no_top_is_missed_for_another_that_is_steeper(
    condition: float, dtype: torch.dtype
) -> None:
    for angle in torch.linspace(0, 3, 10).tolist():
        c, s = math.cos(angle), math.sin(angle)

        def f(x: Tensor, c: float = c, s: float = s) -> Tensor:
            y = x - 1
            return (
                -((c * y[0] + s * y[1]) ** 2) - condition * (s * y[0] - c * y[1]) ** 2
            )

        found = maximize(f, torch.tensor([3.0, -2.0], dtype=dtype))
        assert not found.success or (found.x - 1).norm() < 0.01


def test_units_of_each_coordinate() -> None:
    found = maximize(
        lambda x: -((x[0] / 1e8 - 1) ** 2) - (x[1] / 1e-8 - 1) ** 2, [0.0, 0.0]
    )
    assert not found.success or found.value > -1e-6


@pytest.mark.parametrize("n", [2, 5, 12])
@pytest.mark.parametrize("condition", [1e2, 1e4, 1e6, 1e8, 1e10])
def test_a_top_that_rounding_hides_is_no_success(n: int, condition: float) -> None:
    """A slanting ridge; float32 knows its top as far as 1e-7 times its condition."""
    torch.manual_seed(n)
    turned, _ = torch.linalg.qr(torch.randn(n, n, dtype=F64))
    matrix = turned * torch.logspace(0, math.log10(condition), n, dtype=F64)
    matrix, top = matrix @ turned.T, torch.randn(n, dtype=F64)

    def climb(dtype: torch.dtype) -> Result:
        a, middle = matrix.to(dtype), top.to(dtype)
        return maximize(
            lambda x: -(x - middle) @ (a @ (x - middle)) / 2,
            torch.zeros(n, dtype=dtype),
        )

    double, single = climb(F64), climb(torch.float32)
    assert double.success
    torch.testing.assert_close(double.x, top, rtol=0, atol=1e-3)
    if condition < 1e6:
        assert single.success
    if single.success:
        torch.testing.assert_close(single.x.double(), top, rtol=0, atol=0.05)
    else:
        assert "rounding hides the top" in single.message
        assert "use float64" in single.message


def test_a_ridge_of_tops_is_a_success_where_f_is_level_to_the_last_bit() -> None:
    for dtype in (torch.float32, F64):
        found = maximize(lambda x: -((x.sum() - 1) ** 2), torch.zeros(3, dtype=dtype))
        assert found.success and abs(float(found.x.sum()) - 1) < 1e-5


def test_a_million_numbers_are_judged() -> None:
    """No matrix of their square is made."""
    found = maximize(lambda x: -((x - 1) ** 2).sum(), torch.zeros(1_000_000))
    assert found.success and float((found.x - 1).abs().max()) < 1e-3


@pytest.mark.parametrize("f", [torch.tanh, torch.sigmoid, lambda x: -torch.exp(-x)])
def test_an_asymptote_beside_a_top(f: Callable[[Tensor], Tensor]) -> None:
    found = maximize(lambda x: f(x[0]) - x[1] ** 2, [0.0, 1.0])
    highest = float(f(torch.tensor(1e3, dtype=F64)))
    assert not found.success or found.value == highest, "as high as rounding lets it"


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("at", [(0.0, 0.0), (1.0, 0.0)])
def test_a_saddle_is_left_or_told(rule: str, at: tuple[float, float]) -> None:
    def f(p: Tensor) -> Tensor:
        return -(p[0] ** 2) + p[1] ** 2 - p[1] ** 4

    found = maximize(f, at, steps=3000, **RULES[rule])
    if rule == "none":
        assert found.success and found.value == pytest.approx(0.25)
    else:
        assert not found.success
        assert "a saddle or a minimum; try perturb=Kick(radius)" in found.message


def test_from_a_minimum_it_goes_up() -> None:
    found = maximize(lambda x: (x**2 - x**4).sum(), torch.zeros(3, dtype=F64))
    assert found.success and found.value == pytest.approx(0.75)


@pytest.mark.parametrize("power", [2, 4, 6])
def test_a_degenerate_top_is_one(power: int) -> None:
    for start in (0.0, 1.0):
        found = maximize(lambda x: -((x - 1) ** power), start)
        assert found.success, found
        assert abs(found.value) < 1e-10


@pytest.mark.parametrize(
    "f", [lambda x: -(x - 1).abs(), lambda x: -(x - 1).abs().sqrt()]
)
def test_a_kink_can_be_a_top(f: Callable[[Tensor], Tensor]) -> None:
    assert maximize(f, 0.0).success
    assert not maximize(lambda x: f(x).clamp(max=-0.5), 0.0).success


@settings(max_examples=60, deadline=None)
@given(
    of_f=st.integers(-12, 12),
    of_x=st.integers(-12, 12),
    offset=st.sampled_from([0.0, -1e6, 1e6, 1e12]),
    start=st.tuples(st.floats(-4, 4), st.floats(-4, 4)),
)
def test_success_is_true_in_every_unit(
    of_f: int, of_x: int, offset: float, start: tuple[float, float]
) -> None:
    """Himmelblau's hills: what it calls success is one of the four."""

    def f(p: Tensor) -> Tensor:
        x, y = p / 10.0**of_x
        hills = -((x**2 + y - 11) ** 2) - (x + y**2 - 7) ** 2
        return 10.0**of_f * (hills + offset)

    found = maximize(f, torch.tensor(start, dtype=F64) * 10.0**of_x)
    tops = torch.tensor([
        (3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)
    ], dtype=F64)  # fmt: skip
    gap = (tops - found.x / 10.0**of_x).norm(dim=1).min()
    assert found.success, found.message
    assert gap < 1e-3


@pytest.mark.parametrize("lr", [0.0, 1e-12])
def test_standing_still_is_no_arrival(lr: float) -> None:
    for start in ([0.0, 0.0], [1.0, 2.0]):
        found = maximize(
            lambda x: -((x - 3) ** 2).sum(), start, optimizer="adam", lr=lr
        )
        assert not found.success


def test_lower_than_it_had_been_is_no_success() -> None:
    """A first step over the high hill, onto the low one."""

    def f(x: Tensor) -> Tensor:
        return 2 * torch.exp(-(x**2)) + torch.exp(-((x - 6) ** 2))

    found = maximize(f, -0.7, optimizer=torch.optim.SGD, lr=3.9, steps=3)
    assert found.trace.objective[1] < found.trace.objective[0]
    later = maximize(f, 0.05, optimizer=jumping, steps=400)
    assert "lower than it had been" in later.message and not later.success


def jumping(parameters: list[Tensor]) -> torch.optim.Optimizer:
    """Gradient ascent whose first step is to 5."""

    class Jumping(torch.optim.SGD):
        def step(self, closure: Any = None) -> None:
            (x,) = parameters
            if abs(x) < 1:
                x.data.fill_(5.0)
            else:
                super().step()

    return Jumping(parameters, lr=0.1, maximize=True)


def test_at_an_edge_neighbors_tell() -> None:
    def f(p: Tensor) -> Tensor:
        return p[0] ** 2 - p[1] ** 2

    found = maximize(f, [0.0, 0.5], constraint=Box(-1, 1))
    assert found.success and found.value == pytest.approx(1)


def test_along_an_edge_newtons_step_counts() -> None:
    """The edge holds one coordinate; another still has a long way to go."""
    far = maximize(
        lambda x: x[0] - 1e-7 * (x[1] - 1) ** 2, [0.0, 0.0], constraint=Box(-1, 1)
    )
    assert far.success and far.x[1] == pytest.approx(1, abs=1e-3)
    saddle = maximize(
        lambda x: x[0] + 0.01 * x[1] ** 2 - x[2] ** 2,
        [0.0, 0.0, 0.0],
        constraint=Box(-1, 1),
    )
    assert saddle.success and saddle.value == pytest.approx(1.01)


@pytest.mark.parametrize("n", [5, 30])
@pytest.mark.parametrize("nearby", [0, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("within", ["sphere", "ball"])
def test_on_a_sphere_eigenvectors_are_saddles_but_one(
    n: int, nearby: float, within: str
) -> None:
    """Of x'Ax, with the eigenvalues n, n - 1, ..., 1."""
    generator = torch.Generator().manual_seed(n)
    basis, _ = torch.linalg.qr(torch.randn(n, n, generator=generator, dtype=F64))
    a = basis * torch.arange(n, 0, -1) @ basis.T
    start = basis[:, 2] + nearby * basis[:, 0]
    constraint = {"sphere": Sphere(1.0), "ball": Ball(1.0)}[within]
    found = maximize(lambda x: x @ a @ x, start, constraint=constraint)
    assert found.success and found.value == pytest.approx(n)
    assert abs(found.x @ basis[:, 0]) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("n", [4, 40])
def test_a_saddle_along_an_edge_is_left(n: int) -> None:
    """One coordinate is held at 0; two others make a saddle, the rest a hill."""
    low = torch.tensor([0.0] + (n - 1) * [-1.0], dtype=F64)
    found = maximize(
        lambda x: -x[0] + x[1] * x[2] - (x[3:] ** 2).sum(),
        torch.zeros(n, dtype=F64),
        constraint=Box(low, 1.0),
    )
    assert found.success and found.value == pytest.approx(1)


@pytest.mark.parametrize("n", [4, 40])
def test_a_saddle_on_a_simplex_is_left(n: int) -> None:
    """Shares of two are level with any; a third and a fourth could gain."""
    start = torch.zeros(n, dtype=F64)
    start[:2] = 0.5
    found = maximize(
        lambda x: 3 * x[2] * x[3] - (x[0] - x[1]) ** 2, start, constraint=Simplex()
    )
    assert found.success and found.value == pytest.approx(0.75)


@pytest.mark.parametrize("options", [{}, {"optimizer": "plain", "lr": 1.0}])
def test_sets_that_cross_slantwise_have_a_top(options: dict[str, Any]) -> None:
    """To project on one after the other would leave the first."""
    plane = Hyperplane(torch.ones(3, dtype=F64), 0.5)
    ball = Ball(1, center=torch.tensor([1.0, 0, 0], dtype=F64))
    slope = torch.tensor([1.0, 0.1, 0.3], dtype=F64)
    found = maximize(
        lambda x: x @ slope, 0 * slope, constraint=[plane, ball], **options
    )
    assert found.success, found.message
    assert plane.contains(found.x) and ball.contains(found.x)
    # Where the plane cuts the ball is a disc, highest where the slope points.
    middle = torch.tensor([1.0, 0, 0], dtype=F64) - 0.5 / 3
    along = slope - slope.mean()
    top = middle + (1 - 1 / 12) ** 0.5 * along / along.norm()
    torch.testing.assert_close(found.x, top, rtol=0, atol=3e-5)


def test_sets_that_do_not_meet_are_told_at_the_start() -> None:
    with pytest.raises(ValueError, match="Box and Ball must have a point in common"):
        maximize(lambda x: x, 0.0, constraint=[Box(0, 1), Ball(1, 3.0)])


def test_f_may_return_what_moves() -> None:
    found = maximize(lambda x: x, 0.0, optimizer="plain", lr=0.1, steps=3)
    assert found.trace.objective.tolist() == pytest.approx([0, 0.1, 0.2, 0.3])


def test_a_module_is_at_its_best_also_where_f_raises() -> None:
    line = torch.nn.Linear(1, 1)
    calls = 0

    def f(module: torch.nn.Module) -> Tensor:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise KeyError("enough")
        return -((module(torch.ones(1)) - 3) ** 2 + (module(torch.zeros(1)) - 1) ** 4)

    before = float(f(line).detach())
    with pytest.raises(KeyError):
        maximize(f, line)
    assert all(p.grad is None for p in line.parameters())
    calls = 0
    assert float(f(line).detach()) >= before


class Once(torch.autograd.Function):
    """-x², whose gradient cannot be differentiated."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return -(x**2).sum()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, g: Tensor) -> Tensor:
        return -2 * g * ctx.saved_tensors[0]


def test_where_f_is_differentiable_once_differences_tell() -> None:
    found = maximize(lambda x: Once.apply(x - 3), [0.0, 1.0])
    assert found.success and (found.x - 3).abs().max() < 1e-4
    saddle = maximize(lambda x: Once.apply(x[:1]) - Once.apply(x[1:]), [1.0, 0.0])
    assert not saddle.success


def test_a_top_that_can_be_turned_is_known_at_once() -> None:
    """Near it the gradient, small as it is, bends f up along the turn: no saddle."""

    def chain(x: Tensor) -> Tensor:
        links = x.reshape(-1, 3).diff(dim=0).square().sum(1)
        return -((links - 1) ** 2).sum()

    generator = torch.Generator().manual_seed(0)
    for _ in range(6):
        x0 = torch.randn(39, generator=generator, dtype=F64)
        found = maximize(chain, x0)
        assert found.success and found.value > -1e-6
        assert found.evaluations < 100


def test_the_verdict_calls_f_no_more_than_it_must() -> None:
    """A parabola: the start, a first step, the top; the Hessian is of that graph."""
    calls: list[Tensor] = []

    def f(x: Tensor) -> Tensor:
        calls.append(x)
        return -((x - 3) ** 2).sum()

    found = maximize(f, [0.0, 0.0])
    assert found.success and found.evaluations == len(calls) == 3


def test_curvature_is_that_of_the_hessian() -> None:
    generator = torch.Generator().manual_seed(0)
    draw = torch.randn(6, 6, generator=generator, dtype=F64)
    turn, _ = torch.linalg.qr(draw)
    h = turn @ torch.diag(torch.tensor([-1.0, -2, -3, -4, -5, -60], dtype=F64)) @ turn.T
    g = torch.randn(6, generator=generator, dtype=F64)
    x = torch.ones(6, dtype=F64)
    found = curvature(lambda v: h @ v, x, g, 0.0, generator)
    step = -torch.linalg.solve(h, g)
    assert found.newton == pytest.approx(float(step.norm()))
    assert found.gain == pytest.approx(float(step @ g) / 2)
    assert not (found.rising or found.upward or found.flat)
    up = h + 4 * torch.outer(turn[:, 2], turn[:, 2])
    found = curvature(lambda v: up @ v, x, 0 * g, 0.0, generator)
    assert found.rising == 1
    (upward,) = found.upward
    assert found.steepest == pytest.approx(float(upward @ up @ upward))
    assert found.steepest > 0
    few = curvature(lambda v: h @ v, x, g, 0.0, generator, most=5)
    assert few.newton == pytest.approx(float(step.norm()), rel=0.1)


def test_what_scipy_calls_its_fields() -> None:
    found: Result = maximize(lambda x: -((x - 3) ** 2).sum(), [0.0, 0.0])
    assert (found.fun, found.nit, found.nfev) == (
        found.value, found.steps, found.evaluations
    )  # fmt: skip
    assert found.status == 0 and found.jac is found.gradient
    torch.testing.assert_close(found.jac, 2 * (3 - found.x))
    few = maximize(lambda x: -((x - 3) ** 2).sum(), [0.0, 0.0], lr=0.1, steps=2)
    assert few.status == 1
    torch.testing.assert_close(few.jac, 2 * (3 - few.x))


def test_the_gradient_of_a_module_is_a_dict() -> None:
    line = torch.nn.Linear(2, 1)
    x = torch.eye(2)
    found = maximize(lambda m: -((m(x) - 1) ** 2).sum(), line)
    assert set(found.gradient) == {"weight", "bias"}
    assert all(g.abs().max() < 1e-3 for g in found.gradient.values())
