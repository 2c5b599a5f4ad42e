"""What `measure` finds, and the run of it that is committed."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from gradient_ascent.scaling import measure


@pytest.mark.slow
def test_what_is_committed_is_found_again() -> None:
    """All but the times, of which only the kinds are compared."""
    file = files("gradient_ascent.scaling").joinpath("measured.json")
    committed, found = json.loads(file.read_text()), measure.measure()
    assert found["bytes"] == committed["bytes"]
    for way, ends in found["trained"].items():
        assert ends == pytest.approx(committed["trained"][way], abs=1e-9)
    assert found["stamp"].keys() == committed["stamp"].keys()
    assert committed["stamp"]["command"] == measure.COMMAND
    assert found["seconds"].keys() == committed["seconds"].keys()
    for name in ("gradient bytes", "batches", "messages"):
        assert found["seconds"][name] == committed["seconds"][name]
    times = [found["seconds"][name] for name in ("compute", "all-reduce")]
    assert all(seconds > 0 for each in times for seconds in each)


def test_processes_that_fail_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure.sys, "executable", "false")  # it fails at once
    with pytest.raises(RuntimeError, match=r"^measure: "):
        measure.measure()
