"""The table of budgets says what misses its budget."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import budgets


@pytest.mark.parametrize(
    ("measured", "unit", "missed"),
    [
        (10.0, "s", False),
        (10.1, "s", True),
        (9.9, "points", True),
        (10.1, "points", False),
    ],
)
def test_a_line_shows_its_budget_and_whether_it_is_kept(
    measured: float, unit: str, missed: bool
) -> None:
    shown = budgets.line("rebuild", measured, 10, unit)
    assert shown.split()[:5] == ["rebuild", str(measured), unit, "10", unit]
    assert shown.endswith("MISSED") == missed


def test_the_time_of_the_tests_is_that_of_their_last_run(tmp_path: Path) -> None:
    report = tmp_path / "tests.xml"
    assert budgets.suite_time(report) == []
    report.write_text('<testsuites><testsuite time="61.5"/></testsuites>')
    assert budgets.suite_time(report) == [("tests", 61.5, 1200, "s")]


def test_the_machine_is_named_without_its_address() -> None:
    named = budgets.machine()
    assert " cores, " in named
    assert "/" not in named
