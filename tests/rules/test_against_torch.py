"""Every rule, with every flag torch's class has, against `torch.optim` itself."""

from collections.abc import Callable, Iterator
from inspect import signature
from itertools import product
from math import sqrt
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent import rules
from gradient_ascent.ops import sin
from gradient_ascent.rules import Rule, UpdateRule
from gradient_ascent.rules.declaration import Hyperparameter

from .switches import choices, numbers, own

STEPS = 200
TOLERANCE = 1e-12
GROWN = 100
"""Round-off grows in the difference of nearly equal squares, and where a coordinate is
kept at a point at which its step flips. So torch also starts off by one unit in the
last place; allowed is so many times as far as that leads its own class astray.
"""

START = [1.5, -0.7, 0.3, 2.0, -1.0]
"""One coordinate for each kind of gradient that a rule may meet."""
PULL = [-2.0, 0.0, 0.0, 0.0, 0.0]  # the first is pulled back to zero,
WAVE = [0.0, 1.0, 0.0, 0.0, 0.0]  # the second rolls on a wave and is rocked,
FORCE = [  # the third's flips at each step, the fourth's is zero but at every seventh,
    [0.0, sin(t), (-1.0) ** t, float(t % 7 == 0), 30 * 0.9**t]  # the fifth's fades
    for t in range(STEPS)
]


def tensor(numbers: Any) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def slope(theta: Any, pull: Any, wave: Any, force: Any, maximize: bool) -> Any:
    """The gradient of f where it is to be maximized, else of -f: both well posed."""
    gradient = pull * theta + wave * sin(3 * theta) + force
    return gradient if maximize else -gradient


def torchs_path(make: Callable[..., torch.optim.Optimizer], **flags: Any) -> Tensor:
    """Where a torch optimizer stands after each step, and where from a start nearby."""
    start = tensor(START)
    theta = torch.stack([start, start.nextafter(2 * start)]).requires_grad_()
    optimizer = make([theta], foreach=False, **flags)
    path = []
    for force in tensor(FORCE):
        at = theta.detach()
        maximize = flags.get("maximize", False)
        theta.grad = slope(at, tensor(PULL), tensor(WAVE), force, maximize)
        optimizer.step()
        path.append(at.clone())
    return torch.stack(path)


def our_path(
    rule: Rule, start: Any, pull: Any, wave: Any, forces: Any, *, state: Any,
    maximize: bool, decoupled: float = 0, **hyperparameters: Any,
) -> list[Any]:  # fmt: skip
    """Where our rule stands after each step, on numbers of any kind.

    The direction comes first, then the penalty, then the rule, then decoupled decay.
    """
    decay = 0 if own(rule) else hyperparameters.pop("weight_decay", 0)
    theta, path = start, []
    for force in forces:
        uphill = rules.uphill(
            slope(theta, pull, wave, force, maximize), maximize=maximize
        )
        uphill = rules.decayed(uphill, theta, weight_decay=decay)
        step, state = rule(uphill, state, **own(rule, theta), **hyperparameters)
        theta = theta + rules.decayed(step, theta, weight_decay=decoupled)
        path.append(theta)
    return path


def assert_equal(torchs: Tensor, rule: Rule, state: Any, **flags: Any) -> None:
    """Run `rule` on tensors and, a coordinate at a time, on floats; compare both."""
    problem = START, PULL, WAVE, FORCE
    on_tensors = torch.stack(
        our_path(rule, *map(tensor, problem), state=state, **flags)
    )
    columns = zip(START, PULL, WAVE, zip(*FORCE))
    on_floats = tensor([our_path(rule, *c, state=state, **flags) for c in columns]).T
    assert torch.isfinite(torchs).all()
    path, nearby = torchs.unbind(1)
    most = TOLERANCE + GROWN * (path - nearby).abs().amax(0)
    assert ((on_tensors - path).abs() <= most).all()
    assert ((on_floats - path).abs() <= most).all()


def every(**choices: list[Any]) -> list[dict[str, Any]]:
    """All combinations of the flags' values."""
    return [dict(zip(choices, values)) for values in product(*choices.values())]


shared: dict[str, list[Any]] = {"maximize": [False, True], "weight_decay": [0.0, 0.1]}


def places_there(rule: UpdateRule[..., Any]) -> dict[str, tuple[str, int | None]]:
    """Where torch's class takes the hyperparameters that it has."""
    theirs = rule.declaration.torch
    assert theirs is not None
    taken = signature(getattr(torch.optim, theirs.name)).parameters
    places = {p.name: theirs.place(p.name) for p in rule.hyperparameters}
    return {ours: place for ours, place in places.items() if place[0] in taken}


def torchs(rule: UpdateRule[..., Any], given: dict[str, Any], **more: Any) -> Tensor:
    """The path of the rule's class there."""
    theirs = rule.declaration.torch
    assert theirs is not None
    make = getattr(torch.optim, theirs.name)
    return torchs_path(make, **rule.options_of(make, given), **theirs.options, **more)


def usual(each: Hyperparameter) -> float:
    return float(each.default)


def middle(each: Hyperparameter) -> float:
    """Of its slider, among powers of ten where that spans them."""
    assert each.control.range is not None
    low, high = each.control.range
    return sqrt(low * high) if high > 1e3 * low > 0 else (low + high) / 2


def settings() -> Iterator[Any]:
    """For each rule with a class of torch's, what the two have in common."""
    for name, rule in rules.RULES.items():
        if rule.declaration.torch is None:
            continue
        common = [p for p in rule.hyperparameters if p.name in places_there(rule)]
        free = {k: v for k, v in shared.items() if k not in places_there(rule)}
        for at, chosen, how in product((usual, middle), choices(common), every(**free)):
            given = {p.name: at(p) for p in numbers(common)} | chosen
            words = (at.__name__, *map(str, chosen.values()), *map(str, how.values()))
            yield pytest.param(rule, given, how, id="-".join([name, *words]))


@pytest.mark.parametrize(("rule", "given", "how"), list(settings()))
def test_rule(rule: Any, given: dict[str, Any], how: dict[str, Any]) -> None:
    assert_equal(torchs(rule, given, **how), rule, rule.start, **given, **how)


@pytest.mark.parametrize("rule", [rules.adam, rules.amsgrad])
@pytest.mark.parametrize("maximize", [False, True])
def test_decoupled_weight_decay(rule: Any, maximize: bool) -> None:
    lr, decay = 0.05, 0.1
    given = {p.name: usual(p) for p in numbers(rule.hyperparameters)} | {"lr": lr}
    path = torchs(
        rule, given, maximize=maximize,
        weight_decay=decay, decoupled_weight_decay=True,
    )  # fmt: skip
    how = {"maximize": maximize, "decoupled": lr * decay}
    assert_equal(path, rule, rule.start, lr=lr, **how)


# A class of torch's may start elsewhere.


@pytest.mark.parametrize("initial", [0.0, 0.1])
@pytest.mark.parametrize("eps", [1e-10, 1e-2])
@pytest.mark.parametrize("flags", every(lr=[0.5], lr_decay=[0, 0.1], **shared))
def test_adagrad(flags: dict[str, Any], eps: float, initial: float) -> None:
    torchs = torchs_path(
        torch.optim.Adagrad, eps=eps, initial_accumulator_value=initial, **flags
    )
    state = rules.AdagradState(sum=initial)
    assert_equal(torchs, rules.adagrad, state, eps=eps, **flags)
