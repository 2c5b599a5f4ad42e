"""Every optimizer moves a model in several processes as it moves it in one."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch.distributed as dist

from gradient_ascent import optim
from gradient_ascent.optim.optimizer import RuleOptimizer
from tests.distributed.ways import ALONE, REPLICAS, SHARDS, WAYS, Run, apart
from tests.optim.cases import ENGINES, FEW, Case

SETTINGS: list[dict[str, Any]] = [
    {**ENGINES["default"], "maximize": True},
    {**ENGINES["default"], "maximize": False},
    {**ENGINES["foreach"], "maximize": True},
    {**ENGINES["reference"], "maximize": True},
]


def move_alike(case: Case, ways: tuple[str, ...], settings: dict[str, Any]) -> None:
    make = partial(case.ours, **case.options, **case.own, **settings)
    alone = Run(ALONE, make).step(3).parameters()
    for way in ways:
        distance = apart(Run(way, make).step(3).parameters(), alone)
        assert distance <= 1e-13, (str(case), way, settings, distance)


def check_that_all_are_tried() -> None:
    rules = {k for k in optim.OPTIMIZERS.values() if issubclass(k, RuleOptimizer)}
    assert {case.ours for case in FEW} == rules
    assert {*optim.OPTIMIZERS.values()} - rules == {optim.LBFGS}


def check_optimizers() -> None:
    for case in FEW:
        for index, settings in enumerate(SETTINGS):
            # A replica is what any engine moves alone.
            move_alike(case, (SHARDS,) if index > 1 else WAYS, settings)


def check_lbfgs_takes_replicas_whose_closures_agree() -> None:
    for search in (None, "strong_wolfe"):
        make = partial(optim.LBFGS, lr=0.1, max_iter=4, line_search_fn=search)
        runs = []
        for way in (REPLICAS[0], ALONE):
            run = Run(way, make)

            def agreed(run: Run = run, way: str = way) -> Any:
                value = run.evaluate()
                if way != ALONE:
                    dist.all_reduce(value)
                    value /= dist.get_world_size()
                return value

            for _ in range(3):
                run.optimizer.step(agreed)
            runs.append(run.parameters())
        assert apart(*runs) <= 1e-9, search  # it divides by small differences


def check_lbfgs_refuses_parts() -> None:
    said = "LBFGS: each of params must lie whole in every process, got a DTensor"
    with pytest.raises(TypeError, match=said):
        Run(SHARDS, optim.LBFGS)
