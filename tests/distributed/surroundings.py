"""What stands around the steps: clipping, metrics, sets, saved states."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
import torch.distributed as dist
from torch.distributed.checkpoint.state_dict import (
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.nn.utils import clip_grad_norm_

from gradient_ascent import optim
from gradient_ascent.constraints import Ball, Box, Constraint, Simplex, constrain
from gradient_ascent.optim.sharded import here
from tests.distributed.ways import ALONE, REPLICAS, SHARDS, WAYS, Run, apart, whole
from tests.optim.cases import FEW

Adam = partial(optim.Adam, lr=0.05)


def same_as_alone(
    do: Callable[[str], Run], ways: tuple[str, ...] = WAYS, within: float = 1e-13
) -> None:
    alone = do(ALONE).parameters()
    for way in ways:
        distance = apart(do(way).parameters(), alone)
        assert distance <= within, (way, distance)


def check_clipping_by_the_norm_of_all() -> None:
    def clipped(way: str) -> Run:
        run = Run(way, partial(optim.Momentum, lr=0.5))
        for _ in range(4):
            run.evaluate()
            clip_grad_norm_(run.model.parameters(), 0.1)
            run.optimizer.step()
        return run

    # torch 2.9.1 scales the gradients of shards to fewer digits.
    few = torch.__version__.startswith("2.9.")
    same_as_alone(clipped, within=1e-6 if few else 1e-13)


def check_a_scheduler() -> None:
    def scheduled(way: str) -> Run:
        run = Run(way, Adam)
        scheduler = optim.lr_scheduler.ExponentialLR(run.optimizer, 0.7)
        for _ in range(4):
            run.step()
            scheduler.step()
        return run

    same_as_alone(scheduled)


def check_others_that_climb() -> None:
    same_as_alone(lambda way: Run(way, descending).step(4))
    for norm in ("l2", "linf"):
        make = partial(optim.SteepestAscent, lr=0.1, norm=norm)
        same_as_alone(lambda way: Run(way, make).step(4))  # noqa: B023


def descending(params: Any) -> torch.optim.Optimizer:
    return optim.uphill(torch.optim.NAdam(params, lr=0.05))


def check_sets() -> None:
    bounds = torch.linspace(0.05, 0.3, 5, dtype=torch.float64)[:, None]
    sets: list[Constraint] = [
        Box(-0.1, 0.1),
        Ball(0.5),
        Ball(0.5, norm="l1"),
        Ball(0.5, norm="l1", dim=0),
        Simplex(),
    ]
    for each in sets:
        same_as_alone(partial(kept_in, each, None), (REPLICAS[0], SHARDS))
    # of the first weight, with a bound of its own for each row
    own = Box(-bounds, bounds)
    same_as_alone(partial(kept_in, own, 0), (REPLICAS[0], SHARDS))


def kept_in(constraint: Constraint, which: int | None, way: str) -> Run:
    run = Run(way, Adam)
    chosen = [*run.model.parameters()]
    chosen = chosen if which is None else [chosen[which]]
    constrain(run.optimizer, constraint, chosen)
    run.step(3)
    assert all(constraint.contains(p.detach()) for p in chosen)
    return run


def check_what_is_not_finite_is_seen_by_all() -> None:
    for fault in ("nan", "inf"):
        for nonfinite in ("raise", "skip"):
            make = partial(optim.GradientAscent, nonfinite=nonfinite)
            run = Run(SHARDS, make).step()
            before = run.parameters()
            run.evaluate()
            last = [*run.model.parameters()][2]  # of the second layer
            if dist.get_rank() == 0:  # here alone
                here(last.grad).view(-1)[0] = float(fault)
            if nonfinite == "raise":
                said = "gradient of parameter 2 of its group.* is not finite"
                with pytest.raises(FloatingPointError, match=said):
                    run.optimizer.step()
            else:
                run.optimizer.step()
            assert apart(before, run.parameters()) == 0
            run.step()  # and all go on together
            assert apart(before, run.parameters()) > 0


def measured(way: str, hears: bool = True) -> list[dict[str, float]]:
    run = Run(way, partial(optim.GradientAscent, logging_interval=2, lr=0.05))
    heard: list[dict[str, float]] = []
    if hears:
        run.optimizer.log_to(lambda step, metrics: heard.append(metrics))
    run.step(4)
    return heard


def check_metrics_are_of_the_whole() -> None:
    alone = measured(ALONE)
    assert len(alone) == 2
    for way in (REPLICAS[0], SHARDS):
        for ours, theirs in zip(measured(way), alone, strict=True):
            assert ours == pytest.approx(theirs, abs=1e-12)


def check_one_process_may_listen_alone() -> None:
    heard = measured(SHARDS, hears=dist.get_rank() == 0)
    assert len(heard) == (2 if dist.get_rank() == 0 else 0)
    assert measured(SHARDS, hears=False) == []


def check_states_by_names() -> None:
    """As torch.distributed.checkpoint asks for them; and before the first step."""
    for case in FEW:
        make = partial(case.ours, **case.options, **case.own)
        for way in (REPLICAS[0], SHARDS):
            run, other = Run(way, make).step(3), Run(way, partial(make, lr=0.7))
            other.model.load_state_dict(copy.deepcopy(run.model.state_dict()))
            asked = copy.deepcopy(get_optimizer_state_dict(run.model, run.optimizer))
            assert all("." in name for name in asked["state"])
            before = other.parameters()
            set_optimizer_state_dict(other.model, other.optimizer, asked)
            assert apart(before, other.parameters()) == 0
            ends = run.step(3).parameters(), other.step(3).parameters()
            assert apart(*ends) <= 1e-13, (str(case), way)


def check_states_that_are_dealt_out() -> None:
    """One process collects them, and all take their part again."""
    for case in FEW:
        make = partial(case.ours, **case.options, **case.own)
        run, other = Run(REPLICAS[1], make).step(3), Run(REPLICAS[1], make)
        run.optimizer.consolidate_state_dict(to=0)  # type: ignore[attr-defined]
        mine = dist.get_rank() == 0
        box = [copy.deepcopy(run.optimizer.state_dict()) if mine else None]
        dist.broadcast_object_list(box, 0)
        other.model.load_state_dict(run.model.state_dict())
        other.optimizer.load_state_dict(box[0])  # type: ignore[arg-type]
        ends = run.step(3).parameters(), other.step(3).parameters()
        assert apart(*ends) <= 1e-13, str(case)


def check_memory_is_dealt_out() -> None:
    """Each process remembers its part, and together they remember all."""
    alone = remembered(Run(ALONE, Adam).step())
    for way in (REPLICAS[1], SHARDS):
        run = Run(way, Adam).step()
        own = remembered(run)
        total = torch.tensor(own)
        dist.all_reduce(total)
        assert own < alone and int(total) == alone, way
    assert remembered(Run(REPLICAS[0], Adam).step()) == alone


def remembered(run: Run) -> int:
    """Numbers that the optimizer keeps of the parameters in this process."""
    optimizer = getattr(run.optimizer, "optim", run.optimizer)
    states = optimizer.state.values()
    return sum(here(s[k]).numel() for s in states for k in ("exp_avg", "exp_avg_sq"))


def check_networks_that_differ_are_a_patchwork() -> None:
    """fully_shard sends nothing: each keeps its part of what it has."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    rank, workers = dist.get_rank(), dist.get_world_size()
    model = torch.nn.Linear(1, workers, bias=False)
    with torch.no_grad():
        model.weight.fill_(rank)
    fully_shard(model, mesh=init_device_mesh("cpu", (workers,)))
    assert whole(model.weight).flatten().tolist() == [*map(float, range(workers))]


def check_dealt_out_each_looks_at_what_it_moves() -> None:
    run = Run(REPLICAS[1], partial(optim.GradientAscent, nonfinite="skip")).step()
    before = run.parameters()
    run.evaluate()
    first, *_ = run.model.parameters()
    first.grad.view(-1)[0] = float("nan")  # in all processes, as replicas have it
    run.optimizer.step()
    pairs = zip(run.parameters(), before)
    still = [torch.equal(after, x) for after, x in pairs]
    assert still[0] and not all(still)
