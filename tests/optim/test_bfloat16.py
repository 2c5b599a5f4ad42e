"""States in bfloat16, rounded by chance: unbiased, reproducible, mirrored."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gradient_ascent import check_direction, optim, speed
from gradient_ascent.optim.rounding import by_chance, mix, stream_of
from tests.optim.cases import (
    DEFAULTS,
    ENGINES,
    FEW,
    Case,
    climb,
    gap,
    gradients,
    named,
    normal,
    parameters,
)
from tests.optim.test_checkpoints import through_a_file

SHAPES = [(17_001,), (3, 5), (), (0, 2), (33,), (129, 57)]
KEPT = [case for case in FEW if case.remembers]


def kept(optimizer: Any) -> list[Tensor]:
    """What it remembers, but for the counts."""
    states = optimizer.state.values()
    return [x for state in states for name, x in state.items() if name != "step"]


def narrow(case: Case, params: Any, seed: int = 0, **more: Any) -> Any:
    optimizer = case.make(params, **more)
    optim.keep_in_bfloat16(optimizer, seed)
    return optimizer


@settings(max_examples=40)
@given(x=st.floats(width=32, allow_nan=False), key=st.integers(0, 2**62))
def test_it_goes_to_a_neighbour_as_often_as_it_is_near(x: float, key: int) -> None:
    n = 20_000
    rounded = by_chance(torch.full((n,), x), stream_of(key, 0, 0)).float()
    bits = torch.tensor(x).view(torch.int32)
    down = (bits & ~0xFFFF).view(torch.float32)
    up = ((bits & ~0xFFFF) + 0x10000).view(torch.float32)
    share = int(bits & 0xFFFF) / 2**16
    if not share:
        assert (rounded == x).all()
        return
    assert ((rounded == down) | (rounded == up)).all()
    room = 6 * math.sqrt(n * share * (1 - share)) + 1
    assert abs(int((rounded == up).sum()) - n * share) < room
    if up.isfinite():  # the share makes the mean the number, also across a power of 2
        mean = float(down.double() * (1 - share) + up.double() * share)
        assert mean == pytest.approx(x, rel=1e-12)


def test_what_needs_no_rounding_stays() -> None:
    exact = torch.arange(2**16).int().bitwise_left_shift(16).view(torch.float32)
    rounded = by_chance(exact, 12345).float()
    assert torch.equal(rounded.nan_to_num(7), exact.nan_to_num(7))
    assert torch.equal(rounded.isnan(), exact.isnan())
    assert torch.equal(rounded.signbit()[exact == 0], exact.signbit()[exact == 0])


def test_the_random_numbers_are_a_function_of_the_key() -> None:
    x = normal(0, (1000,), torch.float32)
    again, other = by_chance(x, 5), by_chance(x, 6)
    assert torch.equal(by_chance(x, 5), again) and not torch.equal(again, other)
    assert torch.equal(by_chance(-x, 5), -again)
    streams = {stream_of(k, t, f) for k in range(30) for t in range(30) for f in (0, 1)}
    assert len(streams) == 1800
    # In the order of memory, as a kernel sees it.
    table = x.reshape(20, 50)
    assert torch.equal(by_chance(table.T, 5), by_chance(table, 5).T)
    assert torch.equal(by_chance(table, 5).flatten(), again)


def test_the_hash_is_spread_evenly() -> None:
    place = torch.arange(2**16)
    for stream in (0, 1, 2**31, 99):
        upper = mix(mix(place) ^ stream) >> 16
        counts = torch.bincount(upper >> 8, minlength=256).double()
        chi2 = float(((counts - 256) ** 2 / 256).sum())
        assert 150 < chi2 < 380  # 255 in the mean, 23 its deviation
        pairs = torch.stack([upper[1:], upper[:-1]]).double()
        assert abs(float(torch.corrcoef(pairs)[0, 1])) < 0.02


@pytest.mark.parametrize("case", named(KEPT))
@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str
)
def test_the_kernel_rounds_as_the_reference(case: Case, dtype: torch.dtype) -> None:
    x, y = parameters(dtype, SHAPES), parameters(dtype, SHAPES)
    written, reference = narrow(case, x, 3), narrow(case, y, 3, foreach=False)
    for optimizer in (written, reference):
        climb(optimizer, 4)
    assert kept(written) and {x.dtype for x in kept(written)} == {torch.bfloat16}
    # torch's square root may be off by one bit, which a rounding may show.
    apart = [int((a != b).sum()) for a, b in zip(kept(written), kept(reference))]
    assert sum(apart) <= 2
    full = [(a, b) for a, b in zip(x, y) if a.numel()]
    most = 3e-6 if dtype == torch.float32 else 0.02
    assert gap([a for a, _ in full], [b for _, b in full]) <= most


@pytest.mark.parametrize("case", named(KEPT))
def test_a_checkpoint_goes_on_to_the_last_bit(case: Case) -> None:
    whole, x = parameters(torch.float32), parameters(torch.float32)
    climb(narrow(case, whole), 12)
    first = narrow(case, x)
    climb(first, 5)
    for made in (case.make(x), narrow(case, x, seed=9)):  # it brings its seed
        made.load_state_dict(through_a_file(first.state_dict()))
        assert {each.dtype for each in kept(made)} == {torch.bfloat16}
    climb(made, 7, first=5)
    assert all(map(torch.equal, x, whole))


def test_torch_reads_the_checkpoint() -> None:
    x = parameters(torch.float32)
    ours = narrow(Case(optim.Adam), x)
    climb(ours, 3)
    torchs = torch.optim.Adam(x)
    torchs.load_state_dict(through_a_file(ours.state_dict()))
    assert {each.dtype for each in kept(torchs)} == {torch.float32}
    assert all(map(torch.equal, kept(torchs), [each.float() for each in kept(ours)]))
    torchs.step()


@pytest.mark.parametrize("name", [*DEFAULTS])
def test_it_keeps_the_direction_contract(name: str) -> None:
    check_direction(partial(narrow, DEFAULTS[name]))
    check_direction(partial(narrow, DEFAULTS[name], foreach=False))


@pytest.mark.parametrize("case", named(KEPT))
@pytest.mark.parametrize("engine", ["default", "reference"])
def test_the_mirrored_run_is_mirrored(case: Case, engine: str) -> None:
    """The same random numbers, every gradient negated."""
    x = parameters(torch.float32)
    y = [(-p).detach().requires_grad_() for p in x]
    one, other = (narrow(case, p, **ENGINES[engine]) for p in (x, y))
    for t in range(6):
        for i, (p, q) in enumerate(zip(x, y)):
            p.grad = normal(10 * t + i, p.shape, torch.float32)
            q.grad = -p.grad
        one.step()
        other.step()
    assert all(torch.equal(p, -q) for p, q in zip(x, y))
    assert all(torch.equal(a.abs(), b.abs()) for a, b in zip(kept(one), kept(other)))


def test_neither_cores_nor_a_missing_compiler_matter(no_compiler: None) -> None:
    x, y = parameters(torch.float32), parameters(torch.float32)
    for p, options in ((x, {}), (y, {"foreach": False})):
        climb(narrow(Case(optim.Adam), p, **options), 4)
    assert all(map(torch.equal, x, y))


def scale_after(round_: Callable[[Tensor, int], Tensor], steps: int) -> Tensor:
    """Adam's v on gradients of 1, which tends to 1."""
    v = torch.zeros(2000)
    for t in range(steps):
        v = round_(0.999 * v + 0.001, t).float()
    return v


