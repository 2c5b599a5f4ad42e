"""What the tests of the optimizers share."""

from collections.abc import Iterator
from typing import NoReturn

import pytest
import torch

from gradient_ascent.optim import compiler, program
from tests.optim.gpu import gpu, moved, seen  # noqa: F401, fixtures


@pytest.fixture
def clean_kernels() -> Iterator[None]:
    """Neither find what torch compiled for another test nor leave it."""
    torch.compiler.reset()
    yield
    torch.compiler.reset()


@pytest.fixture
def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a C compiler."""

    def find_compiler() -> NoReturn:
        raise program.KernelError("there is no C compiler 'cc'")

    monkeypatch.setattr(compiler, "_loaded", {})
    monkeypatch.setattr(compiler, "find_compiler", find_compiler)
    program._tell.cache_clear()
