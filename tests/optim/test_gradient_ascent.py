"""GradientAscent: its published signature, and what each of its options does."""

import contextlib
import inspect
import io
from doctest import DocTestParser
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

import gradient_ascent.main
from gradient_ascent import GradientAscent as FromThePackage
from gradient_ascent import rules
from gradient_ascent.main import GradientAscent
from gradient_ascent.optim import OPTIMIZERS
from tests.optim.cases import climb, gap, normal, parameters

SIGNATURE = (
    "(self, params, lr=0.01, momentum=0.9, beta=0.999, eps=1e-08, nesterov=False, "
    "clip_value=None, lr_decay=None, warmup_steps=0, logging_interval=10, *, "
    "adaptive=True, bias_correction=True, weight_decay=0, maximize=True, "
    "nonfinite='raise', foreach=None, fused=None)"
)


def test_signature() -> None:
    signature = inspect.signature(GradientAscent.__init__)
    bare = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in signature.parameters.values()
    ]
    plain = signature.replace(
        parameters=bare, return_annotation=inspect.Signature.empty
    )
    assert str(plain) == SIGNATURE


def test_one_class_under_every_name() -> None:
    assert GradientAscent is FromThePackage is OPTIMIZERS["gradient_ascent"]


OPTIONS = st.fixed_dictionaries(
    {
        "lr": st.floats(1e-3, 1),
        "momentum": st.floats(0, 0.99),
        "beta": st.floats(0, 0.999),
        "eps": st.floats(1e-8, 1e-2),
        "nesterov": st.booleans(),
        "clip_value": st.none() | st.floats(0.1, 2),
        "lr_decay": st.none() | st.floats(0.5, 1),
        "warmup_steps": st.integers(0, 8),
        "adaptive": st.booleans(),
        "bias_correction": st.booleans(),
    }
)


@settings(max_examples=40)
@given(options=OPTIONS, foreach=st.sampled_from([None, False]))
def test_it_is_its_rule(options: dict[str, Any], foreach: bool | None) -> None:
    """What tests/rules proves of the rule holds of the optimizer."""
    p = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = GradientAscent([p], foreach=foreach, **options)
    theta, state = [0.0] * 3, [rules.GradientAscentState()] * 3
    for t in range(12):
        p.grad = normal(t, (3,))
        optimizer.step()
        for i, g in enumerate(normal(t, (3,)).tolist()):
            step, state[i] = rules.gradient_ascent(g, state[i], **options)
            theta[i] += step
    assert p.tolist() == pytest.approx(theta, rel=1e-9, abs=1e-12)


def constant_steps(rates: Any = None, **options: Any) -> list[float]:
    """How far each step goes where the gradient stays 1: as far as the rate."""
    p = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = GradientAscent([p], lr=0.5, eps=0, **options)
    schedule = rates(optimizer) if rates else None
    places = [0.0]
    for _ in range(30):
        p.grad = torch.ones_like(p)
        optimizer.step()
        if schedule:
            schedule.step()
        else:
            assert optimizer.param_groups[0]["lr"] == 0.5
        places.append(p.item())
    return [b - a for a, b in pairwise(places)]


@pytest.mark.parametrize("lr_decay", [None, 0.9, 1.0])
@pytest.mark.parametrize("warmup", [0, 1, 10])
def test_warmup_and_decay_are_a_closed_form(
    lr_decay: float | None, warmup: int
) -> None:
    steps = constant_steps(lr_decay=lr_decay, warmup_steps=warmup)
    full = max(warmup, 1)
    expected = [
        0.5 * min(1, t / full) * (lr_decay or 1) ** max(0, t - full)
        for t in range(1, 31)
    ]
    assert steps == pytest.approx(expected, rel=1e-9)


