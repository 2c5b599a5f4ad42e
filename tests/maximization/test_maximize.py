"""`maximize` on objectives whose maximum is known."""

import re
from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gradient_ascent.constraints import Ball, Box, Simplex, Sphere
from gradient_ascent.maximization import Progress, maximize
from gradient_ascent.optim import OPTIMIZERS, Momentum, SteepestAscent

TOP = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
START = torch.zeros(3, dtype=torch.float64)
OWN: dict[str, dict[str, Any]] = {
    "adagrad": {"lr": 1.0},
    "lbfgs": {"line_search_fn": "strong_wolfe"},
}


def hill(x: Tensor) -> Tensor:
    """A concave function, highest at TOP, where it is -7."""
    weights = torch.tensor([1.0, 2.0, 0.5], dtype=x.dtype)
    return -7 - (weights * (x - TOP.to(x.dtype)) ** 2).sum()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_finds_the_top(name: str) -> None:
    options = OWN.get(name, {"lr": 0.05})
    if "weight_decay" in signature(OPTIMIZERS[name]).parameters:
        options["weight_decay"] = 0  # which would pull it off the top
    best = maximize(hill, START, optimizer=name, steps=3000, **options)
    assert best.success == best.message.startswith("converged")
    hovers = best.trace.step_size[-1] > 0.9 * 0.05  # its steps do not shrink
    assert best.success or hovers
    torch.testing.assert_close(best.x, TOP, atol=0.051 if hovers else 1e-3, rtol=0)
    assert best.value == float(hill(best.x)) > -7 - (0.01 if hovers else 1e-5)
    assert len(best.trace.objective) == len(best.trace.gradient_norm) == best.steps + 1
    assert len(best.trace.step_size) == len(best.trace) == best.steps
    assert not START.any(), "x0 must stay as it is"


@pytest.mark.parametrize("rule", [torch.optim.Adam, torch.optim.SGD])
def test_it_takes_the_steps_of_torchs_minimizing_loop(rule: Any) -> None:
    x = START.clone().requires_grad_()
    optimizer = rule([x], lr=0.03)
    losses, norms = [], []
    for _ in range(20):
        optimizer.zero_grad()
        loss = -hill(x)
        loss.backward()
        assert x.grad is not None
        losses.append(loss.item())
        norms.append(x.grad.norm().item())
        optimizer.step()
    trace = maximize(hill, START, optimizer=rule, lr=0.03, steps=19).trace
    assert (-trace.objective).tolist() == losses
    assert trace.gradient_norm.tolist() == pytest.approx(norms)


def test_the_best_point_is_kept_not_the_last() -> None:
    late = maximize(hill, START, optimizer="momentum", lr=0.1, steps=10)
    objective = late.trace.objective
    assert objective.argmax() < 10, "momentum overshoots"
    assert late.value == objective.max() == hill(late.x)
    assert not late.success
    assert late.message.startswith("all 10 steps used: ")


FORMS: list[tuple[Any, Callable[[Any], Tensor], Callable[[Any], bool]]] = [
    (0.0, lambda x: -((x - 1) ** 2), lambda x: x.shape == ()),
    ([0.0, 0], lambda x: -((x - 1) ** 2).sum(), lambda x: x.shape == (2,)),
    ((0, 0.0), lambda x: -((x - 1) ** 2).sum(), lambda x: x.shape == (2,)),
    (torch.zeros(2, 1), lambda x: -((x - 1) ** 2).sum(), lambda x: x.shape == (2, 1)),
    (
        [torch.zeros(2), torch.zeros(())],
        lambda x: -((x[0] - 1) ** 2).sum() - (x[1] - 1) ** 2,
        lambda x: type(x) is list and len(x) == 2,
    ),
    (
        (torch.zeros(2), 0.0),
        lambda x: -((x[0] - 1) ** 2).sum() - (x[1] - 1) ** 2,
        lambda x: type(x) is tuple and len(x) == 2,
    ),
    (
        {"a": torch.zeros(2), "b": torch.zeros(())},
        lambda x: -((x["a"] - 1) ** 2).sum() - (x["b"] - 1) ** 2,
        lambda x: list(x) == ["a", "b"],
    ),
]


