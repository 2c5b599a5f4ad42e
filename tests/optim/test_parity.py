"""Step for step the same path as torch's class of the same name."""

import pytest
import torch

from tests.optim.cases import ENGINES, Case, climb, gap, parameters, with_engines

TOLERANCES = {torch.float32: 1e-5, torch.bfloat16: 0.1, torch.float16: 0.01}
"""On numbers of size 1, after 50 steps."""


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_float64(case: Case, engine: str, maximize: bool) -> None:
    ours, torchs = parameters(), parameters()
    sign = 1 if maximize else -1
    climb(case.make(ours, maximize=maximize, **ENGINES[engine]), 250, sign=sign)
    climb(case.torchs(torchs, maximize=maximize, foreach=False), 250, sign=sign)
    assert gap(ours, parameters()) > 1e-3  # it has moved
    assert gap(ours, torchs) <= 1e-12


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_lower_precision(case: Case, engine: str, dtype: torch.dtype) -> None:
    ours, torchs = parameters(dtype), parameters(dtype)
    climb(case.make(ours, **ENGINES[engine]), 50)
    climb(case.torchs(torchs, foreach=False), 50)
    assert all(p.dtype == dtype and p.isfinite().all() for p in ours)
    assert gap(ours, torchs) <= TOLERANCES[dtype]


@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128])
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_complex(case: Case, engine: str, dtype: torch.dtype) -> None:
    ours, torchs = parameters(dtype), parameters(dtype)
    climb(case.make(ours, **ENGINES[engine]), 50)
    climb(case.torchs(torchs, foreach=False), 50)
    assert all(p.imag.abs().max() > 1e-3 for p in ours)
    assert gap(ours, torchs) <= (1e-5 if dtype == torch.complex64 else 1e-12)
