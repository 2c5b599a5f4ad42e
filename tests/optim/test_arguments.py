"""Bad arguments: each error names the class, the argument, what came, what may."""

from collections.abc import Iterator
from inspect import signature
from math import nan
from typing import Any

import pytest
import torch

from gradient_ascent import optim
from gradient_ascent.arguments import Argument, Arguments
from tests.optim.cases import DEFAULTS, Case, climb, gap, named, parameters

OPTIMIZERS = [*DEFAULTS, "LBFGS"]


def arguments(name: str) -> Iterator[tuple[str, str, Argument]]:
    """What a class and those above it take: the class that names it, name, argument."""
    for kind in getattr(optim, name).__mro__:
        if kind.__module__.startswith("gradient_ascent") and "__init__" in vars(kind):
            for argument, about in Arguments(kind.__init__).items():
                yield kind.__name__, argument, about


def numbers() -> Iterator[Any]:
    """The number arguments of each class, with values outside their interval."""
    for name in OPTIMIZERS:
        for owner, argument, (_, _, interval, _) in arguments(name):
            if owner != name or interval is None:
                continue
            low, high, open_low, open_high = interval
            for value in (
                low if open_low else low - 0.1, high if open_high else high + 0.1, nan
            ):  # fmt: skip
                yield pytest.param(
                    name, argument, value, id=f"{name}-{argument}-{value}"
                )


def flags() -> Iterator[Any]:
    """The flags that a class takes, of itself or for the class above it."""
    for name in OPTIMIZERS:
        taken = signature(getattr(optim, name)).parameters
        for owner, flag, about in arguments(name):
            if about.is_flag and (flag in taken or "options" in taken):
                yield pytest.param(name, owner, flag, id=f"{name}-{flag}")


def test_what_is_derived() -> None:
    """Some of each kind, so that none is lost unseen."""
    found = {(p.values[0], p.values[1]) for p in numbers()}
    assert found >= {("RMSprop", "alpha"), ("LBFGS", "lr"), ("Adam", "eps")}
    found = {(p.values[0], p.values[2]) for p in flags()}
    assert found >= {("AMSGrad", "capturable"), ("Nesterov", "fused")}


def construct(name: str, **options: Any) -> Any:
    return getattr(optim, name)(parameters(), **options)


@pytest.mark.parametrize(("name", "argument", "value"), list(numbers()))
def test_a_number_outside_its_interval(name: str, argument: str, value: float) -> None:
    sentence = rf"^{name}: {argument} must lie in [\[(].*, .*[\])], got {value}$"
    with pytest.raises(ValueError, match=sentence):
        construct(name, **{argument: value})


@pytest.mark.parametrize(("name", "argument", "value"), list(numbers()))
def test_what_is_no_number(name: str, argument: str, value: float) -> None:
    for wrong, kind in (("fast", "str"), (True, "bool"), ([0.1], "list")):
        with pytest.raises(
            TypeError, match=rf"^{name}: {argument} must be a real .*\({kind}\)$"
        ):
            construct(name, **{argument: wrong})


@pytest.mark.parametrize(("name", "owner", "flag"), list(flags()))
def test_a_flag_that_is_no_bool(name: str, owner: str, flag: str) -> None:
    sentence = rf"^{name}: {flag} must be True or False, got 1 \(int\)$"
    fixed = f"got multiple values for keyword argument '{flag}'"
    with pytest.raises(TypeError, match=f"{sentence}|{fixed}"):
        construct(name, **{flag: 1})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rate_of_several_elements(name: str) -> None:
    with pytest.raises(
        ValueError, match=rf"^{name}: lr must have one element, got .* shape \(2,\)$"
    ):
        construct(name, lr=torch.ones(2))
    with pytest.raises(
        ValueError, match=rf"^{name}: lr must lie in \[0, inf\), got -1"
    ):
        construct(name, lr=torch.tensor(-1.0))


@pytest.mark.parametrize("name", DEFAULTS)
def test_engines_exclude_each_other(name: str) -> None:
    sentence = rf"^{name}: foreach and fused cannot be True together$"
    with pytest.raises(ValueError, match=sentence):
        construct(name, foreach=True, fused=True)


@pytest.mark.parametrize("name", ["Adam", "AMSGrad"])
@pytest.mark.parametrize(
    ("betas", "error", "sentence"),
    [
        ((1.0, 0.9), ValueError, r"betas\[0\] must lie in \[0, 1\), got 1.0"),
        ((0.9, -0.1), ValueError, r"betas\[1\] must lie in \[0, 1\), got -0.1"),
        ((0.9, torch.tensor(1.0)), ValueError, r"betas\[1\] must lie .*tensor\(1"),
        ((0.9, float("nan")), ValueError, r"betas\[1\] must lie in \[0, 1\), got nan"),
        (0.9, TypeError, r"betas must be two numbers, got 0.9"),
        ((0.9,), TypeError, r"betas must be two numbers, got \(0.9,\)"),
        (("a", "b"), TypeError, r"betas\[0\] must be a real number, got 'a'"),
        ((0.9, torch.ones(2)), TypeError, r"betas\[1\] must be a real number, got te"),
    ],
)
def test_betas(name: str, betas: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=rf"^{name}: {sentence}"):
        construct(name, betas=betas)


