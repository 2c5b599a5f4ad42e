"""The range of torch is the same everywhere, and any torch can be tried."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from gradient_ascent.optim.torch_private import TORCHES
from tests.tools.conftest import ROOT
from tools import lock, other_torch

RANGE = Requirement(other_torch.TORCH)


def test_the_range_is_said_alike_everywhere() -> None:
    oldest, newest = map(Version, TORCHES.split(" to "))
    assert Requirement(f"torch>={oldest},<{newest.major}.{newest.minor + 1}") == RANGE
    assert RANGE.specifier.contains(lock.TORCH.removeprefix("torch=="))
    readme = (ROOT / "README.md").read_text()
    assert re.findall(r"torch (\d[\d.]* to [\d.]*\d)", readme) == [TORCHES]
    assert f"(`{other_torch.TORCH}`)" in (ROOT / "chapters/how-to-run.md").read_text()


def test_what_pip_is_asked_for() -> None:
    asked = other_torch.requirement
    assert asked("2.14.1") == "torch==2.14.1"
    assert Requirement(asked("newest")) == RANGE
    oldest = Requirement(asked("oldest"))
    assert RANGE.specifier.contains(str(oldest.specifier).removeprefix("=="))
    assert str(oldest.specifier) == f"=={TORCHES.split()[0]}"


def test_all_but_torch_is_the_locks() -> None:
    names = {Requirement(line).name for line in other_torch.locked()}
    assert names >= {"pytest", "scikit-learn", "scipy", "statsmodels", "mypy"}
    assert not names & {"torch", "triton"}


def test_what_is_left_out_is_there() -> None:
    for name in other_torch.OF_THE_BOOK:
        assert (ROOT / "tests" / name).exists()


@pytest.mark.parametrize("passing", [{"2.1"}, {"2.1", "2.2", "2.3"}])
def test_a_failure_is_told_after_all_have_run(
    passing: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def passes(name: str) -> bool:
        ran.append(name)
        return name in passing

    monkeypatch.setattr(other_torch, "passes", passes)
    if len(passing) == 3:
        other_torch.main(["2.1", "2.2", "2.3"])
    else:
        with pytest.raises(SystemExit, match=r"fail with torch 2\.2 and 2\.3\."):
            other_torch.main(["2.1", "2.2", "2.3"])
    assert ran == ["2.1", "2.2", "2.3"]
