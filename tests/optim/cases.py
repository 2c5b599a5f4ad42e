"""Each optimizer with the options that matter, beside the class of torch's like it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim
from gradient_ascent.optim.optimizer import RuleOptimizer
from gradient_ascent.rules import RULES


@dataclass(frozen=True)
class Case:
    """One optimizer with one choice of options.

    Attributes:
        ours: the class under test.
        theirs: torch's class that should take the same steps, if any.
        options: what both are given.
        own: what only ours is given.
        extra: what only torch's is given.
    """

    ours: type[RuleOptimizer]
    theirs: type[Optimizer] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def make(self, params: Any, **more: Any) -> Optimizer:
        return self.ours(params, **{**self.options, **self.own, **more})

    def torchs(self, params: Any, **more: Any) -> Optimizer:
        assert self.theirs is not None
        more = {"maximize": True, **more}
        return self.theirs(params, **{**self.options, **self.extra, **more})

    @property
    def remembers(self) -> bool:
        """Whether a step leaves anything for the next."""
        optimizer: Any = self.make(parameters())
        return bool(optimizer.fields(optimizer.param_groups[0]))

    def __str__(self) -> str:
        given = {**self.options, **self.own}
        texts = (str(v) if v is True else f"{k}={v}" for k, v in given.items())
        names = [k if text == "True" else text for k, text in zip(given, texts)]
        return "-".join([self.ours.__name__, *names]).replace(" ", "")


DEVICES = ["cpu", *["cuda"] * torch.cuda.is_available()]
every_device = pytest.mark.parametrize("device", DEVICES)

ENGINES: dict[str, dict[str, Any]] = {
    "default": {},
    "reference": {"foreach": False},
    "foreach": {"foreach": True},
    "fused": {"fused": True},
}

SGD, ADAM = torch.optim.SGD, torch.optim.Adam

CASES: list[Case] = [
    Case(optim.Momentum, SGD, {"momentum": 0.9}),
    Case(optim.Momentum, SGD, {"lr": 0.1, "momentum": 0}),
    Case(optim.Momentum, SGD, {"lr": 0.1, "momentum": 0, "weight_decay": 0.1}),
    Case(optim.Momentum, SGD, {"lr": 0.05, "momentum": 0.8, "dampening": 0.3}),
    Case(
        optim.Momentum,
        SGD,
        {"lr": 0.05, "momentum": 0.9, "dampening": 0.9, "weight_decay": 0.1},
    ),
    Case(optim.Momentum, SGD, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    Case(optim.Nesterov, SGD, {"momentum": 0.9}, extra={"nesterov": True}),
    Case(
        optim.Nesterov,
        SGD,
        {"lr": 0.1, "momentum": 0.7, "weight_decay": 0.1},
        extra={"nesterov": True},
    ),
    Case(optim.Adagrad, torch.optim.Adagrad, {"eps": 1e-6}),
    Case(
        optim.Adagrad,
        torch.optim.Adagrad,
        {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "eps": 1e-3},
    ),
    Case(
        optim.Adagrad,
        torch.optim.Adagrad,
        {"lr": 0.1, "initial_accumulator_value": 0.1},
    ),
    Case(optim.RMSprop, torch.optim.RMSprop, {"eps": 1e-4}),
    Case(
        optim.RMSprop,
        torch.optim.RMSprop,
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-2, "weight_decay": 0.1},
    ),
    Case(optim.RMSprop, torch.optim.RMSprop, {"momentum": 0.5, "eps": 1e-3}),
    Case(optim.RMSprop, torch.optim.RMSprop, {"centered": True, "eps": 1e-2}),
    Case(
        optim.RMSprop,
        torch.optim.RMSprop,
        {"centered": True, "momentum": 0.5, "weight_decay": 0.1, "eps": 1e-2},
    ),
    Case(optim.Adam, ADAM, {"eps": 1e-4}),
    Case(
        optim.Adam,
        ADAM,
        {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-2, "weight_decay": 0.1},
    ),
    Case(optim.Adam, ADAM, {"lr": 0.05, "amsgrad": True, "eps": 1e-4}),
    Case(
        optim.Adam,
        ADAM,
        {
            "lr": 0.05,
            "weight_decay": 0.1,
            "decoupled_weight_decay": True,
            "eps": 1e-4,
        },
    ),
    Case(
        optim.Adam,
        ADAM,
        {
            "lr": 0.05,
            "weight_decay": 0.1,
            "decoupled_weight_decay": True,
            "amsgrad": True,
            "eps": 1e-4,
        },
    ),
    Case(optim.AMSGrad, ADAM, {"eps": 1e-4}, extra={"amsgrad": True}),
    Case(
        optim.AMSGrad,
        ADAM,
        {"lr": 0.05, "betas": (0.5, 0.8), "weight_decay": 0.1, "eps": 1e-4},
        extra={"amsgrad": True},
    ),
    # With its own features off it is Adam.
    Case(
        optim.GradientAscent,
        ADAM,
        {"lr": 0.05, "weight_decay": 0.1, "eps": 1e-4},
        own={"momentum": 0.8, "beta": 0.95},
        extra={"betas": (0.8, 0.95)},
    ),
]
FEATURES: list[Case] = [
    Case(optim.GradientAscent, own=own)
    for own in (
        {"nesterov": True, "clip_value": 0.5},
        {"adaptive": False, "lr_decay": 0.99, "warmup_steps": 5},
        {"bias_correction": False, "weight_decay": 0.1, "nesterov": True},
    )
]
"""What no class of torch's has."""