def tensors(x: Any) -> Iterator[Tensor]:
    parts = x.values() if isinstance(x, dict) else x
    yield from [x] if isinstance(x, Tensor) else parts


@pytest.mark.parametrize(("x0", "f", "has_form"), FORMS)
def test_x_has_the_form_of_x0(
    x0: Any, f: Callable[[Any], Tensor], has_form: Callable[[Any], bool]
) -> None:
    best = maximize(f, x0, optimizer="momentum", lr=0.1)
    assert best.success
    assert has_form(best.x)
    for x in tensors(best.x):
        torch.testing.assert_close(x, torch.ones_like(x), atol=2e-3, rtol=0)
        assert not x.requires_grad


def test_numbers_are_doubles() -> None:
    assert maximize(lambda x: -(x**2), 1, steps=1).x.dtype == torch.float64


def test_a_module_is_moved_in_place_to_the_best_point() -> None:
    torch.manual_seed(0)
    inputs, line = torch.randn(30, 2), nn.Linear(2, 1)
    line.bias.requires_grad_(False)
    bias, weight = line.bias.clone(), line.weight
    targets = inputs @ torch.tensor([2.0, -1.0]) + line.bias

    def fit(module: nn.Module) -> Tensor:
        return -((module(inputs).squeeze(1) - targets) ** 2).mean()

    best = maximize(fit, line, optimizer="momentum", lr=0.1, steps=30)
    assert best.x is line and line.weight is weight
    assert torch.equal(line.bias, bias), "frozen parameters stay"
    assert fit(line).item() == best.value > -0.01
    assert weight.requires_grad and weight.grad is None


def test_only_x_gets_moved_and_nothing_else_gets_a_gradient() -> None:
    net = nn.Linear(3, 1)
    best = maximize(
        lambda x: net(x).sum(), torch.zeros(3), optimizer="adam", lr=0.1, steps=5
    )
    assert best.x.any()
    assert all(p.grad is None for p in net.parameters())


def test_complex_parameters() -> None:
    def f(z: Tensor) -> Tensor:
        return -((z - (1 + 2j)).abs() ** 2).sum()

    best = maximize(f, torch.zeros(2, dtype=torch.complex128), optimizer="adam", lr=0.1)
    assert best.success
    assert (best.x - (1 + 2j)).abs().max() < 1e-3


def test_it_works_under_no_grad() -> None:
    with torch.no_grad():
        assert maximize(hill, START, optimizer="momentum", lr=0.1).success


def test_steps_0_evaluates_the_start() -> None:
    start = maximize(hill, START, steps=0)
    assert (start.value, start.steps, start.evaluations) == (float(hill(START)), 0, 1)


@pytest.mark.parametrize("name", ["momentum", "adam", "lbfgs"])
def test_evaluations_are_counted(name: str) -> None:
    calls = 0

    def counted(x: Tensor) -> Tensor:
        nonlocal calls
        calls += 1
        return -(x**4).sum() - hill(x) ** 2

    best = maximize(counted, START, optimizer=name, lr=0.01, steps=7)
    assert best.evaluations == calls
    assert (calls > best.steps + 1) == (name == "lbfgs")


