"""Steps that are taken in backward: the same ones, with fewer gradients alive."""

import copy
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradient_ascent import optim
from gradient_ascent.constraints import Box, constrain
from gradient_ascent.optim.optimizer import RuleOptimizer
from tests.optim.cases import CASES, ENGINES, FEATURES, FEW, Case, named
from tests.optim.test_checkpoints import through_a_file

DATA = torch.randn(7, 6, generator=torch.Generator().manual_seed(0))


def net(dtype: torch.dtype = torch.float32) -> nn.Module:
    torch.manual_seed(1)
    layers = nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 1)
    return nn.Sequential(*layers).to(dtype)


def objective(model: nn.Module, t: int) -> Tensor:
    data = DATA.to(next(model.parameters()).dtype) + 0.1 * t
    out: Tensor = -(model(data) - data.sin().sum(1, keepdim=True)).square().mean()
    return out


def ends(
    make: Callable[..., Any], in_backward: bool, dtype: torch.dtype, sign: int = 1
) -> list[Tensor]:
    """Where some steps lead, half of them after a reload."""
    model = net(dtype)
    optimizer = make(model.parameters())
    schedule = optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
    if in_backward:
        optim.step_in_backward(optimizer)
    for t in range(6):
        optimizer.zero_grad()
        (sign * objective(model, t)).backward()
        optimizer.step()
        schedule.step()
        if t == 2:
            optimizer.load_state_dict(through_a_file(optimizer.state_dict()))
    return [p.detach() for p in model.parameters()]


def made(case: Case, **more: Any) -> Callable[..., Any]:
    own = {"nonfinite": "pass"} if case.ours is optim.GradientAscent else {}
    return partial(case.make, **own, **more)


@pytest.mark.parametrize("case", named(CASES + FEATURES))
def test_the_steps_are_the_same_to_the_last_bit(case: Case) -> None:
    ours, usual = (ends(made(case), x, torch.float32) for x in (True, False))
    assert all(map(torch.equal, ours, usual))


@pytest.mark.parametrize("case", named(FEW))
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16], ids=str)
@pytest.mark.parametrize("engine", ["foreach", "reference"])
def test_so_they_are_by_every_engine(
    case: Case, dtype: torch.dtype, engine: str
) -> None:
    make = made(case, **ENGINES[engine])
    ours, usual = (ends(make, x, dtype) for x in (True, False))
    assert all(map(torch.equal, ours, usual))


@pytest.mark.parametrize("case", named(FEW))
def test_up_and_down_are_mirrored(case: Case) -> None:
    up = ends(made(case), True, torch.float32)
    down = ends(made(case, maximize=False), True, torch.float32, -1)
    assert all(map(torch.equal, up, down))


def live_gradients(in_backward: bool) -> tuple[int, list[int]]:
    """The most bytes of gradients at once in a backward; and each parameter's."""
    model, most = net(), 0
    params = list(model.parameters())
    optimizer = optim.Adam(params)

    def look(_: Tensor) -> None:
        nonlocal most
        most = max(most, sum(p.grad.nbytes for p in params if p.grad is not None))

    for p in params:
        p.register_post_accumulate_grad_hook(look)
    if in_backward:
        optim.step_in_backward(optimizer)
    objective(model, 0).backward()
    assert all((p.grad is None) == in_backward for p in params)
    return most, [p.nbytes for p in params]


def test_gradients_are_never_all_in_memory() -> None:
    usual, sizes = live_gradients(False)
    assert usual == sum(sizes)
    assert live_gradients(True) == (max(sizes), sizes)


def test_it_ends() -> None:
    model = net()
    optimizer = optim.Adam(model.parameters())
    with optim.step_in_backward(optimizer):
        objective(model, 0).backward()
        optimizer.step()
    before = [p.detach().clone() for p in model.parameters()]
    objective(model, 1).backward()
    assert all(map(torch.equal, before, model.parameters()))
    optimizer.step()
    assert not any(map(torch.equal, before, model.parameters()))
    optimizer.zero_grad()
    optim.step_in_backward(optimizer).remove()


