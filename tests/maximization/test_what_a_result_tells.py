"""Summits, a module's errors, bad input of `Result`, and what is counted."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from gradient_ascent.constraints import Box
from gradient_ascent.maximization import maximize
from gradient_ascent.objectives import LogLikelihood

F64 = torch.float64


@pytest.mark.parametrize("offset", [0.0, 1e4, 1e6])
def test_summits_close_for_the_size_of_x_are_two(offset: float) -> None:
    found = maximize(
        lambda x: -(((x - offset) ** 2 - 1) ** 2), offset,
        restarts=12, cover=Box(offset - 3, offset + 3),
    ).summits  # fmt: skip
    places = sorted(round(float(top.x) - offset, 3) for top in found)
    assert places == [-1, 1]
    assert sorted(i for top in found for i in top.runs) == list(range(12))


def test_summits_that_differ_in_a_small_coordinate_are_two() -> None:
    start = {"big": torch.tensor(9e4, dtype=F64), "s": torch.tensor(0.5, dtype=F64)}
    found = maximize(
        lambda t: (
            -(((t["big"] - 1e5) / 1e4) ** 2) - (t["s"] ** 2 - 1) ** 2 - t["s"] / 10
        ),
        start, restarts=12,
    )  # fmt: skip
    assert len(found.summits) == 2


def test_one_summit_is_one_whatever_rounding_does() -> None:
    """A sum of many terms that cancel: its rounding is far above its value's."""
    noise = torch.randn(20000, dtype=F64, generator=torch.Generator().manual_seed(0))
    noise = noise - noise.mean()

    def f(x: Tensor) -> Tensor:
        return -((x - 1) ** 2).sum() + (1e3 * noise * x[0]).sum()

    found = maximize(f, [0.5, 0.5], restarts=6, spread=0.1)
    assert len(found.summits) == 1


def data() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(50, 2, dtype=F64, generator=generator)
    noise = torch.randn(50, dtype=F64, generator=generator)
    return x, (x[:, 0] + noise > 0).to(F64)


