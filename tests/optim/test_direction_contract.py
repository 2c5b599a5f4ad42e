"""`check_direction` finds each way in which a direction can be wrong, and names it."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import check_direction, uphill
from gradient_ascent.optim import OPTIMIZERS, GradientAscent
from tests.optim.test_uphill import TORCHS


class Right(Optimizer):
    """Momentum with Nesterov's step, clipping and weight decay; nothing is wrong.

    Each class below overrides one method of it and has one fault.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 0.1,
        momentum: float = 0.5,
        weight_decay: float = 0.0,
        nesterov: bool = True,
        clip_value: float | None = 2.0,
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "clip_value": clip_value,
                "maximize": maximize,
            },
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:  # type: ignore[override]
        value = None
        if closure is not None:
            with torch.enable_grad():
                value = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.move(p, p.grad, group)
        return value

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        g = self.clipped(self.turned(g, group), group["clip_value"])
        g = g + group["weight_decay"] * p
        p.sub_(self.velocity(p, g, group), alpha=group["lr"])

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return -g if group["maximize"] else g

    def clipped(self, g: Tensor, value: float | None) -> Tensor:
        return g if value is None else g.clamp(-value, value)

    def velocity(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> Tensor:
        v = self.state[p].setdefault("v", torch.zeros_like(p))
        v.mul_(group["momentum"]).add_(g)
        return g + group["momentum"] * v if group["nesterov"] else v


class Ignored(Right):
    """It knows no direction but down."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return g


class Twice(Right):
    """The sign comes back at the end."""

    def velocity(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> Tensor:
        return self.turned(super().velocity(p, g, group), group)


class OnlyUp(Right):
    """The seed package's: it adds, whatever it is told."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return -g


class Swapped(Right):
    """The sign stands on the wrong side."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return g if group["maximize"] else -g


class InPlace(Right):
    """It negates the gradient itself."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return g.neg_() if group["maximize"] else g


class Clips(Right):
    """It clips the gradient itself."""

    def clipped(self, g: Tensor, value: float | None) -> Tensor:
        return g.clamp_(-1, 1)

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return g.neg_() if group["maximize"] else g


class Replaces(Right):
    """It leaves a copy of the gradient."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        super().move(p, g, group)
        p.grad = g.clone()


class Removes(Right):
    """It leaves no gradient."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        super().move(p, g, group)
        p.grad = None


class MomentOnly(Right):
    """The velocity is turned, the gradient beside it is not."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return g

    def velocity(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> Tensor:
        v = self.state[p].setdefault("v", torch.zeros_like(p))
        v.mul_(group["momentum"]).add_(super().turned(g, group))
        up = -1 if group["maximize"] else 1
        return 0.1 * g + v if group["nesterov"] else up * v * up


class FirstStepOnly(Right):
    """The sign is applied where the state is made."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return super().turned(g, group) if not self.state else g


class LookAhead(Right):
    """Nesterov looks back when it maximizes."""

    def velocity(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> Tensor:
        v = self.state[p].setdefault("v", torch.zeros_like(p))
        v.mul_(group["momentum"]).add_(g)
        ahead = -group["momentum"] if group["maximize"] else group["momentum"]
        return g + ahead * v if group["nesterov"] else v


class ClipsOneSide(Right):
    """It clips from above, before the sign is applied."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        if (value := group["clip_value"]) is not None:
            g = g.clamp(max=value)
        super().move(p, g, {**group, "clip_value": None})


class DecayTurned(Right):
    """Weight decay joins the gradient before the sign is applied."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        g = g + group["weight_decay"] * p
        super().move(p, g, {**group, "weight_decay": 0})


class RateTurned(Right):
    """It maximizes by a negative learning rate."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        lr = -group["lr"] if group["maximize"] else group["lr"]
        p.mul_(1 - lr * group["weight_decay"])
        super().move(p, g, {**group, "lr": lr, "weight_decay": 0, "maximize": False})


class NoDecay(Right):
    """Maximizing forgets the decay, which is a fault of its own."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        super().move(p, g, group | {"weight_decay": 0} if group["maximize"] else group)


class OneForAll(Right):
    """The direction is the optimizer's, not the group's."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        return -g if self.defaults["maximize"] else g


class TurnsTheValue(Right):
    """It tells the value of -f."""

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        value = super().step(closure)
        turned = self.param_groups[0]["maximize"] and value is not None
        return -value if turned else value


class TurnsTheOtherValue(Right):
    """It tells the value of -f where it minimizes."""

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        value = super().step(closure)
        return value if self.param_groups[0]["maximize"] else -value


class TellsNothing(Right):
    """It forgets to return what the closure did."""

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        super().step(closure)


class DecayInPlace(Right):
    """It adds the decay to the gradient itself."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        g = self.turned(g, group)
        if group["weight_decay"]:
            true = p.grad
            g = g.add_(p, alpha=group["weight_decay"])
            assert true is not None
            true.copy_(-g if group["maximize"] else g)
        super().move(p, g, group | {"weight_decay": 0, "maximize": False})


class DecayGrowsLater(Right):
    """The decay is turned from the second step on."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        later = p in self.state
        decay = -group["weight_decay"] if later else group["weight_decay"]
        super().move(p, g, group | {"weight_decay": decay})


class OneForAllLater(Right):
    """The direction becomes the optimizer's when the state is there."""

    def turned(self, g: Tensor, group: dict[str, Any]) -> Tensor:
        told = self.defaults if len(self.state) == 2 else group
        return super().turned(g, told)


class Swallows(Right):
    """The seed package's: an error is caught, and nothing moves."""

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        try:
            torch.nn.utils.clip_grad_value_(g, "much")
        except Exception:
            return


class Slips(torch.optim.Adam):
    """Adam that adds the raw gradient to what it remembers of the signed ones."""

    def step(self, closure: Any = None) -> Any:
        value = super().step(closure)
        for p, state in self.state.items():
            state["exp_avg"].add_(p.grad, alpha=0.01)
        return value


FAULTS = [
    (Ignored, "takes the very steps of maximize=False: it is ignored, or the sign"),
    (Twice, "ignored, or the sign is applied twice"),
    (OnlyUp, "takes the very steps of maximize=False"),
    (Swapped, "maximize=True goes downhill, and maximize=False uphill"),
    (InPlace, "with maximize=True a step leaves p.grad negated"),
    (Clips, "with maximize=False a step changes p.grad"),
    (Replaces, "with maximize=True a step puts another tensor in the place of p.grad"),
    (Removes, "a step removes p.grad"),
    (MomentOnly, r"part ways at step 1, by up to .*; with nesterov=False they do not"),
    (FirstStepOnly, "part ways at step"),
    (LookAhead, "part ways at step 1, .* with momentum=0 or nesterov=False they do"),
    (ClipsOneSide, "part ways at step 1, .* with clip_value=None they do not"),
    (DecayTurned, "weight_decay=0.1 makes the parameters grow with maximize=True"),
    (RateTurned, "weight_decay=0.1 makes the parameters grow with maximize=True"),
    (NoDecay, "with weight_decay=0.1, maximizing f and minimizing -f part ways"),
    (OneForAll, "does not heed the maximize of a group"),
    (TurnsTheValue, r"step\(closure\) returns the negative"),
    (TurnsTheOtherValue, r"with maximize=False step\(closure\) returns the negative"),
    (TellsNothing, r"maximize=True step\(closure\) returns None, not what the closure"),
    (DecayInPlace, "maximize=True and weight_decay=0.1 a step changes p.grad"),
    (
        DecayGrowsLater,
        "weight_decay=0.1 makes the parameters grow with maximize=True a",
    ),
    (OneForAllLater, "heed the maximize of a group, from step 2 on"),
    (Swallows, "no parameter has moved in 6 steps"),
    (Slips, "part ways at step 2"),
    (torch.optim.Muon, "takes no maximize .* gradient_ascent.uphill makes it climb"),
]


@pytest.mark.parametrize(("kind", "sentence"), FAULTS)
def test_a_fault_is_named_and_no_other(kind: Any, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence) as caught:
        check_direction(kind)
    first, *faults = str(caught.value).splitlines()
    assert first == f"{kind.__name__} breaks the direction contract:"
    assert all(line.startswith("- ") for line in faults)
    assert len(faults) == (2 if kind in TOGETHER else 1)


TOGETHER = {Clips, Removes, Replaces, DecayInPlace, TellsNothing}
"""What these do they do in both directions, a sentence each."""


@pytest.mark.parametrize(
    "options", [{}, {"weight_decay": 0.2}, {"nesterov": False}, {"clip_value": None}]
)
def test_what_is_right_passes(options: dict[str, Any]) -> None:
    check_direction(partial(Right, **options))


class Langevin(Right):
    """Gradient steps with noise, larger than they are: SGLD."""

    draw: Callable[[Tensor], Tensor] = staticmethod(torch.randn_like)

    def move(self, p: Tensor, g: Tensor, group: dict[str, Any]) -> None:
        super().move(p, g, group)
        p.add_(self.draw(p), alpha=5.0)


class PythonsNoise(Langevin):
    """Its draws are Python's."""

    draw = staticmethod(lambda p: torch.full_like(p, random.gauss(0, 1)))


@pytest.mark.parametrize("kind", [Langevin, PythonsNoise])
def test_noise_is_no_fault(kind: Any) -> None:
    for seed in range(10):
        random.seed(seed)
        check_direction(kind)
        check_direction(partial(kind, weight_decay=0.3))
        drawn = random.random()
        random.seed(seed)
        assert drawn == random.random(), "the caller's draws are as before"


WITH_DIRECTION = [k for k in TORCHS if k.__name__ not in {"LBFGS", "Muon"}]


@pytest.mark.parametrize("kind", [*WITH_DIRECTION, *OPTIMIZERS.values()])
def test_torchs_own_and_ours_pass(kind: Any) -> None:
    check_direction(kind, sparse=kind is torch.optim.SparseAdam)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
        (torch.optim.Adam, {"amsgrad": True, "fused": True}),
        (torch.optim.RMSprop, {"centered": True, "momentum": 0.5, "foreach": False}),
        (torch.optim.NAdam, {"decoupled_weight_decay": True, "weight_decay": 0.1}),
        (GradientAscent, {"nesterov": True, "clip_value": 0.5, "warmup_steps": 3}),
        (GradientAscent, {"adaptive": False, "lr_decay": 0.9}),
        (OPTIMIZERS["lbfgs"], {"line_search_fn": "strong_wolfe"}),
    ],
)
def test_so_they_do_with_their_options(kind: Any, options: dict[str, Any]) -> None:
    check_direction(partial(kind, **options))


