"""A translation takes the same steps; where there is none, none is given."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent.conventions import (
    CONVENTIONS,
    METHODS,
    UntranslatableError,
    convention,
    corrected_momentum,
    spelled,
    translate,
    walk,
)

DRAW = np.random.default_rng(11)
STEPS = 40
PAIRS = [
    pytest.param(method, *pair, id="-".join([method, *pair]))
    for method in METHODS
    for pair in permutations([c.source for c in CONVENTIONS if c.method == method], 2)
]
# Which translations there are not, whatever the settings, but for zeros.
NONE_OF_EPSILON = {"adagrad", "rmsprop"}


def drawn(method: str, source: str) -> dict[str, Any]:
    """Random settings of a source; nothing that it lacks."""
    values: dict[str, Any] = {
        "lr": DRAW.uniform(0.01, 0.3), "momentum": DRAW.uniform(0, 0.95),
        "alpha": DRAW.uniform(0.5, 0.99), "beta1": DRAW.uniform(0, 0.95),
        "beta2": DRAW.uniform(0.5, 0.999), "eps": 10 ** DRAW.uniform(-8, 0),
        "start": DRAW.uniform(0, 2), "dampening": 0.0, "weight_decay": 0.0,
    }  # fmt: skip
    if convention(method, source).choices.get("start") == "fixed":
        values["start"] = 0.0
    if method == "adamw":
        values["weight_decay"] = DRAW.uniform(0, 0.3)
    return {n: values[n] for n in ("lr", *convention(method, source).defaults)}


def paths(
    method: str, source: str, target: str, ours: Any, theirs: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Both on one noisy hill."""
    noise = DRAW.normal(size=STEPS)

    def uphill(theta: float, t: int) -> float:
        return -2 * theta - np.tanh(theta) + noise[t - 1]

    start = DRAW.uniform(-3, 3)
    first = walk(convention(method, source), uphill, start, STEPS, **ours)
    return np.array(first), np.array(
        walk(convention(method, target), uphill, start, STEPS, **theirs)
    )


def exists(method: str, source: str, target: str) -> bool:
    """What the chapter says of constant settings without weight decay or dampening."""
    ours, theirs = (convention(method, each).choices for each in (source, target))
    if method == "rmsprop":
        return ours["divisor"] == theirs["divisor"] and (
            "velocity" in theirs or "velocity" not in ours
        )
    if method == "adagrad" and ours["divisor"] == "outside":
        return theirs["divisor"] == "outside" and theirs["start"] == "argument"
    if method == "adagrad":
        return theirs["divisor"] == "inside" or theirs["start"] == "argument"
    return ours.get("largest") == theirs.get("largest")


