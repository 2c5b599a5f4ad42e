"""Which parameters move: gradients that are missing, sparse, frozen, tied, empty."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.optim.cases import (
    DEFAULTS,
    ENGINES,
    Case,
    climb,
    gap,
    named,
    normal,
    parameters,
    with_engines,
)

ALL = with_engines(DEFAULTS.values())


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_a_sparse_gradient_is_refused_and_nothing_moves(
    case: Case, engine: str
) -> None:
    dense, rows = parameters(), normal(7, (4, 2)).requires_grad_()
    optimizer = case.make([{"params": dense}, {"params": [rows]}], **ENGINES[engine])
    climb(optimizer, 2)
    state = optimizer.state_dict()["state"]
    before = [v.clone() for p in state.values() for v in p.values()]
    places = [p.detach().clone() for p in [*dense, rows]]
    rows.grad = torch.eye(4, 2, dtype=torch.float64).to_sparse()
    name = case.ours.__name__
    with pytest.raises(
        RuntimeError,
        match=rf"^{name} takes dense gradients, but that of parameter 0 of its group, "
        r"of shape \(4, 2\) is torch.sparse_coo$",
    ):
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip([*dense, rows], places))
    after = [v for p in state.values() for v in p.values()]
    assert all(torch.equal(a, b) for a, b in zip(after, before, strict=True))


def test_a_sparse_gradient_is_named() -> None:
    embedding = torch.nn.Embedding(5, 2, sparse=True)
    optimizer = DEFAULTS["Adam"].make(embedding.named_parameters())
    embedding(torch.tensor([1, 1])).sum().backward()
    with pytest.raises(RuntimeError, match=r"that of parameter 'weight' is"):
        optimizer.step()


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_no_gradient_no_move_no_state(case: Case, engine: str) -> None:
    moved, still = parameters(), normal(9, (3,)).requires_grad_()
    alone = parameters()
    optimizer = case.make([*moved, still], **ENGINES[engine])
    reference = case.make(alone, **ENGINES[engine])
    for t in range(5):
        climb(reference, 1, first=t)
        for p, q in zip(moved, alone):
            assert q.grad is not None
            p.grad = q.grad.clone()
        still.grad = None
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(moved, alone))
    assert torch.equal(still, normal(9, (3,)))
    # As torch's, Adagrad alone has a state from the start.
    if case.ours.__name__ != "Adagrad":
        assert still not in optimizer.state


@settings(max_examples=15)
@given(
    name=st.sampled_from(list(DEFAULTS)),
    engine=st.sampled_from(["default", "reference", "foreach"]),
    awake=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12),
)
def test_each_parameter_counts_its_own_steps(
    name: str, engine: str, awake: list[tuple[bool, bool]]
) -> None:
    """Freezing one parameter leaves the other's path as it would be alone."""
    case, options = DEFAULTS[name], ENGINES[engine]
    together = [normal(i, (3,)).requires_grad_() for i in range(2)]
    alone = [normal(i, (3,)).requires_grad_() for i in range(2)]
    optimizer = case.make(together, **options)
    separate = [case.make([p], **options) for p in alone]
    for t, moving in enumerate(awake):
        for i, moves in enumerate(moving):
            drawn = normal(1000 + 10 * t + i, (3,))
            together[i].grad = drawn.clone() if moves else None
            if moves:
                alone[i].grad = drawn.clone()
                separate[i].step()
        optimizer.step()
    assert gap(together, alone) <= 1e-15


