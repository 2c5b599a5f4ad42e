"""The written engine: what it computes."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_ascent import optim, rules
from gradient_ascent.optim import c_kernel, compiler, launch
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

RUNS = "gradient_ascent.optim.launch.Launch.run"


@pytest.fixture
def launches(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many tensors each launch moves."""
    sizes: list[int] = []
    run = launch.Launch.run

    def seen(self: launch.Launch, move: Any) -> None:
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
        # Where a parameter has come near zero, a rounding from when it was about 1.
        once = torch.finfo(dtype).eps / 2
        assert torch.allclose(a.float(), b.float(), rtol=0.01, atol=once)


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


def test_each_element_moves_once() -> None:
    """However many blocks of 128 there are, and whatever is left over."""
    sizes = [*range(1, 900, 13), 127, 128, 129, 256, 384, 385, 2**14 + 129]
    params = [torch.zeros(n, requires_grad=True) for n in sizes]
    for p in params:
        p.grad = torch.ones_like(p)
    optim.SGD(params, lr=1.0).step()
    assert all((p == 1).all() for p in params)


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


def test_one_kernel_for_all_sizes_steps_and_rates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiler, "_loaded", {})
    x = parameters()
    optimizer = optim.GradientAscent(x, warmup_steps=3, lr_decay=0.9, clip_value=1.0)
    for t in range(6):
        optimizer.param_groups[0]["lr"] = 0.1 / (t + 1)
        climb(optimizer, 1, first=t)
    others = parameters(shapes=[(17,), (400, 200), ()])
    more = optim.GradientAscent(others, lr_decay=0.5, warmup_steps=9, clip_value=2.0)
    climb(more, 3)
    looks = c_kernel.finite_source("float64")
    assert len({*compiler._loaded} - {looks}) == 1


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
