"""The written engine on a GPU, or in Triton's interpreter: what it computes."""

from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent import optim
from gradient_ascent.optim import on_gpu, triton_kernel
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
from tests.optim.gpu import BLOCK, SHAPES
from tests.optim.test_direction import assert_same_bits

DTYPES = [
    torch.float64, torch.bfloat16, torch.float16, torch.complex64, torch.complex128,
]  # fmt: skip
KINDS = [(case, torch.float32) for case in CASES + FEATURES]
KINDS += [(case, dtype) for case in DEFAULTS.values() for dtype in DTYPES]


def ends(
    case: Case, dtype: torch.dtype, device: str, *, sign: int = 1, **options: Any
) -> list[Tensor]:
    """Where parameters and state are after two steps."""
    x = parameters(dtype, SHAPES, device)
    optimizer = case.make(x, **options)
    climb(optimizer, 2, sign=sign)
    kept = [v for p in x for v in optimizer.state[p].values()]
    return [p.detach().cpu() for p in [*x, *kept]]


def apart(some: list[Tensor], others: list[Tensor]) -> float:
    full = [(a, b) for a, b in zip(some, others, strict=True) if a.numel()]
    return gap([a for a, _ in full], [b for _, b in full])


@pytest.mark.parametrize(("case", "dtype"), KINDS, ids=str)
def test_it_is_the_kernel_in_c(
    case: Case, dtype: torch.dtype, gpu: str, seen: bool, moved: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """To the last bit; nearly so where the GPU alone knows the count of the steps."""
    here = ends(case, dtype, gpu)
    assert moved == [len(SHAPES)] * 2
    monkeypatch.setattr(on_gpu, "DEVICES", {"cuda"})
    there = ends(case, dtype, "cpu")
    assert len(moved) == 2
    if seen or not case.ours.has_kernel:
        assert_same_bits(here, there)
    else:
        assert apart(here, there) <= 4 * torch.finfo(dtype).eps


@pytest.mark.parametrize("case", named(CASES + FEATURES))
def test_counts_that_are_not_seen(case: Case, gpu: str, moved: list[int]) -> None:
    """The reference's path, and the same bits in both directions."""
    up = ends(case, torch.float64, gpu)
    down = ends(case, torch.float64, gpu, sign=-1, maximize=False)
    assert moved == [len(SHAPES)] * 4
    assert_same_bits(up, down)
    assert apart(up, ends(case, torch.float64, gpu, foreach=False)) <= 2e-15


CAPTURABLE = {each.ours: each for each in CASES if each.ours.__name__ in
              ("Adam", "AMSGrad", "RMSprop")}  # fmt: skip


@pytest.mark.parametrize("case", named(CAPTURABLE.values()))
def test_rates_that_are_tensors(case: Case, gpu: str, moved: list[int]) -> None:
    """Read by the kernel, in whatever precision they have."""
    options: dict[str, Any] = {"lr": 0.25, "capturable": True}
    tensors = {**options, "lr": torch.tensor(0.25, device=gpu)}
    if "betas" in case.ours([torch.zeros(1)]).defaults:
        options["betas"] = 0.5, 0.75
        tensors["betas"] = tuple(torch.tensor(x, device=gpu) for x in options["betas"])
    there = ends(case, torch.float32, gpu, **options)
    assert_same_bits(ends(case, torch.float32, gpu, **tensors), there)
    assert len(moved) == 4


def test_several_precisions_and_a_state_of_another(gpu: str, moved: list[int]) -> None:
    ends = []
    for foreach in (None, False):
        halves = normal(0, (70,), torch.bfloat16)
        mixed = [halves, normal(1, (3,), torch.float32), normal(2, (4,))]
        x = [p.to(gpu).requires_grad_() for p in mixed]
        optimizer = optim.Adam(x, foreach=foreach)
        climb(optimizer, 1)
        own = optimizer.state[x[0]]
        own.update(exp_avg=own["exp_avg"].float(), exp_avg_sq=own["exp_avg_sq"].float())
        climb(optimizer, 1, first=1)
        assert own["exp_avg"].dtype == torch.float32
        ends.append(x)
    assert moved == [1] * 6
    assert gap(*ends) <= 1e-6


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_memory_at_odd_addresses(dtype: torch.dtype, gpu: str) -> None:
    whole = normal(0, (2 * BLOCK + 2,), dtype).to(gpu)
    odd = whole.clone()[1:].requires_grad_()
    even = whole[1:].clone().requires_grad_()
    for p in (odd, even):
        climb(optim.Adam([p]), 2)
    assert odd.data_ptr() % 16
    assert torch.equal(odd, even)


def test_memory_in_another_order(gpu: str, moved: list[int]) -> None:
    ends = []
    for foreach in (None, False):
        x = normal(0, (9, 10)).to(gpu).t().requires_grad_()
        optimizer = optim.Adam([x], foreach=foreach)
        for t in (1, 2):
            x.grad = torch.empty_like(x).copy_(normal(t, (10, 9)))
            optimizer.step()
        ends.append([x])
    assert moved == [1, 1]
    assert gap(*ends) <= 1e-15


def test_nothing_but_tensors_of_no_size(gpu: str, moved: list[int]) -> None:
    x = torch.zeros(0, 3, device=gpu, requires_grad=True)
    optimizer = optim.Adam([x])
    climb(optimizer, 3)
    assert moved == [1] * 3
    assert float(optimizer.state[x]["step"]) == 3


def test_many_tensors_and_one_launch(
    gpu: str, moved: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is fixed about them is sent once, and gradients' places when they move."""
    sent: list[int] = []
    pinned = on_gpu.Tables._pinned

    def noted(self: on_gpu.Tables, numbers: Tensor) -> Tensor:
        sent.append(numbers.numel())
        return pinned(self, numbers)

    monkeypatch.setattr(on_gpu.Tables, "_pinned", noted)
    x = [normal(i, (3,)).to(gpu).requires_grad_() for i in range(40)]
    optimizer = optim.GradientAscent(x, lr_decay=0.9, warmup_steps=2, nonfinite="pass")
    climb(optimizer, 1)
    first = len(sent)
    kernels = len(triton_kernel._loaded)
    for _ in range(3):
        optimizer.param_groups[0]["lr"] /= 2
        optimizer.param_groups[0]["lr_decay"] /= 2
        optimizer.step()
    assert moved == [40] * 4
    assert sent[first:] == []
    assert len(triton_kernel._loaded) == kernels
    held = [p.grad for p in x]
    climb(optimizer, 1, first=4)
    assert sent[first:] == [40]  # the old ones are held, so the new lie elsewhere
    assert len(held) == 40
    optimizer.add_param_group({"params": [y := normal(0, (2,)).to(gpu)]})
    y.requires_grad_()
    climb(optimizer, 1, first=5)
    assert moved[5:] == [40, 1]


def test_a_graph_reads_what_no_step_changes(
    gpu: str, moved: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its gradients lie is copied from memory that was set aside before."""
    kept: list[Tensor] = []
    monkeypatch.setattr(on_gpu, "_kept", kept)
    monkeypatch.setattr(on_gpu, "GRAPHS", 2)
    x, y = (normal(0, (5,)).to(gpu).requires_grad_() for _ in range(2))
    optimizer, other = (optim.Adam([p], capturable=True) for p in (x, y))
    climb(optimizer, 1)
    (known,) = optimizer._known.values()
    sent, held = known.launch.gradients, [x.grad]
    before = sent.columns, sent.there
    monkeypatch.setattr(on_gpu, "is_capturing", lambda device: True)
    for t in (1, 2):
        climb(optimizer, 1, first=t)
        assert (sent.columns, sent.there) == before  # what a step reads
        assert kept[-1].tolist() == [x.grad.data_ptr()]
        held.append(x.grad)
    assert len(moved) == 3
    climb(optimizer, 1, first=3)  # there is no more, so torch's kernel is captured
    assert len(moved) == 3
    monkeypatch.setattr(on_gpu, "is_capturing", lambda device: False)
    climb(optimizer, 1, first=4)
    assert len(moved) == 4
    climb(other, 5)
    assert gap([x], [y]) <= 1e-15