class TestOptimizers:
    """A name, a class or a function."""

    def test_torchs_classes_are_told_to_maximize(self) -> None:
        best = maximize(hill, START, optimizer=torch.optim.SGD, lr=0.1)
        assert best.success and best.value > -7 - 1e-6

    def test_torchs_lbfgs_climbs_or_is_refused(self) -> None:
        """Some of torch's have a direction; the others can only descend."""
        if "maximize" in signature(torch.optim.LBFGS).parameters:
            best = maximize(hill, START, optimizer=torch.optim.LBFGS)
            assert best.success and best.value > -7 - 1e-6
        else:
            with pytest.raises(ValueError, match="LBFGS does not maximize"):
                maximize(hill, START, optimizer=torch.optim.LBFGS)

    def test_a_function_makes_one(self) -> None:
        def sgd(parameters: list[Tensor], lr: float) -> torch.optim.Optimizer:
            return torch.optim.SGD(parameters, lr=lr, maximize=True)

        one = maximize(hill, START, optimizer=sgd, lr=0.1)
        other = maximize(hill, START, optimizer=Momentum, lr=0.1, momentum=0)
        assert one.value == other.value and one.steps == other.steps

    def test_one_that_minimizes_is_refused(self) -> None:
        class Descent(torch.optim.SGD):  # takes no `maximize`
            def __init__(self, params: Any) -> None:
                super().__init__(params, lr=0.1)

        for optimizer, options in [
            (Descent, {}),
            (lambda p: torch.optim.SGD(p, lr=0.1), {}),
            ("adam", {"maximize": False}),
        ]:
            says = r"does not maximize: .* \(to minimize f, maximize -f\)"
            with pytest.raises(ValueError, match=says):
                maximize(hill, START, optimizer=optimizer, **options)

    def test_an_unknown_name_lists_the_known_ones(self) -> None:
        says = r"one of plain, momentum, .*; got 'adm'; did you mean adam\?"
        with pytest.raises(ValueError, match=says):
            maximize(hill, START, optimizer="adm")
        with pytest.raises(ValueError, match=r"did you mean lbfgs\?"):
            maximize(hill, START, optimizer="L-BFGS")

    def test_anything_else_is_a_type_error(self) -> None:
        with pytest.raises(TypeError, match=r"optimizer must be a name, .*got 3"):
            maximize(hill, START, optimizer=3)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"must make a torch.optim.Optimizer"):
            maximize(hill, START, optimizer=lambda p: p)  # type: ignore[arg-type]

    def test_hyperparameters_are_checked_by_the_optimizer(self) -> None:
        with pytest.raises(ValueError, match="lr"):
            maximize(hill, START, optimizer="adam", lr=-1.0)

    @pytest.mark.parametrize(
        ("option", "says"),
        [
            (
                "bounds",
                "optimizer Adam; did you mean constraint=Box(lower, upper)?",
            ),
            ("maxiter", "did you mean steps?"),
            ("method", "did you mean optimizer?"),
            ("args", "did you mean a lambda that fixes them?"),
            ("learning_rate", "did you mean lr?"),
            ("constraints", "did you mean constraint?"),
            ("weight_deacy", "did you mean weight_decay?"),
            ("restart", "did you mean restarts?"),
            ("zzz", "optimizer Adam; Adam takes lr, betas, "),
        ],
    )
    def test_an_option_of_nobodys_is_told_by_maximize(
        self, option: str, says: str
    ) -> None:
        with pytest.raises(TypeError, match=re.escape(says)) as caught:
            maximize(hill, START, **{option: 1})
        assert str(caught.value).startswith(f"maximize takes no argument '{option}'")

    def test_an_option_alone_is_adams(self) -> None:
        alone = maximize(hill, START, lr=0.1, steps=20)
        named = maximize(hill, START, optimizer="adam", lr=0.1, steps=20)
        assert torch.equal(alone.x, named.x)

    def test_the_options_are_those_of_the_optimizer_at_hand(self) -> None:
        def sgd(parameters: list[Tensor], rate: float) -> torch.optim.Optimizer:
            return torch.optim.SGD(parameters, lr=rate, maximize=True)

        def any_of_them(parameters: list[Tensor], **options: Any) -> Any:
            return sgd(parameters, **options)

        for optimizer in (sgd, any_of_them):
            assert maximize(hill, START, optimizer=optimizer, rate=0.1).success
        with pytest.raises(
            TypeError, match="nor does its optimizer sgd; sgd takes rate"
        ):
            maximize(hill, START, optimizer=sgd, lr=0.1)
        with pytest.raises(TypeError, match="LBFGS; did you mean line_search_fn"):
            maximize(hill, START, optimizer="lbfgs", line_search="strong_wolfe")


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda x: 1.0, r"must return a tensor, got 1.0 \(float\)"),
        (lambda x: x, r"one real number, got shape \(3,\)"),
        (lambda x: (x * 1j).sum(), "one real number, got .*complex128"),
        (lambda x: x.detach().sum(), "depends on x"),
        (lambda x: torch.ones((), requires_grad=True) * 2, "depends on x"),
    ],
)
@pytest.mark.parametrize("restarts", [1, 3])
def test_a_bad_f_gets_a_clear_error(f: Any, says: str, restarts: int) -> None:
    with pytest.raises(TypeError, match=says):
        maximize(f, START, restarts=restarts)


