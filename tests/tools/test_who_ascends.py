"""The table of who climbs as it descends, on optimizers that are known."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
import torch

from tools import who_ascends


class Deaf(torch.optim.SGD):
    """One that does not heed `maximize`."""

    def __init__(self, params: Any, maximize: bool = False) -> None:
        super().__init__(params, lr=0.1)


class Greedy(torch.optim.SGD):
    """One that asks for more than parameters."""

    def __init__(self, params: Any, budget: int, maximize: bool = False) -> None:
        super().__init__(params, lr=0.1, maximize=maximize)


def test_the_table_and_what_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = ModuleType(__name__.partition(".")[0] + "_few")
    for kind in (Deaf, Greedy, torch.optim.Muon, torch.optim.SGD):
        setattr(module, kind.__name__, kind)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(who_ascends, "PACKAGES", {"torch": module.__name__})
    for kind in (Deaf, Greedy, torch.optim.Muon, torch.optim.SGD):
        monkeypatch.setattr(kind, "__module__", module.__name__)
    with pytest.raises(SystemExit, match="error: torch's Deaf, Greedy no longer"):
        who_ascends.main()
    rows = capsys.readouterr().out.splitlines()
    assert "| `Muon` | takes no `maximize` |" in rows
    assert "| `SGD` | keeps it |" in rows
    assert "| `Greedy` | cannot be tried: TypeError |" in rows
    deaf = next(row for row in rows if "`Deaf`" in row)
    assert "maximize=True takes the very steps of maximize=False" in deaf