@pytest.mark.parametrize("momentum", [0, 0.9])
def test_nesterov_needs_momentum_and_the_whole_gradient(momentum: float) -> None:
    dampening = 0.5 if momentum else 0
    with pytest.raises(
        ValueError,
        match=rf"^Momentum: nesterov needs .* got momentum {momentum} and dampening "
        f"{dampening}$",
    ):
        construct("Momentum", nesterov=True, momentum=momentum, dampening=dampening)


@pytest.mark.parametrize("value", ["half", float("nan"), True])
def test_dampening_is_a_number(value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^Momentum: dampening must"):
        construct("Momentum", dampening=value)


def test_nonfinite_is_one_of_three() -> None:
    with pytest.raises(
        ValueError,
        match=r"^GradientAscent: nonfinite must be 'raise', 'skip' or 'pass', got 'no'",
    ):
        construct("GradientAscent", nonfinite="no")


@pytest.mark.parametrize("search", ["wolfe", True])
def test_line_search_is_one_of_two(search: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^LBFGS: line_search_fn must be 'strong_wolfe' or None, got"
    ):
        construct("LBFGS", line_search_fn=search)


@pytest.mark.parametrize("name", ["max_iter", "max_eval", "history_size"])
@pytest.mark.parametrize("value", [0, -1, 2.5, True])
def test_counts_of_lbfgs(name: str, value: Any) -> None:
    error = ValueError if type(value) is int else TypeError
    with pytest.raises(error, match=rf"^LBFGS: {name} must be .*, got {value}"):
        construct("LBFGS", **{name: value})


def test_lbfgs_has_one_group() -> None:
    with pytest.raises(ValueError, match="doesn't support per-parameter options"):
        optim.LBFGS([{"params": parameters()}, {"params": parameters()}])


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_a_bad_group_leaves_the_optimizer_as_it_was(case: Case) -> None:
    optimizer = case.make(parameters())
    before = optimizer.state_dict()
    more = parameters()
    bad: list[dict[str, Any]] = [
        {"params": more, "lr": -1.0},
        {"params": more, "maximize": "up"},
        {"params": [*more, "not a tensor"]},
        {"params": optimizer.param_groups[0]["params"]},
        {"params": [more[0] * 2]},
    ]
    for group in bad:
        with pytest.raises((TypeError, ValueError)):
            optimizer.add_param_group(group)
    after = optimizer.state_dict()
    assert after["param_groups"] == before["param_groups"]
    assert after["state"].keys() == before["state"].keys()
    assert optimizer.state.keys() <= set(optimizer.param_groups[0]["params"])
    optimizer.add_param_group({"params": more})
    assert len(optimizer.param_groups) == 2


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_a_bad_value_in_a_group_of_the_constructor(case: Case) -> None:
    name = case.ours.__name__
    with pytest.raises(
        ValueError, match=rf"^{name}: lr must lie in \[0, inf\), got -3"
    ):
        case.make([{"params": parameters()}, {"params": parameters(), "lr": -3}])


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_no_parameters(case: Case) -> None:
    with pytest.raises(ValueError, match="empty parameter list"):
        case.make([])


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_an_argument_nobody_knows(case: Case) -> None:
    with pytest.raises(TypeError, match="learning_rate"):
        case.make(parameters(), learning_rate=0.1)


def another(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return value[0] / 2, value[1] / 2
    return value / 2 if value else 3 if name == "warmup_steps" else 0.3


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
@pytest.mark.parametrize("foreach", [None, False])
def test_every_number_is_heeded(case: Case, foreach: bool | None) -> None:
    """With another value the path is another; a rule may begin as one without it."""

    def run(**options: Any) -> list[torch.Tensor]:
        x = parameters()
        climb(case.make(x, foreach=foreach, **options), 10)
        return x

    usual = case.make(parameters()).defaults
    taken = signature(case.ours).parameters
    numbers = [k for k in taken if type(usual.get(k)) in (int, float, tuple)]
    if case.ours is optim.SGD:  # without momentum nothing is dampened
        numbers.remove("dampening")
    assert {"lr", "weight_decay"} <= {*numbers}
    for name in numbers:
        assert gap(run(), run(**{name: another(name, usual[name])})) > 0, name
