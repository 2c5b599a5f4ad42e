"""Step for step the same path as torch's class of the same name."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.optim.cases import ENGINES, Case, climb, gap, parameters, with_engines

TOLERANCES = {torch.float32: 1e-5, torch.bfloat16: 0.1, torch.float16: 0.01}
"""On numbers of size 1, after 50 steps."""

_ends: dict[tuple[Any, ...], list[Tensor]] = {}


def torchs(
    case: Case, steps: int, dtype: torch.dtype, maximize: bool = True
) -> list[Tensor]:
    """Where torch's class leads, a run against which all of our engines are held."""
    key = id(case), steps, dtype, maximize
    if key not in _ends:
        x = parameters(dtype)
        optimizer = case.torchs(x, maximize=maximize, foreach=False)
        climb(optimizer, steps, sign=1 if maximize else -1)
        _ends[key] = x
    return _ends[key]


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_float64(case: Case, engine: str, maximize: bool) -> None:
    ours, sign = parameters(), 1 if maximize else -1
    climb(case.make(ours, maximize=maximize, **ENGINES[engine]), 250, sign=sign)
    assert gap(ours, parameters()) > 1e-3  # it has moved
    assert gap(ours, torchs(case, 250, torch.float64, maximize)) <= 1e-12


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_lower_precision(case: Case, engine: str, dtype: torch.dtype) -> None:
    ours = parameters(dtype)
    climb(case.make(ours, **ENGINES[engine]), 50)
    assert all(p.dtype == dtype and p.isfinite().all() for p in ours)
    assert gap(ours, torchs(case, 50, dtype)) <= TOLERANCES[dtype]


@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128])
@pytest.mark.parametrize(("case", "engine"), with_engines())
def test_complex(case: Case, engine: str, dtype: torch.dtype) -> None:
    ours = parameters(dtype)
    climb(case.make(ours, **ENGINES[engine]), 50)
    assert all(p.imag.abs().max() > 1e-3 for p in ours)
    close = 1e-5 if dtype == torch.complex64 else 1e-12
    assert gap(ours, torchs(case, 50, dtype)) <= close
