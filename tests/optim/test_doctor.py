"""The doctor finds seeded faults, and nothing where nothing is wrong."""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gradient_ascent import optim
from gradient_ascent.optim import Doctor, GradientAscent
from gradient_ascent.optim.verdicts import Finding
from tests.optim.test_metrics import Syncs

Problem = tuple[list[Tensor], Callable[[], Tensor]]

RULES = [name for name in optim.OPTIMIZERS if name != "lbfgs"]
RATES = {
    "plain": 0.1, "momentum": 0.02, "nesterov": 0.02, "adagrad": 0.3,
    "signum": 0.005, "lion": 0.005,
}  # fmt: skip
SOME = ("plain", "momentum", "adam", "lion")


@pytest.fixture(autouse=True)
def quiet() -> Any:
    """Without the warnings of 300 runs."""
    logger = logging.getLogger("gradient_ascent")
    level = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(level)


def drawn(seed: int, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)


def bowl(
    seed: int, noise: float = 0.0, start: float = 3.0, scale: float = 1.0,
    level: float = 0.0, dtype: torch.dtype = torch.float64, n: int = 5,
) -> Problem:  # fmt: skip
    """A concave quadratic of condition 10, in units of any scale."""
    x = (start * drawn(seed, n, dtype=dtype)).requires_grad_()
    h = torch.logspace(-1, 0, n, dtype=dtype)
    generator = torch.Generator().manual_seed(seed)

    def height() -> Tensor:
        off = noise * torch.randn(n, generator=generator, dtype=dtype)
        return level - scale * (h * (x - off) ** 2).sum() / 2

    return [x], height


def saddle(seed: int, dtype: torch.dtype = torch.float64) -> Problem:
    x = (1e-6 * drawn(seed, 2, dtype=dtype)).requires_grad_()
    return [x], lambda: x[0] ** 2 - x[1] ** 2 - x[0] ** 4


def kink(seed: int, dtype: torch.dtype = torch.float64) -> Problem:
    x = drawn(seed, 4, dtype=dtype).requires_grad_()
    return [x], lambda: -x.abs().sum()


def top(seed: int, dtype: torch.dtype = torch.float64) -> Problem:
    x = torch.zeros(3, dtype=dtype, requires_grad=True)
    return [x], lambda: -(x**2).sum()


def network(
    seed: int, kind: str = "", dtype: torch.dtype = torch.float64
) -> tuple[nn.Module, Problem]:
    """A classifier of 60 points of 5 numbers; kind: batches, dropout, rows."""
    torch.manual_seed(seed)
    inputs, labels = drawn(seed, 60, 5, dtype=dtype), torch.arange(60) % 3
    first: nn.Module = nn.Linear(5, 12)
    if kind == "rows":
        first, inputs = nn.Embedding(60, 12), torch.arange(60)
    middle = nn.Dropout(0.3) if kind == "dropout" else nn.Tanh()
    model = nn.Sequential(first, middle, nn.Linear(12, 3)).to(dtype)
    generator = torch.Generator().manual_seed(seed)

    def height() -> Tensor:
        rows = torch.arange(60)
        if kind in ("batches", "rows"):
            rows = torch.randint(60, (8,), generator=generator)
        return -nn.functional.cross_entropy(model(inputs[rows]), labels[rows])

    return model, ([*model.parameters()], height)


HEALTHY: dict[str, Callable[[int, torch.dtype], Problem]] = {
    "bowl": lambda s, d: bowl(s, dtype=d),
    "large": lambda s, d: bowl(s, start=1e3, level=1e4, dtype=d),
    "noisy": lambda s, d: bowl(s, noise=1.0, dtype=d),
    "noise at the top": lambda s, d: bowl(s, noise=1.0, start=0.0, dtype=d),
    "noise in one number": lambda s, d: bowl(s, 1.0, 0.0, dtype=d, n=1),
    "saddle": saddle,
    "kink": kink,
    "top": top,
    "net": lambda s, d: network(s, dtype=d)[1],
    "batches": lambda s, d: network(s, "batches", d)[1],
    "dropout": lambda s, d: network(s, "dropout", d)[1],
    "rows": lambda s, d: network(s, "rows", d)[1],
}