def test_a_scheduler_on_top_multiplies() -> None:
    def halve(optimizer: GradientAscent) -> lr_scheduler.StepLR:
        return lr_scheduler.StepLR(optimizer, 10, 0.5)

    plain = constant_steps(lr_decay=0.9, warmup_steps=5)
    scheduled = constant_steps(halve, lr_decay=0.9, warmup_steps=5)
    expected = [step * 0.5 ** (t // 10) for t, step in enumerate(plain)]
    assert scheduled == pytest.approx(expected, rel=1e-9)


def test_the_schedule_goes_once_a_step_not_once_a_parameter() -> None:
    alone = normal(0, (3,)).requires_grad_()
    crowd = [normal(0, (3,)).requires_grad_() for _ in range(5)]
    climb(GradientAscent([alone], lr_decay=0.9, warmup_steps=3), 1)
    optimizer = GradientAscent(crowd, lr_decay=0.9, warmup_steps=3)
    for p in crowd:
        p.grad = normal(0, (3,)) - p.detach()
    optimizer.step()
    assert all(torch.equal(p, alone) for p in crowd)


def test_clipping_is_by_value_and_before_the_rule() -> None:
    clipped, plain = parameters(), parameters()
    first = GradientAscent(clipped, clip_value=0.3)
    second = GradientAscent(plain)
    for t in range(10):
        for i, (p, q) in enumerate(zip(clipped, plain)):
            p.grad = normal(10 * t + i, p.shape)
            q.grad = p.grad.clamp(-0.3, 0.3)
        first.step()
        second.step()
    assert gap(clipped, plain) <= 1e-15
    untouched = normal(90, clipped[0].shape)
    assert torch.equal(clipped[0].grad, untouched)  # type: ignore[arg-type]
    assert untouched.abs().max() > 0.3


@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_nesterov_is_nesterovs(momentum: float) -> None:
    """With its averages left biased: torch's, at a rate of lr (1 - μ)."""
    ours, torchs = parameters(), parameters()
    lr = 0.2
    optimizer = GradientAscent(
        ours, lr, momentum, nesterov=True, adaptive=False, bias_correction=False
    )
    sgd = torch.optim.SGD(
        torchs, lr * (1 - momentum), momentum, nesterov=True, maximize=True
    )
    climb(optimizer, 100)
    climb(sgd, 100)
    assert gap(ours, torchs) <= 1e-12


def test_without_momentum_nor_scale_it_is_plain_ascent() -> None:
    ours, torchs = parameters(), parameters()
    climb(GradientAscent(ours, 0.1, 0, adaptive=False), 50)
    climb(torch.optim.SGD(torchs, 0.1, maximize=True), 50)
    assert gap(ours, torchs) <= 1e-12


def test_adaptivity_of_a_group() -> None:
    """Without it no scale is kept."""
    scaled, plain = parameters(), parameters()
    optimizer = GradientAscent(
        [{"params": scaled}, {"params": plain, "adaptive": False}]
    )
    climb(optimizer, 2)
    assert optimizer.state[scaled[0]].keys() == {
        "step", "momentum_buffer", "square_avg",
    }  # fmt: skip
    assert optimizer.state[plain[0]].keys() == {"step", "momentum_buffer"}


def run_docstring(owner: Any, seed: int) -> tuple[dict[str, Any], str]:
    """Run the published example from another start than the one it shows."""
    torch.manual_seed(seed + 1)
    lines = DocTestParser().get_examples(owner.__doc__)
    examples = [line for line in lines if "manual_seed" not in line.source]
    assert len(lines) == len(examples) + 1
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for example in examples:
            exec(compile(example.source, "docstring", "single"), names)
    return names, printed.getvalue()


@pytest.mark.parametrize("seed", range(3))
def test_the_first_published_example_reaches_its_target(seed: int) -> None:
    names, printed = run_docstring(gradient_ascent.main, seed)
    assert names["target"].item() == 3
    assert names["model"](names["data"]).item() == pytest.approx(3, abs=1e-4)
    assert printed.startswith("Final output after training:  tensor([[3.")


@pytest.mark.parametrize("seed", range(3))
def test_the_second_published_example_reaches_least_squares(seed: int) -> None:
    names, _ = run_docstring(GradientAscent, seed)
    target, fitted = names["target"], names["design"] @ names["best"]
    reached = names["loss_fn"](names["model"](names["data"]), target).item()
    assert reached == pytest.approx(names["loss_fn"](fitted, target).item(), abs=1e-3)


def steps_on_a_constant_gradient(kind: Any, count: int, **options: Any) -> list[float]:
    x = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = kind([x], lr=1.0, eps=0, maximize=True, **options)
    x.grad = torch.tensor(3.0, dtype=torch.float64)
    places = [0.0]
    for _ in range(count):
        optimizer.step()
        places.append(x.item())
    return [after - before for before, after in pairwise(places)]


def test_with_nesterov_it_is_near_torchs_nadam_and_not_the_same() -> None:
    ours = steps_on_a_constant_gradient(GradientAscent, 60, nesterov=True)
    theirs = steps_on_a_constant_gradient(torch.optim.NAdam, 60)
    level = steps_on_a_constant_gradient(torch.optim.NAdam, 60, momentum_decay=1e6)
    assert ours == pytest.approx([1.0] * 60)
    assert [theirs[0], level[0]] == pytest.approx([1.06, 1.47], abs=0.005)
    assert level[0] == pytest.approx(1 + 0.9 * 0.1 / (1 - 0.9**2))
    assert level[-1] == pytest.approx(1, abs=1e-4)  # the difference dies out


def test_nadam_with_a_constant_momentum_differs_in_one_correction() -> None:
    torch.manual_seed(3)
    drawn = torch.randn(200, dtype=torch.float64)
    places, scale = [], torch.zeros((), dtype=torch.float64)
    for kind, options in (
        (GradientAscent, {"nesterov": True}),
        (torch.optim.NAdam, {"momentum_decay": 1e9}),
    ):
        x = torch.zeros((), dtype=torch.float64, requires_grad=True)
        optimizer = kind([x], lr=1.0, eps=1e-30, maximize=True, **options)
        visited = [0.0]
        for g in drawn:
            x.grad = g.clone()
            optimizer.step()
            visited.append(x.item())
        places.append([b - a for a, b in pairwise(visited)])
    for t, (g, ours, theirs) in enumerate(zip(drawn, *places, strict=True), start=1):
        scale = 0.999 * scale + 0.001 * g**2
        root = (scale / (1 - 0.999**t)).sqrt()
        extra = 0.1 * g * (1 / (1 - 0.9**t) - 1 / (1 - 0.9 ** (t + 1))) / root
        assert theirs == pytest.approx(ours + extra.item(), rel=1e-5, abs=1e-6)
