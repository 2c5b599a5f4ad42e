"""What is written for a GPU, whether it can be compiled, and what moves without it."""

import logging
import re
import subprocess
import sys
from typing import Any

import pytest
import torch

from gradient_ascent.optim import program, triton_kernel
from gradient_ascent.optim.engines import StepOptions
from gradient_ascent.optim.program import Element, KernelError, Program, write
from tests.optim.cases import DEFAULTS, FEW, Case, named
from tests.optim.gpu import need_triton
from tests.optim.test_triton import apart, ends


def written(case: Case, dtype: str, unseen: bool, aligned: bool = True) -> str:
    """The text for a case's rule."""
    optimizer: Any = case.make([torch.zeros(1)])
    (group,) = optimizer.param_groups
    steps = torch.tensor(3.0) if unseen else 3
    given = optimizer.hyperparameters(group)
    options = StepOptions(optimizer.rule(group), True, given, steps=steps)
    fields = optimizer.fields(group)
    dtypes = dict.fromkeys(["p", "g", *fields], dtype)
    return triton_kernel.source(write(options, fields), dtypes, aligned)


def compiled(text: str) -> dict[str, str]:
    """What the compiler makes of each kernel for an H100; it needs none for that."""
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource, compile

    kinds = {"made": "*fp64", "tensors": "i32"}
    kernels = triton_kernel.functions(text)
    made = {}
    for name in {"prepare", "step"} & {*kernels}:
        arguments = kernels[name].arg_names
        constants = dict.fromkeys((x for x in arguments if x[0] == "c"), "fp64")
        kind = dict.fromkeys(arguments, "*i64") | constants | kinds
        source = ASTSource(kernels[name], {x: kind[x] for x in arguments})
        target = GPUTarget("cuda", 90, 32)
        made[name] = compile(source, target, triton_kernel.LAUNCH).asm["ptx"]
    return made


@pytest.mark.slow
@pytest.mark.parametrize("unseen", [False, True])
@pytest.mark.parametrize("case", named(FEW))
def test_a_gpu_rounds_as_a_cpu(case: Case, unseen: bool) -> None:
    """No product fused with a sum, no division or root that is only nearly right."""
    need_triton()
    code = compiled(written(case, "float32", unseen))["step"]
    assert not re.findall(r"\bfma\.|\bdiv\.(?!rn)|\bsqrt\.(?!rn)", code)
    assert "ld.global.v4" in code  # four numbers at a time


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "bfloat16", "float16"])
def test_it_is_compiled_in_all_precisions(dtype: str) -> None:
    need_triton()
    for aligned in (False, True):
        code = compiled(written(DEFAULTS["Adam"], dtype, True, aligned))
        assert {*code} == {"prepare", "step"}


def test_a_power_of_an_element_is_refused() -> None:
    raised = Program()
    Element(raised, "g") ** 3
    with pytest.raises(KernelError, match="no power of an element"):
        triton_kernel.source(raised, {"p": "float32", "g": "float32"}, True)


WITHOUT = """
import sys
from gradient_ascent import optim
assert "triton" not in sys.modules
sys.modules["triton"] = None
import torch
x = torch.zeros(3, requires_grad=True)
optimizer = optim.Adam([x])
x.grad = torch.ones(3)
optimizer.step()
assert x.min() > 0
"""


def test_the_package_does_without_triton() -> None:
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT]
    subprocess.run(command, check=True, timeout=120)


@pytest.mark.parametrize("why", ["missing", "refused"])
@pytest.mark.parametrize("case", named(DEFAULTS.values()))
def test_others_take_over(
    case: Case, why: str, gpu: str, moved: list[int],
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Nothing has moved before, no step is counted twice, and one line says so."""
    monkeypatch.setattr(triton_kernel, "_loaded", {})
    program._tell.cache_clear()
    if why == "missing":
        monkeypatch.setitem(sys.modules, "triton", None)
    else:
        monkeypatch.setattr(triton_kernel, "STEP_OF", "def step(:\n")
    with caplog.at_level(logging.INFO):
        here = ends(case, torch.float64, gpu)
    assert moved == []
    assert apart(here, ends(case, torch.float64, gpu, foreach=False)) <= 2e-15
    (said,) = [r.message for r in caplog.records]
    assert said.startswith("torch's own kernels move what ours cannot: ")
