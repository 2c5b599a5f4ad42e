"""What may happen to an optimizer's tensors between two steps, and is noticed."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.optim.optimizer import Optimizer

from gradient_ascent import optim
from gradient_ascent.optim import compiler, known
from gradient_ascent.optim.torch_private import _parts
from tests.optim.cases import (
    DEFAULTS,
    FEW,
    Case,
    climb,
    gap,
    named,
    normal,
    parameters,
)

LAYOUTS = [
    torch.zeros(3, 4), torch.zeros(3, 4).t(), torch.zeros(4, 6)[::2, 1:],
    torch.zeros(()), torch.zeros(0, 3), torch.zeros(1).expand(5),
    torch.zeros(2, 3, 4, 5, dtype=torch.half),
    torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last),
    torch.zeros(3, dtype=torch.complex64), torch.ones(3, requires_grad=True),
]  # fmt: skip


@given(st.lists(st.sampled_from(LAYOUTS), max_size=6))
def test_where_tensors_locate(tensors: list[Tensor]) -> None:
    place = known.locate(known.handles(tensors), known.room(tensors))
    assert place is not None
    assert place.starts.tolist() == [x.data_ptr() for x in tensors]
    numbers, kinds = iter(place.layout), {}
    for x in tensors:
        kind, dim = next(numbers), next(numbers)
        assert kinds.setdefault(kind, x.dtype) == x.dtype
        pairs = [(next(numbers), next(numbers)) for _ in range(dim)]
        assert pairs == [*zip(x.shape, x.stride())]
    assert len({*kinds.values()}) == len(kinds)


@given(st.lists(st.sampled_from(LAYOUTS), min_size=1), st.integers(-3, 3))
def test_the_room_must_fit(tensors: list[Tensor], more: int) -> None:
    room = max(0, known.room(tensors) + more)
    fits = known.locate(known.handles(tensors), room) is not None
    assert fits == (room == known.room(tensors))


def test_what_has_no_memory_lies_nowhere() -> None:
    for odd in (torch.eye(3).to_sparse(), torch._efficientzerotensor((3,))):
        tensors = [torch.zeros(3), odd]
        assert known.locate(known.handles(tensors), 8) is None
        assert known.locate(known.handles(tensors[:1]), 4) is not None


def test_another_libtorch_is_told_by_what_it_lacks() -> None:
    with pytest.raises(ImportError, match=r"needs aoti_torch_get_lost, which torch"):
        _parts(known.torch._C, "aoti_torch_get_{}", "lost")


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


@pytest.mark.parametrize("case", named(FEW))
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


@pytest.mark.parametrize("case", named(x for x in DEFAULTS.values() if x.remembers))
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


def cut(p: Tensor) -> None:
    p.grad.data = p.grad.data[:2]


def retyped(p: Tensor) -> None:
    p.grad.data = p.grad.data.float()


def turned_gradient(p: Tensor) -> None:
    p.grad.t_()


def strided(p: Tensor) -> None:
    p.grad = normal(7, (6, 3))[::2]


def expanded(p: Tensor) -> None:
    p.grad = torch.ones((), dtype=p.dtype).expand(3, 3)


def reshaped(p: Tensor) -> None:
    row = torch.arange(9.0, dtype=p.dtype)
    p.grad.data = row.as_strided((9, 1), (1, 1))


def subclassed(p: Tensor) -> None:
    p.grad = torch.nn.Parameter(normal(8, (3, 3)))


@pytest.mark.parametrize("kind", [optim.Adam, optim.GradientAscent])
@pytest.mark.parametrize(
    "event",
    [
        cut,
        reshaped,
        retyped,
        turned_gradient,
        strided,
        expanded,
        subclassed,
    ],
)
def test_a_gradient_unlike_the_one_before(
    kind: Any, event: Callable[[Tensor], None]
) -> None:
    ends = []
    for foreach in (None, False):
        x = normal(0, (3, 3)).requires_grad_()
        optimizer = kind([x], lr=0.1, foreach=foreach)
        for t in range(5):
            x.grad = normal(t, (3, 3))
            if t == 3:
                event(x)
            if event in (cut, reshaped) and t == 3:
                with pytest.raises(RuntimeError, match="grad of a parameter must have"):
                    optimizer.step()
            else:
                optimizer.step()
        ends.append([x])
    assert gap(*ends) <= 1e-7


def test_a_gradient_that_becomes_sparse() -> None:
    x, y = (torch.ones(3, 3, requires_grad=True) for _ in range(2))
    optimizer = optim.Adam([{"params": [x]}, {"params": [y]}])
    for _ in range(3):
        x.grad, y.grad = torch.ones(3, 3), torch.ones(3, 3)
        optimizer.step()
    y.grad = torch.eye(3).to_sparse()
    before = [x.detach().clone(), y.detach().clone()]
    with pytest.raises(RuntimeError, match="takes dense gradients"):
        optimizer.step()
    assert gap([x, y], before) == 0


def test_memory_that_is_given_back() -> None:
    """As sharding frees a parameter's between its uses."""
    x = torch.zeros(4, requires_grad=True)
    optimizer = optim.Momentum([x], lr=1.0, momentum=0.5)
    for _ in range(2):
        x.grad = torch.ones(4)
        optimizer.step()
    with torch.no_grad():
        x.untyped_storage().resize_(0)
        x.untyped_storage().resize_(16)
        x.zero_()
    x.grad = torch.ones(4)
    optimizer.step()
    assert x.tolist() == [1.75] * 4


