"""The diagram of the overshoot: its marks are what torch's own run measures."""

import pytest
import torch

from gradient_ascent.diagrams import kinds
from gradient_ascent.diagrams.overshoot import overshoot, overshoots, path
from gradient_ascent.optim import SGD, Doctor


@pytest.mark.parametrize("product", [0.2, 0.9, 1.8, 2.0, 2.2])
def test_the_marks_are_a_doctors(product: float) -> None:
    x = torch.tensor([0.1, 1.0], dtype=torch.float64, requires_grad=True)
    doctor = Doctor(optimizer := SGD([x], lr=product), interval=3)
    sizes = torch.tensor([1.0, 0.1], dtype=torch.float64)
    for _ in range(40):
        optimizer.zero_grad()
        height = -(sizes * x * x).sum() / 2
        height.backward()
        optimizer.step()
        doctor.look(height)
    drawn = overshoots(path(product))
    for check in doctor.checks:
        assert check.overshoot == pytest.approx(drawn[check.step - 1], abs=1e-9)
    assert path(product)[40] == pytest.approx(tuple(x.tolist()))


def test_what_is_said() -> None:
    assert "the run climbs" in overshoot(product=1.9).said
    assert "the run falls" in overshoot(product=2.1).said
    (handle,) = overshoot(product=2.1).layers["bound"]
    assert isinstance(handle, kinds.Handle)
    assert handle.at[1] == pytest.approx(2.1, abs=1e-3)
