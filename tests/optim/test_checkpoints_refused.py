"""A checkpoint that does not fit is refused whole, before anything changes."""

import copy
from itertools import permutations
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent import optim
from tests.optim.cases import DEFAULTS, Case, climb, gap, named, parameters


def saved(case: Case, **options: Any) -> dict[str, Any]:
    optimizer = case.make(parameters(), **options)
    climb(optimizer, 2)
    return optimizer.state_dict()


def assert_refused(case: Case, checkpoint: dict[str, Any], sentence: str) -> None:
    """And the optimizer goes on as if nothing had been."""
    x, y = parameters(), parameters()
    optimizer, twin = case.make(x), case.make(y)
    climb(optimizer, 2)
    climb(twin, 2)
    before = copy.deepcopy(optimizer.state_dict()["param_groups"])
    with pytest.raises(ValueError, match=f"^{case.ours.__name__}: {sentence}"):
        optimizer.load_state_dict(checkpoint)
    assert optimizer.state_dict()["param_groups"] == before
    climb(optimizer, 2, first=2)
    climb(twin, 2, first=2)
    assert gap(x, y) == 0


# A class may take what another has saved, if its options make it the same rule.
ALIKE = {
    ("SGD", "Momentum"), ("Momentum", "SGD"), ("Nesterov", "SGD"),
    ("Nesterov", "Momentum"), ("AMSGrad", "Adam"), ("AdamW", "Adam"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [*permutations(DEFAULTS, 2)])
def test_another_class(one: str, other: str) -> None:
    checkpoint = saved(DEFAULTS[one])
    if (one, other) in ALIKE:
        DEFAULTS[other].make(parameters()).load_state_dict(checkpoint)
    else:
        sentence = "the checkpoint is of another class: it (lacks|has|has another) "
        assert_refused(DEFAULTS[other], checkpoint, sentence)


@pytest.mark.parametrize(
    "theirs", ["SGD", "Adam", "AdamW", "Adagrad", "RMSprop", "NAdam", "Adadelta"]
)
@pytest.mark.parametrize("name", ["Lion", "Signum", "GradientAscent"])
def test_a_class_of_torchs(theirs: str, name: str) -> None:
    x = parameters()
    optimizer = getattr(torch.optim, theirs)(x, maximize=True)
    climb(optimizer, 2)
    assert_refused(DEFAULTS[name], optimizer.state_dict(), "the checkpoint is of")


@pytest.mark.parametrize("case", named(x for x in DEFAULTS.values() if x.remembers))
@pytest.mark.parametrize("shape", [(4, 3), (12,), (3, 5), (3,)])
def test_another_shape(case: Case, shape: tuple[int, ...]) -> None:
    """Though it has as many elements, or more."""
    checkpoint = copy.deepcopy(saved(case))
    state = checkpoint["state"][0]
    name = next(k for k in state if k != "step")
    state[name] = torch.ones(shape, dtype=torch.float64)
    sentence = rf"in the checkpoint {name} of parameter 0 of its group, of shape "
    assert_refused(case, checkpoint, sentence + r"\(3, 4\) has the shape \(")


def test_a_parameter_by_its_name() -> None:
    old, new = torch.nn.Linear(2, 3), torch.nn.Linear(2, 4)
    first = optim.Adam(old.named_parameters())
    old(torch.ones(1, 2)).sum().backward()
    first.step()
    with pytest.raises(ValueError, match="exp_avg of parameter 'weight' has the sh"):
        optim.Adam(new.named_parameters()).load_state_dict(first.state_dict())


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("name", ["Momentum", "Lion", "GradientAscent", "LBFGS"])
def test_the_other_direction_is_said(name: str, maximize: bool) -> None:
    kind = getattr(optim, name)
    checkpoint = kind(parameters(), maximize=maximize).state_dict()
    optimizer = kind(parameters(), maximize=not maximize)
    word = "climbs" if maximize else "descends"
    with pytest.warns(UserWarning, match=f"^{name}: the checkpoint {word}, .*maxim"):
        optimizer.load_state_dict(checkpoint)
    optimizer.load_state_dict(checkpoint)  # it does so already


@pytest.mark.parametrize("foreach", [None, True, False])
def test_steps_that_are_numbers(foreach: bool | None) -> None:
    """As in checkpoints of torch 1.11."""

    def run(cut: bool) -> list[Tensor]:
        x = parameters()
        optimizer = optim.Adam(x, foreach=foreach)
        climb(optimizer, 3)
        if cut:
            checkpoint = copy.deepcopy(optimizer.state_dict())
            for state in checkpoint["state"].values():
                state["step"] = int(state["step"])
            optimizer.load_state_dict(checkpoint)
        climb(optimizer, 3, first=3)
        return x

    assert gap(run(True), run(False)) == 0


def test_options_that_are_younger_than_a_checkpoint() -> None:
    x = parameters()
    checkpoint = copy.deepcopy(optim.AdamW(x).state_dict())
    for younger in ("foreach", "fused", "capturable", "decoupled_weight_decay"):
        del checkpoint["param_groups"][0][younger]
    optimizer = optim.AdamW(x)
    optimizer.load_state_dict(checkpoint)
    assert optimizer.param_groups[0]["decoupled_weight_decay"] is True


def test_a_velocity_that_is_none() -> None:
    """As SGD has saved it where it had no momentum."""
    x, y = parameters(), parameters()
    checkpoint = copy.deepcopy(optim.SGD(x).state_dict())
    checkpoint["state"] = {i: {"momentum_buffer": None} for i in range(len(x))}
    optimizer = optim.SGD(x)
    optimizer.load_state_dict(checkpoint)
    optimizer.param_groups[0]["momentum"] = 0.9
    climb(optimizer, 3)
    climb(optim.SGD(y, momentum=0.9), 3)
    assert gap(x, y) == 0
