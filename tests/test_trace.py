"""What a run leaves behind, and why it ended."""

import copy
import math
import pickle
from array import array
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent import landscapes, rules
from gradient_ascent.landscapes import LANDSCAPES, Landscape
from gradient_ascent.rules import RULES
from gradient_ascent.trace import Trace, run

# What is kept.


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_a_trace_has_one_entry_a_point_and_one_step_fewer(
    rule: str, landscape: str
) -> None:
    trace = run(rule, landscape, steps=12, lr=1e-3)
    assert len(trace) == len(trace.step_size) == 12
    for series in (trace.positions, trace.objective, trace.gradient_norm):
        assert len(series) == 13
    assert trace.ended == "steps"


def test_each_entry_is_what_it_says() -> None:
    trace = run("momentum", "ravine", steps=5, lr=0.005)
    for t, point in enumerate(trace.positions):
        height, gradient = landscapes.ravine.value_and_gradient(point)
        assert trace.objective[t] == height
        assert trace.gradient_norm[t] == math.hypot(*gradient)
    pairs = zip(trace.positions, trace.positions[1:])
    lengths = [math.dist(here, there) for here, there in pairs]
    assert trace.step_size == pytest.approx(lengths, rel=1e-12)


def test_a_trace_knows_what_ran_and_how() -> None:
    trace = run("adam", "bowl", steps=1, lr=0.5, beta1=0.8)
    assert trace.rule == "adam"
    assert trace.landscape is landscapes.bowl
    assert trace.maximize is False
    assert trace.hyperparameters == {"lr": 0.5, "beta1": 0.8}


def test_each_coordinate_has_a_state_of_its_own() -> None:
    both = run("adam", "bowl", start=(3.0, 1.0), steps=20, lr=0.1)
    other = run("adam", "bowl", start=(3.0, -2.0), steps=20, lr=0.1)
    assert [p[0] for p in both.positions] == [p[0] for p in other.positions]


def test_the_same_run_leaves_the_same_trace() -> None:
    assert run("adam", "peaks", lr=0.1) == run("adam", "peaks", lr=0.1)


def test_no_steps_leave_the_start() -> None:
    trace = run("plain", "bowl", steps=0)
    assert trace.positions == [(-5.0, -2.0)]
    assert trace.step_size == []
    assert trace.ended == "steps"


# Why it ended.


def test_all_its_steps() -> None:
    trace = run("plain", "parabola", steps=3, lr=0.25)
    assert [p for (p,) in trace.positions] == [10, 5, 2.5, 1.25]
    assert trace.ended == "steps"


def test_converged() -> None:
    trace = run("plain", "parabola", steps=1000, lr=0.25, tolerance=1e-6)
    # p halves at each step: the gradient 2 p falls below a millionth at step 25
    assert trace.ended == "converged"
    assert len(trace) == 25
    assert max(trace.gradient_norm[-1], trace.step_size[-1]) <= 1e-6
    assert max(trace.gradient_norm[-2], trace.step_size[-2]) > 1e-6


@pytest.mark.parametrize("rule", RULES)
def test_converged_at_once_where_the_start_is_stationary(rule: str) -> None:
    trace = run(rule, "parabola", start=0.0)
    assert (trace.ended, len(trace)) == ("converged", 0)


def test_not_converged_where_it_flies_through_the_optimum() -> None:
    # One step of 10 takes momentum from 10 to 0, where there is no gradient.
    trace = run("momentum", "parabola", steps=2, lr=0.5, momentum=0.9)
    assert trace.positions[1] == (0.0,)
    assert trace.positions[2] == (-9.0,)


def test_diverged() -> None:
    trace = run("plain", "parabola", steps=1000, lr=1.05, bound=10)
    # the domain is [-12, 12]: it ends at the first point beyond 120
    assert trace.ended == "diverged"
    assert abs(trace.positions[-1][0]) > 120 >= abs(trace.positions[-2][0])
    assert len(trace) == math.ceil(math.log(12) / math.log(1.1))


def test_the_bound_is_measured_from_the_middle_of_the_domain() -> None:
    aside = Landscape(lambda x: (x - 1000) ** 2, ((998, 1002),), start=(999,))
    assert run("plain", aside, steps=5, lr=0.1, bound=1.0).ended == "steps"


