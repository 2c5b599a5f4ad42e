"""A gradient that is not finite: raise, skip or pass, with nothing half done."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent.optim import GradientAscent
from tests.optim.cases import climb, normal, parameters


def spoiled(
    bad: float, **options: Any
) -> tuple[GradientAscent, list[Tensor], list[Tensor]]:
    """An optimizer of two groups, the last of whose gradients is bad."""
    first, second = parameters(), parameters()
    groups = [{"params": first}, {"params": second}]
    optimizer = GradientAscent(groups, **options)
    climb(optimizer, 3)
    gradient = second[0].grad
    assert gradient is not None
    gradient[1, 2] = bad
    return optimizer, first, second


def everything(optimizer: GradientAscent) -> list[Tensor]:
    params = [p for group in optimizer.param_groups for p in group["params"]]
    kept = [v for p in params for v in optimizer.state[p].values()]
    return [t.detach().clone() for t in [*params, *kept]]


BAD = [float("nan"), float("inf"), -float("inf")]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("engine", [{}, {"foreach": False}])
def test_raise(bad: float, engine: dict[str, Any]) -> None:
    optimizer, *_ = spoiled(bad, **engine)
    before = everything(optimizer)
    with pytest.raises(
        FloatingPointError,
        match=r"the gradient of parameter 0 of its group, of shape \(3, 4\) is not "
        "finite, and nothing has moved",
    ):
        optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(everything(optimizer), before))


def test_the_parameter_is_named() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
    optimizer = GradientAscent(model.named_parameters())
    model(torch.ones(1, 2)).sum().backward()
    assert model[1].weight.grad is not None
    model[1].weight.grad[0, 0] = torch.nan
    with pytest.raises(FloatingPointError, match=r"of parameter '1\.weight' is not"):
        optimizer.step()


@pytest.mark.parametrize("bad", BAD)
def test_skip(bad: float) -> None:
    optimizer, *_ = spoiled(bad, nonfinite="skip")
    before = everything(optimizer)
    optimizer.step()
    assert all(torch.equal(a, b) for a, b in zip(everything(optimizer), before))
    # A step that was skipped has not been: the run goes on as if without it.
    whole = GradientAscent([{"params": parameters()}, {"params": parameters()}])
    climb(whole, 5)
    climb(optimizer, 2, first=3)
    assert all(
        torch.equal(a, b) for a, b in zip(everything(optimizer), everything(whole))
    )


def test_pass() -> None:
    optimizer, first, second = spoiled(torch.nan, nonfinite="pass")
    optimizer.step()
    assert all(p.isfinite().all() for p in first)
    assert second[0].isnan().sum() == 1


@pytest.mark.parametrize("nonfinite", ["raise", "skip", "pass"])
def test_finite_gradients_take_the_same_path(nonfinite: Any) -> None:
    x, y = parameters(), parameters()
    climb(GradientAscent(x, nonfinite=nonfinite), 20)
    climb(GradientAscent(y), 20)
    assert all(torch.equal(a, b) for a, b in zip(x, y))


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.bfloat16, torch.float16, torch.complex64]
)
def test_in_every_precision(dtype: torch.dtype) -> None:
    p = normal(0, (50,), dtype).requires_grad_()
    optimizer = GradientAscent([p], eps=1e-3)
    # The largest numbers are finite, though their squares and sums are not.
    p.grad = torch.full_like(p, torch.finfo(dtype).max / 2)
    twin = copy.deepcopy(optimizer)
    twin._all_finite(twin._recalled())
    assert optimizer._all_finite(optimizer._recalled())
    p.grad[7] = torch.inf
    with pytest.raises(FloatingPointError):
        optimizer.step()


@pytest.mark.parametrize("size", [1, 2, 5, 8])
@pytest.mark.parametrize("taken", [0, 2])
def test_wherever_it_stands(size: int, taken: int) -> None:
    """At the first step, and where the gradients before were like it."""
    for index in range(size):
        x = torch.zeros(size, requires_grad=True)
        optimizer = GradientAscent([x])
        for _ in range(taken):
            x.grad = torch.ones(size)
            optimizer.step()
        x.grad = torch.ones(size)
        x.grad[index] = torch.nan
        with pytest.raises(FloatingPointError):
            optimizer.step()


def test_it_comes_from_the_closure_too() -> None:
    x = torch.ones(2, requires_grad=True)
    optimizer = GradientAscent([x])

    def closure() -> Tensor:
        optimizer.zero_grad()
        f = (x - 1).sqrt().sum()  # an infinite slope
        f.backward()
        return f

    with pytest.raises(FloatingPointError):
        optimizer.step(closure)
    assert x.tolist() == [1, 1]


def test_sparse_comes_first() -> None:
    x = torch.ones(3, 2, requires_grad=True)
    x.grad = torch.eye(3, 2).to_sparse()
    with pytest.raises(RuntimeError, match="takes dense gradients"):
        GradientAscent([x]).step()
