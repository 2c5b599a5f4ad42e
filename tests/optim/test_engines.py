"""Which engine takes a step, and what the compiled one compiles."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from gradient_ascent import ops, optim
from gradient_ascent.optim import engines
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    ENGINES,
    FEATURES,
    Case,
    climb,
    compiling,
    every_device,
    gap,
    named,
    normal,
    parameters,
)

COMPILED = [c for c in CASES + FEATURES if "kernel" not in c.engines]


class Called(TorchDispatchMode):
    """The names of the operations that run."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        self.names.append(func.overloadpacket.__name__)
        return func(*args, **(kwargs or {}))


def operations(case: Case, shapes: list[tuple[int, ...]], **options: Any) -> list[str]:
    """What the third step calls."""
    optimizer = case.make(parameters(shapes=shapes), **options)
    climb(optimizer, 2)
    with Called() as called:
        optimizer.step()
    return called.names


MANY = [(3,)] * 20


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_the_number_of_calls(case: Case) -> None:
    if "kernel" in case.engines:
        # torch's kernel, and what counts the steps.
        profiled = {"_record_function_enter_new", "_record_function_exit"}
        called = set(operations(case, MANY)) - profiled
        counting = {"_foreach_add_", "ones_like"}
        (kernel,) = called - counting
        assert kernel.startswith("_fused")
        assert operations(case, MANY) == operations(case, MANY, fused=True)
    else:
        assert operations(case, MANY) == operations(case, MANY, foreach=True)
    foreach = operations(case, MANY, foreach=True)
    assert any(name.startswith("_foreach") for name in foreach)
    one_by_one = operations(case, MANY, foreach=False)
    element_wise = [n for n in one_by_one if n != "_local_scalar_dense"]
    assert len(element_wise) > 20 * 3


@contextmanager
def compilations() -> Iterator[list[int]]:
    """Count what the compiler makes while the block runs."""
    from torch._dynamo.utils import counters

    counters.clear()
    count: list[int] = []
    yield count
    count.append(counters["stats"]["unique_graphs"])


@pytest.mark.parametrize("case", named(COMPILED))
def test_packing(
    case: Case, monkeypatch: pytest.MonkeyPatch, clean_kernels: None
) -> None:
    """Small, large, strided and empty tensors, as the reference moves them."""
    monkeypatch.setattr(torch, "compile", lambda run, **_: run)
    monkeypatch.setattr(engines, "PACKED", 8)
    shapes = [(3,), (4, 5), (), (0, 2), (9,), (2, 2)]

    def run(**options: bool) -> list[torch.Tensor]:
        x = [*parameters(shapes=shapes), normal(77, (4, 6)).t().requires_grad_()]
        climb(case.make(x, **options), 20)
        return x

    assert gap_of_full(run(fused=True), run(foreach=False)) <= 1e-13


@pytest.mark.parametrize("case", named(CASES + FEATURES))
def test_pieces(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut anywhere, a tensor moves to the same bits."""
    monkeypatch.setattr(engines, "PACKED", 8)
    shapes = [(3,), (5, 5), (), (0, 2), (9,), (8, 2), (2, 2)]

    def run(size: int) -> list[torch.Tensor]:
        monkeypatch.setattr(engines, "PIECE", size)
        x = [*parameters(shapes=shapes), normal(77, (4, 6)).t().requires_grad_()]
        climb(case.make(x, foreach=True), 10)
        return x

    whole = run(1000)
    for size in (1, 7, 8):
        assert all(torch.equal(a, b) for a, b in zip(run(size), whole))


def gap_of_full(one: list[torch.Tensor], other: list[torch.Tensor]) -> float:
    full = [(a, b) for a, b in zip(one, other, strict=True) if a.numel()]
    return gap([a for a, _ in full], [b for _, b in full])


@pytest.mark.parametrize("case", named(COMPILED[-1:]))
def test_a_kernel_sees_one_tensor_for_all_that_are_small(
    case: Case, monkeypatch: pytest.MonkeyPatch, clean_kernels: None
) -> None:
    sizes: list[int] = []

    def record(run: Any, **_: Any) -> Any:
        def seen(slot: engines.Slot, numbers: Any) -> None:
            sizes.append(slot.parameter.numel())
            run(slot, numbers)

        return seen

    monkeypatch.setattr(torch, "compile", record)
    climb(case.make(parameters(shapes=[(128,)] * 400), fused=True), 1)
    assert sizes == [400 * 128]
    sizes.clear()
    large = engines.PACKED
    climb(case.make(parameters(shapes=[(5,), (large,), (7,)]), fused=True), 1)
    assert sorted(sizes) == [12, large]


@compiling
@every_device
@pytest.mark.parametrize("case", named([COMPILED[3], COMPILED[-3]]))
def test_one_kernel_for_all_sizes_steps_and_rates(
    case: Case, device: str, clean_kernels: None
) -> None:
    shapes = [(128,)] * 50 + [(300, 300)]
    x, y = (parameters(shapes=shapes, device=device) for _ in range(2))
    compiled, reference = case.make(x, fused=True), case.make(y, foreach=False)
    with compilations() as graphs:
        for t in range(12):
            if t == 6:
                for optimizer in (compiled, reference):
                    optimizer.param_groups[0]["lr"] /= 2
            climb(compiled, 1, first=t)
            climb(reference, 1, first=t)
        others = parameters(shapes=[(17,), (400, 200), ()], device=device)
        climb(case.make(others, fused=True), 3)
    assert graphs == [1]
    assert gap(x, y) <= 1e-12


@compiling
def test_a_kernel_outlives_a_new_kind_of_number(clean_kernels: None) -> None:
    """Whoever registers a type makes the operations forget where tensors go."""

    class Number:
        """A kind that nobody has heard of."""

    x, y = parameters(), parameters()
    compiled = optim.GradientAscent(x, clip_value=1.0, fused=True)
    for t in range(3):
        for operation in (ops.sqrt, ops.clip):
            operation.register(Number, operation.dispatch(Number))
        climb(compiled, 1, first=t)
    climb(optim.GradientAscent(y, clip_value=1.0), 3)
    assert gap(x, y) <= 1e-12


@compiling
@pytest.mark.parametrize(
    ("case", "dtype"),
    [
        (DEFAULTS["RMSprop"], torch.float32),
        (DEFAULTS["GradientAscent"], torch.bfloat16),
        (DEFAULTS["GradientAscent"], torch.complex64),
    ],
    ids=str,
)
def test_compiled_in_other_precisions(
    case: Case, dtype: torch.dtype, clean_kernels: None
) -> None:
    x, y = parameters(dtype), parameters(dtype)
    climb(case.make(x, fused=True), 30)
    climb(case.make(y, foreach=False), 30)
    assert all(p.dtype == dtype for p in x)
    assert gap(x, y) <= (0.1 if dtype == torch.bfloat16 else 1e-5)


@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_engines_can_change_in_mid_run(case: Case) -> None:
    x, y = parameters(), parameters()
    changing, steady = case.make(x), case.make(y, foreach=False)
    for t in range(12):
        engine = ENGINES[case.engines[t % len(case.engines)]]
        changing.param_groups[0].update({"foreach": None, "fused": None, **engine})
        climb(changing, 1, first=t)
        climb(steady, 1, first=t)
    assert gap(x, y) <= 1e-13


def test_a_large_float32_tensor_moves_as_one() -> None:
    x, y = (normal(0, (300_001,), torch.float32).requires_grad_() for _ in range(2))
    climb(optim.Adam([x]), 3)
    climb(torch.optim.Adam([y], maximize=True, fused=True), 3)
    assert torch.equal(x, y)
