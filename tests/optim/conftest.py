"""What the tests of the optimizers share."""

from collections.abc import Iterator

import pytest
import torch

from gradient_ascent.optim import engines


@pytest.fixture
def clean_kernels() -> Iterator[None]:
    """Neither find a compiled kernel from another test nor leave one."""
    torch.compiler.reset()
    engines._kernel.cache_clear()
    yield
    torch.compiler.reset()
    engines._kernel.cache_clear()
