"""What torch's own tests ask of every optimizer of its own, asked of every one here.

Also of those that are no `RuleOptimizer`, and with every input of torch's database.
"""

from __future__ import annotations

import copy
import gc
import io
import pickle
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ExponentialLR, LinearLR, StepLR
from torch.optim.optimizer import (
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from gradient_ascent import optim
from tests.optim.cases import gap, parameters

Make = Callable[..., Optimizer]
EVERY: dict[str, Any] = {**optim.OPTIMIZERS, "steepest": optim.SteepestAscent}
LR = {name: 0.05 if name == "lbfgs" else 0.01 for name in EVERY}
every = pytest.mark.parametrize("name", EVERY)


def made(name: str, params: Any, **options: Any) -> Optimizer:
    optimizer: Optimizer = EVERY[name](params, **{"lr": LR[name], **options})
    return optimizer


def layer(stride: int = 1) -> list[Tensor]:
    """A weight and a bias, which leave gaps in memory if the stride is not 1."""
    draw = torch.Generator().manual_seed(0)
    shapes = (10, 5, stride), (10, stride)
    whole = (torch.randn(s, generator=draw, dtype=torch.float64) for s in shapes)
    return [x[..., 0].requires_grad_() for x in whole]


def height(params: list[Tensor], maximize: bool) -> Tensor:
    """How well a layer maps 1, 2, ..., 5 to zeros; how badly, going down."""
    weight, bias = params
    error = (weight @ torch.linspace(0.2, 1, 5, dtype=torch.float64) + bias).square()
    return -error.sum() if maximize else error.sum()


def go(optimizer: Optimizer, params: list[Tensor], steps: int) -> list[float]:
    """The objective before each step, and after the last."""
    maximize = optimizer.param_groups[0]["maximize"]

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = height(params, maximize)
        value.backward()
        return value

    before = [float(optimizer.step(closure).detach()) for _ in range(steps)]
    return [*before, float(height(params, maximize).detach())]


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("stride", [1, 2])
@every
def test_it_goes_the_right_way(name: str, stride: int, maximize: bool) -> None:
    params = layer(stride)
    values = go(made(name, params, maximize=maximize), params, 100)
    assert (values[-1] > values[0]) == maximize
    assert abs(values[-1]) < abs(values[0])


@pytest.mark.parametrize(
    "schedule",
    [
        lambda o: StepLR(o, step_size=10, gamma=0.9),
        lambda o: ExponentialLR(o, 0.99),
        lambda o: LinearLR(o, 0.4, total_iters=4),
    ],
)
@every
def test_with_schedulers_too(name: str, schedule: Callable[[Optimizer], Any]) -> None:
    params = layer()
    optimizer = made(name, params)
    steered = [schedule(optimizer), ExponentialLR(optimizer, 0.999)]
    values = []
    for _ in range(50):
        values.append(go(optimizer, params, 1))
        for scheduler in steered:
            scheduler.step()
    assert values[-1][-1] > values[0][0]
    assert optimizer.param_groups[0]["lr"] < LR[name]


@pytest.mark.parametrize("name", sorted(EVERY.keys() - {"lbfgs"}))
def test_each_group_has_a_rate_and_takes_the_rest_from_the_defaults(name: str) -> None:
    (weight, bias), (v, c) = layer(), layer()
    groups = [{"params": [weight]}, {"params": [bias], "lr": 0.0}]
    optimizer = made(name, groups)
    go(optimizer, [weight, bias], 1)
    go(made(name, [v]), [v, c], 1)
    assert torch.equal(weight, v) and torch.equal(bias, c)
    assert not torch.equal(weight, layer()[0])
    added = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer.add_param_group({"params": added})
    expected = optimizer.defaults.keys()
    assert optimizer.param_groups[2].keys() - {"params"} >= expected
    assert optimizer.param_groups[2]["lr"] == LR[name]


@every
def test_a_state_dict_is_deterministic_and_left_alone(name: str) -> None:
    x, y = layer(), layer()
    one = made(name, x)
    go(one, x, 5)
    with torch.no_grad():
        for p, q in zip(x, y):
            q.copy_(p)
    other, saved = made(name, y), copy.deepcopy(one.state_dict())
    before = copy.deepcopy(saved)
    other.load_state_dict(saved)
    assert same(saved, before), "loading changed what was loaded"
    assert go(one, x, 5) == go(other, y, 5)
    assert same(one.state_dict(), other.state_dict())


def same(a: Any, b: Any) -> bool:
    """Whether two state dicts hold the same."""
    if isinstance(a, Tensor):
        return isinstance(b, Tensor) and a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


YOUNG = ["maximize", "foreach", "fused", "capturable", "differentiable", "amsgrad"]
OLDER = [
    (name, option)
    for name in EVERY.keys() - {"steepest"}  # torch has none, so none is older
    for option in YOUNG
    if option in made(name, layer()).defaults
]


@pytest.mark.filterwarnings("ignore:.*the checkpoint descends:UserWarning")
@pytest.mark.parametrize(("name", "missing"), sorted(OLDER))
def test_a_checkpoint_from_before_an_option_loads_and_steps(
    name: str, missing: str
) -> None:
    x, y = layer(), layer()
    kept, loaded = (made(name, p, maximize=False) for p in (x, y))
    go(kept, x, 3)
    go(loaded, y, 3)
    saved = loaded.state_dict()
    for group in saved["param_groups"]:
        del group[missing]
    loaded.load_state_dict(saved)
    assert loaded.param_groups[0][missing] == kept.param_groups[0][missing]
    assert go(kept, x, 3) == go(loaded, y, 3)


@every
def test_what_was_saved_loads_as_weights_alone(name: str) -> None:
    params = layer()
    optimizer = made(name, params)
    go(optimizer, params, 3)
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    assert same(torch.load(file, weights_only=True), optimizer.state_dict())


@pytest.mark.parametrize("saves_names", [True, False])
@every
def test_names_come_and_go(name: str, saves_names: bool) -> None:
    x, y = layer(), layer()
    named = list(zip(("weight", "bias"), x))
    one = made(name, named if saves_names else x)
    go(one, x, 3)
    with torch.no_grad():
        for p, q in zip(x, y):
            q.copy_(p)
    other = made(name, y if saves_names else list(zip(("weight", "bias"), y)))
    other.load_state_dict(copy.deepcopy(one.state_dict()))
    assert go(one, x, 3) == go(other, y, 3)
    assert other.param_groups[0].get("param_names") in (None, ["weight", "bias"])


@pytest.mark.parametrize(
    "how", [copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))]
)
@every
def test_a_copy_has_all_that_is_public(name: str, how: Any) -> None:
    params = layer()
    optimizer = made(name, params)
    go(optimizer, params, 3)
    twin = how(optimizer)
    public = {k for k in vars(optimizer) if not k.startswith("_")}
    assert public == {k for k in vars(twin) if not k.startswith("_")}
    assert same(twin.state_dict(), optimizer.state_dict())
    assert repr(twin) == repr(optimizer)
    assert go(twin, twin.param_groups[0]["params"], 3) == go(optimizer, params, 3)