@pytest.mark.parametrize("lr", [1e200, 1.7e308])
def test_not_finite(lr: float) -> None:
    trace = run("plain", "rosenbrock", steps=10, lr=lr)
    assert trace.ended == "not finite"
    assert len(trace) == 0  # the point that is not finite is left out
    for series in (trace.objective, trace.gradient_norm):
        assert all(map(math.isfinite, series))


def test_an_overflow_in_the_rule_is_not_finite_either() -> None:
    def explode(gradient: float, state: Any = None) -> tuple[float, Any]:
        return 10.0 ** (400 * abs(gradient)), state

    assert run(explode, "parabola").ended == "not finite"


@given(lr=st.floats(0, 10), start=st.floats(-12, 12))
def test_whatever_happens_a_trace_is_finite(lr: float, start: float) -> None:
    trace = run("momentum", "parabola", start, steps=200, lr=lr)
    assert all(math.isfinite(p) for (p,) in trace.positions)
    assert all(map(math.isfinite, trace.objective + trace.step_size))


# Direction and start.


@pytest.mark.parametrize(("name", "climbs"), [("parabola", False), ("peaks", True)])
def test_the_direction_comes_from_the_landscape(name: str, climbs: bool) -> None:
    trace = run("plain", name, steps=10, lr=0.01)
    assert trace.maximize is climbs
    assert (trace.objective[-1] > trace.objective[0]) is climbs


@pytest.mark.parametrize("name", ["parabola", "peaks"])
@pytest.mark.parametrize("maximize", [False, True])
def test_the_direction_can_be_given(name: str, maximize: bool) -> None:
    trace = run("plain", name, steps=10, lr=0.01, maximize=maximize)
    assert trace.maximize is maximize
    assert (trace.objective[-1] > trace.objective[0]) is maximize


@pytest.mark.parametrize("rule", RULES)
def test_climbing_f_is_descending_minus_f_to_the_last_bit(rule: str) -> None:
    hills = landscapes.peaks
    holes = Landscape(lambda x, y: -hills(x, y), hills.domain, hills.start)
    up = run(rule, hills, steps=50, lr=0.01)
    down = run(rule, holes, steps=50, lr=0.01, maximize=False)
    assert up.positions == down.positions


@pytest.mark.parametrize("start", [3, 3.0, (3,), [3.0]])
def test_a_start_on_a_line_may_be_a_number(start: Any) -> None:
    assert run("plain", "parabola", start, steps=1).positions[0] == (3.0,)


@pytest.mark.parametrize(
    "start",
    [
        np.array([1.0, 2.0]),
        np.array([1, 2]),
        torch.tensor([1.0, 2.0]),
        array("d", [1, 2]),
    ],
)
def test_a_start_may_be_an_array(start: Any) -> None:
    trace = run("adam", "bowl", start, steps=np.int64(3))
    assert trace == run("adam", "bowl", (1.0, 2.0), steps=3)
    assert all(type(x) is float for x in trace.positions[0])


def test_a_start_in_the_plane() -> None:
    assert run("plain", "bowl", (1, 2), steps=1).positions[0] == (1.0, 2.0)


# Rules and landscapes of one's own.


class Count(NamedTuple):
    """How many steps there were."""

    steps: int = 0


FIRST = Count()


def strides(
    gradient: float, state: Count = FIRST, *, lr: float = 1.0
) -> tuple[float, Count]:
    """A step of `lr` uphill, shorter each time."""
    return math.copysign(lr / (1 + state.steps), gradient), Count(state.steps + 1)


def test_a_rule_of_ones_own() -> None:
    trace = run(strides, "parabola", start=10, steps=3, lr=6)
    assert trace.rule == "strides"
    assert [p for (p,) in trace.positions] == [10, 4, 1, -1]


def test_a_landscape_of_ones_own() -> None:
    hill = Landscape(lambda x: -(x**2), ((-1, 1),), (1,), ((0,),), maximize=True)
    trace = run("plain", hill, steps=1, lr=0.25)
    assert trace.positions == [(1.0,), (0.5,)]


def test_a_rule_may_be_given_as_itself() -> None:
    by_name = run("adam", "bowl", lr=0.1)
    assert run(rules.adam, landscapes.bowl, lr=0.1) == by_name


