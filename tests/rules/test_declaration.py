"""What is declared of a rule, and what comes of it: checks, and who is excused."""

import copy
import inspect
import math
import pickle
from fractions import Fraction
from typing import Any

import pytest
import sympy
import torch

from gradient_ascent import minitorch, rules
from gradient_ascent.arguments import Interval
from gradient_ascent.trace import run

from . import test_by_hand
from .switches import Rule, every_rule, own


@every_rule
def test_it_is_registered_under_its_own_name(rule: Rule) -> None:
    assert rules.RULES[rule.__name__] is getattr(rules, rule.__name__) is rule


@every_rule
def test_two_steps_are_worked_by_hand(rule: Rule) -> None:
    assert hasattr(test_by_hand, f"test_{rule.__name__}")


@every_rule
def test_every_hyperparameter_is_declared(rule: Rule) -> None:
    parameters = inspect.signature(rule).parameters.values()
    named = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
    named.pop("parameter", None)
    assert {each.name: each.default for each in rule.hyperparameters} == named


@every_rule
def test_it_has_a_title_an_idea_and_a_memory(rule: Rule) -> None:
    declared = rule.declaration
    assert declared.title and declared.idea and declared.memory
    assert (declared.memory == "nothing") == (rule.start == ())


@every_rule
def test_its_torch_class_has_what_is_said_of_it(rule: Rule) -> None:
    if (theirs := rule.declaration.torch) is not None:
        taken = inspect.signature(getattr(torch.optim, theirs.name)).parameters
        assert set(theirs.renamed) <= {each.name for each in rule.hyperparameters}
        there = {theirs.place(name)[0] for name in theirs.renamed}
        assert there | set(theirs.options) <= set(taken)


def test_a_class_of_torchs_is_given_its_own_options() -> None:
    there = rules.adam.options_of(torch.optim.Adam, {"lr": 0.1, "beta2": 0.99})
    assert there == {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-8}
    assert "momentum" not in rules.rmsprop.options_of(torch.optim.RMSprop, {})
    with pytest.raises(TypeError, match="Adam takes no option 'bias_correction', got"):
        rules.adam.options_of(torch.optim.Adam, {"bias_correction": False})


@every_rule
def test_it_is_copied_and_pickled_by_its_name(rule: Rule) -> None:
    assert copy.deepcopy(rule) is rule
    assert pickle.loads(pickle.dumps(rule)) is rule


# A rule that is called checks its arguments; its function does not.

BOUNDED = [
    pytest.param(rule, name, interval, id=f"{rule.__name__}-{name}")
    for rule in rules.RULES.values()
    for name, argument in rule.arguments.items()
    for interval in argument.notes
    if isinstance(interval, Interval)
]
bounded = pytest.mark.parametrize(("rule", "name", "interval"), BOUNDED)


@bounded
def test_a_number_outside_its_interval(
    rule: Rule, name: str, interval: Interval
) -> None:
    below = Fraction(interval.low) - 1
    for number in (-1.0, math.nan, below, sympy.Integer(-1), sympy.Float(-1)):
        with pytest.raises(ValueError) as caught:
            rule(1.0, **own(rule), **{name: number})
        sentence = f"{rule.__name__}: {name} must lie in {interval}, got {number!r}"
        assert str(caught.value) == sentence
    rule.function(1.0, **own(rule), **{name: -0.5})


@bounded
@pytest.mark.parametrize("value", ["0.1", [0.1], 1j, True, {0.1}, object()])
def test_what_is_no_number(
    rule: Rule, name: str, interval: Interval, value: Any
) -> None:
    with pytest.raises(TypeError) as caught:
        rule(1.0, **own(rule), **{name: value})
    got = f"got {value!r} ({type(value).__name__})"
    assert str(caught.value) == f"{rule.__name__}: {name} must be a real number, {got}"