def test_torchs_sgd_at_once_adds_its_velocity_to_the_gradient_itself() -> None:
    kind = partial(torch.optim.SGD, momentum=0.9, nesterov=True, foreach=True)
    with pytest.raises(AssertionError) as caught:
        check_direction(kind)
    (_, fault) = str(caught.value).splitlines()
    assert fault == "- with maximize=False a step changes p.grad"


@pytest.mark.parametrize("kind", TORCHS)
def test_uphill_gives_every_optimizer_the_contract(kind: Any) -> None:
    def make(params: Any, maximize: bool) -> Optimizer:
        return uphill(kind(params)) if maximize else kind(params)

    check_direction(make, sparse=kind is torch.optim.SparseAdam)


def test_what_makes_no_optimizer_is_refused() -> None:
    with pytest.raises(TypeError, match=r"must make a .*Optimizer, got None"):
        check_direction(lambda params, maximize: None)  # type: ignore[arg-type, return-value]


def test_the_wrong_kind_of_gradient_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"SparseAdam refuses dense .* with sparse=True"
    ):
        check_direction(torch.optim.SparseAdam)
    with pytest.raises(ValueError, match=r"this Adam refuses sparse .* sparse=False"):
        check_direction(torch.optim.Adam, sparse=True)


def test_differentiable_steps_are_refused() -> None:
    kind = partial(torch.optim.Adam, differentiable=True)
    with pytest.raises(
        ValueError, match=r"this Adam must be made with different.*False"
    ):
        check_direction(kind)


def test_an_error_of_the_optimizer_is_its_own() -> None:
    def make(params: Any, maximize: bool) -> Optimizer:
        raise TypeError("no such thing")

    with pytest.raises(TypeError, match="no such thing"):
        check_direction(make)
