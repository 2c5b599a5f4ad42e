"""The ends of a Hessian's spectrum, beside the whole Hessian."""

import pytest
import torch

from gradient_ascent.maximization.steepness import curvature_ends


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_a_quadratic(n: int) -> None:
    generator = torch.Generator().manual_seed(n)
    root = torch.randn(n, n, generator=generator, dtype=torch.float64)
    hessian = root + root.T
    x = torch.randn(n, generator=generator, dtype=torch.float64).requires_grad_()
    found = curvature_ends(lambda: x @ hessian @ x / 2, [x], directions=40)
    true = torch.linalg.eigvalsh(hessian)
    assert found == pytest.approx((float(true[0]), float(true[-1])))


def test_few_directions_find_the_ends_of_many() -> None:
    """They lie within the spectrum, and its ends come first."""
    size = torch.linspace(-1, 1, 2000, dtype=torch.float64)
    size[0], size[-1] = -3.0, 2.0
    x = torch.zeros(2000, dtype=torch.float64, requires_grad=True)
    low, high = curvature_ends(lambda: (size * x * x).sum() / 2, [x])
    assert (low, high) == pytest.approx((-3, 2), rel=1e-3)
    assert low >= -3 - 1e-9 and high <= 2 + 1e-9


def test_several_tensors_of_a_model() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)
    ).double()
    inputs, labels = torch.randn(20, 3).double(), torch.arange(20) % 2
    names = [name for name, _ in model.named_parameters()]
    shapes = [p.shape for p in model.parameters()]

    def flat(x: torch.Tensor) -> torch.Tensor:
        parts = x.split([shape.numel() for shape in shapes])
        own = {k: v.view(s) for k, v, s in zip(names, parts, shapes)}
        out = torch.func.functional_call(model, own, (inputs,))
        return -torch.nn.functional.cross_entropy(out, labels)

    start = torch.cat([p.detach().flatten() for p in model.parameters()])
    hessian = torch.autograd.functional.hessian(flat, start)
    true = torch.linalg.eigvalsh(hessian)
    found = curvature_ends(
        lambda: -torch.nn.functional.cross_entropy(model(inputs), labels),
        [*model.parameters()],
    )
    assert found == pytest.approx((float(true[0]), float(true[-1])), rel=1e-6)


def test_flat_and_unused_parameters() -> None:
    x = torch.ones(3, requires_grad=True)
    unused = torch.ones(2, requires_grad=True)
    assert curvature_ends(lambda: x.sum(), [x]) == (0, 0)
    low, high = curvature_ends(lambda: -(x**2).sum(), [x, unused])
    assert low == pytest.approx(-2) and high == pytest.approx(0)


def test_bad_arguments() -> None:
    x = torch.ones(1, requires_grad=True)
    with pytest.raises(ValueError, match="directions must be 1 or more, got 0"):
        curvature_ends(lambda: x.sum(), [x], directions=0)
    with pytest.raises(ValueError, match="params must hold a number"):
        curvature_ends(lambda: x.sum(), [])