def test_to_the_nearest_the_scale_freezes_and_by_chance_it_does_not() -> None:
    nearest = scale_after(lambda x, _: x.bfloat16(), 6000)
    assert torch.equal(nearest, scale_after(lambda x, _: x.bfloat16(), 3000))
    assert float(nearest[0]) < 0.35
    v = scale_after(lambda x, t: by_chance(x, stream_of(t, 0, 0)), 6000)
    assert abs(float(v.mean()) - (1 - 0.999**6000)) < 0.01 and v.std() < 0.1
    # The same by the optimizer.
    p = torch.zeros(2000, requires_grad=True)
    optimizer = optim.Adam([p])
    optim.keep_in_bfloat16(optimizer)
    for _ in range(3000):
        p.grad = torch.ones_like(p)
        optimizer.step()
    average = float(optimizer.state[p]["exp_avg_sq"].float().mean())
    assert abs(average - (1 - 0.999**3000)) < 0.01


def test_it_saves_the_bytes() -> None:
    params = [torch.zeros(100, requires_grad=True)]
    optimizer = optim.Adam(params)
    assert speed.bytes_moved(optimizer) == 2800
    climb(optimizer, 1)
    optim.keep_in_bfloat16(optimizer)
    assert speed.bytes_moved(optimizer) == 2000
    assert sum(x.nbytes for x in kept(optimizer)) == 400
    assert gradients(optimizer)[0].dtype == torch.float32


def test_a_group_that_is_added_keeps_its_state_so_too() -> None:
    x, y = parameters(torch.float32), parameters(torch.float32)
    optimizer = narrow(Case(optim.Adam), x)
    optimizer.add_param_group({"params": y})
    climb(optimizer, 2)
    assert {each.dtype for each in kept(optimizer)} == {torch.bfloat16}
    keys = {group["rounding"] for group in optimizer.param_groups}
    assert len(keys) == 2


def test_it_steps_in_backward() -> None:
    x = parameters(torch.float32)
    optimizer = narrow(Case(optim.Adam), x)
    optim.step_in_backward(optimizer)
    before = optimizer.param_groups[0]["rounding"]
    torch.stack([p.sum() for p in x]).sum().backward()
    assert optimizer.param_groups[0]["rounding"] == before + len(x)
    assert {each.dtype for each in kept(optimizer)} == {torch.bfloat16}


@pytest.mark.parametrize(
    ("make", "options", "error", "said"),
    [
        (optim.LBFGS, {}, TypeError, "must follow a rule, as optim.Adam; got LBFGS"),
        (torch.optim.Adam, {}, TypeError, "got Adam"),
        (partial(optim.Adam, differentiable=True), {}, ValueError, "differentiable"),
        (partial(optim.Adam, capturable=True), {}, ValueError, "capturable must be F"),
        (partial(optim.RMSprop, centered=True), {}, ValueError, "centered must be F"),
        (optim.Adam, {"seed": -1}, ValueError, "seed must be 0 or more, got -1"),
        (optim.Adam, {"seed": 1.5}, TypeError, "seed must be an int, got 1.5"),
    ],
)
def test_what_cannot_be_is_refused(
    make: Any, options: Any, error: Any, said: str
) -> None:
    optimizer = make(parameters(torch.float32))
    with pytest.raises(error, match=said):
        optim.keep_in_bfloat16(optimizer, **options)
    assert "rounding" not in optimizer.param_groups[0]


@pytest.mark.parametrize("dtype", [torch.float64, torch.complex64], ids=str)
def test_other_parameters_are_refused(dtype: torch.dtype) -> None:
    optimizer = optim.Adam(parameters(dtype))
    with pytest.raises(TypeError, match=f"but parameter 0 of .* is {dtype}"):
        optim.keep_in_bfloat16(optimizer)