def watch(
    name: str, problem: Problem, *, steps: int = 90, rate: float = 1.0,
    told: float | None = 1.0, maximize: bool = True, interval: int = 3,
    schedule: Any = None, wanted: bool | None = None,
) -> Doctor:  # fmt: skip
    """Step under a doctor's eyes."""
    params, height = problem
    lr = rate * RATES.get(name, 0.02)
    more = {"nonfinite": "pass"} if name == "gradient_ascent" else {}
    optimizer = optim.OPTIMIZERS[name](params, lr=lr, maximize=maximize, **more)  # type: ignore[call-arg]
    doctor = Doctor(optimizer, interval=interval, maximize=wanted)
    scheduler = schedule(optimizer, steps) if schedule else None
    for _ in range(steps):
        optimizer.zero_grad()
        value = height() if maximize else -height()
        value.backward()
        optimizer.step()
        doctor.look(None if told is None else told * value)
        if scheduler:
            scheduler.step()
        if not math.isfinite(value.item()):
            break
    return doctor


def names(doctor: Doctor) -> list[str]:
    return [each.name for each in doctor.findings]


@pytest.mark.parametrize("problem", HEALTHY)
@pytest.mark.parametrize("name", RULES)
def test_no_false_alarm(name: str, problem: str) -> None:
    """Two seeds and types, uphill and downhill, with and without a schedule."""

    def falling(optimizer: Any, steps: int) -> Any:
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)

    def rising(optimizer: Any, steps: int) -> Any:
        return torch.optim.lr_scheduler.LinearLR(optimizer, 1e-3, 1, steps // 2)

    make = HEALTHY[problem]
    for seed, dtype, maximize, schedule in (
        (0, torch.float64, True, None),
        (1, torch.float32, False, falling),
        (2, torch.float32, True, rising),
    ):
        doctor = watch(name, make(seed, dtype), maximize=maximize, schedule=schedule)
        assert not doctor.findings, (seed, dtype, doctor.findings[0])


@pytest.mark.parametrize("problem", ["bowl", "net", "top", "saddle"])
def test_no_false_alarm_of_lbfgs(problem: str) -> None:
    for seed in range(3):
        params, height = HEALTHY[problem](seed, torch.float64)
        optimizer = optim.LBFGS(params, line_search_fn="strong_wolfe")
        doctor = Doctor(optimizer, interval=3)

        def closure() -> Tensor:
            optimizer.zero_grad()  # noqa: B023, called at once
            value = height()  # noqa: B023
            value.backward()
            return value

        for _ in range(70):
            doctor.look(optimizer.step(closure))
        assert not doctor.findings


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_no_false_alarm_in_long_noise(name: str) -> None:
    """A thousand steps at the top, where luck has its chances."""
    for seed in range(3):
        for n in (1, 5):
            doctor = watch(name, bowl(seed, 1.0, 0.0, n=n), steps=1000)
            assert not doctor.findings, (seed, n, doctor.findings[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", RULES)
def test_a_wrong_sign(name: str, dtype: torch.dtype) -> None:
    for seed in range(2):
        for problem in (bowl(seed, dtype=dtype), network(seed, dtype=dtype)[1]):
            doctor = watch(name, problem, told=-1.0, rate=0.3)
            assert names(doctor) == ["wrong sign"], seed


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize("name", ["adam", "lion"])
def test_a_wrong_sign_in_any_units(name: str, scale: float) -> None:
    doctor = watch(name, bowl(0, scale=scale), told=-1.0, rate=0.3)
    assert names(doctor) == ["wrong sign"]


@pytest.mark.parametrize("name", SOME)
def test_a_loss_that_is_climbed_by_mistake(name: str) -> None:
    """It rises as the optimizer wants, and not as the user does."""
    for seed in range(2):
        params, height = bowl(seed)
        doctor = watch(
            name, (params, lambda: -height()), rate=0.3, maximize=True,  # noqa: B023
            wanted=False,
        )  # fmt: skip
        assert names(doctor)[0] == "wrong sign"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("name", "rate"), [("plain", 21.0), ("momentum", 205.0)])
def test_a_learning_rate_past_the_bound(
    name: str, rate: float, maximize: bool, dtype: torch.dtype
) -> None:
    """Curvature 1: plain diverges from 2 on, momentum from 3.8."""
    for seed in range(3):
        doctor = watch(name, bowl(seed, dtype=dtype), rate=rate, maximize=maximize)
        assert "learning rate too high" in names(doctor)


@pytest.mark.parametrize("name", ["plain", "signum", "lion", "rmsprop"])
def test_a_learning_rate_that_keeps_a_net_away(name: str) -> None:
    for seed in range(3):
        _, problem = network(seed)
        doctor = watch(name, problem, rate=400.0, steps=120)
        assert names(doctor) == ["learning rate too high"], seed


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ["plain", "momentum", "nesterov"])
def test_exploding(name: str, dtype: torch.dtype) -> None:
    for seed in range(3):
        doctor = watch(name, bowl(seed, dtype=dtype), rate=2000.0)
        assert "exploding" in names(doctor)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("where", ["objective", "gradient", "parameter"])
@pytest.mark.parametrize("name", SOME)
def test_what_is_not_finite(name: str, where: str, value: float) -> None:
    x = drawn(0, 4).requires_grad_()
    optimizer = optim.OPTIMIZERS[name]([x], lr=0.01)  # type: ignore[call-arg]
    doctor = Doctor(optimizer, interval=4)
    for t in range(12):
        optimizer.zero_grad()
        objective = -(x**2).sum()
        objective.backward()
        if where == "gradient" and t == 4 and x.grad is not None:
            x.grad[2] = value
        optimizer.step()
        if where == "parameter" and t == 3:
            x.data[1] = value
        told = objective * value if where == "objective" and t == 5 else objective
        doctor.look(told)
    (finding,) = doctor.findings
    assert finding.name == "non-finite" and finding.step in (5, 6)


@pytest.mark.parametrize("name", [*SOME, "gradient_ascent"])
@pytest.mark.parametrize("how", ["cut", "zero", "not required", "left out"])
def test_a_frozen_layer(name: str, how: str) -> None:
    for seed in range(2):
        model, (params, height) = network(seed)
        layer = model[0]  # type: ignore[index]
        if how == "not required":
            layer.requires_grad_(False)
        if how == "left out":
            params = [*model[2].parameters()]  # type: ignore[index]
        mended = height

        def cut() -> Tensor:
            value = mended()  # noqa: B023
            if how == "zero":
                return value + 0 * sum(p.sum() for p in layer.parameters())  # noqa: B023
            return value

        if how in ("cut", "zero"):  # its output never matters
            layer.register_forward_hook(lambda m, i, out: out.detach())
        optimizer = optim.OPTIMIZERS[name](params, lr=0.01)  # type: ignore[call-arg]
        doctor = Doctor(optimizer, model, interval=3)
        for _ in range(40):
            optimizer.zero_grad()
            value = cut()
            value.backward()
            optimizer.step()
            doctor.look(value)
        assert names(doctor) == ["frozen", "frozen"]
        assert "'0.weight'" in doctor.findings[0].sentence


def test_freezing_on_purpose_is_no_fault() -> None:
    model, (_, height) = network(0)
    model[0].requires_grad_(False)  # type: ignore[index]
    optimizer = optim.Adam(model[2].parameters(), lr=0.01)  # type: ignore[index]
    doctor = Doctor(optimizer, model, interval=3)
    for _ in range(40):
        optimizer.zero_grad()
        value = height()
        value.backward()
        optimizer.step()
        doctor.look(value)
    assert not doctor.findings


@pytest.mark.parametrize("knows_model", [True, False])
@pytest.mark.parametrize("name", RULES)
def test_a_stale_optimizer(name: str, knows_model: bool) -> None:
    """The model is made anew, under the optimizer's feet."""
    for dtype in (torch.float32, torch.float64):
        model, (params, height) = network(0, dtype=dtype)
        optimizer = optim.OPTIMIZERS[name](params, lr=0.01)  # type: ignore[call-arg]
        doctor = Doctor(optimizer, model if knows_model else None, interval=3)
        for part in (0, 2):
            model[part] = copy.deepcopy(model[part])  # type: ignore[index, operator]
        for _ in range(9):
            optimizer.zero_grad()
            value = height()
            value.backward()
            optimizer.step()
            doctor.look(value)
        assert names(doctor) == ["stale"]


@pytest.mark.parametrize("name", SOME)
def test_a_game_is_not_judged(name: str) -> None:
    """The first player's objective rightly falls, from where it starts."""
    x = torch.tensor([2.0], requires_grad=True)
    y = torch.tensor([0.1], requires_grad=True)
    kind: Any = optim.OPTIMIZERS[name]
    both = kind([{"params": [x]}, {"params": [y], "maximize": False}], lr=0.01)
    alone = kind([x], lr=0.01)
    one, two = Doctor(both, interval=3), Doctor(alone, interval=3)
    for _ in range(150):
        both.zero_grad()
        value = (x * y).sum()
        value.backward()
        both.step()
        one.look(value)
        two.look()
    assert not one.findings and not two.findings


def test_it_says_each_thing_once(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("gradient_ascent").setLevel(logging.WARNING)
    params, height = bowl(0)
    doctor = watch("plain", (params, height), told=-1.0, rate=0.3, steps=60)
    (finding,) = doctor.findings
    assert isinstance(finding, Finding) and finding.step == 15
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == str(finding)
    assert "-1.00" in finding.sentence and "maximize" in finding.remedy


def test_between_its_looks_it_reads_nothing() -> None:
    x = drawn(0, 6).requires_grad_()
    doctor = Doctor(optim.SGD([x], lr=0.1), interval=10)
    counts = []
    for _ in range(20):
        x.grad = -x.detach()
        doctor.optimizer.step()
        objective = -(x.detach() ** 2).sum() / 2
        with Syncs() as seen:
            doctor.look(objective)
        counts.append((seen.operations, seen.count))
    assert all(each == (0, 0) for each in [*counts[3:10], *counts[13:]])
    assert all(operations > 0 for operations, _ in counts[:3] + counts[10:13])


def test_as_a_writer_of_metrics() -> None:
    params, height = bowl(0)
    optimizer = GradientAscent(params, lr=0.01, logging_interval=1)
    doctor = Doctor(optimizer, interval=3)
    optimizer.log_to(doctor)
    for _ in range(40):
        optimizer.zero_grad()
        value = height()
        value.backward()
        optimizer.step(objective=-value)
    assert names(doctor) == ["wrong sign"]


def test_what_a_check_measures() -> None:
    """Plain steps on a parabola: q is ηλ, the quotient is one."""
    doctor = watch("plain", bowl(3, n=1), rate=3.0, steps=30)
    for check in doctor.checks:
        assert check.overshoot == pytest.approx(0.3 * 0.1)
        gain = check.told[1] - check.told[0]
        assert gain == pytest.approx(check.rise)
        assert check.gradient == pytest.approx(check.promised**0.5 / 0.3**0.5)


def test_it_watches_torchs_own_and_complex_and_sparse_ones() -> None:
    z = torch.tensor([1 + 2j, 3 - 1j], requires_grad=True)
    doctor = Doctor(adam := torch.optim.Adam([z], lr=0.01), interval=3)
    for _ in range(60):
        adam.zero_grad()
        loss = z.abs().square().sum()
        loss.backward()
        adam.step()
        doctor.look(-loss)
    assert names(doctor) == ["wrong sign"]
    table = nn.Embedding(20, 3, sparse=True)
    sparse = torch.optim.SparseAdam(table.parameters(), lr=0.01)
    doctor = Doctor(sparse, table, interval=3)
    for t in range(60):
        sparse.zero_grad()
        loss = table(torch.tensor([t % 20])).square().sum()
        loss.backward()
        sparse.step()
        doctor.look(loss)
    assert not doctor.findings


def test_an_optimizer_that_was_turned_uphill() -> None:
    params, height = bowl(0)
    turned = optim.uphill(torch.optim.SGD(params, lr=0.03))
    doctor = Doctor(turned, interval=3)
    for _ in range(60):
        turned.zero_grad()
        value = height()
        value.backward()
        turned.step()
        doctor.look(value)
    assert not doctor.findings and all(x.promised > 0 for x in doctor.checks)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"optimizer": 3}, TypeError, "optimizer must be a torch.optim.Optimizer"),
        ({"model": 3}, TypeError, "model must be a torch.nn.Module or None, got 3"),
        ({"interval": 2}, ValueError, "interval must be 3 or more, got 2"),
        ({"interval": 3.5}, TypeError, "interval must be an int"),
        ({"maximize": 1}, TypeError, "maximize must be True, False or None, got 1"),
    ],
)
def test_bad_arguments(options: Any, error: Any, text: str) -> None:
    x = torch.zeros(1, requires_grad=True)
    with pytest.raises(error, match=f"Doctor: {text}"):
        Doctor(**{"optimizer": optim.SGD([x])} | options)


def test_bad_objectives() -> None:
    doctor = Doctor(optim.SGD([torch.zeros(1, requires_grad=True)]))
    with pytest.raises(ValueError, match=r"one number, got a tensor of shape \(2,\)"):
        doctor.look(torch.zeros(2))
    with pytest.raises(TypeError, match="a real number, a tensor or None, got 'high'"):
        doctor.look("high")  # type: ignore[arg-type]