@every
def test_it_says_what_it_is(name: str) -> None:
    optimizer = made(name, layer())
    assert type(optimizer).__name__ in repr(optimizer)
    assert "maximize: True" in repr(optimizer)


@every
def test_step_hooks_its_own_and_everyones(name: str) -> None:
    torchs = getattr(torch.optim, EVERY[name].__name__, torch.optim.SGD)
    torchs(layer())  # from here on torch's class has hooks as well
    params, called = layer(), []

    def note(text: str) -> Any:
        return lambda *_: called.append(text)

    optimizer = made(name, params)
    everyones = [
        register_optimizer_step_pre_hook(note("pre, all")),
        register_optimizer_step_post_hook(note("post, all")),
    ]
    own = [
        optimizer.register_step_pre_hook(note("pre")),
        optimizer.register_step_post_hook(note("post")),
    ]
    try:
        go(optimizer, params, 1)
        assert called == ["pre, all", "pre", "post", "post, all"]
    finally:
        for handle in everyones:
            handle.remove()
    go(optimizer, params, 1)
    assert called[4:] == ["pre", "post"]
    for handle in own:
        handle.remove()
    go(optimizer, params, 1)
    assert len(called) == 6


@every
def test_a_hook_before_the_step_may_bring_another_closure(name: str) -> None:
    params = layer()
    optimizer = made(name, params)

    def other(_: Any, args: Any, kwargs: Any) -> Any:
        itself, closure = args
        assert itself is optimizer

        def doubled() -> Tensor:
            value: Tensor = closure()
            return 2 * value

        return (itself, doubled), kwargs

    before = float(height(params, True).detach())
    optimizer.register_step_pre_hook(other)
    assert go(optimizer, params, 1)[0] == 2 * before


@every
def test_hooks_of_the_state_dict(name: str) -> None:
    params = layer()
    optimizer, order = made(name, params), []
    go(optimizer, params, 2)
    rate = LR[name]

    def faster(_: Any, saved: Any) -> Any:
        group = {**saved["param_groups"][0], "lr": 2 * saved["param_groups"][0]["lr"]}
        return {**saved, "param_groups": [group]}

    optimizer.register_state_dict_pre_hook(lambda _: order.append("before saving"))
    optimizer.register_state_dict_post_hook(faster)
    saved = optimizer.state_dict()
    assert saved["param_groups"][0]["lr"] == 2 * rate
    optimizer.register_load_state_dict_pre_hook(faster)
    optimizer.register_load_state_dict_pre_hook(
        lambda *_: order.append("first"), prepend=True
    )
    optimizer.register_load_state_dict_post_hook(lambda _: order.append("loaded"))
    optimizer.register_load_state_dict_post_hook(
        lambda _: order.append("loaded, first"), prepend=True
    )
    optimizer.load_state_dict(saved)
    assert optimizer.param_groups[0]["lr"] == 4 * rate
    assert order == ["before saving", "first", "loaded, first", "loaded"]


