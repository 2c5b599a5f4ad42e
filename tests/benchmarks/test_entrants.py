"""Who races, what is tuned of each, and what is said of one that cannot."""

import math
from typing import ClassVar

import pytest
import torch

from gradient_ascent import optim, rules
from gradient_ascent.benchmarks.entrants import ENTRANTS, OTHERS, entrant
from gradient_ascent.benchmarks.search import Range, declared, draws


class Downhill(torch.optim.Optimizer):
    """It knows no `maximize`, and says what to search."""

    search_space: ClassVar = {"lr": (1e-3, 1.0)}

    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad


class Wrong(Downhill):
    """It searches what it has not."""

    search_space: ClassVar = {"speed": (1.0, 2.0)}


class Empty(Downhill):
    """Its interval has no logarithm."""

    search_space: ClassVar = {"lr": (0.0, 1.0)}


class Broken(Downhill):
    """Its step raises."""

    def step(self, closure=None):
        raise KeyError("velocity")


HERE = __name__


def test_all_rules_race_and_both_of_lbfgs() -> None:
    names = {kind.__name__ for kind in optim.OPTIMIZERS.values()}
    assert set(ENTRANTS) == names | {"torch-LBFGS"}


@pytest.mark.parametrize("name", [*ENTRANTS, *OTHERS])
def test_what_is_drawn_is_what_the_optimizer_runs_with(name: str) -> None:
    (settings,) = draws(entrant(name).space, 1)
    assert "lr" in settings
    x = torch.ones(1, requires_grad=True)
    made = entrant(name).make([x], settings)
    (group,) = made.param_groups
    for key, value in settings.items():
        if key in group:
            assert group[key] == value
        else:
            assert value == group["betas"][int(key[-1]) - 1]


@pytest.mark.parametrize("name", [*ENTRANTS, *OTHERS])
def test_the_defaults_are_the_class_own(name: str) -> None:
    x = torch.ones(1, requires_grad=True)
    (group,) = entrant(name).make([x], {}).param_groups
    kind = next((k for k in optim.OPTIMIZERS.values() if k.__name__ == name), None)
    if kind and name != "LBFGS":
        (plain,) = kind([x]).param_groups
        assert {**plain, "params": 0} == {**group, "params": 0}


@pytest.mark.parametrize("name", [*ENTRANTS, *OTHERS])
def test_each_climbs(name: str) -> None:
    x = torch.ones(1, requires_grad=True)
    chosen = entrant(name)
    made = chosen.make([x], {})

    def closure():
        x.grad = None
        f = (3 * x).sum()
        f.backward()
        return f

    closure()
    made.step(*[closure] * chosen.needs_closure)
    assert x.item() > 1


def test_search_spaces_come_from_the_declarations() -> None:
    assert declared(rules.RULES["adam"]) == {
        "lr": Range(1e-4, 10),
        "beta1": Range(1e-3, 1, of_rest=True),
        "beta2": Range(1e-3, 1, of_rest=True),
    }
    assert "weight_decay" in declared(rules.RULES["adamw"])
    assert "weight_decay" not in declared(rules.RULES["lion"])


def test_draws_are_repeated_and_even_on_a_logarithmic_scale() -> None:
    space = {"lr": Range(1e-4, 10), "momentum": Range(1e-3, 1, of_rest=True)}
    some = draws(space, 64)
    assert some == draws(space, 64)
    assert some[:16] == draws(space, 16)
    decades = [math.floor(math.log10(each["lr"])) for each in some]
    assert all(12 <= decades.count(d) <= 14 for d in range(-4, 1))
    assert all(0 <= each["momentum"] <= 0.999 for each in some)


def test_ones_own_class_climbs_and_says_what_is_searched() -> None:
    own = entrant(f"{HERE}:Downhill")
    assert own.space == {"lr": Range(1e-3, 1.0)}
    x = torch.ones(1, requires_grad=True)
    made = own.make([x], {"lr": 0.5})
    x.grad = torch.ones(1)
    made.step()
    assert x.item() == 1.5


def test_a_class_of_torchs_is_searched_by_its_learning_rate() -> None:
    assert entrant("torch.optim:NAdam").space == {"lr": Range(1e-4, 10)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adam", "there is no optimizer 'adam'; did you mean Adam?"),
        ("nowhere:Adam", "'nowhere:Adam' cannot be had"),
        ("torch.optim:Adan", "cannot be had: module 'torch.optim' has no"),
        ("math:sqrt", "must be a class of torch.optim.Optimizer"),
        (f"{HERE}:Wrong", "takes no 'speed', which would be searched"),
        (f"{HERE}:Empty", "0 < low <= high"),
        (f"{HERE}:Broken", "cannot take a step with {'lr': 0.001}: KeyError"),
    ],
)
def test_one_that_cannot_race_is_told_in_a_sentence(name: str, said: str) -> None:
    with pytest.raises(ValueError) as error:
        entrant(name)
    assert said in str(error.value)
