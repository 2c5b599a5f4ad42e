"""Update ratio and noise scale, beside closed forms."""

import math

import pytest
import torch

from gradient_ascent.optim.measures import noise_scale, update_ratio


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.complex64])
def test_the_ratio_of_a_step(dtype: torch.dtype) -> None:
    before = [torch.zeros(2, 2, dtype=dtype), torch.full((3,), 2.0, dtype=dtype)]
    after = [torch.ones(2, 2, dtype=dtype), torch.full((3,), 2.0, dtype=dtype)]
    assert update_ratio(before, after) == pytest.approx(2 / math.sqrt(4 + 12))
    assert update_ratio(after, after) == 0
    assert update_ratio(after, [0 * x for x in after]) == math.inf
    scaled = [[1e-30 * x for x in each] for each in (before, after)]
    assert update_ratio(*scaled) == pytest.approx(0.5)


def test_the_ratio_of_what_does_not_belong_together() -> None:
    with pytest.raises(ValueError, match=r"same shapes, got \(2,\) and \(3,\)"):
        update_ratio([torch.ones(2)], [torch.ones(3)])
    with pytest.raises(ValueError, match="shorter"):
        update_ratio([torch.ones(2)] * 2, [torch.ones(2)])


def test_noise_of_known_variance() -> None:
    """Gradients (3, 4) with noise of variance 2 in each of five numbers."""
    g = torch.tensor([3.0, 4.0, 0, 0, 0], dtype=torch.float64)
    generator = torch.Generator().manual_seed(0)

    def mean_square(size: int, count: int = 20000) -> float:
        noise = torch.randn(count, 5, generator=generator, dtype=torch.float64)
        return float((g + noise * (2 / size) ** 0.5).square().sum(1).mean())

    noise, signal = noise_scale(mean_square(2), mean_square(32), (2, 32))
    assert noise == pytest.approx(10, rel=0.05)
    assert signal == pytest.approx(25, rel=0.02)
    for b, most in ((1, 2), (3, 100)):
        exact = noise_scale(25 + 10 / b, 25 + 10 / most, (b, most))
        assert exact == pytest.approx((10, 25))


def test_bad_sizes() -> None:
    for sizes in ((4, 4), (8, 4), (0, 3)):
        with pytest.raises(ValueError, match="sizes must be two numbers, 0 < b < B"):
            noise_scale(2.0, 1.0, sizes)
    with pytest.raises(ValueError, match="small must lie in"):
        noise_scale(-1.0, 1.0, (1, 2))