@bounded
@pytest.mark.parametrize(
    "number",
    [
        sympy.Symbol("x", positive=True),
        torch.tensor(0.5),
        torch.tensor([0.5, 0.25]),
        minitorch.Tensor(0.5),
        Fraction(1, 2),
    ],
    ids=str,
)
def test_a_number_of_another_kind_may_be_any(
    rule: Rule, name: str, interval: Interval, number: Any
) -> None:
    rule.arguments.check({name: number}, any_kind=True)
    if isinstance(number, Fraction):
        rule.arguments.check({name: number})
    else:  # a trace, for one, takes real numbers only
        with pytest.raises(TypeError, match=f"{name} must be a real number, got"):
            rule.arguments.check({name: number})


@pytest.mark.parametrize(
    "rate", [torch.tensor(-0.5), sympy.Symbol("x"), minitorch.Tensor(-0.5)]
)
def test_a_rate_of_another_kind_makes_the_step(rate: Any) -> None:
    step, _ = rules.plain(2.0, lr=rate)
    assert type(step) is type(2.0 * rate)


@every_rule
def test_a_flag_is_true_or_false(rule: Rule) -> None:
    for each in rule.hyperparameters:
        if isinstance(each.default, bool):
            for value in (1, None, "yes", torch.tensor(True)):
                with pytest.raises(TypeError, match=f"{each.name} must be True or"):
                    rule(1.0, **own(rule), **{each.name: value})


@every_rule
def test_none_is_for_what_may_be_off(rule: Rule) -> None:
    for each in rule.hyperparameters:
        bounds = [p for p in BOUNDED if p.values[:2] == (rule, each.name)]
        if each.default is None:
            rule(1.0, **own(rule), **{each.name: None})
        elif bounds:
            with pytest.raises(TypeError, match=f"{each.name} must be a real number"):
                rule(1.0, **own(rule), **{each.name: None})


@every_rule
def test_an_argument_that_it_lacks(rule: Rule) -> None:
    hyperparameters = (each.name for each in rule.hyperparameters)
    known = ", ".join(["gradient", "state", *own(rule), *hyperparameters])
    for value in (3, sympy.Symbol("x")):
        with pytest.raises(TypeError) as caught:
            rule(1.0, **own(rule), speed=value)
        sentence = f"{rule.__name__} takes no argument 'speed'; it takes {known}"
        assert str(caught.value) == sentence


@every_rule
def test_gradient_and_state_may_be_named(rule: Rule) -> None:
    given = own(rule)
    assert rule(gradient=1.5, state=rule.start, **given) == rule(1.5, **given)


@every_rule
def test_a_run_and_mini_torch_check_once(
    rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Rule, *args: Any, **kwargs: Any) -> None:
        raise AssertionError("a step was checked")

    monkeypatch.setattr(rules.UpdateRule, "__call__", refuse)
    assert len(run(rule, "parabola", steps=2, lr=0.01)) == 2
    for kind in minitorch.Optimizer.__subclasses__():
        if kind.update_rule is rule:
            x = minitorch.Tensor(1.0)
            optimizer = kind([x])  # type: ignore[call-arg]
            (x**2).backward()
            optimizer.step()
            assert x.value != 1


@pytest.mark.parametrize("name", rules.RULES)
def test_a_number_in_the_place_of_the_state_is_refused(name: str) -> None:
    rule = rules.RULES[name]
    parameter = {"parameter": 1.0} if rule.takes_parameter else {}
    kind = type(rule.start).__name__
    with pytest.raises(
        TypeError, match=f"{name}: state must be a {kind}, got 0.1; hyp"
    ):
        rule(1.0, 0.1, **parameter)
    assert rule(1.0, rule.start, **parameter) == rule(1.0, **parameter)


def test_a_hyperparameter_that_is_close_is_asked_about() -> None:
    with pytest.raises(TypeError, match=r"no argument 'ep'; .*; did you mean eps\?"):
        rules.adam(1.0, ep=1e-3)
