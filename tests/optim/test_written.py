"""The written engine: what it computes, and what it must notice between two steps."""

import copy
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim, rules
from gradient_ascent.optim import c_kernel, written
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    FEATURES,
    Case,
    climb,
    gap,
    named,
    normal,
    parameters,
)

RUNS = "gradient_ascent.optim.written.Launch.run"


@pytest.fixture
def launches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many tensors each launch moves."""
    sizes: list[int] = []
    run = written.Launch.run

    def seen(self: written.Launch, move: Any) -> None:
        run(self, move)
        sizes.append(len(self.parameters))

    monkeypatch.setattr(RUNS, seen)
    yield sizes


def on_floats(case: Case, start: float, gradients: list[float]) -> float:
    """Where an optimizer's rule leads, on Python's floats."""
    optimizer: Any = case.make([torch.zeros(1, requires_grad=True)])
    (group,) = optimizer.param_groups
    rule = optimizer.rule(group)
    state = rule.start
    options = optimizer.hyperparameters(group)
    decay, p = group["weight_decay"], start
    if start_sum := group.get("initial_accumulator_value"):
        state = state._replace(sum=start_sum)
    for g in gradients:
        # Downhill, as torch keeps it; to be subtracted.
        g = rules.uphill(g, maximize=not group["maximize"])
        own = {"parameter": -p} if rule.takes_parameter else {}
        decoupled = group.get("decoupled_weight_decay") and not own
        if decay and not decoupled and not own:
            g += decay * p
        step, state = rule(g, state, **own, **options)
        if decoupled:
            step += options["lr"] * decay * p
        p -= step
    return p


@pytest.mark.parametrize("case", named(CASES + FEATURES))
@settings(max_examples=20)
@given(
    start=st.floats(-5, 5),
    gradients=st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=6),
)
def test_it_is_the_rule_on_floats(
    case: Case, start: float, gradients: list[float]
) -> None:
    """To the last bit: the same function, the same arithmetic."""
    x = torch.tensor([start] * 5, dtype=torch.float64, requires_grad=True)
    optimizer = case.make([x])
    for g in gradients:
        x.grad = torch.full_like(x, g)
        optimizer.step()
    expected = on_floats(case, start, gradients)
    assert x.tolist() == pytest.approx([expected] * 5, rel=0, abs=0, nan_ok=True)


SHAPES = [(17_001,), (3, 5), (), (0, 2), (33,), (129, 257)]


@pytest.mark.parametrize("case", named(CASES + FEATURES))
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_the_reference(
    case: Case, dtype: torch.dtype, launches: list[int]
) -> None:
    """Computed in float32 by both; torch's square root may round the other way."""
    x, y = parameters(dtype, SHAPES), parameters(dtype, SHAPES)
    climb(case.make(x), 6)
    climb(case.make(y, foreach=False), 6)
    assert launches == [len(SHAPES)] * 6
    for a, b in zip(x, y):
        apart = a.detach() != b.detach()
        assert apart.sum() <= 1e-4 * a.numel()
        assert torch.allclose(a.float(), b.float(), rtol=0.01)


@pytest.mark.parametrize("case", named(CASES + FEATURES))
@pytest.mark.parametrize(
    ("dtype", "most"),
    [(torch.float32, 3e-6), (torch.complex64, 3e-6), (torch.complex128, 1e-14)],
    ids=str,
)
def test_single_precision_and_pairs(
    case: Case, dtype: torch.dtype, most: float, launches: list[int]
) -> None:
    x, y = parameters(dtype, SHAPES), parameters(dtype, SHAPES)
    climb(case.make(x), 6)
    climb(case.make(y, foreach=False), 6)
    assert launches == [len(SHAPES)] * 6
    full = [(a, b) for a, b in zip(x, y) if a.numel()]
    assert gap([a for a, _ in full], [b for _, b in full]) <= most


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("case", named(DEFAULTS.values()))
@pytest.mark.parametrize("foreach", [None, True, False])
def test_a_gradient_that_vanishes_in_half(
    case: Case, foreach: bool | None, dtype: torch.dtype
) -> None:
    """Epsilon and the square of the gradient are zero in float16."""
    x = torch.ones(4, dtype=dtype, requires_grad=True)
    optimizer = Case(case.ours, case.theirs).make([x], foreach=foreach)
    for g in (0.0, 1e-5, 0.0):
        x.grad = torch.full_like(x, g)
        optimizer.step()
    assert x.isfinite().all()


def test_states_of_another_dtype() -> None:
    """A bfloat16 parameter may keep float32 averages."""
    x, y = (normal(0, (50,), torch.bfloat16).requires_grad_() for _ in range(2))
    for p, foreach in ((x, None), (y, False)):
        optimizer = optim.Adam([p], foreach=foreach)
        climb(optimizer, 1)
        for name in ("exp_avg", "exp_avg_sq"):
            optimizer.state[p][name] = optimizer.state[p][name].float()
        climb(optimizer, 5, first=1)
        assert optimizer.state[p]["exp_avg"].dtype == torch.float32
    assert torch.equal(x, y)


