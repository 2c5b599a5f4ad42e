"""Each source computes what is declared of it, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gradient_ascent import optim, rules
from gradient_ascent.conventions import (
    CONVENTIONS,
    METHODS,
    QUESTIONS,
    SOURCES,
    Convention,
    convention,
    walk,
)
from tests.conventions.references import REFERENCES
from tools import lock

DRAW = np.random.default_rng(5)
STEPS, START = 30, 1.5
STREAM = (DRAW.normal(0.2, 1.5, STEPS) * DRAW.choice([0.03, 1, 4], STEPS)).tolist()
FLAGS = {
    "nesterov": {"nesterov": True},
    "amsgrad": {"amsgrad": True},
}
NAMED = [(f"{each.source}-{each.method}", each) for each in CONVENTIONS]


def of(*sources: str) -> Any:
    """The conventions of some sources, as parameters of a test."""
    found = [pytest.param(c, id=name) for name, c in NAMED if c.source in sources]
    return pytest.mark.parametrize("how", found)


def settings(how: Convention) -> dict[str, float]:
    """Settings that leave nothing hidden: no default, no small epsilon."""
    values = {
        "lr": 0.07, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.4,
        "alpha": 0.85, "beta1": 0.7, "beta2": 0.9, "eps": 0.3, "start": 0.6,
    }  # fmt: skip
    if how.choices.get("start") == "fixed":
        values["start"] = 0.0
    return {name: values[name] for name in ("lr", *how.defaults)}


def walked(how: Convention, **more: Any) -> np.ndarray:
    given = settings(how) | more
    visited = walk(how, lambda _, t: -STREAM[t - 1], START, STEPS, **given)
    return np.array(visited[1:])


def arguments(how: Convention) -> dict[str, Any]:
    """The same settings by the source's own names."""
    told: dict[str, Any] = {}
    for name, value in settings(how).items():
        option, _, entry = SOURCES[how.source].names.get(name, name).partition("[")
        told[option] = (*told.get(option, ()), value) if entry else value
    return told


# ---- what there is


def test_every_method_is_answered_and_every_choice_is_an_answer() -> None:
    assert {each.method for each in CONVENTIONS} == set(METHODS)
    assert {each.source for each in CONVENTIONS} == set(SOURCES)
    pairs = [(each.source, each.method) for each in CONVENTIONS]
    assert len(pairs) == len(set(pairs))
    for each in CONVENTIONS:
        missing = set(METHODS[each.method]) - set(each.choices)
        # The notebook's RMSProp has no velocity.
        assert missing == ({"velocity"} if pairs_without_velocity(each) else set())
        assert set(each.choices) <= set(METHODS[each.method])
        for question, choice in each.choices.items():
            assert choice in QUESTIONS[question].answers


def pairs_without_velocity(how: Convention) -> bool:
    return (how.source, how.method) == ("course", "rmsprop")


# ---- torch and this package


@of("PyTorch", "here")
@pytest.mark.parametrize("maximize", [True, False])
def test_classes_of_torch_and_ours(how: Convention, maximize: bool) -> None:
    package, _, name = how.call.rpartition(".")
    kind = getattr({"torch.optim": torch.optim, "optim": optim}[package], name)
    flags = {} if how.source == "here" else FLAGS.get(how.method, {})
    parameter = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    made = kind([parameter], maximize=maximize, **arguments(how), **flags)
    visited = []
    for gradient in STREAM:
        sign = -1 if maximize else 1
        parameter.grad = torch.tensor(sign * gradient, dtype=torch.float64)
        made.step()
        visited.append(parameter.item())
    assert visited == pytest.approx(walked(how), rel=1e-12, abs=1e-13)


@of("PyTorch", "here")
def test_defaults_of_torch_and_ours(how: Convention) -> None:
    package, _, name = how.call.rpartition(".")
    kind = getattr({"torch.optim": torch.optim, "optim": optim}[package], name)
    given = kind([torch.zeros(1, requires_grad=True)]).defaults
    for ours, value in how.defaults.items():
        option, _, entry = SOURCES[how.source].names.get(ours, ours).partition("[")
        found = given[option][int(entry[:-1])] if entry else given[option]
        assert found == value, ours
    assert given["maximize"] is (SOURCES[how.source].direction == "up")


def test_the_version_of_torch_is_the_locked_one() -> None:
    """Its declarations are tested with every other one, too."""
    version = ".".join(lock.TORCH.removeprefix("torch==").split(".")[:2])
    assert SOURCES["PyTorch"].version == f"torch {version}"


# ---- the formulas of the notebooks and of Keras


