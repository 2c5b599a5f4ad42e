"""What a trace lab gets from Python: the runs, the words, the code, the complaints."""

import json
from typing import Any

import pytest

from gradient_ascent import lab, run
from gradient_ascent.landscapes import LANDSCAPES
from gradient_ascent.rules import RULES

SPEC: dict[str, Any] = {
    "landscape": "bowl",
    "start": [-5, -2],
    "steps": 60,
    "runs": [
        {"rule": "plain", "hyperparameters": {"lr": 0.4}},
        {"rule": "momentum", "hyperparameters": {"lr": 0.1, "momentum": 0.8}},
    ],
}


def one(rule: str, **hyperparameters: float) -> list[dict[str, Any]]:
    return [{"rule": rule, "hyperparameters": hyperparameters}]


def test_the_results_are_the_traces() -> None:
    got = json.loads(json.dumps(lab.results(SPEC)))
    trace = run("momentum", "bowl", (-5, -2), steps=60, lr=0.1, momentum=0.8)
    momentum = got["runs"][1]
    assert momentum["rule"] == "momentum"
    assert [tuple(x) for x in momentum["positions"]] == trace.positions
    assert momentum["objective"] == trace.objective
    assert [tuple(x) for x in momentum["uphill"]] == [
        tuple(-slope for slope in gradient) for gradient in trace.gradients
    ]
    velocity = momentum["held"]["momentum_buffer"]
    assert velocity[:2] == [[None, None], momentum["uphill"][0]]


def test_a_run_that_starts_at_the_optimum_has_nothing_to_show() -> None:
    spec = SPEC | {"start": [0, 0], "runs": one("plain", lr=0.1)}
    (shown,) = lab.results(spec)["runs"]
    assert shown["outcome"] == "plain: converged at step 0"
    assert len(shown["positions"]) == len(shown["uphill"]) == 1


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "plain: objective 0.0001128 after 60 steps"),
        ({"steps": 1}, "plain: objective 4.996 after 1 step"),
        ({"runs": one("plain", lr=0.6)}, "plain: diverged at step 22"),
        ({"runs": one("plain", lr=2000)}, "plain: diverged at step 1"),
        (
            {"landscape": "rosenbrock", "runs": one("plain", lr=1e150)},
            "plain: left the finite numbers at step 1",
        ),
        (
            {"steps": 500, "runs": one("plain", lr=0.4)},
            "plain: converged at step 277",
        ),
    ],
)
def test_the_outcome_in_words(changes: dict[str, Any], outcome: str) -> None:
    assert lab.outcome(lab.traces(SPEC | changes)[0]) == outcome


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_the_snippet_repeats_the_runs(landscape: str) -> None:
    for rule in RULES:
        runs = one(rule, lr=0.0123) + one(rule)
        spec = {"landscape": landscape, "steps": 25, "maximize": True, "runs": runs}
        names: dict[str, Any] = {}
        exec(lab.snippet(spec).replace("print", "str"), names)
        assert names["traces"] == lab.traces(spec)


def test_the_snippet_says_no_more_than_was_said() -> None:
    assert lab.snippet(SPEC) == (
        "from gradient_ascent import run\n\n"
        "traces = [\n"
        "    run('plain', 'bowl', (-5, -2), steps=60, lr=0.4),\n"
        "    run('momentum', 'bowl', (-5, -2), steps=60, lr=0.1, momentum=0.8),\n"
        "]\nfor trace in traces:\n    print(trace)\n"
    )


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"steps": 2001}, ValueError, r"steps must lie in \[1, 2000\], got 2001"),
        ({"steps": 0}, ValueError, r"steps must lie in \[1, 2000\], got 0"),
        ({"steps": 2.5}, TypeError, "steps must be an int, got 2.5"),
        ({"steps": True}, TypeError, "steps must be an int, got True"),
        ({"start": [1]}, ValueError, r"start must have 2 coordinate\(s\) on bowl"),
        ({"start": "1"}, TypeError, "start must be a list of numbers, got '1'"),
        ({"landscape": "hill"}, ValueError, "landscape must be one of parabola, "),
        ({"runs": []}, ValueError, r"runs must be a list of 1 to 4, got \[\]"),
        ({"runs": one("plain") * 5}, ValueError, "runs must be a list of 1 to 4"),
        ({"runs": one("sgd")}, ValueError, "rule must be one of plain, .*got 'sgd'"),
        ({"runs": one("plain", mu=1)}, TypeError, "takes no argument 'mu'"),
        ({"runs": one("plain", lr=-1)}, ValueError, "lr must lie in .*, got -1"),
        ({"runs": [{"rule": "plain"}]}, ValueError, "a run lacks hyperparameters"),
        ({"runs": ["plain"]}, TypeError, "a run must be an object, got 'plain'"),
        (
            {"runs": [{"rule": "plain", "hyperparameters": 1}]},
            TypeError,
            "hyperparameters must be an object, got 1",
        ),
        ({"colour": 1}, ValueError, "spec takes .*; got colour as well"),
    ],
)
def test_a_bad_spec_is_refused(
    changes: dict[str, Any], error: type[Exception], said: str
) -> None:
    for use in (lab.results, lab.snippet):
        if use is lab.snippet and not said.startswith(("spec", "steps", "a run")):
            continue  # what only `run` can tell
        with pytest.raises(error, match=said):
            use(SPEC | changes)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ValueError, match="lab: spec lacks landscape, runs"):
        lab.results({"steps": 1})
    with pytest.raises(TypeError, match="lab: spec must be an object, got 3"):
        lab.results(3)  # type: ignore[arg-type]
