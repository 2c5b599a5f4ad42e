"""Wherever the parameters are: on the CPU and, where there is one, on a GPU."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor

from gradient_ascent import optim
from gradient_ascent.constraints import (
    Ball,
    Box,
    Constraint,
    HalfSpace,
    Hyperplane,
    Orthonormal,
    Simplex,
    Sphere,
)
from gradient_ascent.games import Method, MinMax
from gradient_ascent.maximization import Kick, Noise, maximize
from gradient_ascent.optim import GradientAscent
from tests.optim.cases import (
    CASES,
    DEFAULTS,
    ENGINES,
    FEATURES,
    FEW,
    Case,
    climb,
    every_device,
    gap,
    named,
    normal,
    parameters,
    with_engines,
)

pytestmark = pytest.mark.filterwarnings("ignore:Synchronization debug mode")


@contextmanager
def no_wait(device: str) -> Iterator[None]:
    """Fail where the program would wait for a GPU to answer."""
    if device == "cpu":
        yield
        return
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def repeat(step: Callable[[], None], times: int, device: str) -> None:
    """Take a step so often; on a GPU once, and then as a graph of its kernels."""
    if device == "cpu":
        for _ in range(times):
            step()
        return
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        step()
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    for _ in range(times - 1):
        graph.replay()


@every_device
@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_the_path_is_torchs(
    case: Case, engine: str, maximize: bool, device: str
) -> None:
    ours, torchs = (parameters(device=device) for _ in range(2))
    sign = 1 if maximize else -1
    optimizer = case.make(ours, maximize=maximize, **ENGINES[engine])
    climb(optimizer, 50, sign=sign)
    climb(case.torchs(torchs, maximize=maximize, foreach=False), 50, sign=sign)
    assert gap(ours, torchs) <= 1e-12
    for p in ours:
        kept = [v for k, v in optimizer.state[p].items() if k != "step"]
        assert all(v.device == p.device for v in kept)


@every_device
@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines(FEW))
def test_a_checkpoint_from_elsewhere(
    case: Case, engine: str, back: bool, device: str
) -> None:
    """From the CPU to the device, or back: every tensor where it would be made."""
    here, there = (device, "cpu") if back else ("cpu", device)
    x, whole = parameters(device=here), parameters()
    first = case.make(x, **ENGINES[engine])
    climb(first, 10)
    y = [p.detach().clone().to(there).requires_grad_() for p in x]
    resumed = case.make(y, **ENGINES[engine])
    resumed.load_state_dict(first.state_dict())
    made_there = case.make(parameters(device=there), **ENGINES[engine])
    climb(made_there, 1)
    for one, other in zip(resumed.state.values(), made_there.state.values()):
        assert {k: v.device for k, v in one.items()} == {
            k: v.device for k, v in other.items()
        }
    climb(resumed, 10, first=10)
    climb(case.make(whole, **ENGINES[engine]), 20)
    assert gap(y, whole) <= 1e-12


@every_device
@pytest.mark.parametrize(("case", "engine"), with_engines(FEW))
def test_one_optimizer_on_two_devices(case: Case, engine: str, device: str) -> None:
    mixed, whole = [*parameters(), *parameters(device=device)], parameters()
    climb(case.make([*mixed[:3], *mixed[3:]], **ENGINES[engine]), 20)
    climb(case.make([*whole, *(twins := parameters())], **ENGINES[engine]), 20)
    assert gap(mixed, [*whole, *twins]) <= 1e-12


@every_device
@pytest.mark.parametrize(("case", "engine"), with_engines(CASES + FEATURES))
def test_a_step_does_not_wait(case: Case, engine: str, device: str) -> None:
    x = parameters(device=device)
    optimizer = case.make(x, **ENGINES[engine])
    if isinstance(optimizer, GradientAscent):
        optimizer.nonfinite = "pass"  # or it looks at the gradients
    climb(optimizer, 2)
    with no_wait(device):
        optimizer.step()
        optimizer.param_groups[0]["lr"] /= 2
        optimizer.step()


@every_device
def test_metrics_wait_at_their_interval_alone(device: str) -> None:
    heard: list[int] = []
    x = [*parameters(device=device), *parameters()]  # measured on both
    optimizer = GradientAscent(x, logging_interval=4, nonfinite="pass")
    optimizer.log_to(lambda step, metrics: heard.append(step))
    climb(optimizer, 4)
    objective = torch.ones((), device=device)
    with no_wait(device):
        for _ in range(3):
            optimizer.step(objective=objective)
    optimizer.step(objective=objective)
    assert heard == [4, 8]


CAPTURABLE = [
    (case, {"capturable": True, **options})
    for case in CASES
    if case.ours in (optim.Adam, optim.AMSGrad, optim.RMSprop)
    for options in ({}, {"foreach": True}, {"foreach": False})
]
KERNELS = [(case, {}) for case in CASES if case.ours.has_kernel]


@every_device
@pytest.mark.parametrize(("case", "options"), CAPTURABLE + KERNELS, ids=str)
def test_a_graph_of_the_step(case: Case, options: dict[str, Any], device: str) -> None:
    """What counts its steps on the device can be captured and replayed."""
    x, y = parameters(device=device), parameters()
    optimizers = case.make(x, **options), case.make(y)
    for p in [*x, *y]:
        p.grad = torch.zeros_like(p)

    def step(params: list[Tensor], optimizer: Any) -> None:
        for p in params:
            p.grad.copy_(1 - p.detach())  # type: ignore[union-attr]
        optimizer.step()

    repeat(lambda: step(x, optimizers[0]), 20, device)
    repeat(lambda: step(y, optimizers[1]), 20, "cpu")
    # The bias corrections are float32, if they are tensors.
    assert gap(x, y) <= (1e-5 if options else 1e-12)


@every_device
@pytest.mark.parametrize(("case", "engine"), with_engines(FEW))
def test_no_graph_repeats_a_step_count(
    case: Case, engine: str, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    optimizer = case.make(parameters(device=device), **ENGINES[engine])
    if isinstance(optimizer, GradientAscent):
        optimizer.nonfinite = "pass"
    climb(optimizer, 1)
    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: True)
    counts = {v["step"].device.type for v in optimizer.state.values() if "step" in v}
    refused = pytest.raises(RuntimeError, match="would repeat its step count")
    # On the CPU nothing is captured.
    with refused if device != "cpu" and counts == {"cpu"} else nullcontext():
        optimizer.step()


def concave(p: Tensor) -> Tensor:
    return -((p - 1).square() * (1 + p.cos() / 4)).sum()


@every_device
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"restarts": 5},
        {"batched": True, "optimizer": "gradient_ascent"},
        {"restarts": 3, "optimizer": "lbfgs", "steps": 20},
        {"batched": True, "optimizer": "momentum", "constraint": Ball(2.0)},
        {"batched": True, "perturb": Noise(0.1)},
        {"restarts": 4, "perturb": Kick(0.5)},
    ],
    ids=str,
)
def test_maximize(options: dict[str, Any], device: str) -> None:
    """The same runs, whose points stay where they were, and histories on the CPU."""
    start = normal(1, (4, 3)) if "batched" in options else normal(1, (3,))
    options = {"lr": 0.05, "steps": 200, **options}
    here = maximize(concave, start.to(device), **options)
    there = maximize(concave, start, **options)
    assert here.x.device.type == device
    assert here.trace.objective.is_cpu
    assert [run.steps for run in here.runs] == [run.steps for run in there.runs]
    assert gap([here.x, here.trace.objective], [there.x, there.trace.objective]) < 1e-8


@every_device
@pytest.mark.parametrize(
    "constraint",
    [
        Box(-0.5, torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64)),
        Ball(0.5, torch.tensor([1.0, 0, 0], dtype=torch.float64)),
        Ball(0.5, norm="linf"),
        Ball(0.5, torch.tensor([1.0, 0, 0], dtype=torch.float64), "l1"),
        HalfSpace(torch.tensor([1.0, 2, 0], dtype=torch.float64), -1.0),
        Hyperplane(torch.tensor([1.0, 2, 0], dtype=torch.float64), -1.0),
        Orthonormal(),
        Simplex(),
        Sphere(2.0, torch.tensor([1.0, 0, 0], dtype=torch.float64)),
    ],
    ids=str,
)
def test_projections(constraint: Constraint, device: str) -> None:
    """Also where bounds and centers lie elsewhere."""
    x = normal(5, (3,))
    point = constraint.project(x.to(device))
    assert point.device.type == device
    assert gap([point], [constraint.project(x)]) <= 1e-14


@every_device
@pytest.mark.parametrize(
    "method", ["simultaneous", "alternating", "extragradient", "optimistic"]
)
@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_games(case: Case, method: Method, device: str) -> None:
    def play(device: str) -> list[Tensor]:
        x, y = (p[:3] for p in (normal(1, (5,)), normal(2, (5,))))
        x, y = (p.to(device).requires_grad_() for p in (x, y))
        sides = [{"params": [x], "maximize": False}, {"params": [y]}]
        game = MinMax(case.make(sides, lr=0.05), method)
        for _ in range(20):
            game.step(lambda: (x * y).sum() + (x.square() - y.square()).sum() / 4)
        return [x, y]

    assert gap(play(device), play("cpu")) <= 1e-12