def test_memory_at_odd_addresses() -> None:
    whole = normal(0, (1001,), torch.float32)
    odd = whole.clone()[1:].requires_grad_()
    even = whole[1:].clone().requires_grad_()
    for p in (odd, even):
        climb(optim.Adam([p]), 3)
    assert odd.data_ptr() % 8
    assert torch.equal(odd, even)


def test_the_number_of_cores_does_not_matter() -> None:
    cores, ends = torch.get_num_threads(), []
    try:
        for n in (1, 2, 3):
            torch.set_num_threads(n)
            x = normal(0, (300_001,), torch.float32).requires_grad_()
            climb(optim.Adam([x]), 3)
            ends.append(x)
    finally:
        torch.set_num_threads(cores)
    assert torch.equal(ends[0], ends[1]) and torch.equal(ends[0], ends[2])


def test_autograd_hears_of_the_step() -> None:
    x = torch.ones(3, requires_grad=True)
    optimizer = optim.Adam([x])
    x.grad = torch.ones(3)
    y = (x * x).sum()
    optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def replaced(optimizer: Optimizer, x: list[Tensor]) -> None:
    for state in optimizer.state.values():
        state.update({k: v.clone() for k, v in state.items()})


def started_anew(optimizer: Optimizer, x: list[Tensor]) -> None:
    optimizer.state.clear()


def emptied(optimizer: Optimizer, x: list[Tensor]) -> None:
    for state in optimizer.state.values():
        state.clear()


def swapped_twice(optimizer: Optimizer, x: list[Tensor]) -> None:
    """The second time the memory of the first may be taken again."""
    for dtype in (torch.float32, torch.float64):
        for state in optimizer.state.values():
            kept = {k: v for k, v in state.items() if k != "step"}
            state.update({k: v.to(dtype, copy=True) for k, v in kept.items()})


def one_forgotten(optimizer: Optimizer, x: list[Tensor]) -> None:
    optimizer.state.pop(x[1], None)


def swapped(optimizer: Optimizer, x: list[Tensor]) -> None:
    x[0].data = x[0].data.clone() + 1


def wider(optimizer: Optimizer, x: list[Tensor]) -> None:
    """As `model.float()` after `model.double()`, and the state with it."""
    for p in x:
        p.data = p.data.float()
    for state in optimizer.state.values():
        state.update({k: v.float() for k, v in state.items()})


def frozen(optimizer: Optimizer, x: list[Tensor]) -> None:
    x[1].requires_grad_(False)
    x[1].grad = None
    optimizer.param_groups[0]["params"] = [x[0], x[2]]


def turned(optimizer: Optimizer, x: list[Tensor]) -> None:
    optimizer.param_groups[0]["params"].reverse()


def joined(optimizer: Optimizer, x: list[Tensor]) -> None:
    more = normal(9, (4,)).requires_grad_()
    x.append(more)
    optimizer.param_groups[0]["params"].append(more)


def reloaded(optimizer: Optimizer, x: list[Tensor]) -> None:
    optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))


def downhill(optimizer: Optimizer, x: list[Tensor]) -> None:
    optimizer.param_groups[0].update(maximize=False, lr=0.3, weight_decay=0.2)


EVENTS = [
    replaced, emptied, swapped_twice, started_anew, one_forgotten, swapped, wider,
    frozen, turned, joined, reloaded, downhill,
]  # fmt: skip


@pytest.mark.parametrize("case", named([*DEFAULTS.values(), CASES[-3], FEATURES[0]]))
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_changes_between_steps_is_noticed(
    case: Case, event: Callable[[Optimizer, list[Tensor]], None]
) -> None:
    ends = []
    for foreach in (None, False):
        x = parameters()
        optimizer = case.make(x, foreach=foreach)
        climb(optimizer, 3)
        event(optimizer, x)
        climb(optimizer, 3, first=3)
        ends.append(x)
    assert gap(*ends) <= (1e-13 if ends[0][0].dtype == torch.float64 else 1e-6)
    assert gap(ends[0][:1], parameters()[:1]) > 0


@pytest.mark.parametrize("what", ["parameter", "state"])
def test_what_is_turned_in_place(what: str) -> None:
    ends = []
    for foreach in (None, False):
        x = normal(0, (3, 3)).requires_grad_()
        optimizer = optim.Momentum([x], lr=0.1, momentum=0.5, foreach=foreach)
        for t in range(4):
            x.grad = normal(t, (3, 3))
            if t == 2:
                memory = optimizer.state[x]["momentum_buffer"]
                with torch.no_grad():
                    (x if what == "parameter" else memory).t_()
            optimizer.step()
        ends.append([x])
    assert gap(*ends) <= 1e-14


def test_a_parameter_that_shrinks() -> None:
    whole = torch.zeros(4)
    x = torch.nn.Parameter(whole)
    optimizer = optim.Momentum([x], momentum=0.5)
    x.grad = torch.ones(4)
    optimizer.step()
    before = whole.clone()
    x.data = x.data[:2]
    with pytest.raises(RuntimeError, match=r"grad of a parameter must have its shape"):
        optimizer.step()
    assert torch.equal(whole, before)


