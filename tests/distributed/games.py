"""Games of players whose replicas or parts lie in several processes."""

from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DistributedDataParallel

from gradient_ascent.games import Method, MinMax, Payoff
from gradient_ascent.optim import Adam, Momentum
from tests.bilinear import METHODS
from tests.distributed.ways import apart, whole

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
    return [whole(p).detach() for player in players for p in player.parameters()]


def check_that_replicas_and_parts_play_as_the_whole() -> None:
    workers = dist.get_world_size()
    mine = DATA[dist.get_rank() :: workers]
    mesh = init_device_mesh("cpu", (workers,))
    kinds: dict[str, Any] = {
        "replicas": DistributedDataParallel,
        "parts": lambda module: fully_shard(module, mesh=mesh),
    }
    for name, wrap in kinds.items():
        for each in (False, True):
            for method in METHODS:
                alone = played(method, lambda module: module, DATA, each)
                distance = apart(alone, played(method, wrap, mine, each))
                assert distance <= 1e-6, (name, method, each, distance)
