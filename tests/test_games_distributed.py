"""Games of players whose replicas or shards lie in several processes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor
from torch.nn.parallel import DistributedDataParallel

from gradient_ascent.games import Method, MinMax, Payoff
from gradient_ascent.optim import Adam, Momentum
from tests.bilinear import METHODS
from tests.optim.two_processes import both_do

DATA = torch.randn(4, 3, generator=torch.Generator().manual_seed(1))


def played(
    method: Method, wrap: Callable[[nn.Module], Any], data: Tensor, each: bool
) -> list[Tensor]:
    """Play a while on some of the data; the parameters afterwards, whole."""
    torch.manual_seed(0)
    players = [wrap(nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1))) for _ in range(2)]
    optimizers = [
        Momentum(players[0].parameters(), lr=0.05, maximize=False),
        Adam(players[1].parameters(), lr=0.05, maximize=not each),
    ]
    game = MinMax(optimizers, method)

    def payoff() -> Payoff:
        one, two = (player(data) for player in players)
        value = (one * two + one.square() - two.square()).mean()
        return (value, -value) if each else value

    for _ in range(4):
        game.step(payoff)
    parts = [p.detach() for player in players for p in player.parameters()]
    return [p.full_tensor() if isinstance(p, DTensor) else p for p in parts]


def work(rank: int) -> None:
    mine = DATA[2 * rank :][:2]
    mesh = init_device_mesh("cpu", (2,))
    kinds: dict[str, tuple[Any, Tensor]] = {
        "replicas": (DistributedDataParallel, mine),
        "shards": (lambda module: fully_shard(module, mesh=mesh), mine),
    }
    for name, (wrap, data) in kinds.items():
        for each in (False, True):
            for method in METHODS:
                whole = played(method, lambda module: module, DATA, each)
                parts = played(method, wrap, data, each)
                apart = max(float((a - b).abs().max()) for a, b in zip(whole, parts))
                assert apart <= 1e-6, (name, method, each, apart)


@pytest.mark.slow
def test_replicas_and_shards_play_as_the_whole(tmp_path: Path) -> None:
    both_do(work, tmp_path)
