"""The kernels for a GPU move parts as the whole; Triton's interpreter runs them."""

import os

from gradient_ascent.optim import on_gpu
from tests.distributed.optimizers import SETTINGS, move_alike
from tests.distributed.ways import SHARDS
from tests.optim.cases import DEFAULTS
from tests.optim.gpu import let_it_warm_up


def check_kernels_of_triton() -> None:
    os.environ["TRITON_INTERPRET"] = "1"
    let_it_warm_up()
    on_gpu.DEVICES.add("cpu")
    launches, move = [], on_gpu.OnGPU.move
    on_gpu.OnGPU.move = lambda *given: launches.append(move(*given))  # type: ignore
    for case in DEFAULTS.values():
        move_alike(case, (SHARDS,), SETTINGS[0])
    assert launches