def test_a_closure_moves_once() -> None:
    model, other = net(), net()
    ours, usual = optim.Adam(model.parameters()), optim.Adam(other.parameters())
    optim.step_in_backward(ours)
    for each, net_ in ((ours, model), (usual, other)):
        for t in range(3):

            def closure(each: Any = each, net_: Any = net_, t: int = t) -> Tensor:
                each.zero_grad()
                value = objective(net_, t)
                value.backward()
                return value

            assert each.step(closure) < 0
    assert all(map(torch.equal, model.parameters(), other.parameters()))


def test_a_projection_comes_after_the_step() -> None:
    model, other = net(), net()
    for each, in_backward in ((model, True), (other, False)):
        optimizer = optim.Adam(each.parameters(), lr=0.1)
        constrain(optimizer, Box(-0.2, 0.2))
        if in_backward:
            optim.step_in_backward(optimizer)
        for t in range(3):
            optimizer.zero_grad()
            objective(each, t).backward()
            optimizer.step()
    assert all(map(torch.equal, model.parameters(), other.parameters()))
    assert all(p.abs().max() <= torch.tensor(0.2) for p in model.parameters())


def test_what_is_not_in_the_graph_stays_and_what_is_added_moves() -> None:
    model = net()
    frozen = torch.ones(3)
    optimizer = optim.Adam([*model.parameters(), frozen])
    optim.step_in_backward(optimizer)
    late = torch.zeros(2, requires_grad=True)
    optimizer.add_param_group({"params": [late]})
    (objective(model, 0) + late.sum()).backward()
    assert late.grad is not None and not late.any()
    optimizer.step()
    assert (late > 0).all() and (frozen == 1).all()


def test_gradients_are_not_added_up() -> None:
    model = net()
    optimizer = optim.SGD(model.named_parameters())
    optim.step_in_backward(optimizer)
    objective(model, 0).backward()
    with pytest.raises(RuntimeError, match=r"'4.bias' has moved, and a second grad"):
        objective(model, 0).backward()


def test_a_value_that_backward_still_needs() -> None:
    """Torch notices that it has changed."""
    w = torch.ones(2, requires_grad=True)
    optim.step_in_backward(optim.SGD([w]))
    x = torch.ones(2, requires_grad=True)
    late = (x * w.detach()).sum()  # its backward needs w, and does not lead there
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        (late + late.sin() + (w * w).sum()).backward()


def refused(optimizer: Any) -> str:
    with pytest.raises((TypeError, ValueError)) as error:
        optim.step_in_backward(optimizer)
    return str(error.value)


def test_what_needs_all_gradients_is_refused() -> None:
    params = list(net().parameters())
    kept = copy.deepcopy(params)
    for optimizer, said in (
        (optim.LBFGS(params), "must follow a rule.*got LBFGS"),
        (torch.optim.Adam(params), "got Adam"),
        (optim.GradientAscent(params), "nonfinite='raise' looks at all"),
        (optim.Adam(params, differentiable=True), "differentiable must be False"),
    ):
        assert re.search(said, refused(optimizer))
    logs = optim.GradientAscent(params, nonfinite="pass")
    logs.log_to(lambda step, metrics: None)
    assert "without log_to" in refused(logs)
    twice = optim.Adam(params)
    optim.step_in_backward(twice)
    assert "already" in refused(twice)
    params[1].grad = torch.ones_like(params[1])
    assert "parameter 1 of its group, of shape (5,) has a" in refused(
        optim.Adam(params)
    )
    assert all(map(torch.equal, params, kept))


def test_a_sparse_gradient_is_refused() -> None:
    table = nn.Embedding(4, 2, sparse=True)
    optimizer: RuleOptimizer = optim.Adam(table.named_parameters())
    optim.step_in_backward(optimizer)
    with pytest.raises(RuntimeError, match="that of parameter 'weight' is"):
        table(torch.tensor([1])).sum().backward()
