"""What a trace lab asks of Python: runs from JSON, and code that repeats them.

    {"landscape": "bowl", "start": [-5, -2], "steps": 60, "maximize": false,
     "runs": [{"rule": "adam", "hyperparameters": {"lr": 0.1}}]}

`start` and `maximize` may be null or left out: the landscape knows both.
"""

from collections.abc import Mapping
from typing import Any

from gradient_ascent.rules import RULES, uphill
from gradient_ascent.told import equations
from gradient_ascent.trace import Trace, run

MOST_STEPS = 2000
MOST_RUNS = 4

Spec = Mapping[str, Any]


def traces(spec: Spec) -> list[Trace]:
    """Do the runs of a lab, in order.

    Raises:
        TypeError: a value of the wrong kind, or an argument that the rule does
            not take.
        ValueError: a key missing or unknown, or a value that is not allowed.
    """
    _check(spec)
    start, maximize = spec.get("start"), spec.get("maximize")
    return [
        run(
            each["rule"], spec["landscape"], start, steps=spec["steps"],
            maximize=maximize, **each["hyperparameters"],
        )
        for each in spec["runs"]
    ]  # fmt: skip


def results(spec: Spec) -> dict[str, Any]:
    """The runs of a lab and the code that repeats them, as a JSON object.

    Of each run: `rule`, `positions`, `objective` and `ended` as in `Trace`; the
    `outcome` in words; and what the rule is seen to do: `uphill`, the gradients
    that it is given; `held`, each field of its states, the start's first; and
    its `equations`, of the first step and of those after it. Raises as
    `traces`.
    """
    return {
        "runs": [_as_json(trace) for trace in traces(spec)],
        "snippet": snippet(spec),
    }


def outcome(trace: Trace) -> str:
    """Say in a few words how a run ended: "momentum: diverged at step 14"."""
    if trace.ended == "steps":
        height = f"objective {trace.objective[-1]:.4g}".replace("-", "−")
        steps = "1 step" if len(trace) == 1 else f"{len(trace)} steps"
        return f"{trace.rule}: {height} after {steps}"
    if trace.ended == "not finite":  # at the step that was left out
        return f"{trace.rule}: left the finite numbers at step {len(trace) + 1}"
    return f"{trace.rule}: {trace.ended} at step {len(trace)}"


def snippet(spec: Spec) -> str:
    """The Python code that repeats the runs of a lab. Raises as `traces`."""
    _check(spec)
    calls = "".join(f"    {_call(spec, each)},\n" for each in spec["runs"])
    return (
        "from gradient_ascent import run\n\n"
        f"traces = [\n{calls}]\n"
        "for trace in traces:\n    print(trace)\n"
    )


def _call(spec: Spec, one: Mapping[str, Any]) -> str:
    arguments = [repr(one["rule"]), repr(spec["landscape"])]
    if spec.get("start") is not None:
        arguments.append(repr(tuple(spec["start"])))
    arguments.append(f"steps={spec['steps']!r}")
    if spec.get("maximize") is not None:
        arguments.append(f"maximize={spec['maximize']!r}")
    hyperparameters = one["hyperparameters"].items()
    arguments += [f"{name}={value!r}" for name, value in hyperparameters]
    return f"run({', '.join(arguments)})"


def _as_json(trace: Trace) -> dict[str, Any]:
    rule = RULES[trace.rule]
    states = [[rule.start] * trace.landscape.dimension, *trace.states]
    last = states[-1][0]
    fields = [name for name in last._fields if getattr(last, name) is not None]
    return {
        "rule": trace.rule,
        "positions": trace.positions,
        "objective": trace.objective,
        "ended": trace.ended,
        "outcome": outcome(trace),
        "uphill": [
            [uphill(slope, maximize=trace.maximize) for slope in gradient]
            for gradient in trace.gradients
        ],
        "moves": trace.moves,
        "held": {
            name: [[getattr(each, name) for each in step] for step in states]
            for name in fields
        },
        "directions": [name for name in fields if name in rule.odd],
        "equations": [
            equations(rule, trace.hyperparameters, each)
            for each, *_ in states[:2]
        ],
    }


def _check(spec: Spec) -> None:
    _keys("spec", spec, ("landscape", "steps", "runs"), ("start", "maximize"))
    steps, runs, start = spec["steps"], spec["runs"], spec.get("start")
    if isinstance(steps, bool) or not isinstance(steps, int):
        raise TypeError(f"lab: steps must be an int, got {steps!r}")
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(
            f"lab: steps must lie in [1, {MOST_STEPS}], got {steps}"
        )
    if start is not None and not isinstance(start, list | tuple):
        raise TypeError(f"lab: start must be a list of numbers, got {start!r}")
    if not isinstance(runs, list) or not 1 <= len(runs) <= MOST_RUNS:
        raise ValueError(
            f"lab: runs must be a list of 1 to {MOST_RUNS}, got {runs!r}"
        )
    for each in runs:
        _keys("a run", each, ("rule", "hyperparameters"), ())
        if not isinstance(each["hyperparameters"], Mapping):
            got = repr(each["hyperparameters"])
            raise TypeError(
                f"lab: hyperparameters must be an object, got {got}"
            )


def _keys(
    what: str, given: Any, needed: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    if not isinstance(given, Mapping):
        raise TypeError(f"lab: {what} must be an object, got {given!r}")
    if missing := [key for key in needed if key not in given]:
        raise ValueError(f"lab: {what} lacks {', '.join(missing)}")
    if unknown := [key for key in given if key not in needed + allowed]:
        takes = ", ".join(needed + allowed)
        more = ", ".join(unknown)
        raise ValueError(f"lab: {what} takes {takes}; got {more} as well")
