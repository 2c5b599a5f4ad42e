"""Run each optimizer beside torch's class of its name, and print how far they part.

python -m tools.compare
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim

STEPS = 500
ENGINES: dict[str, dict[str, Any]] = {
    "reference": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
}
Make = Callable[..., Optimizer]


class Pair(NamedTuple):
    """One of our optimizers, and what should take the same steps."""

    ours: Make
    torchs: Make
    options: dict[str, Any]
    torchs_own: dict[str, Any]


PAIRS: dict[str, Pair] = {
    "Momentum": Pair(
        optim.Momentum, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}, {}
    ),
    "Nesterov": Pair(
        optim.Nesterov,
        torch.optim.SGD,
        {"lr": 0.01, "momentum": 0.9},
        {"nesterov": True},
    ),
    "Adagrad": Pair(optim.Adagrad, torch.optim.Adagrad, {"lr": 0.1}, {}),
    "RMSprop": Pair(
        optim.RMSprop, torch.optim.RMSprop, {"momentum": 0.5, "centered": True}, {}
    ),
    "Adam": Pair(optim.Adam, torch.optim.Adam, {"lr": 0.01}, {}),
    "AMSGrad": Pair(optim.AMSGrad, torch.optim.Adam, {"lr": 0.01}, {"amsgrad": True}),
    "GradientAscent": Pair(
        optim.GradientAscent, torch.optim.Adam, {}, {"lr": 0.01, "betas": (0.9, 0.999)}
    ),
    "LBFGS": Pair(optim.LBFGS, torch.optim.LBFGS, {"max_iter": 2, "lr": 0.1}, {}),
}
for _kind in optim.OPTIMIZERS.values():  # those that torch has under their name
    _name = _kind.__name__
    if _name not in PAIRS and hasattr(torch.optim, _name):
        PAIRS[_name] = Pair(_kind, getattr(torch.optim, _name), {"lr": 0.01}, {})


def main(steps: int = STEPS) -> None:
    """Print one line for each optimizer."""
    print(f"largest difference to torch over {steps} steps, float64\n")
    print(f"{'':<16}" + "".join(f"{engine:>12}" for engine in ENGINES))
    for name, pair in PAIRS.items():
        if name == "LBFGS":
            gaps = {"reference": difference(pair, {}, steps)}
        else:
            gaps = {e: difference(pair, o, steps) for e, o in ENGINES.items()}
        cells = (f"{gaps[e]:.1e}" if e in gaps else "-" for e in ENGINES)
        print(f"{name:<16}" + "".join(f"{cell:>12}" for cell in cells))


def difference(pair: Pair, engine: dict[str, Any], steps: int) -> float:
    """The largest distance between the two paths, in any coordinate at any step."""
    ours, torchs = start(), start()
    mine = pair.ours(ours, **pair.options, **engine)
    # torch's LBFGS cannot climb: it is shown -f.
    descends = pair.torchs is torch.optim.LBFGS
    own = {} if descends else {"maximize": True, **pair.torchs_own}
    theirs = pair.torchs(torchs, **pair.options, **own)
    largest = 0.0
    for t in range(steps):
        climb(mine, ours, t)
        climb(theirs, torchs, t, sign=-1 if descends else 1)
        gaps = [(p - q).abs().max().item() for p, q in zip(ours, torchs)]
        largest = max(largest, *gaps)
    return largest


def start() -> list[Tensor]:
    """The same small matrix and vector every time."""
    generator = torch.Generator().manual_seed(0)
    return [
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in ((4, 3), (5,))
    ]


def climb(
    optimizer: Optimizer, params: list[Tensor], t: int, sign: float = 1.0
) -> None:
    """One step on the cosine hills of a bowl that rocks with t."""

    def closure() -> Any:
        optimizer.zero_grad()
        value = sum(
            (torch.cos(3 * p) - p.square() + 0.1 * t % 1 * p).sum() for p in params
        )
        objective = sign * torch.as_tensor(value)
        objective.backward()  # type: ignore[no-untyped-call]
        return objective.detach()

    optimizer.step(closure)


if __name__ == "__main__":
    main()
