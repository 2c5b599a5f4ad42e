"""Every rule, with every flag torch's class has, against `torch.optim` itself."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent import rules
from gradient_ascent.ops import sin

STEPS = 200
TOLERANCE = 1e-12

START = [1.5, -0.7, 0.3, 2.0, -1.0]
"""One coordinate for each kind of gradient that a rule may meet."""
PULL = [-2.0, 0.0, 0.0, 0.0, 0.0]  # the first is pulled back to zero,
WAVE = [0.0, 1.0, 0.0, 0.0, 0.0]  # the second rolls on a wave and is rocked,
FORCE = [  # the third's flips at each step, the fourth's is zero but at every seventh,
    [0.0, sin(t), (-1.0) ** t, float(t % 7 == 0), 30 * 0.9**t]  # the fifth's fades
    for t in range(STEPS)
]

Rule = Callable[..., tuple[Any, Any]]


def tensor(numbers: Any) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def slope(theta: Any, pull: Any, wave: Any, force: Any, maximize: bool) -> Any:
    """The gradient of f where it is to be maximized, else of -f: both well posed."""
    gradient = pull * theta + wave * sin(3 * theta) + force
    return gradient if maximize else -gradient


def torchs_path(make: Callable[..., torch.optim.Optimizer], **flags: Any) -> Tensor:
    """Where a torch optimizer stands after each step."""
    theta = tensor(START).requires_grad_()
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
    maximize: bool, weight_decay: float = 0, shrink: float = 1, **hyperparameters: Any,
) -> list[Any]:  # fmt: skip
    """Where our rule stands after each step, on numbers of any kind.

    The direction comes first, then the penalty, then the rule. Decoupled decay shrinks
    the parameter before all of them.
    """
    theta, path = start, []
    for force in forces:
        uphill = rules.uphill(
            slope(theta, pull, wave, force, maximize), maximize=maximize
        )
        uphill = rules.decayed(uphill, theta, weight_decay=weight_decay)
        step, state = rule(uphill, state, **hyperparameters)
        theta = shrink * theta + step
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
    assert (on_tensors - torchs).abs().max() <= TOLERANCE
    assert (on_floats - torchs).abs().max() <= TOLERANCE


def every(**choices: list[Any]) -> list[dict[str, Any]]:
    """All combinations of the flags' values."""
    return [dict(zip(choices, values)) for values in product(*choices.values())]


shared: dict[str, list[Any]] = {"maximize": [False, True], "weight_decay": [0.0, 0.1]}


@pytest.mark.parametrize("flags", every(lr=[1e-3, 0.05], **shared))
def test_plain(flags: dict[str, Any]) -> None:
    assert_equal(torchs_path(torch.optim.SGD, **flags), rules.plain, (), **flags)


@pytest.mark.parametrize(
    "flags", every(lr=[0.01], momentum=[0.5, 0.9], dampening=[0, 0.3, 0.9], **shared)
)
def test_momentum(flags: dict[str, Any]) -> None:
    torchs = torchs_path(torch.optim.SGD, **flags)
    assert_equal(torchs, rules.momentum, rules.MomentumState(), **flags)


@pytest.mark.parametrize("flags", every(lr=[0.01], momentum=[0.5, 0.9], **shared))
def test_nesterov(flags: dict[str, Any]) -> None:
    torchs = torchs_path(torch.optim.SGD, nesterov=True, **flags)
    assert_equal(torchs, rules.nesterov, rules.MomentumState(0), **flags)


@pytest.mark.parametrize("initial", [0.0, 0.1])
@pytest.mark.parametrize("eps", [1e-10, 1e-2])
@pytest.mark.parametrize("flags", every(lr=[0.5], lr_decay=[0, 0.1], **shared))
def test_adagrad(flags: dict[str, Any], eps: float, initial: float) -> None:
    torchs = torchs_path(
        torch.optim.Adagrad, eps=eps, initial_accumulator_value=initial, **flags
    )
    state = rules.AdagradState(sum=initial)
    assert_equal(torchs, rules.adagrad, state, eps=eps, **flags)


@pytest.mark.parametrize(("alpha", "eps"), [(0.99, 1e-8), (0.9, 1e-2)])
@pytest.mark.parametrize(
    "flags", every(lr=[0.01], centered=[False, True], momentum=[0, 0.9], **shared)
)
def test_rmsprop(flags: dict[str, Any], alpha: float, eps: float) -> None:
    torchs = torchs_path(torch.optim.RMSprop, alpha=alpha, eps=eps, **flags)
    state = rules.RMSpropState()
    assert_equal(torchs, rules.rmsprop, state, alpha=alpha, eps=eps, **flags)


ADAMS = [(rules.adam, rules.AdamState()), (rules.amsgrad, rules.AMSGradState())]


@pytest.mark.parametrize(("rule", "state"), ADAMS)
@pytest.mark.parametrize(
    ("lr", "betas", "eps"),
    [(0.3, (0.9, 0.999), 1e-8), (1e-3, (0.5, 0.8), 1e-2), (0.01, (0.0, 0.9), 1e-4)],
)
@pytest.mark.parametrize("flags", every(**shared))
def test_adam_and_amsgrad(
    rule: Rule, state: Any, lr: float, betas: tuple[float, float], eps: float,
    flags: dict[str, Any],
) -> None:  # fmt: skip
    flags = {"lr": lr, "eps": eps, **flags}
    amsgrad = rule is rules.amsgrad
    torchs = torchs_path(torch.optim.Adam, amsgrad=amsgrad, betas=betas, **flags)
    assert_equal(torchs, rule, state, beta1=betas[0], beta2=betas[1], **flags)


@pytest.mark.parametrize(("rule", "state"), ADAMS)
@pytest.mark.parametrize("maximize", [False, True])
def test_decoupled_weight_decay(rule: Rule, state: Any, maximize: bool) -> None:
    lr, decay = 0.05, 0.1
    torchs = torchs_path(
        torch.optim.Adam, amsgrad=rule is rules.amsgrad, lr=lr, maximize=maximize,
        weight_decay=decay, decoupled_weight_decay=True,
    )  # fmt: skip
    shrink = 1 - lr * decay
    assert_equal(torchs, rule, state, lr=lr, maximize=maximize, shrink=shrink)
