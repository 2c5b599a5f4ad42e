"""A GPU for the tests; where there is none, Triton's interpreter takes its place."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from gradient_ascent.optim import on_gpu, triton_kernel
from tests.optim.cases import DEVICES

BLOCK = 64
"""Few, so that small tensors have whole blocks and ends of others."""

SHAPES = [(BLOCK + 3, 2), (3, 5), (), (0, 2), (BLOCK,)]


def need_triton() -> None:
    """Leave out a test where Triton is missing; where all are to be run, fail."""
    if importlib.util.find_spec("triton") is None:
        why = "Triton is not installed"
        on_linux = sys.platform == "linux"  # it is made for no other
        pytest.fail(why) if os.environ.get("CI") and on_linux else pytest.skip(why)


@pytest.fixture(params=DEVICES[-1:])
def gpu(request: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The device that stands for a GPU."""
    need_triton()
    monkeypatch.setattr(triton_kernel, "BLOCK", BLOCK)
    monkeypatch.setattr(triton_kernel, "TENSORS", 4)
    device: str = request.param
    if device == "cpu":
        monkeypatch.setenv("TRITON_INTERPRET", "1")
        let_it_warm_up()
        monkeypatch.setattr(on_gpu, "DEVICES", {"cpu"})
        monkeypatch.setattr(triton_kernel, "_loaded", _interpreted)
        round_as_a_gpu(monkeypatch)
    return device


def let_it_warm_up() -> None:
    """The interpreter compiles nothing; that of Triton 3.5 may not be asked to."""
    from triton.runtime.interpreter import InterpretedFunction

    if not hasattr(InterpretedFunction, "warmup"):
        InterpretedFunction.warmup = lambda *given, **how: None


_interpreted: dict[str, Any] = {}
"""The kernels that are not compiled."""


def round_as_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let torch round to bfloat16: the interpreter cuts off."""
    from triton import language
    from triton.runtime import interpreter

    convert = interpreter._convert_float

    def rounded(numbers: Any, source: Any, target: Any, rounding: Any) -> Any:
        if target != language.bfloat16:
            return convert(numbers, source, target, rounding)
        return torch.from_numpy(numbers).bfloat16().view(torch.uint16).numpy()

    monkeypatch.setattr(interpreter, "_convert_float", rounded)


@pytest.fixture
def seen(gpu: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether counts and rates are in a CPU's memory, as all is in the interpreter."""
    if gpu == "cpu":
        monkeypatch.setattr(on_gpu, "is_there", lambda value: False)
    return gpu == "cpu"


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many tensors each launch has moved."""
    sizes: list[int] = []
    move = on_gpu.OnGPU.move

    def noted(self: on_gpu.OnGPU, program: Any) -> None:
        move(self, program)
        sizes.append(len(self.parameters))

    monkeypatch.setattr(on_gpu.OnGPU, "move", noted)
    yield sizes