for name, kind in optim.OPTIMIZERS.items():  # those of which nothing stands above
    if issubclass(kind, RuleOptimizer) and all(kind is not x.ours for x in CASES):
        declared = RULES[name].declaration.torch
        theirs = getattr(torch.optim, declared.name) if declared else None
        options: dict[str, Any] = {"lr": 0.05}
        if "eps" in signature(kind).parameters:
            options["eps"] = 1e-4
        (CASES if theirs else FEATURES).extend(
            Case(kind, theirs, options | more) for more in ({}, {"weight_decay": 0.1})
        )

DEFAULTS: dict[str, Case] = {}
"""The first case of each class."""
for case in CASES + FEATURES:
    DEFAULTS.setdefault(case.ours.__name__, case)

FEW = [*DEFAULTS.values(), *(x for x in FEATURES if x not in DEFAULTS.values())]
"""One case of each class, and what no class of torch's has."""


def with_engines(cases: Iterable[Case] = CASES) -> list[Any]:
    """Every case on every engine."""
    return [
        pytest.param(case, engine, id=f"{case}-{engine}")
        for case in cases
        for engine in ENGINES
    ]


def named(cases: Iterable[Case] = CASES) -> list[Any]:
    """Every case under its name."""
    return [pytest.param(case, id=str(case)) for case in cases]


def compiling(test: Any) -> Any:
    """Mark a test that waits for torch's compiler."""
    # The compiler imports a part of torch that torch itself deprecates.
    quiet = pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")
    return pytest.mark.slow(quiet(test))


SHAPES: list[tuple[int, ...]] = [(3, 4), (), (5,)]


@cache
def _drawn(seed: int, shape: tuple[int, ...]) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def normal(
    seed: int, shape: tuple[int, ...], dtype: torch.dtype = torch.float64
) -> Tensor:
    """A tensor of its own; a complex one has an imaginary part half as large."""
    factor = 1 + 0.5j if dtype.is_complex else 1
    return (_drawn(seed, tuple(shape)) * factor).to(dtype)


def parameters(
    dtype: torch.dtype = torch.float64,
    shapes: list[tuple[int, ...]] = SHAPES,
    device: str = "cpu",
) -> list[Tensor]:
    drawn = (normal(i, shape, dtype) for i, shape in enumerate(shapes))
    return [x.to(device).requires_grad_() for x in drawn]


def climb(
    optimizer: Optimizer, steps: int, *, first: int = 0, sign: float = 1.0
) -> None:
    """Take steps on sign times a concave function, rocked by noise.

    It is f(θ) = -|θ|²/2 + w·θ, with a new w at each step, so that round-off neither
    grows nor hides.
    """
    for t in range(first, first + steps):
        for group in optimizer.param_groups:
            for index, p in enumerate(group["params"]):
                rocking = normal(100 * t + index, p.shape, p.dtype).to(p.device)
                p.grad = sign * (rocking - p.detach())
        optimizer.step()


def gap(mine: list[Tensor], others: list[Tensor]) -> float:
    """The largest difference, whichever devices they are on."""
    pairs = ((a.detach().cpu(), b.detach().cpu()) for a, b in zip(mine, others))
    return float(max((a - b).abs().double().max() for a, b in pairs))


def gradients(optimizer: Optimizer) -> list[Tensor]:
    return [
        p.grad
        for group in optimizer.param_groups
        for p in group["params"]
        if p.grad is not None
    ]