def test_states_of_several_dtypes_in_a_group() -> None:
    ends = []
    for foreach in (None, False):
        a, b = (torch.ones(4, requires_grad=True) for _ in range(2))
        optimizer = optim.Adam([a, b], lr=0.1, foreach=foreach)
        for t in range(4):
            a.grad, b.grad = normal(t, (4,)).float(), normal(9 + t, (4,)).float()
            optimizer.step()
            if t == 1:
                for name in ("exp_avg", "exp_avg_sq"):
                    optimizer.state[b][name] = optimizer.state[b][name].double()
        ends.append([a, b])
    assert gap(*ends) <= 1e-6


def test_a_negated_parameter() -> None:
    """Its memory holds the opposite of what it says."""
    x = torch.nn.Parameter(torch.tensor([1 + 2j]).conj().imag)
    assert x.is_neg()
    x.grad = torch.ones(1)
    optim.Momentum([x], lr=0.1, momentum=0).step()
    assert x.tolist() == pytest.approx([-1.9])


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
@pytest.mark.parametrize("foreach", [None, True, False])
def test_a_state_of_another_shape_is_refused(case: Case, foreach: bool | None) -> None:
    """And nothing moves: a kernel would read beyond its end."""
    x = parameters()
    optimizer = case.make(x, foreach=foreach)
    climb(optimizer, 2)
    name = next(k for k in optimizer.state[x[2]] if k != "step")
    optimizer.state[x[2]][name] = torch.ones(2, dtype=torch.float64)
    before = [p.detach().clone() for p in x]
    with pytest.raises(RuntimeError, match=rf"{name} .* its shape \(5,\), got \(2,\)"):
        climb(optimizer, 1, first=2)
    assert gap(x, before) == 0


def test_an_option_that_needs_another_state() -> None:
    ends = []
    for foreach in (None, False):
        x = parameters()
        optimizer = optim.GradientAscent(x, adaptive=False, foreach=foreach)
        climb(optimizer, 3)
        optimizer.param_groups[0]["adaptive"] = True
        climb(optimizer, 3, first=3)
        ends.append(x)
    assert gap(*ends) <= 1e-13


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_a_copy_moves_its_own(case: Case) -> None:
    x = parameters()
    optimizer = case.make(x)
    climb(optimizer, 3)
    twin = copy.deepcopy(optimizer)
    before = [p.detach().clone() for p in x]
    climb(twin, 2, first=3)
    assert gap(x, before) == 0
    climb(optimizer, 2, first=3)
    assert gap(x, twin.param_groups[0]["params"]) == 0


def test_gradients_that_come_and_go() -> None:
    ends = []
    for foreach in (None, False):
        x = parameters()
        optimizer = optim.Adam(x, lr=0.1, foreach=foreach)
        for t in range(12):
            optimizer.zero_grad()
            for i, p in enumerate(x):
                if t % (i + 2):
                    p.grad = normal(t, p.shape)
            optimizer.step()
        ends.append(x)
    assert gap(*ends) <= 1e-13


def test_negated_and_conjugated_gradients() -> None:
    """They say so in a flag; the memory holds something else."""
    ends = []
    for foreach in (None, False):
        x = normal(0, (4,), torch.complex128).requires_grad_()
        y = normal(1, (4,)).requires_grad_()
        optimizer = optim.Adam([x, y], lr=0.1, foreach=foreach)
        for t in range(4):
            x.grad = normal(t, (4,), torch.complex128).conj()
            y.grad = x.grad.imag if t % 2 else x.grad.real.contiguous()
            optimizer.step()
        ends.append([x, y])
    assert gap(*ends) <= 1e-13


def test_one_kernel_for_all_sizes_steps_and_rates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(c_kernel, "_loaded", {})
    x = parameters()
    optimizer = optim.GradientAscent(x, warmup_steps=3, lr_decay=0.9, clip_value=1.0)
    for t in range(6):
        optimizer.param_groups[0]["lr"] = 0.1 / (t + 1)
        climb(optimizer, 1, first=t)
    others = parameters(shapes=[(17,), (400, 200), ()])
    more = optim.GradientAscent(others, lr_decay=0.5, warmup_steps=9, clip_value=2.0)
    climb(more, 3)
    looks = c_kernel.finite_source("float64")
    assert len({*c_kernel._loaded} - {looks}) == 1


FORKS = """
import os, torch
from gradient_ascent import optim
torch.set_num_threads(2)
x = torch.zeros(300_000, requires_grad=True)
optimizer = optim.Adam([x])
x.grad = torch.ones_like(x)
optimizer.step()
child = os.fork()
if not child:
    optimizer.step()
    os._exit(0 if float(x[-1]) > 1.5e-3 else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_goes_on() -> None:
    """The threads of the parent's kernels are not there for a child's."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKS], check=True, timeout=120
    )
