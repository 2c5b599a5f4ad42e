"""torch's own database of optimizer inputs and errors, run through our classes."""

from copy import deepcopy
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

pytest.importorskip("numpy")  # torch's own tests need it
pytest.importorskip("expecttest")  # and this

from torch.testing._internal.common_optimizers import (
    ErrorOptimizerInput,
    OptimizerErrorEnum,
    OptimizerInfo,
    OptimizerInput,
    _get_optim_inputs_including_global_cliquey_kwargs,
    optim_db,
)

from gradient_ascent import optim
from gradient_ascent.rules import RULES
from tests.optim.cases import climb, gap, parameters

NAMES = {info.name for info in optim_db}
OURS: dict[str, type[Optimizer]] = {"SGD": optim.Momentum} | {
    kind.__name__: kind
    for name, kind in optim.OPTIMIZERS.items()
    if kind.__name__ in NAMES
    and (name not in RULES or RULES[name].declaration.torch)  # or it is not whole yet
}
INFOS: list[OptimizerInfo] = [i for i in optim_db if i.name in OURS]


def inputs() -> list[Any]:
    return [
        pytest.param(info, each, id=f"{info.name}-{each.desc}")
        for info in INFOS
        for each in _get_optim_inputs_including_global_cliquey_kwargs(
            "cpu", torch.float64, info
        )
    ]


def matched(info: OptimizerInfo, options: dict[str, Any]) -> dict[str, Any]:
    """What makes ours the same optimizer: torch's defaults where they differ."""
    defaults = {"momentum": 0} if info.name == "SGD" else {}
    return {"maximize": False, **defaults, **options}


def fit(optimizer: Optimizer, params: list[Tensor], steps: int) -> None:
    """Minimize a bowl by closure, as LBFGS needs it."""

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = sum((p - 1).square().sum() + p.cos().sum() for p in params)
        sign = -1 if optimizer.param_groups[0].get("maximize") else 1
        (sign * loss).backward()
        return sign * loss

    for _ in range(steps):
        optimizer.step(closure)


def test_the_database_knows_our_classes() -> None:
    assert {"SGD", "Adam", "LBFGS"} < {info.name for info in INFOS} == OURS.keys()
    assert len(inputs()) > 80


@pytest.mark.parametrize(("info", "given"), inputs())
def test_inputs(info: OptimizerInfo, given: OptimizerInput) -> None:
    ours, torchs = parameters(), parameters()
    if given.kwargs.get("differentiable"):
        ours = [p.clone() for p in ours]  # autograd refuses to move a leaf
    options = deepcopy(given.kwargs)
    # With `differentiable` torch's powers of beta are float32.
    plain = {"differentiable": False} if "differentiable" in options else {}
    theirs = info.optim_cls(torchs, **deepcopy(options) | plain)
    mine = OURS[info.name](ours, **matched(info, options))
    assert mine.defaults.keys() >= theirs.defaults.keys()
    if info.step_requires_closure:
        fit(theirs, torchs, 5)
        fit(mine, ours, 5)
    else:
        sign = 1 if options.get("maximize") else -1
        climb(theirs, 30, sign=sign)
        climb(mine, 30, sign=sign)
    assert gap(ours, parameters()) > 1e-3
    assert gap(ours, torchs) <= 1e-12


# A state with a graph behind it is for autograd, not for a file.
KEPT = [each for each in inputs() if not each.values[1].kwargs.get("differentiable")]


@pytest.mark.parametrize(("info", "given"), KEPT)
def test_inputs_saved_and_loaded(info: OptimizerInfo, given: OptimizerInput) -> None:
    """A run goes on in another optimizer as if nothing had happened."""

    def run(optimizer: Optimizer, params: list[Tensor], first: int) -> None:
        if info.step_requires_closure:
            fit(optimizer, params, 3)
        else:
            climb(optimizer, 10, first=first)

    def fresh() -> tuple[Optimizer, list[Tensor]]:
        params = parameters()
        options = matched(info, deepcopy(given.kwargs))
        return OURS[info.name](params, **options), params

    (one, x), (two, y) = fresh(), fresh()
    run(one, x, 0)
    for p, q in zip(x, y):
        q.data.copy_(p.detach())
    two.load_state_dict(deepcopy(one.state_dict()))
    run(one, x, 10)
    run(two, y, 10)
    assert all(map(torch.equal, x, y))
    assert gap(x, parameters()) > 1e-3


# Where torch refuses on no ground but an engine of its own: ours runs.
RUNS = {
    "lr as Tensor doesn't work with foreach & not capturable",
    r"betas\[0\] as a Tensor is not supported for capturable=False and foreach=True",
    "betas must be either both floats or both Tensors",
}
# Where the sentence is ours: it names class, argument, value and what is allowed.
SENTENCES = {
    "Tensor lr must be 1-element": r"lr must have one element, got .*\(2,\)",
    "lr_decay must be bigger than 0": r"Adagrad: lr_decay must lie in \[0, inf\), "
    "got -0.5",
    "beta1 should be between 0 and 1": r"\w+: betas\[0\] must lie in \[0, 1\), "
    "got 1.0",
    "beta2 should be between 0 and 1": r"\w+: betas\[1\] must lie in \[0, 1\), "
    "got 1.0",
    "weight_decay should > 0": r"\w+: weight_decay must lie in \[0, inf\), got -1",
}


def errors() -> list[Any]:
    return [
        pytest.param(info, each, id=f"{info.name}-{each.optimizer_error_input.desc}")
        for info in INFOS
        for each in info.optim_error_inputs_func("cpu", torch.float64)
    ]


@pytest.mark.parametrize(("info", "error"), errors())
def test_error_inputs(info: OptimizerInfo, error: ErrorOptimizerInput) -> None:
    given = error.optimizer_error_input
    assert error.error_on == OptimizerErrorEnum.CONSTRUCTION_ERROR
    params = parameters() if given.params is None else given.params

    def construct() -> Optimizer:
        return OURS[info.name](params, **matched(info, given.kwargs))

    if given.desc in RUNS:
        climb(construct(), 3)
        assert gap(params, parameters()) > 1e-4
        return
    message = SENTENCES.get(given.desc, error.error_regex)
    if given.desc == "momentum should be between 0 and 1":
        message = rf"momentum must lie in \[0, 1\), got {given.kwargs['momentum']}"
    if issubclass(error.error_type, Warning):
        with pytest.warns(error.error_type, match=message):
            construct()
    else:
        with pytest.raises(error.error_type, match=message):
            construct()