def test_a_module_has_the_errors_of_its_parameters() -> None:
    x, y = data()

    def f(z: Tensor) -> Tensor:
        return (y * z - softplus(z)).sum()

    net = nn.Linear(2, 1, bias=False).double()
    own = maximize(lambda net: f(net(x)[:, 0]), net)
    usual = maximize(lambda w: f(x @ w), torch.zeros(2, dtype=F64))
    close: dict[str, Any] = {"rtol": 1e-4, "atol": 0}
    errors, (low, high) = own.standard_errors(), own.intervals()
    torch.testing.assert_close(errors["weight"][0], usual.standard_errors(), **close)
    for ours, theirs in zip((low, high), usual.intervals(), strict=True):
        torch.testing.assert_close(ours["weight"][0], theirs, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(
        own.standard_errors(transform=lambda net: net.weight.sum()),
        usual.standard_errors(transform=lambda w: w.sum()), **close,
    )  # fmt: skip
    net.weight.grad = torch.ones_like(net.weight)
    own.certify()
    own.standard_errors()
    assert torch.equal(net.weight.grad, torch.ones_like(net.weight))
    with torch.no_grad():
        net.weight += 1
    with pytest.raises(ValueError, match="x and f must be as `maximize` left them"):
        own.standard_errors()


@pytest.mark.parametrize(
    ("transform", "got"),
    [
        (lambda x: 1.0, "got 1.0"),
        (lambda x: {"a": x}, "got {'a'"),
        (lambda x: x > 0, "got torch.bool"),
        (lambda x: x.to(torch.complex128), "got torch.complex128"),
        (lambda x: [], r"got \[\]"),
        (3, "be a function of x or None, got 3"),
    ],
)
def test_a_transform_of_another_kind(transform: Any, got: str) -> None:
    found = maximize(lambda x: -(x**2).sum(), [1.0, 2.0])
    with pytest.raises(TypeError, match=f"standard_errors: transform must.*{got}"):
        found.standard_errors(transform=transform)


def test_a_transform_to_several_numbers() -> None:
    found = maximize(lambda x: -2 * (x**2).sum(), [1.0, 2.0])
    errors = found.standard_errors(transform=lambda x: [x[0], 4 * x[1]])
    assert errors.tolist() == pytest.approx([0.5, 2])
    constant = found.standard_errors(transform=lambda x: torch.ones(2))
    assert constant.tolist() == [0, 0]
    assert found.standard_errors(transform=lambda x: x[:0]).shape == (0,)


def test_nearly_collinear_columns_have_large_errors() -> None:
    """They are those of the sum and the difference: 1e6 times larger."""
    x, y = data()
    twin = x[:, :1] + 1e-6 * x[:, 1:]
    found = maximize(
        lambda b: -((y - torch.cat([x[:, :1], twin], 1) @ b) ** 2).sum() / 2,
        torch.zeros(2, dtype=F64), optimizer="newton",
    )  # fmt: skip
    plain = torch.linalg.inv(x.T @ x).diagonal().sqrt()
    assert float(found.standard_errors()[1]) == pytest.approx(
        float(plain[1]) * 1e6, rel=1e-2
    )


BAD: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"seed": "a"}, TypeError, "seed must be an int, got 'a'"),
    ({"seed": 1.5}, TypeError, "seed must be an int, got 1.5"),
    ({"batched": True, "cover": Box(0, 1)}, ValueError, "cover and draws must be left"),
    (
        {"restarts": 2, "cover": Box(torch.zeros(3), 1)}, ValueError,
        "cover does not fit x0: Box: lower must broadcast",
    ),
    ({"optimizer": "lbfgsb"}, ValueError, "got constraint=None"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error", "told"), BAD)
def test_bad_input(given: dict[str, Any], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        maximize(lambda x: -(x**2).sum(), [1.0, 2.0], **given)


def test_a_cover_as_wide_as_numbers_go() -> None:
    found = maximize(
        lambda x: -((x / 1e300) ** 2), 1.0, restarts=4, cover=Box(-1e308, 1e308)
    )
    assert all(torch.isfinite(run.start) for run in found.runs)


def test_no_numbers_at_all() -> None:
    found = maximize(lambda x: -(x**2).sum(), torch.ones(0))
    assert found.certify().directions == 0
    with pytest.raises(ValueError, match="and one at least, got 0"):
        maximize(lambda x: -(x**2).sum(), torch.ones(0), restarts=2, cover=Box(0, 1))


def test_in_inference_mode() -> None:
    found = maximize(lambda x: -(x**2).sum(), [1.0])
    with torch.inference_mode(), pytest.raises(RuntimeError, match="certify: inferenc"):
        found.certify()


THETA = torch.tensor([0.5, 0.3], dtype=F64)
LAYOUTS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda t: (t[0], t[1]), "got tuple"),
    (lambda t: t[0], r"got \(\)"),
    (lambda t: t.expand(50, 2).T, r"a row for each sample.*got \(2, 50\)"),
    (lambda t: t, r"a row for each sample.*got \(2,\)"),
]


@pytest.mark.parametrize(("outputs", "told"), LAYOUTS)
def test_outputs_of_another_layout(outputs: Callable[[Any], Any], told: str) -> None:
    y = torch.ones(50, dtype=F64)
    f = LogLikelihood(
        lambda z: -(((y - z[0]) / z[-1].exp()) ** 2) - z[-1], outputs=outputs
    )
    with pytest.raises(TypeError, match=f"LogLikelihood: outputs must.*{told}"):
        f.information(THETA)


def test_the_information_of_a_linear_density_is_none() -> None:
    f = LogLikelihood(lambda z: 2 * z, outputs=lambda t: t)
    assert torch.equal(f.information(THETA), torch.zeros(2, 2, dtype=F64))


def test_what_is_no_function() -> None:
    with pytest.raises(TypeError, match="density must be a function, got 3"):
        LogLikelihood(3)  # type: ignore[arg-type]
