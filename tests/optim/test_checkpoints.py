"""State that is saved, loaded, copied and pickled, here and in torch's classes."""

import copy
import io
import pickle
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    ENGINES,
    FEW,
    SHAPES,
    Case,
    climb,
    gap,
    named,
    normal,
    parameters,
    with_engines,
)

PEERS = [case for case in CASES if case.ours is not optim.GradientAscent]


def through_a_file(state: dict[str, Any]) -> Any:
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file)


def assert_same_state(ours: Optimizer, torchs: Optimizer) -> None:
    mine, others = ours.state_dict(), torchs.state_dict()
    # torch's RMSprop alone has no fused kernel to ask for.
    options = mine["param_groups"][0].keys() - {"fused"}
    assert options == others["param_groups"][0].keys() - {"fused"}
    assert mine["state"].keys() == others["state"].keys()
    for a, b in zip(mine["state"].values(), others["state"].values()):
        assert a.keys() == b.keys()
        assert all(a[k].dtype == b[k].dtype for k in a)
        assert gap(list(a.values()), [b[k] for k in a]) <= 1e-12


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines(PEERS))
def test_the_state_is_torchs(case: Case, engine: str, maximize: bool) -> None:
    ours = case.make(parameters(), maximize=maximize, **ENGINES[engine])
    torchs = case.torchs(parameters(), maximize=maximize, foreach=False)
    climb(ours, 10)
    climb(torchs, 10)
    assert_same_state(ours, torchs)


@pytest.mark.parametrize(("case", "engine"), with_engines(PEERS))
def test_a_run_changes_hands(case: Case, engine: str) -> None:
    """Torch's for 20 steps, ours for 20, torch's again: as torch's for 60."""
    whole, x = parameters(), parameters()
    climb(case.torchs(whole, foreach=False), 60)
    first = case.torchs(x, foreach=False)
    climb(first, 20)
    ours = case.make(x, **ENGINES[engine])
    ours.load_state_dict(through_a_file(first.state_dict()))
    for group in ours.param_groups:
        group.update({"foreach": None, "fused": None, **ENGINES[engine]})
    climb(ours, 20, first=20)
    last = case.torchs(x)
    last.load_state_dict(through_a_file(ours.state_dict()))
    climb(last, 20, first=40)
    assert gap(x, whole) <= 1e-12


@pytest.mark.parametrize("case", named(PEERS))
def test_a_checkpoint_from_before_the_first_step(case: Case) -> None:
    whole, x = parameters(), parameters()
    climb(case.torchs(whole, foreach=False), 20)
    ours = case.make(x)
    ours.load_state_dict(case.torchs(x).state_dict())
    climb(ours, 10)
    last = case.torchs(x)
    last.load_state_dict(ours.state_dict())
    climb(last, 10, first=10)
    assert gap(x, whole) <= 1e-12


def test_a_checkpoint_brings_its_direction() -> None:
    x = parameters()
    ours = optim.Adam(x)
    with pytest.warns(UserWarning, match="^Adam: the checkpoint descends") as said:
        ours.load_state_dict(torch.optim.Adam(x).state_dict())
    assert said[0].filename == __file__
    assert ours.param_groups[0]["maximize"] is False


@pytest.mark.parametrize("name", [*DEFAULTS])
@settings(max_examples=15)
@given(
    at=st.integers(0, 25), rest=st.integers(0, 10), engine=st.sampled_from([*ENGINES])
)
def test_resumed_anywhere_is_uninterrupted(
    name: str, at: int, rest: int, engine: str
) -> None:
    case = DEFAULTS[name]
    options = ENGINES[engine]
    whole, x = parameters(), parameters()
    climb(case.make(whole, **options), at + rest)
    first = case.make(x, **options)
    climb(first, at)
    resumed = case.make([p.detach().clone().requires_grad_() for p in x], **options)
    resumed.load_state_dict(through_a_file(first.state_dict()))
    climb(resumed, rest, first=at)
    ends = resumed.param_groups[0]["params"]
    assert all(torch.equal(a, b) for a, b in zip(ends, whole))