@pytest.mark.parametrize(
    ("argument", "error", "says"),
    [
        ({"x0": "up"}, TypeError, "x0 must be numbers, tensors, .*got 'up'"),
        ({"x0": [START, "up"]}, TypeError, "x0 must be .*got 'up'"),
        ({"x0": torch.zeros(3, dtype=torch.int64)}, TypeError, "got torch.int64"),
        ({"x0": []}, ValueError, "x0 must hold a tensor"),
        ({"x0": {}}, ValueError, "x0 must hold a tensor"),
        ({"x0": nn.ReLU()}, ValueError, "x0 must hold a tensor"),
        ({"steps": 1.5}, TypeError, r"steps must be an int, got 1.5 \(float\)"),
        ({"steps": -1}, ValueError, "steps must be 0 or more, got -1"),
        ({"restarts": 0}, ValueError, "restarts must be 1 or more, got 0"),
        ({"restarts": True}, TypeError, "restarts must be an int"),
        ({"tol": -1e-3}, ValueError, r"tol must lie in \[0, inf\), got -0.001"),
        ({"spread": -1.0}, ValueError, "spread must lie in"),
        ({"batched": 1}, TypeError, "batched must be True or False"),
        ({"progress": "yes"}, TypeError, "progress must be True or False"),
        ({"perturb": 0.1}, TypeError, "perturb must be a Noise, a Kick or None"),
        ({"constraint": 1.0}, TypeError, "must be a Constraint or several, got 1.0"),
        ({"constraint": [Box(0, 1), "box"]}, TypeError, "several, got 'box'"),
    ],
)
def test_bad_arguments_are_named(
    argument: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        maximize(hill, **{"x0": START, **argument})


class TestCallback:
    """It is called after each step, and may end the run."""

    def test_it_sees_each_step(self) -> None:
        seen: list[tuple[int, float, float]] = []

        def watch(now: Progress) -> None:
            seen.append((now.step, float(now.value), float(hill(now.x))))

        trace = maximize(
            hill, START, optimizer="adam", lr=0.1, steps=6, callback=watch
        ).trace
        assert [step for step, _, _ in seen] == [1, 2, 3, 4, 5, 6]
        assert [value for _, value, _ in seen] == trace.objective[1:].tolist()
        assert [value for _, _, value in seen] == trace.objective[1:].tolist()

    def test_stop_iteration_ends_the_run(self) -> None:
        def three(now: Progress) -> None:
            if now.step == 3:
                raise StopIteration

        best = maximize(hill, START, optimizer="adam", lr=0.1, callback=three)
        assert best.message == "stopped by the callback at step 3"
        assert best.steps == 3 and not best.success

    @pytest.mark.parametrize("restarts", [1, 2])
    @pytest.mark.parametrize("true", [True, np.True_, torch.tensor(True)])
    def test_true_ends_the_run(self, true: Any, restarts: int) -> None:
        def three(now: Progress) -> Any:
            return now.step == 3 and true

        best = maximize(
            hill, START, optimizer="adam", lr=0.1, callback=three, restarts=restarts
        )
        for run in best.runs or [best]:
            assert run.message == "stopped by the callback at step 3"
            assert run.steps == 3 and not run.success

    def test_a_comparison_of_values_ends_all_runs_if_true_for_all(self) -> None:
        best = maximize(
            hill,
            START,
            optimizer="adam",
            lr=0.1,
            restarts=3,
            callback=lambda now: now.value > -8,
        )
        assert all("by the callback" in run.message for run in best.runs)
        last = [float(run.trace.objective[-1]) for run in best.runs]
        before = [float(run.trace.objective[-2]) for run in best.runs]
        assert min(last) > -8 >= min(before)

    @pytest.mark.parametrize(
        "other", [None, False, 1, "go on", [0], torch.ones(()), torch.tensor(False)]
    )
    def test_nothing_else_ends_it(self, other: Any) -> None:
        best = maximize(hill, START, steps=3, callback=lambda now: other)
        assert best.message == "all 3 steps used: use more steps"


def test_the_progress_bar_counts_steps(capsys: pytest.CaptureFixture[str]) -> None:
    maximize(hill, START, optimizer="adam", steps=8)
    assert capsys.readouterr().err == ""
    maximize(hill, START, optimizer="adam", steps=8, progress=True)
    assert "8/8" in capsys.readouterr().err


class TestConstraints:
    """Projected ascent against closed forms."""

    @pytest.mark.parametrize("restarts", [1, 4])
    @pytest.mark.parametrize(
        ("constraint", "expected"),
        [
            (Box(-1, 1), [1, -1, 1]),
            (Simplex(), [0, 0, 1]),
            ([Ball(2, norm="linf"), Box(-9, 1)], [1, -2, 1]),
        ],
    )
    def test_the_top_lies_on_the_border(
        self, constraint: Any, expected: list[float], restarts: int
    ) -> None:
        best = maximize(
            hill, START, optimizer="momentum", lr=0.05, constraint=constraint,
            restarts=restarts,
        )  # fmt: skip
        assert best.success
        assert best.x.tolist() == pytest.approx(expected, abs=1e-3)

    @pytest.mark.parametrize("restarts", [1, 4])
    def test_the_highest_rayleigh_quotient(self, restarts: int) -> None:
        torch.manual_seed(1)
        root = torch.randn(5, 5, dtype=torch.float64)
        matrix = root @ root.T
        best = maximize(
            lambda x: x @ matrix @ x, torch.ones(5, dtype=torch.float64),
            optimizer="momentum", momentum=0, lr=0.1, constraint=Sphere(),
            restarts=restarts,
        )  # fmt: skip
        assert best.success
        highest = float(torch.linalg.eigvalsh(matrix)[-1])
        assert [run.value for run in best.runs or [best]] == pytest.approx(
            [highest] * restarts
        )

    @pytest.mark.parametrize("restarts", [1, 5])
    def test_f_sees_feasible_points_only(self, restarts: int) -> None:
        ball, seen = Ball(0.5, center=2.0), []

        def f(x: Tensor) -> Tensor:
            seen.append(x.detach().clone() if restarts == 1 else x)
            return hill(x)

        def feasible(now: Progress) -> None:
            points = now.x if restarts > 1 else now.x[None]
            assert all(ball.contains(x) for x in points)

        maximize(
            f, START, optimizer="adam", lr=0.3, constraint=ball, callback=feasible,
            restarts=restarts, steps=50,
        )  # fmt: skip
        assert len(seen) == 51
        if restarts == 1:
            assert all(ball.contains(x) for x in seen)

    def test_each_tensor_is_projected_by_itself(self) -> None:
        best = maximize(
            lambda x: (x["a"] + x["b"]).sum(),
            {"a": torch.ones(2), "b": torch.ones(2)},
            optimizer="momentum", lr=0.1, constraint=Ball(1),
        )  # fmt: skip
        assert best.success
        assert [x.norm().item() for x in best.x.values()] == pytest.approx([1, 1])

    def test_projected_ascent_under_a_norm_is_one_line(self) -> None:
        image, pixel = torch.tensor([0.0, 0.5, 1.0, 0.5]), 1 / 255
        slope = torch.tensor([-3.0, 2.0, 1.0, -0.1])
        best = maximize(
            lambda x: slope @ x, image, optimizer=SteepestAscent, norm="linf",
            lr=2 * pixel, steps=10,
            constraint=[Ball(8 * pixel, center=image, norm="linf"), Box(0, 1)],
        )  # fmt: skip
        moves = ((best.x - image) / pixel).tolist()
        assert moves == pytest.approx([0, 8, 0, -8], abs=1e-4)
        assert best.success

    def test_a_line_search_leaves_the_set_and_is_refused(self) -> None:
        with pytest.raises(ValueError, match="LBFGS searches along lines"):
            maximize(hill, START, optimizer="lbfgs", constraint=Box(0, 1))
