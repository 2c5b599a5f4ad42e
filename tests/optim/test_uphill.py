"""`uphill` makes any optimizer take the steps of the descent on -f."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from functools import partial
from inspect import signature
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim.lr_scheduler import StepLR
from torch.optim.optimizer import Optimizer
from torch.utils._pytree import tree_leaves

from gradient_ascent import constraints, uphill
from gradient_ascent.optim import PlateauScheduler
from gradient_ascent.optim.climbing import Uphill
from tests.optim.cases import normal, parameters
from tests.optim.test_direction import assert_same_bits

MATRICES = [(3, 4), (2, 2)]
"""Muon takes no other shapes."""


class Lookahead(Optimizer):
    """As third parties write them: with a closure, and momentum of its own."""

    def __init__(self, params: Any, lr: float = 0.1, weight_decay: float = 0.1) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:  # type: ignore[override]
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                slow = self.state[p].setdefault("slow", p.clone())
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(p.grad, alpha=group["lr"])
                p.lerp_(slow, 0.5)
        return loss


class Sharp(torch.optim.SGD):
    """Two gradients a step, as sharpness-aware ones do; the first is zeroed."""

    @torch.no_grad()
    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]
        closure = torch.enable_grad()(closure)
        value = closure()
        moved = [(p, 0.1 * p.grad) for g in self.param_groups for p in g["params"]]
        for p, ahead in moved:
            p.add_(ahead)
        self.zero_grad()
        closure()
        for p, ahead in moved:
            p.sub_(ahead)
        super().step()
        return value


TORCHS = [
    kind
    for kind in vars(torch.optim).values()
    if isinstance(kind, type) and issubclass(kind, Optimizer) and kind is not Optimizer
]
MAKERS: dict[str, Callable[..., Optimizer]] = {
    **{kind.__name__: kind for kind in TORCHS},
    "LBFGS-wolfe": partial(torch.optim.LBFGS, line_search_fn="strong_wolfe"),
    "SGD-all": partial(
        torch.optim.SGD, momentum=0.9, nesterov=True, weight_decay=0.1, foreach=True
    ),
    "Adam-fused": partial(torch.optim.Adam, weight_decay=0.1, fused=True),
    "Lookahead": Lookahead,
    "Sharp": Sharp,
}
every_maker = pytest.mark.parametrize("name", MAKERS)


def test_all_of_torchs_optimizers_are_here() -> None:
    assert {"Muon", "LBFGS", "Adafactor", "ASGD", "Rprop", "SparseAdam"} < set(MAKERS)
    assert len(TORCHS) >= 15


def closure_of(
    optimizer: Optimizer, params: list[Tensor], sign: float = 1.0, t: int = 0
) -> Callable[[], Tensor]:
    """A concave function rocked by noise, its gradient sparse if that is asked."""
    sparse = isinstance(optimizer, torch.optim.SparseAdam)

    def closure() -> Tensor:
        optimizer.zero_grad()
        f = torch.zeros((), dtype=params[0].dtype)
        for i, p in enumerate(params):
            x = p
            if sparse:
                rows = torch.tensor([0, 1, 1])
                x = torch.nn.functional.embedding(rows, p, sparse=True)
            noise = normal(10 * t + i, tuple(x.shape), p.dtype)
            f = f - ((x - 1).square().sum() + x.cos().sum()) + (noise * x).sum()
        (sign * f).backward()
        return sign * f.detach()

    return closure


def gradients(params: list[Tensor]) -> list[Tensor]:
    return [p.grad.to_dense() for p in params if p.grad is not None]


def memory(optimizer: Optimizer) -> list[Any]:
    """What an optimizer remembers, as numbers or None."""
    leaves = tree_leaves([dict(state) for state in optimizer.state.values()])
    return [x.tolist() if isinstance(x, Tensor) else x for x in leaves]


def run(
    optimizer: Optimizer,
    params: list[Tensor],
    sign: float = 1.0,
    steps: int = 6,
    first: int = 0,
) -> list[float]:
    return [
        float(optimizer.step(closure_of(optimizer, params, sign, t)))  # type: ignore[arg-type]
        for t in range(first, first + steps)
    ]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@every_maker
def test_it_is_the_descent_on_minus_f(name: str, dtype: torch.dtype) -> None:
    up, down = (parameters(dtype, MATRICES) for _ in range(2))
    climber, other = uphill(MAKERS[name](up)), MAKERS[name](down)
    values = run(climber, up)
    assert values == [-value for value in run(other, down, sign=-1)]
    assert_same_bits(up, down)
    assert memory(climber) == memory(other)
    assert not torch.equal(up[0], parameters(dtype, MATRICES)[0])  # it has moved
    assert_same_bits(gradients(up), [-g for g in gradients(down)])


@every_maker
def test_the_gradient_is_left_alone(name: str) -> None:
    params = parameters(shapes=MATRICES)
    optimizer = uphill(MAKERS[name](params))
    closure = closure_of(optimizer, params)
    last: list[tuple[Tensor, Tensor, int]] = []

    def seen() -> Tensor:
        value = closure()
        last[:] = [(p.grad, p.grad.clone(), p.grad._version) for p in params]
        return value

    optimizer.step(seen)  # type: ignore[arg-type]
    for p, (tensor, bits, version) in zip(params, last, strict=True):
        assert p.grad is tensor
        assert tensor._version == version  # not even written to
        assert torch.equal(tensor.to_dense(), bits.to_dense())


@pytest.mark.parametrize(
    "name", sorted(MAKERS.keys() - {"LBFGS", "LBFGS-wolfe", "Sharp"})
)
def test_without_a_closure(name: str) -> None:
    up, down = (parameters(shapes=MATRICES) for _ in range(2))
    for params, sign in ((up, 1), (down, -1)):
        optimizer = MAKERS[name](params)
        optimizer = uphill(optimizer) if sign == 1 else optimizer
        for t in range(4):
            closure_of(optimizer, params, sign, t)()
            assert optimizer.step() is None
    assert_same_bits(up, down)


@pytest.mark.parametrize("dtype", [torch.complex128, torch.bfloat16])
def test_other_numbers(dtype: torch.dtype) -> None:
    up, down = parameters(dtype), parameters(dtype)
    for params, sign in ((up, 1), (down, -1)):
        optimizer: Optimizer = torch.optim.Adam(params, lr=0.1)
        optimizer = uphill(optimizer) if sign == 1 else optimizer
        for p in params[:-1]:  # the last has no gradient
            p.grad = sign * torch.ones_like(p)
        optimizer.step()
        assert params[-1].grad is None
    assert_same_bits(up, down)
    assert (up[0].real > parameters(dtype)[0].real).all()


def test_a_step_that_raises_puts_the_gradients_back() -> None:
    class Fails(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            if closure:
                closure()
            raise ArithmeticError("no step")

    def fails() -> None:
        raise ZeroDivisionError

    x = torch.ones(2, requires_grad=True)
    x.grad = gradient = torch.tensor([1.0, -0.0])
    optimizer = uphill(Fails([x]))
    with pytest.raises(ArithmeticError, match="no step"):
        optimizer.step()
    with pytest.raises(ZeroDivisionError):
        optimizer.step(fails)
    assert x.grad is gradient
    assert gradient.tolist() == [1, 0]


def test_what_an_optimizer_does_to_gradients_is_done_to_the_true_ones() -> None:
    class Clips(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            params = self.param_groups[0]["params"]
            torch.nn.utils.clip_grad_value_(params[:1], 0.5)
            params[1].grad = None
            params[2].grad = params[2].grad * 2
            return super().step(closure)

    params = [torch.zeros(2, requires_grad=True) for _ in range(3)]
    for p in params:
        p.grad = torch.tensor([3.0, -0.25])
    first = params[0].grad
    uphill(Clips(params, lr=1.0)).step()
    assert params[0].tolist() == [0.5, -0.25]
    assert params[0].grad is first
    assert first.tolist() == [0.5, -0.25]
    assert params[1].grad is None
    assert params[2].tolist() == params[2].grad.tolist() == [6, -0.5]


def test_hooks_run_once_and_see_the_gradient_of_f() -> None:
    x = torch.zeros((1, 1), requires_grad=True)
    optimizer = uphill(torch.optim.Muon([x]))
    seen: list[float] = []
    for register in (
        optimizer.register_step_pre_hook,
        optimizer.register_step_post_hook,
    ):
        register(lambda *_: seen.append(float(x.grad)))
    x.grad = torch.full((1, 1), 2.0)
    optimizer.step()
    assert seen == [2, 2]
    copy.deepcopy(torch.optim.Muon([x]))
    optimizer.step()
    assert seen == [2, 2] * 2


def test_schedulers_and_the_plateau_scheduler() -> None:
    x = torch.zeros(1, requires_grad=True)
    optimizer = uphill(torch.optim.SGD([x], lr=1.0))
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    for _ in range(3):
        x.grad = torch.ones(1)
        optimizer.step()
        scheduler.step()
    assert x.item() == 1.75
    assert PlateauScheduler(optimizer).mode == "max"


@pytest.mark.parametrize("options", [{}, {"fused": True}])
def test_grad_scaler(options: dict[str, Any]) -> None:
    x = torch.zeros(3, requires_grad=True)
    optimizer = uphill(torch.optim.SGD([x], lr=1.0, **options))
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)  # type: ignore[attr-defined]
    scaler.scale((3 * x).sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    assert x.tolist() == [3, 3, 3]
    x.grad = torch.full((3,), torch.inf)
    scaler.step(optimizer)
    assert x.tolist() == [3, 3, 3]


def through_pickle(optimizer: Any) -> Any:
    return pickle.loads(pickle.dumps(optimizer))


def through_torch(optimizer: Any) -> Any:
    file = io.BytesIO()
    torch.save(optimizer, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


@pytest.mark.parametrize("copied", [copy.deepcopy, through_pickle, through_torch])
@pytest.mark.parametrize("kind", [torch.optim.Muon, torch.optim.LBFGS, Lookahead])
def test_copies_climb_on(kind: type[Optimizer], copied: Callable[[Any], Any]) -> None:
    params = parameters(shapes=MATRICES)
    optimizer = uphill(kind(params))
    if kind is not torch.optim.LBFGS:  # torch's cannot step a copy
        run(optimizer, params)
    other = copied(optimizer)
    assert type(other) is type(optimizer)
    assert isinstance(other, Uphill)
    assert isinstance(other, kind)
    if kind is not torch.optim.LBFGS:
        theirs = other.param_groups[0]["params"]
        assert run(other, theirs, first=6) == run(optimizer, params, first=6)
        assert_same_bits(theirs, params)


def test_a_copy_in_a_set_climbs_in_it() -> None:
    for first in (True, False):
        x = torch.zeros(2, requires_grad=True)
        optimizer: Optimizer = torch.optim.SGD([x], lr=5.0)
        box = constraints.Box(-1, 1)
        if first:
            optimizer = uphill(optimizer)
        constraints.constrain(optimizer, box)
        other = through_pickle(uphill(optimizer) if not first else optimizer)
        (y,) = other.param_groups[0]["params"]
        y.grad = torch.tensor([1.0, -1.0])
        other.step()
        assert y.tolist() == [1, -1]


def test_checkpoints_and_new_groups() -> None:
    params, theirs = parameters(shapes=MATRICES), parameters(shapes=MATRICES)
    optimizer, other = uphill(torch.optim.Muon(params)), torch.optim.Muon(theirs)
    run(optimizer, params)
    saved = copy.deepcopy(optimizer.state_dict())
    other.load_state_dict(saved)
    optimizer.load_state_dict(saved)
    assert_same_bits(optimizer.state[params[0]], other.state[theirs[0]])
    more = torch.zeros((2, 2), requires_grad=True)
    optimizer.add_param_group({"params": [more]})
    more.grad = torch.eye(2)
    optimizer.step()
    assert (more.diagonal() > 0).all()


def test_autograd_sees_a_differentiable_step() -> None:
    lr = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    start = torch.ones(2, dtype=torch.float64, requires_grad=True)
    x = start.clone()
    optimizer = uphill(torch.optim.SGD([x], lr=lr, differentiable=True))
    (x.grad,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    optimizer.step()
    (slope,) = torch.autograd.grad(x.sum(), lr)
    assert slope == 6  # d/dη of Σ x + η 3 x²


def test_a_scaler_still_finds_the_signature_of_step() -> None:
    x = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([x])
    before = signature(optimizer.step)
    assert signature(uphill(optimizer).step) == before


def scheduled() -> Optimizer:
    optimizer = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=1)
    StepLR(optimizer, 1)
    return optimizer


class Bare(Optimizer):
    """It sets what it needs itself."""

    def __init__(self, params: Any) -> None:
        self.param_groups = [{"params": list(params)}]

    def step(self, closure: Any = None) -> Any:  # type: ignore[override]
        return None


class Around(torch.optim.SGD):
    """It steps by another optimizer of its parameters."""

    def __init__(self, inner: Optimizer) -> None:
        super().__init__(inner.param_groups)
        self.inner = inner


class Above(torch.optim.SGD):
    """It names itself where it means the class above."""

    def step(self, closure: Any = None) -> Any:
        return super(self.__class__, self).step(closure)


X = torch.zeros(2, requires_grad=True)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: torch.nn.Linear(1, 1), TypeError, "must be a torch.optim.Optimizer"),
        (lambda: torch.optim.SGD, TypeError, "must be a torch.optim.Optimizer, got"),
        (
            lambda: torch.optim.Adam([{"params": [X], "maximize": True}]),
            ValueError,
            "group 0 of this Adam has maximize=True and climbs by itself",
        ),
        (
            lambda: uphill(torch.optim.SGD([X])),
            ValueError,
            "this UphillSGD climbs already",
        ),
        (lambda: Bare([X]), ValueError, "this Bare has not called Optimizer.__init__"),
        (lambda: Above([X]), ValueError, "the step of Above must say super()"),
        (
            lambda: Around(uphill(torch.optim.SGD([X]))),
            ValueError,
            "inner of this Around climbs already; make the Around of one that",
        ),
        (scheduled, ValueError, "call uphill before the scheduler is made"),
    ],
)
def test_refusals(make: Callable[[], Any], kind: type[Exception], message: str) -> None:
    refused = make()
    before = type(refused)
    with pytest.raises(kind, match=message):
        uphill(refused)
    assert type(refused) is before


@pytest.mark.parametrize("zeroes", [False, True])
def test_in_inference_mode(zeroes: bool) -> None:
    class Zeroes(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            value = super().step(closure)
            if zeroes:
                x.grad.zero_()  # type: ignore[union-attr]
            return value

    with torch.inference_mode():
        x = torch.zeros(2)
        x.grad = true = torch.tensor([1.0, -2.0])
        uphill(Zeroes([x], lr=0.5)).step()
        assert x.tolist() == [0.5, -1.0]
        assert x.grad is true and true.tolist() == ([0, 0] if zeroes else [1, -2])


def test_the_class_tells_whose_it_is() -> None:
    kind = type(uphill(torch.optim.SGD([X])))
    assert kind.__module__ == torch.optim.SGD.__module__
    assert kind.__doc__ == torch.optim.SGD.__doc__


def test_a_group_that_comes_to_climb_by_itself_is_refused_at_the_step() -> None:
    x = torch.zeros(2, requires_grad=True)
    optimizer = uphill(torch.optim.Adam([x]))
    optimizer.param_groups[0]["maximize"] = True
    x.grad = torch.ones(2)
    with pytest.raises(ValueError, match="climbs by itself"):
        optimizer.step()
    assert x.tolist() == [0, 0]


class Late(torch.optim.SGD):
    """Takes the closure as its second argument."""

    def step(self, epoch: int, loss: Any = None) -> Any:  # type: ignore[override]
        return super().step(loss)


class Twice(torch.optim.SGD):
    """A step of two."""

    deep = False

    def step(self, closure: Any = None) -> Any:
        if self.deep:
            return super().step(closure)
        self.deep = True
        self.step(closure)
        value = self.step(closure)
        self.deep = False
        return value


def test_a_closure_may_come_anywhere() -> None:
    for how in ({"loss": True}, {}):
        x = torch.ones(1, requires_grad=True)

        def closure(x: Tensor = x) -> Tensor:
            x.grad = None
            f = 3 * x.sum()
            f.backward()
            return f.detach()

        optimizer = uphill(Late([x], lr=0.1))
        value = optimizer.step(0, loss=closure) if how else optimizer.step(0, closure)
        assert value == 3 and x.item() == pytest.approx(1.3)


def test_a_step_made_of_steps_is_turned_once() -> None:
    x = torch.zeros(1, requires_grad=True)
    x.grad = torch.ones(1)
    uphill(Twice([x], lr=0.1)).step()
    assert x.item() == pytest.approx(0.2)
    assert x.grad.item() == 1


def test_a_copy_keeps_its_constraint_whatever_was_turned_before() -> None:
    uphill(torch.optim.SGD([torch.ones(1, requires_grad=True)]))
    x = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=5)
    constraints.constrain(optimizer, constraints.Box(-1, 1))
    twin = copy.deepcopy(uphill(optimizer))
    (moved,) = twin.param_groups[0]["params"]
    moved.grad = torch.ones(1)
    twin.step()
    assert moved.item() == 1