# Copies.


@pytest.mark.parametrize("rule", [*RULES, strides])
@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_a_trace_comes_back_from_a_pickle(rule: Any, landscape: str) -> None:
    trace = run(rule, landscape, steps=5, lr=1e-3)
    for again in (pickle.loads(pickle.dumps(trace)), copy.deepcopy(trace)):
        assert again == trace
        assert again.landscape is trace.landscape


# In words.


def test_a_trace_in_words() -> None:
    words = str(run("plain", "parabola", steps=1, lr=0.25))
    assert (
        words == "plain on parabola: after all its steps at step 1, objective 25 at (5)"
    )
    assert "converged at step 0" in str(run("adam", "bowl", start=(0, 0)))


# Errors.


@pytest.mark.parametrize(
    ("arguments", "options", "error", "says"),
    [
        (("sgd", "bowl"), {}, ValueError, "rule must be one of plain, momentum,"),
        (("sgd", "bowl"), {}, ValueError, "got 'sgd'"),
        ((3, "bowl"), {}, TypeError, "rule must be a function or the name"),
        (("adam", "hill"), {}, ValueError, "landscape must be one of parabola,"),
        (("adam", abs), {}, TypeError, "landscape must be a Landscape or the name"),
        (("adam", "bowl", 1.0), {}, ValueError, "start must have 2 coordinate(s)"),
        (("adam", "bowl", np.ones((2, 2))), {}, TypeError, "start must hold real numb"),
        (("adam", "bowl", "ab"), {}, TypeError, "start must hold real numbers only"),
        (("adam", "bowl", (math.nan, 0)), {}, ValueError, "not finite at start"),
        (("adam", "ackley", (0, 0)), {}, ValueError, "ackley is not finite at start"),
        (("adam", "bowl"), {"steps": -1}, ValueError, "steps must be 0 or more"),
        (("adam", "bowl"), {"steps": 2.5}, TypeError, "steps must be an int, got 2.5"),
        (("adam", "bowl"), {"steps": True}, TypeError, "must be an int, got True"),
        (("adam", "bowl"), {"tolerance": -1}, ValueError, "tolerance must lie in [0, "),
        (("adam", "bowl"), {"bound": 0}, ValueError, "bound must lie in (0, inf)"),
        (("adam", "bowl"), {"lr": -1}, ValueError, "adam: lr must lie in [0, inf)"),
        (("adam", "bowl"), {"mu": 1}, TypeError, "adam takes no argument 'mu'"),
        (
            ("rmsprop", "bowl"), {"momentum": 1}, ValueError,
            "rmsprop: momentum must lie in [0, 1), got 1",
        ),
        (
            ("gradient_ascent", "bowl"), {"lr_decay": 0}, ValueError,
            "gradient_ascent: lr_decay must lie in (0, 1], got 0",
        ),
    ],
)  # fmt: skip
def test_bad_input(
    arguments: tuple[Any, ...], options: Any, error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        run(*arguments, **options)
    assert says in str(caught.value)


def test_a_trace_starts_empty() -> None:
    assert len(Trace("plain", landscapes.bowl, False, {})) == 0


@pytest.mark.parametrize(
    ("rule", "landscape", "options", "question"),
    [
        ("Adam", "parabola", {}, "got 'Adam'; did you mean adam?"),
        ("adm", "parabola", {}, "got 'adm'; did you mean adam?"),
        ("adam", "Rosenbrok", {}, "got 'Rosenbrok'; did you mean rosenbrock?"),
        ("adam", "parabola", {"beta": 0.9}, "did you mean beta2?"),
        ("adam", "parabola", {"step": 3}, "nor does run; .*did you mean steps?"),
        ("adam", "parabola", {"learning_rate": 1}, "did you mean lr?"),
    ],
)
def test_a_name_that_is_close_is_asked_about(
    rule: str, landscape: str, options: dict[str, Any], question: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=question.replace("?", r"\?")):
        run(rule, landscape, **options)


def test_a_name_that_is_far_from_all_is_not_asked_about() -> None:
    with pytest.raises(ValueError, match=r"got 'xyz'$"):
        run("xyz", "parabola")