@pytest.mark.parametrize(("method", "source", "target"), PAIRS)
def test_the_same_steps_or_none(method: str, source: str, target: str) -> None:
    for _ in range(25):
        ours = drawn(method, source)
        if exists(method, source, target):
            theirs = translate(method, source, target, **ours)
            assert set(theirs) == {"lr", *convention(method, target).defaults}
            pair = paths(method, source, target, ours, theirs)
            assert pair[1] == pytest.approx(pair[0], rel=1e-12, abs=1e-12)
        elif method == "adagrad" and ours["start"] == 0 and target == "notebook":
            with pytest.raises(UntranslatableError):
                translate(method, source, target, **ours)
        else:
            with pytest.raises(UntranslatableError) as told:
                translate(method, source, target, **ours)
            if told.value.nearest:  # it is near, and no more
                near = dict(told.value.nearest)
                near = {
                    n: x for n, x in near.items()
                    if n in {"lr", *convention(method, target).defaults}
                }  # fmt: skip
                pair = paths(method, source, target, ours, near)
                assert not np.allclose(*pair, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("method", ["momentum", "rmsprop"])
@pytest.mark.parametrize(("source", "target"), [("PyTorch", "Keras"),
                                                ("Keras", "PyTorch")])  # fmt: skip
def test_a_changing_learning_rate_needs_a_changing_momentum(
    method: str, source: str, target: str
) -> None:
    for _ in range(30):
        ours = drawn(method, source) | {"eps": 0.0}
        if method == "momentum":
            del ours["eps"]
        lrs = DRAW.uniform(0.01, 0.2, STEPS + 1)
        ours["lr"] = lambda t, lrs=lrs: lrs[t]
        theirs = translate(method, source, target, **ours)
        pair = paths(method, source, target, ours, theirs)
        assert pair[1] == pytest.approx(pair[0], rel=1e-12, abs=1e-12)
        copied = theirs | {"momentum": ours["momentum"]}
        pair = paths(method, source, target, ours, copied)
        assert np.abs(pair[1] - pair[0]).max() > 1e-6


@pytest.mark.parametrize("target", ["Keras", "Optax", "course", "notebook"])
def test_dampening_is_a_schedule(target: str) -> None:
    for falling in (False, True):
        for _ in range(10):
            ours = drawn("momentum", "PyTorch") | {"dampening": DRAW.uniform(0, 0.95)}
            if falling:
                lrs = DRAW.uniform(0.01, 0.2, STEPS + 1)
                ours["lr"] = lambda t, lrs=lrs: lrs[t]
            theirs = translate("momentum", "PyTorch", target, **ours)
            pair = paths("momentum", "PyTorch", target, ours, theirs)
            assert pair[1] == pytest.approx(pair[0], rel=1e-12, abs=1e-12)


def test_dampening_without_a_velocity_is_nothing() -> None:
    theirs = translate("momentum", "PyTorch", "Optax", lr=0.1, dampening=0.3)
    assert theirs == {"lr": 0.1, "momentum": 0.0}


def test_nesterov_has_no_translation_of_a_schedule() -> None:
    def falls(t: int) -> float:
        return 0.1 / t

    with pytest.raises(UntranslatableError, match="two places"):
        translate("nesterov", "PyTorch", "Keras", lr=falls, momentum=0.9)
    kept = translate("nesterov", "PyTorch", "Keras", lr=falls, momentum=0.0)
    assert kept["lr"] is falls


def test_what_comes_back_is_what_was_given() -> None:
    there = translate("adamw", "paper", "PyTorch", lr=0.02, weight_decay=0.001)
    assert there["weight_decay"] == pytest.approx(0.05)
    back = translate("adamw", "PyTorch", "paper", **there)
    assert back["weight_decay"] == pytest.approx(0.001)
    there = translate("adam", "PyTorch", "Keras", lr=0.1, eps=1e-3)
    eps = translate("adam", "Keras", "PyTorch", **there)["eps"]
    assert callable(eps)
    assert [eps(t) for t in (1, 5, 900)] == pytest.approx([1e-3] * 3)


@pytest.mark.parametrize(
    ("method", "source", "target", "settings", "said"),
    [
        ("momentum", "PyTorch", "Keras", {"momentum": 0.9, "dampening": 1.0},
         "but the first enters"),
        ("momentum", "PyTorch", "Optax", {"weight_decay": 0.1}, "has no weight decay"),
        ("momentum", "PyTorch", "Keras", {"weight_decay": 0.1, "momentum": 0.9},
         "averaged or rescaled"),
        ("adam", "PyTorch", "Keras", {"weight_decay": 0.1}, "averaged or rescaled"),
        ("adagrad", "PyTorch", "notebook", {"start": 0.1}, "starts at 0"),
        ("rmsprop", "PyTorch", "course", {"eps": 0.0, "momentum": 0.5},
         "has no momentum"),
        ("amsgrad", "PyTorch", "Optax", {}, "no corrected maximum"),
        ("adagrad", "PyTorch", "Optax", {}, "two values of s at most"),
    ],
)  # fmt: skip
def test_why_there_is_none(
    method: str, source: str, target: str, settings: Any, said: str
) -> None:
    with pytest.raises(UntranslatableError, match=said):
        translate(method, source, target, **settings)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: translate("adan", "PyTorch", "Keras"), ValueError, "method must be"),
        (lambda: translate("adam", "torch", "Keras"), ValueError, "source must be"),
        (
            lambda: translate("adamw", "notebook", "Keras"),
            ValueError,
            "notebook has no adamw",
        ),
        (lambda: translate("adam", "Keras", "PyTorch", rho=1), TypeError, "got 'rho'"),
        (lambda: translate("adam", "Optax", "PyTorch"), TypeError, "needs lr"),
    ],
)
def test_wrong_requests(call: Callable[[], Any], error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        call()


def test_weight_decay_without_memory_is_one() -> None:
    """In the gradient of plain steps it is a decay beside them."""
    for _ in range(20):
        ours = drawn("momentum", "PyTorch") | {"momentum": 0.0, "weight_decay": 0.2}
        theirs = translate("momentum", "PyTorch", "Keras", **ours)
        assert theirs["weight_decay"] == 0.2
        pair = paths("momentum", "PyTorch", "Keras", ours, theirs)
        assert pair[1] == pytest.approx(pair[0], rel=1e-12, abs=1e-12)


@given(s=st.floats(0, 1e6), eps=st.floats(1e-12, 1e3))
def test_the_nearest_epsilon_is_within_a_root_of_two(s: float, eps: float) -> None:
    ratio = (sqrt(s) + sqrt(eps)) / sqrt(s + eps)
    assert 1 - 1e-12 <= ratio <= sqrt(2) + 1e-12


@given(share=st.floats(0.1, 0.9), factor=st.floats(0.95, 1.0))
def test_an_exponential_decay_needs_but_another_momentum(
    share: float, factor: float
) -> None:
    def lr(t: int) -> float:
        return factor**t

    inward = corrected_momentum(share, lr, inward=True)
    outward = corrected_momentum(share, lr, inward=False)
    assert callable(inward)
    assert callable(outward)
    for t in (2, 3, 17):
        assert inward(t) == pytest.approx(share * factor)
        assert outward(t) == pytest.approx(share / factor)


def test_a_call_is_spelled_in_the_sources_own_names() -> None:
    settings = translate("adam", "Optax", "PyTorch", lr=0.1)
    assert spelled("adam", "PyTorch", settings) == (
        "torch.optim.Adam(lr=0.1, betas=(0.9, 0.999), eps=1e-08, weight_decay=0)"
    )
    settings = translate("adam", "Optax", "Keras", lr=0.1)
    assert "epsilon=..., " in spelled("adam", "Keras", settings)
    settings = translate("adagrad", "Keras", "PyTorch")
    assert "initial_accumulator_value=0.1, eps=0" in spelled(
        "adagrad", "PyTorch", settings
    )
