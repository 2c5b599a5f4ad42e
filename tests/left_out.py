"""Say at the very end which tests were not run, and why."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the run's last line, if any test was left out."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = Counter(reason(report) for report in skipped)
    if reasons:
        told = "; ".join(f"{count} ({why})" for why, count in reasons.most_common())
        reporter.write_line(f"Not run: {told}.")


def reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped, in its own words."""
    *_, said = report.longrepr if isinstance(report.longrepr, tuple) else ("",)
    return str(said).removeprefix("Skipped: ")