@every
def test_no_gradient_is_no_step_and_a_zero_one_no_move(name: str) -> None:
    params = layer()
    options = {"weight_decay": 0} if name in ("adamw", "lion") else {}
    optimizer = made(name, params, **options)
    for gradient in (None, 0.0):
        for p in params:
            p.grad = None if gradient is None else torch.zeros_like(p)
        value = torch.zeros((), requires_grad=True)
        assert optimizer.step(lambda: value) == 0  # noqa: B023
        assert all(map(torch.equal, params, layer()))


@every
def test_a_parameter_twice(name: str) -> None:
    weight, _ = layer()
    with pytest.warns(UserWarning, match="duplicate parameters"):
        made(name, [weight, weight])
    with pytest.raises(ValueError, match=r"parameter group|groups"):
        made(name, [{"params": [weight]}, {"params": [weight]}])


@pytest.mark.parametrize("shape", [(), (1,)])
@every
def test_a_rate_that_is_a_tensor_is_kept_as_one(name: str, shape: Any) -> None:
    x, y = layer(), layer()
    lr = torch.full(shape, LR[name], dtype=torch.float64)
    followed = made(name, x, lr=lr)
    assert go(followed, x, 5) == pytest.approx(go(made(name, y), y, 5), rel=1e-12)
    assert followed.param_groups[0]["lr"] is lr
    assert lr.tolist() == torch.full(shape, LR[name], dtype=torch.float64).tolist()


@pytest.mark.parametrize("name", sorted(EVERY.keys() - {"steepest"}))
def test_complex_is_a_pair_of_reals(name: str) -> None:
    z = torch.complex(*(x[:, 0].detach() for x in (layer()[0], layer(2)[0])))
    z.requires_grad_()
    pair = torch.view_as_real(z.detach()).clone().requires_grad_()
    aim = torch.tensor([1.0, 2.0], dtype=torch.float64)
    one, other = made(name, [z]), made(name, [pair])

    def closure(optimizer: Optimizer, p: Tensor) -> Any:
        def f() -> Tensor:
            optimizer.zero_grad()
            real = torch.view_as_real(p) if p.is_complex() else p
            value = -((real - aim).square() + real.cos()).sum()
            value.backward()
            return value

        return f

    for _ in range(10):
        one.step(closure(one, z))
        other.step(closure(other, pair))
        assert gap([torch.view_as_real(z.detach())], [pair]) <= 1e-14


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@every
def test_torchs_default_dtype_does_not_matter(name: str, dtype: torch.dtype) -> None:
    usual, other = layer(), layer()
    values = go(made(name, usual), usual, 5)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        assert go(made(name, other), other, 5) == values
    finally:
        torch.set_default_dtype(before)


@every
def test_what_is_let_go_is_freed(name: str) -> None:
    """No kernel, no cache and no hook keeps an optimizer or its parameters."""
    params = layer()
    optimizer = made(name, params)
    go(optimizer, params, 3)
    state = [x for s in optimizer.state.values() for x in s.values()]
    kept = [optimizer, *params, *(x for x in state if isinstance(x, Tensor))]
    watched = [weakref.ref(x) for x in kept]
    del optimizer, params, state, kept
    gc.collect()
    assert [ref() for ref in watched if ref() is not None] == []


@every
def test_a_closure_is_let_go(name: str) -> None:
    params = layer()
    optimizer = made(name, params)

    class Batch:
        """What a closure holds on to."""

    batch = Batch()
    watched = weakref.ref(batch)

    def closure(batch: Any = batch) -> Tensor:
        optimizer.zero_grad()
        value = height(params, True)
        value.backward()
        return value

    optimizer.step(closure)
    del batch, closure
    gc.collect()
    assert watched() is None


@every
def test_nothing_to_move(name: str) -> None:
    """Zero-size parameters stay, beside others and alone."""
    empty, params = torch.empty((0, 3), requires_grad=True), parameters()
    before = [p.detach().clone() for p in params]
    optimizer = made(name, [empty.double().detach().requires_grad_(), *params])

    def closure() -> Tensor:
        optimizer.zero_grad()
        every = optimizer.param_groups[0]["params"]
        value = -torch.stack([(p - 1).square().sum() for p in every]).sum()
        value.backward()
        return value

    for _ in range(3):
        optimizer.step(closure)
    assert all((p != b).any() for p, b in zip(params, before))