@of("notebook", "course", "Keras")
def test_formulas_as_they_were_published(how: Convention) -> None:
    expected = REFERENCES[how.source, how.method](STREAM, START, settings(how))
    assert walked(how) == pytest.approx(expected, rel=1e-12, abs=1e-13)


# ---- optax and Keras themselves, each in a process of its own


def in_its_own_process(library: str, cases: list[dict[str, Any]]) -> dict[str, Any]:
    if find_spec(library) is None:
        pytest.skip(f"needs {library}")
    asked = {"cases": cases, "calls": sorted({case["call"] for case in cases})}
    script = str(Path(__file__).with_name("elsewhere.py"))
    done = subprocess.run(
        [sys.executable, script, library],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def case(how: Convention, **more: Any) -> dict[str, Any]:
    """What the process is told of a convention."""
    call = how.call.rpartition(".")[2]
    flags = {} if call == "amsgrad" else FLAGS.get(how.method, {})
    return {
        "call": call,
        "arguments": arguments(how) | flags | more,
        "downhill": STREAM,
        "start": START,
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("library", "source"), [("optax", "Optax"), ("keras", "Keras")]
)
def test_the_library_takes_the_steps_that_are_declared(
    library: str, source: str
) -> None:
    conventions = [each for each in CONVENTIONS if each.source == source]
    told = in_its_own_process(library, [case(how) for how in conventions])
    assert SOURCES[source].version.lower() == f"{library} {told['version']}"
    for how, visited in zip(conventions, told["visited"]):
        assert visited == pytest.approx(walked(how), rel=1e-12, abs=1e-13), how
        has = told["defaults"][how.call.rpartition(".")[2]]
        assert "maximize" not in has
        for ours, value in how.defaults.items():
            option = SOURCES[source].names.get(ours, ours)
            assert (has[option] or 0) == value, (how.call, ours)


@pytest.mark.slow
def test_optax_without_corrections_is_the_notebooks_amsgrad() -> None:
    notebook = next(
        h for h in CONVENTIONS if (h.source, h.method) == ("course", "amsgrad")
    )
    optax = next(h for h in CONVENTIONS if (h.source, h.method) == ("Optax", "amsgrad"))
    off = {"bias_correction_mu": False, "bias_correction_nu": False}
    told = in_its_own_process("optax", [case(optax, **off)])
    (visited,) = told["visited"]
    assert visited == pytest.approx(walked(notebook), rel=1e-12, abs=1e-13)


# ---- no cell is idle


@of(*SOURCES)
def test_with_another_choice_the_path_is_another(how: Convention) -> None:
    """So that each cell of the table is what the tests above have seen."""
    right = walked(how)
    for question, choice in how.choices.items():
        for other in QUESTIONS[question].answers:
            if other == choice or question == "start":
                continue
            if question in ("scale", "largest") and how.choices["correction"] == "none":
                continue  # there is but one v
            changed = how._replace(choices={**how.choices, question: other})
            more: dict[str, Any] = {}
            if question == "velocity":  # seen when the learning rate changes
                more = {"lr": lambda t: 0.07 / t}
            if question == "decay" and "weight_decay" not in how.defaults:
                changed = changed._replace(
                    defaults={**how.defaults, "weight_decay": 0.0}
                )
                if other == "none":
                    continue
            if question == "new":
                changed = changed._replace(defaults={**how.defaults, "dampening": 0.0})
                if choice == "share":
                    continue  # the other has no dampening
                more = {"dampening": 0.3}
                assert not np.allclose(right, walked(changed, **more))
                continue
            moved = walked(changed, **more)
            if question == "correction" and choice == "none":
                assert not np.allclose(right, moved)
                continue
            same = walked(how, **more)
            assert np.abs(moved - same).max() > 1e-3, (question, other)


@pytest.mark.parametrize(
    ("source", "kind"), [("PyTorch", torch.optim.SGD), ("here", optim.Momentum)]
)
def test_dampening_is_not_read_without_a_velocity(source: str, kind: Any) -> None:
    given = {"lr": 0.1, "momentum": 0.0, "dampening": 0.3}
    how = convention("momentum", source)
    visited = walk(how, lambda _, t: float(t), 0.0, 3, **given)
    parameter = torch.zeros((), dtype=torch.float64, requires_grad=True)
    made = kind([parameter], maximize=True, **given)
    for place, t in zip(visited[1:], (1.0, 2.0, 3.0)):
        parameter.grad = torch.full_like(parameter, t)
        made.step()
        assert parameter.item() == pytest.approx(place, rel=1e-12)


def test_the_rule_of_the_book_starts_as_torch_does() -> None:
    assert rules.momentum(2.0, lr=1, dampening=0.5)[0] == 2