@pytest.mark.parametrize(
    ("case", "engine"), with_engines(x for x in DEFAULTS.values() if x.theirs)
)
def test_freezing_as_torch_does(case: Case, engine: str) -> None:
    ours, torchs = parameters(), parameters()
    mine = case.make(ours, **ENGINES[engine])
    theirs = case.torchs(torchs, foreach=False)
    for t in range(30):
        for params, optimizer in ((ours, mine), (torchs, theirs)):
            for i, p in enumerate(params):
                asleep = i == 0 and 5 <= t < 15
                p.grad = None if asleep else normal(100 * t + i, p.shape) - p.detach()
            optimizer.step()
    assert gap(ours, torchs) <= 1e-12


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_empty_group_and_zero_size_tensors(case: Case, engine: str) -> None:
    empty = torch.empty((0, 3), dtype=torch.float64, requires_grad=True)
    full, alone = parameters(), parameters()
    groups: list[dict[str, Any]] = [{"params": []}, {"params": [empty, *full]}]
    optimizer = case.make(groups, **ENGINES[engine])
    reference = case.make(alone, **ENGINES[engine])
    for t in range(4):
        climb(reference, 1, first=t)
        for p, q in zip(full, alone):
            assert q.grad is not None
            p.grad = q.grad.clone()
        empty.grad = torch.empty_like(empty)
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(full, alone))
    assert empty.shape == (0, 3)


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_only_zero_size_tensors(case: Case, engine: str) -> None:
    empty = torch.empty((0,), requires_grad=True)
    empty.grad = torch.empty((0,))
    case.make([empty], **ENGINES[engine]).step()
    assert empty.shape == (0,)


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_several_precisions_in_one_group(case: Case, engine: str) -> None:
    kinds = [torch.float64, torch.float32, torch.bfloat16, torch.complex128]
    together = [normal(i, (4,), d).requires_grad_() for i, d in enumerate(kinds)]
    alone = [normal(i, (4,), d).requires_grad_() for i, d in enumerate(kinds)]
    optimizer = case.make(together, **ENGINES[engine])
    separate = [case.make([p], **ENGINES[engine]) for p in alone]
    for t in range(5):
        for i, (p, q) in enumerate(zip(together, alone)):
            p.grad, q.grad = (normal(50 * t + i, (4,), p.dtype) for _ in range(2))
            separate[i].step()
        optimizer.step()
    assert all(torch.equal(p, q) for p, q in zip(together, alone))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_tied_parameters_move_once(case: Case) -> None:
    class Tied(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.into = torch.nn.Linear(3, 3, bias=False, dtype=torch.float64)
            self.out = torch.nn.Linear(3, 3, bias=False, dtype=torch.float64)
            self.out.weight = self.into.weight

    model = Tied()
    one = model.into.weight.detach().clone().requires_grad_()
    tied, plain = case.make(model.parameters()), case.make([one])
    x = normal(3, (5, 3))
    for _ in range(5):
        tied.zero_grad()
        (-model.out(model.into(x)).square().sum()).backward()
        plain.zero_grad()
        (-(x @ one.t() @ one.t()).square().sum()).backward()
        tied.step()
        plain.step()
    assert model.out.weight is model.into.weight
    assert gap([model.into.weight], [one]) <= 1e-12


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_groups_with_values_of_their_own(case: Case) -> None:
    fast, slow = parameters(), parameters()
    optimizer = case.make([{"params": fast, "lr": 0.1}, {"params": slow}], lr=0.01)
    climb(optimizer, 5)
    for params, lr in ((fast, 0.1), (slow, 0.01)):
        alone = parameters()
        climb(case.make(alone, lr=lr), 5)
        assert all(torch.equal(a, b) for a, b in zip(params, alone))


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_a_group_added_later(case: Case) -> None:
    early, late = parameters(), normal(8, (6,)).requires_grad_()
    optimizer = case.make(early)
    climb(optimizer, 3)
    optimizer.add_param_group({"params": [late], "lr": 0.1})
    climb(optimizer, 3, first=3)
    alone = normal(8, (6,)).requires_grad_()
    reference = case.make([alone], lr=0.1)
    climb(reference, 3, first=3)
    assert torch.equal(late, alone)


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_a_closure_is_called_once_with_gradients_on(case: Case) -> None:
    x = parameters()
    optimizer = case.make(x)
    calls = []

    def closure() -> Tensor:
        calls.append(torch.is_grad_enabled())
        optimizer.zero_grad()
        f = -sum(p.square().sum() for p in x)
        f.backward()
        return f

    with torch.no_grad():
        first = optimizer.step(closure)
    assert calls == [True]
    assert float(first.detach()) < float(closure().detach())
    assert optimizer.step() is None


@pytest.mark.parametrize(("case", "engine"), ALL)
def test_a_tensor_without_memory_takes_a_step_without_values(
    case: Case, engine: str
) -> None:
    """On the "meta" device shapes are all there is; so it is with torch's classes."""
    parameter = torch.ones(3, 2, device="meta", requires_grad=True)
    parameter.grad = torch.ones(3, 2, device="meta")
    optimizer = case.make([parameter], **ENGINES[engine])
    optimizer.step()
    kept = optimizer.state.get(parameter, {})
    for name, value in kept.items():
        if name != "step":
            assert value.is_meta and value.shape == parameter.shape