@pytest.mark.parametrize("case", named(FEW))
@pytest.mark.parametrize("how", ["copy", "pickle"])
def test_a_copy_goes_the_same_way_on_its_own(case: Case, how: str) -> None:
    optimizer = case.make(parameters())
    climb(optimizer, 5)
    twin = (
        copy.deepcopy(optimizer)
        if how == "copy"
        else pickle.loads(pickle.dumps(optimizer))
    )
    left, right = (o.param_groups[0]["params"] for o in (optimizer, twin))
    climb(twin, 5, first=5)
    assert not torch.equal(left[0], right[0])  # nothing is shared
    climb(optimizer, 5, first=5)
    assert all(torch.equal(a, b) for a, b in zip(left, right))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_names_of_parameters(case: Case) -> None:
    names = [f"p{i}" for i in range(len(SHAPES))]
    x = parameters()
    optimizer = case.make(zip(names, x))
    climb(optimizer, 2)
    assert optimizer.param_groups[0]["param_names"] == names
    twin = case.make(zip(names, parameters()))
    twin.load_state_dict(optimizer.state_dict())
    assert twin.param_groups[0]["param_names"] == names
    plain = parameters()
    climb(case.make(plain), 2)
    assert all(torch.equal(a, b) for a, b in zip(x, plain))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_hooks(case: Case) -> None:
    optimizer = case.make(parameters())
    called: list[str] = []

    def note(name: str) -> Any:
        return lambda *_: called.append(name)

    optimizer.register_step_pre_hook(note("before the step"))
    optimizer.register_step_post_hook(note("after the step"))
    optimizer.register_state_dict_pre_hook(note("before saving"))
    optimizer.register_state_dict_post_hook(note("after saving"))
    optimizer.register_load_state_dict_pre_hook(note("before loading"))
    optimizer.register_load_state_dict_post_hook(note("after loading"))
    climb(optimizer, 1)
    optimizer.load_state_dict(optimizer.state_dict())
    assert called == [
        "before the step", "after the step", "before saving", "after saving",
        "before loading", "after loading",
    ]  # fmt: skip


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_state_is_made_once_and_changed_in_place(case: Case) -> None:
    for engine in ENGINES:
        x = parameters()
        optimizer = case.make(x, **ENGINES[engine])
        climb(optimizer, 1)

        def places() -> list[int]:
            kept = [v for p in x for v in optimizer.state[p].values()]  # noqa: B023
            return [t.data_ptr() for t in [*x, *kept]]  # noqa: B023

        before = places()
        climb(optimizer, 3, first=1)
        assert places() == before, engine


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_state_has_the_layout_of_its_parameter(case: Case) -> None:
    x = normal(0, (4, 3)).t().requires_grad_()
    optimizer: Any = case.make([x])
    climb(optimizer, 1)
    kept = [v for v in optimizer.state[x].values() if v.dim()]
    (group,) = optimizer.param_groups
    assert len(kept) == len(optimizer.fields(group))
    assert all(v.stride() == x.stride() for v in kept)


def rosenbrock(x: Tensor) -> Tensor:
    return -((1 - x[0]) ** 2) - 100 * (x[1] - x[0] ** 2) ** 2


def test_lbfgs_changes_hands() -> None:
    def run(*makers: Any) -> Tensor:
        x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
        state = None
        for make in makers:
            optimizer = make([x], max_iter=5, line_search_fn="strong_wolfe")
            if state:
                # torch's has no direction: it is shown -f.
                state["param_groups"][0]["maximize"] = make is optim.LBFGS
                optimizer.load_state_dict(state)
            sign = 1 if make is optim.LBFGS else -1

            def closure() -> Tensor:
                optimizer.zero_grad()  # noqa: B023
                f = sign * rosenbrock(x)  # noqa: B023
                f.backward()
                return f

            for _ in range(4):
                optimizer.step(closure)
            state = through_a_file(optimizer.state_dict())
        return x.detach()

    ours, torchs = optim.LBFGS, torch.optim.LBFGS
    one = run(torchs, torchs, torchs)
    assert torch.equal(run(torchs, ours, torchs), one)
    assert torch.equal(run(ours, ours, ours), one)
    assert (one - 1).abs().max() < 1e-2


class Scalar(float):
    """A number as NumPy's: a float with a shape, which `torch.load` refuses."""

    shape = ()

    def item(self) -> float:
        return float(self)


@pytest.mark.parametrize("name", ["lr", "weight_decay", "eps"])
def test_numbers_of_other_libraries_can_be_saved(name: str) -> None:
    optimizer = optim.Adam(parameters(), **{name: Scalar(0.25)})
    optimizer.add_param_group({"params": parameters(), name: Scalar(0.5)})
    saved = [group[name] for group in optimizer.state_dict()["param_groups"]]
    assert saved == [0.25, 0.5]
    assert {type(number) for number in saved} == {float}


def test_a_pair_of_numbers_of_other_libraries() -> None:
    optimizer = optim.Adam(parameters(), betas=(Scalar(0.5), Scalar(0.25)))
    betas = optimizer.state_dict()["param_groups"][0]["betas"]
    assert betas == (0.5, 0.25)
    assert {type(beta) for beta in betas} == {float}


@pytest.mark.parametrize("how", ["copy", "pickle"])
def test_a_copy_of_lbfgs_goes_on(how: str) -> None:
    x = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = optim.LBFGS([x], lr=0.01, max_iter=3)

    def step(optimizer: Any) -> None:
        (p,) = optimizer.param_groups[0]["params"]

        def closure() -> Tensor:
            optimizer.zero_grad()
            f = rosenbrock(p)
            f.backward()
            return f

        optimizer.step(closure)

    step(optimizer)
    twin = (
        copy.deepcopy(optimizer)
        if how == "copy"
        else pickle.loads(pickle.dumps(optimizer))
    )
    for each in (optimizer, twin):
        step(each)
    assert torch.equal(twin.param_groups[0]["params"][0], x)
    assert x.norm() > 1e-3
