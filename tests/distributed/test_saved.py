"""What is saved in parts: by some processes for others, and through a death."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch.distributed.checkpoint.format_utils import dcp_to_torch_save

from tests.distributed.killed import DIES_SAVING, STEPS
from tests.distributed.launching import launch
from tests.optim.cases import FEW


@pytest.mark.slow
def test_four_save_and_two_resume(tmp_path: Path) -> None:
    for processes, do in ((4, "save"), (2, "resume")):
        said = launch(processes, "parts_saved", do, str(tmp_path))
        assert said.count(do) == processes * len(FEW)


@pytest.mark.slow
def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    """The ends are equal to the last bit, parameters and the optimizer's memory."""
    said = launch(2, "killed", str(tmp_path), restarts=2)
    # The third life begins at the last checkpoint that is whole, not at the torn one.
    lives = re.findall("life.*", said)  # torch 2.9 has Gloo say more
    assert lives == ["life 2, begun from 000020"] and DIES_SAVING == "000030"
    ends = []
    for name in ("whole", "killed"):
        file = tmp_path / f"{name}.pt"
        dcp_to_torch_save(tmp_path / name / f"{STEPS:06}", file)
        ends.append(torch.load(file))
    whole, killed = map(tensors, ends)
    assert {"model.0.weight", "optimizer.state.0.weight.exp_avg"} <= whole.keys()
    assert whole.keys() == killed.keys()
    assert all(torch.equal(whole[name], killed[name]) for name in whole)


def tensors(tree: object, name: str = "") -> dict[str, torch.Tensor]:
    if isinstance(tree, torch.Tensor):
        return {name.removeprefix("."): tree}
    if not isinstance(tree, dict):
        return {}
    found = [tensors(value, f"{name}.{key}") for key, value in tree.items()]
    return {key: value for each in found for key, value in each.items()}