@pytest.mark.parametrize("name", ["parameter", "exp_avg"])
def test_a_tensor_that_is_swapped(name: str) -> None:
    """It is the same to Python, and another to torch."""
    ends = []
    for foreach in (None, False):
        x = normal(0, (50,)).requires_grad_()
        optimizer = optim.Adam([x], lr=0.1, foreach=foreach)
        climb(optimizer, 3)
        old = x if name == "parameter" else optimizer.state[x][name]
        new = normal(5, (50,)).requires_grad_(old.requires_grad)
        x.grad = None
        torch.utils.swap_tensors(old, new)
        del new
        climb(optimizer, 3, first=3)
        ends.append([x])
    assert gap(*ends) <= 1e-13


def test_a_parameter_that_becomes_conjugated() -> None:
    """Its memory is the same, and means something else."""
    x = normal(0, (4,), torch.complex128).requires_grad_()
    optimizer = optim.SGD([x], lr=0.1)
    climb(optimizer, 2)
    x.data = x.data.conj()
    before = x.detach().clone()
    with pytest.raises(RuntimeError, match="view_as_real"):
        climb(optimizer, 1, first=2)
    assert torch.equal(x, before)


def test_autograd_hears_of_the_state_too() -> None:
    x, w = (torch.ones(3, requires_grad=True) for _ in range(2))
    optimizer = optim.Adam([x])
    for t in range(3):
        x.grad = torch.ones(3)
        y = (w * optimizer.state[x]["exp_avg"]).sum() if t else w.sum()
        optimizer.step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_a_compiler_that_is_lost_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Torch's own kernels take over where a new option needs a new kernel."""
    ends = []
    for foreach in (None, False):
        x, y = parameters(), parameters()
        groups: list[dict[str, Any]] = [{"params": x}, {"params": y}]
        optimizer = optim.Momentum(groups, lr=0.1, momentum=0.5, foreach=foreach)
        climb(optimizer, 3)
        monkeypatch.setenv("CC", "no-such-compiler")
        monkeypatch.setattr(compiler, "_loaded", dict(compiler._loaded))
        optimizer.param_groups[1].update(dampening=0.2, weight_decay=0.13)
        climb(optimizer, 3, first=3)
        monkeypatch.undo()
        ends.append([*x, *y])
    assert gap(*ends) <= 1e-13


@pytest.mark.parametrize("taken", [0, 2])
def test_a_gradient_without_memory(taken: int) -> None:
    """Of zeros that autograd has not written down; torch's kernel refuses it."""
    x, y = (torch.ones(3, requires_grad=True) for _ in range(2))
    ours, torchs = optim.GradientAscent([x]), optim.Adam([y])
    for optimizer, p in ((ours, x), (torchs, y)):
        climb(optimizer, taken)
        p.grad = torch._efficientzerotensor((3,))
    ours.step()
    with pytest.raises(RuntimeError, match="ZeroTensors are immutable"):
        torchs.step()
