"""Several processes move, clip, measure, save and play as one would."""

import pytest

from tests.distributed.launching import check
from tests.optim.gpu import need_triton


@pytest.mark.slow
@pytest.mark.parametrize("processes", [2, 4])
def test_several_processes_do_as_one(processes: int) -> None:
    check(processes, "optimizers", "surroundings", "games")


@pytest.mark.slow
def test_parts_move_as_the_whole_in_triton() -> None:
    need_triton()
    check(2, "as_on_a_gpu")
